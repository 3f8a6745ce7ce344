"""Which download links have been used: each one counts once."""

from __future__ import annotations

from datetime import datetime

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.instants import ms
from bot.store.keys import Keys

MOST_TAKEN = 1000


@tells_when_away
class Downloads:
    """The links that were used; old ones are forgotten long after they have run out."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def take(self, link: str, now: datetime) -> bool:
        """Use a link; False when it was used before."""
        key = self._keys.downloads()
        with self._server.pipeline(transaction=True) as pipe:
            pipe.execute_command("ZADD", key, "NX", ms(now), link)
            pipe.execute_command("ZREMRANGEBYRANK", key, 0, -MOST_TAKEN - 1)
            return bool(pipe.execute()[0])
