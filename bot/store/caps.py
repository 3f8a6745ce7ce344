"""Counted sends of a scenario that may be sent only so often in all: granted before they are decided for good.

A grant has a name made of whose it is and which send of his walk. Asking again for the same one, after a crash or a lost
race, takes nothing twice, so that the cap is neither exceeded nor used up by what never went.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.keys import Keys

BEFORE = "before"
"""What was sent before anybody counted by grants."""
_TRIES = 3


@tells_when_away
class Caps:
    """The grants of each scenario."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def take(self, scenario: str, names: Sequence[str], *, cap: int, before: Callable[[str], int]) -> bool:
        """Grant all of these, or none if they do not fit under the cap; `before` is asked once for each scenario."""
        key = self._keys.cap(scenario)
        if not self._server.execute_command("HEXISTS", key, BEFORE):
            self._server.execute_command("HSETNX", key, BEFORE, before(scenario))
        return any(self._tried(key, names, cap) for _ in range(_TRIES))

    def give_back(self, scenario: str, names: Sequence[str]) -> None:
        """These were granted and not decided after all."""
        if names:
            self._server.execute_command("HDEL", self._keys.cap(scenario), *names)

    def _tried(self, key: str, names: Sequence[str], cap: int) -> bool:
        """Put them down first and count then: of two at once each sees the other, and at worst both give way."""
        with self._server.pipeline(transaction=True) as pipe:
            for name in names:
                pipe.execute_command("HSETNX", key, name, 1)
            pipe.execute_command("HLEN", key)
            pipe.execute_command("HGET", key, BEFORE)
            *new, count, before = pipe.execute()
        if int(count) - 1 + int(before) <= cap:
            return True
        mine = [name for name, is_new in zip(names, new, strict=True) if is_new]
        if not mine:
            return True
        self._server.execute_command("HDEL", key, *mine)
        return False
