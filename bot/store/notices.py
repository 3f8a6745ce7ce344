"""What staff should be told when they next say something."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.instants import moment_of, ms
from bot.store.keys import Keys
from flows import codec
from flows.names import FriendId

MOST_NOTICES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell: when it came up, about whom."""

    at: datetime
    text: str
    topic: str = ""
    friend: FriendId | None = None


@tells_when_away
class Notices:
    """The last notices; each member of staff has heard those up to his own moment."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def add(self, notice: Notice, *, now: datetime | None = None) -> None:
        """Keep a notice; the same one again changes nothing. `now`: it is told to whoever asks from then on."""
        key = self._keys.notices()
        row = codec.as_json({"at": ms(notice.at), "text": notice.text, "topic": notice.topic, "friend": notice.friend})
        with self._server.pipeline(transaction=True) as pipe:
            pipe.execute_command("ZADD", key, "NX", ms(now or notice.at), row.encode())
            pipe.execute_command("ZREMRANGEBYRANK", key, 0, -MOST_NOTICES - 1)
            pipe.execute()

    def forget(self, friend: FriendId) -> None:
        """Tell nothing about this person any more."""
        rows = self._server.execute_command("ZRANGE", self._keys.notices(), 0, -1)
        about = [row for row in rows if json.loads(row)["friend"] == friend]
        if about:
            self._server.execute_command("ZREM", self._keys.notices(), *about)

    def since(self, told: datetime | None) -> tuple[Notice, ...]:
        """The notices that came up after `told` (all that are kept, without one), oldest first."""
        after = f"({ms(told)}" if told else "-inf"
        rows = map(json.loads, self._server.execute_command("ZRANGEBYSCORE", self._keys.notices(), after, "+inf"))
        return tuple(
            Notice(at=moment_of(row["at"]), text=row["text"], topic=row["topic"], friend=row["friend"]) for row in rows
        )
