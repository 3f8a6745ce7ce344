"""Reply tokens of words that wait for a person: a member of staff who is quick answers at no cost."""

from __future__ import annotations

from datetime import datetime

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.instants import moment_of, ms
from bot.store.keys import Keys
from flows.names import FriendId

LIVES_SECONDS = 90
"""A reply token is good for about a minute (developers.line.biz, sending messages); then it is of no use to keep."""


@tells_when_away
class Spares:
    """One token for each friend: that of his last words, until it is used or too old."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def keep(self, friend: FriendId, token: str, until: datetime) -> None:
        """Keep it for a member of staff."""
        self._server.execute_command("SET", self._keys.spare(friend), f"{ms(until)} {token}", "EX", LIVES_SECONDS)

    def until(self, friend: FriendId, now: datetime) -> datetime | None:
        """Until when there is one that is good; None if there is none."""
        return _read(self._server.execute_command("GET", self._keys.spare(friend)), now)[1]

    def take(self, friend: FriendId, now: datetime) -> str:
        """The token, for the one who asks first; "" if there is none that is good."""
        return _read(self._server.execute_command("GETDEL", self._keys.spare(friend)), now)[0]


def _read(kept: bytes | None, now: datetime) -> tuple[str, datetime | None]:
    until, _, token = kept.decode().partition(" ") if kept else ("0", "", "")
    good = moment_of(int(until))
    return (token, good) if token and now < good else ("", None)
