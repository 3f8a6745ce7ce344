"""Where each member of staff stands in the conversation with us, and what we answer, in one commit."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.store import entries, outbox
from bot.store.connection import Redis
from bot.store.entries import Entry
from bot.store.errors import tells_when_away
from bot.store.instants import ms
from bot.store.keys import Keys, shard_of
from bot.store.meta import reading
from bot.store.runners import Runner
from flows import codec
from flows.desk import Console
from flows.effects import Bubble, Effect, Send, Way
from flows.names import FriendId

REMEMBERED = timedelta(hours=48)
"""Longer than LINE redelivers an event."""

FEWEST_REMEMBERED = 16
_CONSOLE = ',"console":'


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A console as read; `rev` 0 means that nothing is kept yet."""

    console: Console
    rev: int = 0
    out: int = 0

    def knows(self, event_id: str) -> bool:
        """Whether this event was already answered."""
        return bool(event_id) and event_id in self.console.seen


class Answered(NamedTuple):
    """Whether the console was committed (False: somebody was quicker, load again), and what is now in the outbox."""

    stands: bool
    entries: tuple[Entry, ...] = ()


@tells_when_away
class Consoles:
    """The consoles of all staff."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner

    def load(self, admin: FriendId) -> Stand:
        """Where this member of staff stands; a blank console when nothing is kept."""
        value = self._server.execute_command("GET", self._keys.console(admin))
        if value is None:
            return Stand(console=Console(admin=admin))
        head, _, console = value.decode().partition(_CONSOLE)
        rev, out = (int(part.rpartition(":")[2]) for part in head.split(",")[:2])
        with reading(self._server, self._keys):
            return Stand(rev=rev, out=out, console=codec.loads(Console, console[:-1]))

    def commit(
        self,
        before: Stand,
        console: Console,
        *,
        at: datetime,
        event_id: str = "",
        bubbles: Sequence[Bubble] = (),
        effects: Sequence[Effect] = (),
        reply_token: str = "",
        token_until: datetime | None = None,
    ) -> Answered:
        """Commit the console with its answer (a reply) and effects for the same person; the event is remembered."""
        rev, admin = before.rev + 1, console.admin
        since = max(ms(at), before.out + 1)
        answer = [Send(bubbles=tuple(bubbles), way=Way.REPLY)] if bubbles else []
        ask = entries.Ask(
            to=admin, rev=rev, effects=[*answer, *effects], reply_token=reply_token, token_until=token_until
        )
        new = entries.entries_of([ask], since, seed="console")
        key, mark = self._keys.console(admin), secrets.token_hex(4)
        head = f'{{"rev":{rev},"out":{since if new else before.out},"by":"{mark}"'
        body = f"{head}{_CONSOLE}{codec.dumps(_with_event(console, event_id, at))}}}".encode()
        commands = [*outbox.added(self._keys, shard_of(admin), new), ("SET", key, body)]
        check = b'{"rev":%d,' % before.rev if before.rev else b""
        stands = not self._runner.run([(key, check)], commands) or self._wrote(key, body)
        return Answered(stands, new if stands else ())

    def effects(self, admin: FriendId, effects: Sequence[Effect], *, at: datetime, event_id: str) -> tuple[Entry, ...]:
        """Put effects for another person into his outbox (a role given, a menu); the same event does so once."""
        ask = entries.Ask(to=admin, rev=0, effects=effects)
        new = entries.entries_of([ask], ms(at), seed=event_id)
        self._runner.run((), outbox.added(self._keys, shard_of(admin), new))
        return new

    def _wrote(self, key: str, body: bytes) -> bool:
        # After a broken connection the client sends a command again: the first try may have been carried out.
        return bool(self._server.execute_command("GET", key) == body)


def _with_event(console: Console, event_id: str, at: datetime) -> Console:
    if not event_id:
        return console
    seen = sorted({**console.seen, event_id: at}.items(), key=lambda item: item[1])
    kept = [item for rank, item in enumerate(reversed(seen)) if rank < FEWEST_REMEMBERED or item[1] > at - REMEMBERED]
    return replace(console, seen=dict(reversed(kept)))
