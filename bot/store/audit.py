"""Every index compared with what the records say. The records are the truth; a difference is a fault of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from bot.store import records
from bot.store.connection import Redis, primaries
from bot.store.derived import MOST_NEWEST, name_member, slot_of, walks_of
from bot.store.errors import tells_when_away
from bot.store.instants import ms, ms_up
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from bot.store.records import Record, Unreadable
from bot.store.runners import Command, in_portions
from bot.store.scanning import scanned
from flows import bitsets, engine, index
from flows.friend import Friend
from flows.names import FriendId
from flows.pace import UNLIMITED, Limits

_PORTION = 500
SURELY_NEWEST = 10
"""So many of the last who joined must be listed, as many as anybody is shown."""


@dataclass(slots=True)
class Expected:
    """One shard's indexes as its records would have them."""

    bitmaps: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ids: dict[int, FriendId] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    joined: dict[str, int] = field(default_factory=dict)
    awaiting: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, record: Record, zone: tzinfo, limits: Limits = UNLIMITED) -> None:
        """Take one friend in."""
        friend = record.friend
        if self.ids.setdefault(record.no, friend.id) != friend.id:
            self.faults.append(f"number {record.no} twice: {self.ids[record.no]} and {friend.id}")
        for name in index.marks(friend, zone, limits) | walks_of(friend):
            self.bitmaps[name] |= bitsets.bit(record.no)
        self._add_moments(friend)
        self.names |= {member} if (member := name_member(record.no, friend)) else set()

    def _add_moments(self, friend: Friend) -> None:
        if due := engine.next_due(friend):
            self.due[friend.id] = ms_up(due)
        if friend.joined:
            self.joined[friend.id] = ms(friend.joined)
        if friend.awaits_reply:
            self.awaiting[friend.id] = ms(friend.awaits_reply)


@tells_when_away
class Audit:
    """Rebuilding and comparing; for tests, `doctor --check` and after a change of the account's zone. Not for requests."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def differences(self, zone: tzinfo, limits: Limits = UNLIMITED) -> list[str]:
        """One sentence for each index entry that is not what the records say; empty when all is well."""
        return [f"{shard}: {said}" for shard in SHARDS for said in self._of_shard(shard, zone, limits)]

    def rebuild(self, zone: tzinfo, limits: Limits = UNLIMITED) -> None:
        """Write every index anew from the records. Nothing else may be writing meanwhile."""
        for shard in SHARDS:
            self._rebuild(shard, self.expected(shard, zone, limits))

    def expected(self, shard: Shard, zone: tzinfo, limits: Limits = UNLIMITED) -> Expected:
        """What the records of a shard say its indexes should be."""
        expected = Expected()
        for record in self.records(shard):
            if isinstance(record, Unreadable):
                expected.faults.append(f"{record.id} cannot be read: {record.error}")
            else:
                expected.add(record, zone, limits)
        return expected

    def records(self, shard: Shard) -> Iterator[Record | Unreadable]:
        """Every record of a shard, in no order."""
        prefix = f"{self._keys.namespace}:{{{shard}}}:friend:"
        friends = sorted(FriendId(key.removeprefix(prefix)) for key in self._keys_like(f"{prefix}*"))
        for start in range(0, len(friends), _PORTION):
            some = friends[start : start + _PORTION]
            values = self._server.execute_command("MGET", *map(self._keys.friend, some))
            yield from records.read_many(some, values)

    def _of_shard(self, shard: Shard, zone: tzinfo, limits: Limits = UNLIMITED) -> Iterator[str]:
        expected = self.expected(shard, zone, limits)
        yield from expected.faults
        yield from self._bitmaps(shard, expected)
        yield from self._numbers(shard, expected)
        yield from self._due(shard, expected)
        yield from _unequal("names", set(self._members(self._keys.names(shard))), expected.names)
        yield from _unequal("awaiting", self._members(self._keys.awaiting(shard)), expected.awaiting)
        yield from _unequal("newest", *self._newest(shard, expected))

    def _bitmaps(self, shard: Shard, expected: Expected) -> Iterator[str]:
        stored = {*self._bitmap_names(shard), *expected.bitmaps}
        for name in sorted(stored):
            found = bitsets.from_bytes(self._server.execute_command("GET", self._keys.bitmap(shard, name)))
            wrong = found ^ expected.bitmaps.get(name, 0)
            if wrong:
                yield f"bitmap {name}: wrong for numbers {list(bitsets.numbers(wrong))[:5]}"

    def _numbers(self, shard: Shard, expected: Expected) -> Iterator[str]:
        row: bytes = self._server.execute_command("GET", self._keys.ids(shard)) or b""
        for number, friend in expected.ids.items():
            if row[number * ID_WIDTH : (number + 1) * ID_WIDTH] != slot_of(friend):
                yield f"ids: number {number} is not {friend}"
        given = int(self._server.execute_command("GET", self._keys.next(shard)) or 0)
        if expected.ids and max(expected.ids) >= given:
            yield f"next: {given} would be given again"

    def _due(self, shard: Shard, expected: Expected) -> Iterator[str]:
        # A friend whose decision failed is put off on purpose.
        due, parked = self._members(self._keys.due(shard)), self._members(self._keys.parked(shard))
        put_off = {friend: at for friend, at in due.items() if parked.get(friend) == at}
        yield from _unequal("due", due, expected.due | put_off)

    def _newest(self, shard: Shard, expected: Expected) -> tuple[dict[str, int], dict[str, int]]:
        # Whoever was erased, or turned out to have joined earlier, leaves a gap at the list's end that nobody fills.
        found = self._members(self._keys.newest(shard))
        latest = sorted(expected.joined.items(), key=lambda pair: (pair[1], pair[0]))[-SURELY_NEWEST:]
        known = {friend: at for friend, at in expected.joined.items() if friend in found}
        return found, known | dict(latest)

    def _members(self, key: str) -> dict[str, int]:
        found = self._server.execute_command("ZRANGE", key, 0, -1, "WITHSCORES")
        return {member.decode(): int(score) for member, score in found}

    def _bitmap_names(self, shard: Shard) -> set[str]:
        prefix = self._keys.bitmap(shard, "")
        return {key.removeprefix(prefix) for key in self._keys_like(f"{prefix}*")}

    def _keys_like(self, pattern: str) -> set[str]:
        return {key for node in primaries(self._server) for key in scanned(node, pattern)}

    def _rebuild(self, shard: Shard, expected: Expected) -> None:
        keys, bitmap = self._keys, self._keys.bitmap
        stale = [bitmap(shard, name) for name in self._bitmap_names(shard) - expected.bitmaps.keys()]
        latest = dict(sorted(expected.joined.items(), key=lambda pair: (pair[1], pair[0]))[-MOST_NEWEST:])
        scored: dict[str, dict[str, int]] = {
            keys.due(shard): expected.due,
            keys.names(shard): dict.fromkeys(expected.names, 0),
            keys.awaiting(shard): expected.awaiting,
            keys.newest(shard): latest,
        }
        commands: list[Command] = [("DEL", key) for key in (*stale, *scored, keys.parked(shard), keys.ids(shard))]
        commands += [("SET", bitmap(shard, name), bitsets.to_bytes(found)) for name, found in expected.bitmaps.items()]
        commands += [("SETRANGE", keys.ids(shard), no * ID_WIDTH, slot_of(one)) for no, one in expected.ids.items()]
        for key, members in scored.items():
            commands += in_portions("ZADD", key, [word for one, at in members.items() for word in (at, one)], each=2)
        with self._server.pipeline(transaction=True) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            pipe.execute()


def _unequal(what: str, found: Any, expected: Any) -> Iterator[str]:
    for member in sorted({*found, *expected}):
        if isinstance(found, set):
            if (member in found) != (member in expected):
                yield f"{what}: {member!r} {'too much' if member in found else 'missing'}"
        elif found.get(member) != expected.get(member):
            yield f"{what}: {member!r} is {found.get(member)} instead of {expected.get(member)}"
