"""The bitmaps built anew beside everything else, when they are of another shape, zone or cap than they should be.

Friends are taken by their numbers, so many to a stretch: a stretch of a bitmap is some bytes of it. It is written only
if none of its records has changed since they were read, and then looked at once more, because a newcomer's bits may have
come in between. Whoever is committed meanwhile brings his own changes; so nothing has to stand still.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple

from bot.store import records
from bot.store.connection import Redis, primaries
from bot.store.derived import walks_of
from bot.store.errors import tells_when_away
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from bot.store.records import Unreadable
from bot.store.runners import Check, Command, Runner
from bot.store.scanning import scanned
from flows import bitsets, index
from flows.names import FriendId
from flows.pace import Limits

STRETCH = 512
"""Friends whose bits are written together: whole bytes, and few enough to be quick."""
ATTEMPTS = 50
SECONDS = 0.5
"""So long one step takes, and a stretch."""
_DONE, _WANTED, _SHARD, _FROM = "index", "index.wanted", "index.shard", "index.from"


class Stands(NamedTuple):
    """How far the bitmaps are from what they should be; `done` of `all` friends."""

    right: bool
    done: int = 0
    all: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return 1.0 if self.right else self.done / self.all if self.all else 0.0


class _Stretch(NamedTuple):
    """Some neighbours: at which revisions their records stand, the bitmaps they make, and whom nobody can read."""

    checks: list[Check]
    bitmaps: dict[str, int]
    alone: int


@tells_when_away
class Reindexing:
    """Keeps the bitmaps of one account as the program, its zone and its caps want them."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner
        self._seen: tuple[str, dict[Shard, set[str]]] = ("", {})
        """The names of all bitmaps there were when this building began; what comes later comes as it should be."""

    def stands(self, zone: tzinfo, limits: Limits) -> Stands:
        """Whether the bitmaps can be trusted, and if not how far they have got."""
        wanted = index.fingerprint(zone, limits)
        done, under_way, shard, start = self._noted(_DONE, _WANTED, _SHARD, _FROM)
        if done == wanted:
            return Stands(right=True)
        given = self._given()
        if not any(given):
            return Stands(right=True)
        place = int(shard or 0) if under_way == wanted else 0
        here = min(int(start or 0), given[place]) if under_way == wanted and place < len(given) else 0
        return Stands(right=False, done=sum(given[:place]) + here, all=sum(given))

    def step(self, zone: tzinfo, limits: Limits, seconds: float = SECONDS) -> bool:
        """Go on for so long; True once there is nothing left to do. To be called again and again."""
        wanted = index.fingerprint(zone, limits)
        done, under_way, shard, start = self._noted(_DONE, _WANTED, _SHARD, _FROM)
        if done == wanted:
            return True
        place, first = (int(shard or 0), int(start or 0)) if under_way == wanted else (0, 0)
        self._look_around(wanted)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if place >= len(SHARDS):
                self._note({_DONE: wanted, _WANTED: "", _SHARD: "", _FROM: ""})
                return True
            if first < self._given_in(SHARDS[place]):
                self._mend(SHARDS[place], first, zone, limits)
                first += STRETCH
            else:
                place, first = place + 1, 0
        self._note({_WANTED: wanted, _SHARD: str(place), _FROM: str(first)})
        return False

    # -- one stretch

    def _mend(self, shard: Shard, first: int, zone: tzinfo, limits: Limits) -> None:
        """Have the bits of these friends equal what their records say. Raises when somebody is quicker again and again."""
        for _ in range(ATTEMPTS):
            found = self._read(shard, first, zone, limits)
            commands = list(self._wrong(shard, first, found))
            if not commands:
                return
            self._runner.run(found.checks, commands)
        raise TimeoutError(f"the friends from {first} on in shard {shard} keep changing")

    def _read(self, shard: Shard, first: int, zone: tzinfo, limits: Limits) -> _Stretch:
        """What the records of these friends want. An unreadable one is left as it stands."""
        row: bytes = self._server.execute_command(
            "GETRANGE", self._keys.ids(shard), first * ID_WIDTH, (first + STRETCH) * ID_WIDTH - 1
        )
        slots = [row[place : place + ID_WIDTH].rstrip(b"\0") for place in range(0, len(row), ID_WIDTH)]
        friends = {FriendId(slot.decode()): number for number, slot in enumerate(slots) if slot}
        values = self._server.execute_command("MGET", *map(self._keys.friend, friends)) if friends else []
        found = _Stretch([], {}, 0)
        for record in records.read_many(list(friends), values):
            if isinstance(record, Unreadable):
                found = found._replace(alone=found.alone | bitsets.bit(friends[record.id]))
            elif not record.is_new:
                found.checks.append((self._keys.friend(record.friend.id), records.prefix_of(record.rev)))
                for name in index.marks(record.friend, zone, limits) | walks_of(record.friend):
                    found.bitmaps[name] = found.bitmaps.get(name, 0) | bitsets.bit(record.no - first)
        return found

    def _wrong(self, shard: Shard, first: int, found: _Stretch) -> Iterator[Command]:
        """What has to be written so that this stretch of every bitmap is as the records want it."""
        names = sorted({*self._seen[1].get(shard, ()), *found.bitmaps})
        start, size = first // 8, STRETCH // 8
        with self._server.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.execute_command("GETRANGE", self._keys.bitmap(shard, name), start, start + size - 1)
            kept = pipe.execute()
        for name, there in zip(names, map(bitsets.from_bytes, kept), strict=True):
            right = found.bitmaps.get(name, 0) & ~found.alone | there & found.alone
            if right != there:
                yield ("SETRANGE", self._keys.bitmap(shard, name), start, right.to_bytes(size, "little"))

    def _look_around(self, wanted: str) -> None:
        if self._seen[0] == wanted:
            return
        names: dict[Shard, set[str]] = {}
        for shard in SHARDS:
            prefix = self._keys.bitmap(shard, "")
            found = (key for node in primaries(self._server) for key in scanned(node, f"{prefix}*"))
            names[shard] = {key.removeprefix(prefix) for key in found}
        self._seen = (wanted, names)

    # -- what is noted

    def _given(self) -> list[int]:
        return [self._given_in(shard) for shard in SHARDS]

    def _given_in(self, shard: Shard) -> int:
        return int(self._server.execute_command("GET", self._keys.next(shard)) or 0)

    def _noted(self, *names: str) -> list[str]:
        found = self._server.execute_command("HMGET", self._keys.meta(), *names)
        return [value.decode() if value else "" for value in found]

    def _note(self, rows: dict[str, str]) -> None:
        self._server.execute_command("HSET", self._keys.meta(), *(word for row in rows.items() for word in row))
