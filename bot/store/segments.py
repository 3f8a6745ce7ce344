"""Which friends a condition is true for: sets of friends as ints, fetched in one trip and compared in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import friends_at
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from flows import bitsets, index
from flows.audience import Census, census, census_bitmaps
from flows.catalog import Catalog
from flows.conditions import Condition, Members, Rank
from flows.names import FriendId, Key
from flows.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """Bitmaps as fetched, of a shard or of all end to end; a name that was not fetched is a mistake, an absent bitmap
    is empty."""

    bitmaps: dict[str, int]

    @property
    def everyone(self) -> int:
        """Friends who can be reached: following, and not staff."""
        return self.bitmaps[index.FRIENDS]

    def bitmap(self, name: str) -> int:
        """The set of that name."""
        return self.bitmaps[name]


@dataclass(frozen=True, slots=True)
class Whole:
    """The bitmaps of all shards end to end; each shard's part is `width` bytes wide."""

    index: ShardIndex
    width: int

    def apart(self, members: int) -> dict[Shard, int]:
        """A set over all shards as one for each."""
        whole = members.to_bytes(len(SHARDS) * self.width, "little")
        return {
            shard: bitsets.from_bytes(whole[place * self.width : (place + 1) * self.width])
            for place, shard in enumerate(SHARDS)
        }


@tells_when_away
class Segments:
    """Sets of friends by condition."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def members(self, condition: Condition, catalog: Catalog, now: datetime) -> dict[Shard, Members]:
        """For whom it is true and for whom unknown, in each shard."""
        sight = Standpoint(now, catalog)
        whole = self.whole((index.FRIENDS, *condition.bitmaps(sight)))
        found = condition.members(whole.index, sight.over(whole.index, condition))
        true, unknown = whole.apart(found.true), whole.apart(found.unknown)
        return {shard: Members(true[shard], unknown[shard]) for shard in SHARDS}

    def lines(self, condition: Condition, catalog: Catalog, now: datetime) -> Mapping[Rank, int]:
        """How many points it takes to be one of the highest, where the condition asks for that."""
        sight = Standpoint(now, catalog)
        if not any(condition.ranks(sight)):
            return {}
        whole = self.whole((index.FRIENDS, *condition.bitmaps(sight)))
        return sight.over(whole.index, condition).lines

    def census(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime) -> tuple[Whole, Census]:
        """Who would get what is sent at that moment to all who pass, and who is left out."""
        sight = Standpoint(now, catalog)
        whole = self.whole(tuple(census_bitmaps(condition, sight)))
        return whole, census(condition, whole.index, sight.over(whole.index, condition), at)

    def whole(self, names: tuple[str, ...]) -> Whole:
        """These bitmaps of all shards, in one trip. End to end the shards are one set: a question is put once."""
        wanted = tuple(dict.fromkeys(names))
        rows = self._rows(wanted)
        width = max(len(bitmap or b"") for row in rows for bitmap in row)
        return Whole(ShardIndex(dict(zip(wanted, _end_to_end(rows, width), strict=True))), width)

    def bitmaps(self, names: tuple[str, ...]) -> dict[Shard, dict[str, int]]:
        """These bitmaps of every shard, in one trip."""
        wanted = tuple(dict.fromkeys(names))
        return {
            shard: dict(zip(wanted, map(bitsets.from_bytes, values), strict=True))
            for shard, values in zip(SHARDS, self._rows(wanted), strict=True)
        }

    def _rows(self, wanted: Sequence[str]) -> list[list[bytes | None]]:
        """For each shard these bitmaps as kept."""
        ends = [name.encode() for name in wanted]
        with self._server.pipeline(transaction=False) as pipe:
            for shard in SHARDS:
                start = self._keys.bitmap(shard, "").encode()
                pipe.execute_command("MGET", *[start + end for end in ends])
            rows: list[list[bytes | None]] = pipe.execute()
        return rows

    def ids(self, shard: Shard, members: int) -> Iterator[FriendId]:
        """The ids of a set of friends of one shard, by number."""
        if members:
            row: bytes = self._server.execute_command("GET", self._keys.ids(shard)) or b""
            for number in bitsets.numbers(members):
                yield FriendId(row[number * ID_WIDTH : (number + 1) * ID_WIDTH].rstrip(b"\0").decode())

    def top(self, score: Key, limit: int) -> list[FriendId]:
        """In each shard the reachable friends with the most points of a score, more than none, in no order."""
        names = index.score_slices(score)
        places = []
        for shard, found in self.bitmaps((index.FRIENDS, *names)).items():
            bits = [found[name] for name in names]
            some = bitsets.at_least(bits, 1, found[index.FRIENDS], signed=True)
            # Points above nothing have no sign.
            places += [(shard, number) for number in bitsets.numbers(bitsets.highest(bits[:-1], some, limit))]
        return friends_at(self._server, self._keys, places)

    def page(self, members: Mapping[Shard, int], start: int, limit: int) -> list[FriendId]:
        """The friends of a set from the one in this place on, shard by shard."""
        places: list[tuple[Shard, int]] = []
        for shard, one in members.items():
            many = one.bit_count()
            if start < many:
                places += [
                    (shard, number) for number in islice(bitsets.numbers(one), start, start + limit - len(places))
                ]
            start = max(0, start - many)
            if len(places) >= limit:
                break
        return friends_at(self._server, self._keys, places)

    def some(self, members: Mapping[Shard, int], limit: int) -> list[FriendId]:
        """A few of the friends in a set, spread over the shards."""
        asked = [(shard, number) for shard, one in members.items() for number in islice(bitsets.numbers(one), limit)]
        asked = sorted(asked, key=lambda pair: pair[1])[:limit]
        return friends_at(self._server, self._keys, asked)


def _end_to_end(rows: Sequence[Sequence[bytes | None]], width: int) -> Iterator[int]:
    """Each bitmap of all shards as one set, a shard's part so many bytes wide."""
    before, number = b"", 0
    for bitmaps in zip(*rows, strict=True):
        if not any(bitmaps):
            yield 0
            continue
        whole = b"".join([(bitmap or b"").ljust(width, b"\0") for bitmap in bitmaps])
        # The upper slices of a score are all alike, and comparing bytes costs a tenth of making a number of them.
        if whole != before:
            before, number = whole, bitsets.from_bytes(whole)
        yield number
