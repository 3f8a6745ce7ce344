"""What is still to be performed, shard by shard: peek, perform, remove. Order per person is the order of commits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.log import get_logger
from bot.store import entries
from bot.store.connection import Redis
from bot.store.entries import Entry
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all, heads
from bot.store.instants import moment_of, ms
from bot.store.keys import SHARDS, Keys, Shard
from bot.store.runners import Command, Runner, in_portions
from flows import codec
from flows.names import FriendId

log = get_logger(__name__)

_BEGUN = "begun"
KEY_LIVES = timedelta(hours=23)
"""LINE knows a retry key for 24 hours; past that, sending again could double."""

MOST_FAILED = 1000
"""Entries given up that each shard remembers."""


class Failed(NamedTuple):
    """An entry that was given up: when, and why, as LINE or we put it."""

    entry: Entry
    at: datetime
    reason: str


@tells_when_away
class Outbox:
    """The outboxes of all shards."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner

    def waiting(self, shard: Shard, now: datetime, limit: int = 200) -> tuple[Entry, ...]:
        """The oldest entries that may be performed now, in order.

        Postponed ones are left out, and whatever stands behind them for the same person. Two entries of one person
        may both be here: the second must wait until the first is removed. One that may have been tried before we
        died counts as tried once LINE no longer knows its retry key.
        """
        members, later, begun = self._peek(shard, limit)
        if later:
            members, later, begun = self._peek(shard, limit + len(later))
        unsure = min(begun, ms(now - KEY_LIVES))
        ready: list[Entry] = []
        behind: set[FriendId] = set()
        for entry in _read(shard, members):
            until, tries = later.get(entry.id, (0, int(ms(entry.since) <= unsure)))
            if until > ms(now) or not behind.isdisjoint(entry.to):
                behind.update(entry.to)
            else:
                ready.append(replace(entry, tries=tries))
        return tuple(ready[:limit])

    def begin(self, shard: Shard, until: datetime) -> None:
        """Entries that have waited since then, or for longer, are being tried from now on: kept before the first try."""
        self._server.execute_command("HSET", self._keys.later(shard), _BEGUN, f"{ms(until)} 0")

    def remove(self, shard: Shard, done: Iterable[Entry]) -> None:
        """These are performed (or need not be): forget them. Harmless when repeated."""
        gone = tuple(done)
        if gone:
            self._runner.run((), self._without(shard, self._keys.outbox(shard), gone))

    def remove_all(self, done: Mapping[Shard, Sequence[Entry]]) -> None:
        """The same for many shards in one trip."""
        with self._server.pipeline(transaction=False) as pipe:
            for shard, gone in done.items():
                for command in self._without(shard, self._keys.outbox(shard), gone):
                    pipe.execute_command(*command)
            pipe.execute()

    def postpone(self, shard: Shard, entry: Entry, until: datetime) -> None:
        """The attempt came to nothing: not again before `until`. What follows for the same people waits behind it."""
        note = f"{ms(until)} {entry.tries + 1}"
        self._server.execute_command("HSET", self._keys.later(shard), entry.id, note)

    def give_up(self, shard: Shard, entry: Entry, now: datetime, reason: str) -> None:
        """It will never be performed: move it to the failed ones, where staff and audits find it."""
        row = codec.as_json([ms(now), reason, entry.member.decode()]).encode()
        failed = self._keys.failed(shard)
        kept: list[Command] = [("LPUSH", failed, row), ("LTRIM", failed, 0, MOST_FAILED - 1)]
        self._runner.run((), [*kept, *self._without(shard, self._keys.outbox(shard), (entry,))])

    def failed(self, limit: int = 50) -> tuple[Failed, ...]:
        """The last entries given up, the newest first."""
        rows = ask_all(self._server, "LRANGE", self._keys.failed, 0, limit - 1)
        found = [json.loads(row) for shard_rows in rows for row in shard_rows]
        found.sort(key=lambda row: -row[0])
        return tuple(
            Failed(entries.decode(member.encode()), moment_of(at), reason) for at, reason, member in found[:limit]
        )

    def oldest(self) -> datetime | None:
        """Since when the oldest entry waits; None when all outboxes are empty."""
        earliest = heads(self._server, self._keys.outbox)
        return moment_of(min(earliest.values())) if earliest else None

    def size(self) -> int:
        """How many entries wait in all."""
        return sum(ask_all(self._server, "ZCARD", self._keys.outbox))

    def busy(self) -> tuple[Shard, ...]:
        """The shards with anything in their outbox."""
        sizes = ask_all(self._server, "ZCARD", self._keys.outbox)
        return tuple(shard for shard, size in zip(SHARDS, sizes, strict=True) if size)

    # -- without quota

    def hold(self, shard: Shard, waiting: Iterable[Entry]) -> None:
        """There is no quota for these: put them aside until it grows. Each keeps its place."""
        held = tuple(waiting)
        if held:
            there = [value for entry in held for value in (ms(entry.since), entry.member)]
            added = in_portions("ZADD", self._keys.held(shard), there, each=2)
            self._runner.run((), [*added, *self._without(shard, self._keys.outbox(shard), held)])

    def held(self, shard: Shard, limit: int = 500) -> tuple[Entry, ...]:
        """The oldest entries put aside."""
        members = self._server.execute_command("ZRANGE", self._keys.held(shard), 0, limit - 1)
        return tuple(map(entries.decode, members))

    def release_held(self, shard: Shard, limit: int = 500) -> tuple[Entry, ...]:
        """Put the oldest held entries back into the outbox, at their old places; gives those put back."""
        back = self.held(shard, limit)
        if back:
            there = [value for entry in back for value in (ms(entry.since), entry.member)]
            added = in_portions("ZADD", self._keys.outbox(shard), there, each=2)
            # Refused or never paid for: none of them is under way, however old it is.
            known = [("HSET", self._keys.later(shard), *(word for one in back for word in (one.id, "0 0")))]
            self._runner.run((), [*added, *self._without(shard, self._keys.held(shard), back), *known])
        return back

    def drop_held(self, shard: Shard, dropped: Iterable[Entry]) -> None:
        """Held entries that are not to be sent after all."""
        gone = tuple(dropped)
        if gone:
            self._runner.run((), self._without(shard, self._keys.held(shard), gone))

    def held_recipients(self) -> int:
        """How many messages wait for quota: the recipients of all held entries."""
        return sum(
            len(entries.decode(one).to)
            for found in ask_all(self._server, "ZRANGE", self._keys.held, 0, -1)
            for one in found
        )

    # -- inside

    def _peek(self, shard: Shard, limit: int) -> tuple[list[bytes], dict[str, tuple[int, int]], int]:
        with self._server.pipeline(transaction=False) as pipe:
            pipe.execute_command("ZRANGE", self._keys.outbox(shard), 0, limit - 1)
            pipe.execute_command("HGETALL", self._keys.later(shard))
            members, later = pipe.execute()
        notes = {entry.decode(): _note(note) for entry, note in later.items()}
        begun, _ = notes.pop(_BEGUN, (0, 0))
        return members, notes, begun

    def _without(self, shard: Shard, key: str, gone: Sequence[Entry]) -> list[Command]:
        return [
            *in_portions("ZREM", key, [entry.member for entry in gone]),
            *in_portions("HDEL", self._keys.later(shard), [entry.id for entry in gone]),
        ]


def added(keys: Keys, shard: Shard, new: Sequence[Entry]) -> list[Command]:
    """The commands that put these entries into a shard's outbox, to be part of a commit."""
    there = [value for entry in new for value in (ms(entry.since), entry.member)]
    return in_portions("ZADD", keys.outbox(shard), there, each=2)


def _read(shard: Shard, members: Iterable[bytes]) -> Iterator[Entry]:
    """The entries; one that cannot be read is left where it is (a newer program may), and shows as the oldest."""
    for member in members:
        try:
            yield entries.decode(member)
        except (ValueError, TypeError, KeyError) as error:
            log.exception("outbox.unreadable", shard=shard, reason=repr(error))


def _note(note: bytes) -> tuple[int, int]:
    until, tries = note.split()
    return int(until), int(tries)
