"""Which friends a condition is true for: sets of friends as ints, fetched in one trip and compared in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import friends_at
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from flows import bitsets, index
from flows.catalog import Catalog
from flows.conditions import Condition, Members
from flows.names import FriendId, Key
from flows.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """One shard's bitmaps as fetched; a name that was not fetched is a mistake, an absent bitmap is empty."""

    bitmaps: dict[str, int]

    @property
    def everyone(self) -> int:
        """Friends who can be reached: following, and not staff."""
        return self.bitmaps[index.FRIENDS]

    def bitmap(self, name: str) -> int:
        """The set of that name."""
        return self.bitmaps[name]


@tells_when_away
class Segments:
    """Sets of friends by condition."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def members(self, condition: Condition, catalog: Catalog, now: datetime) -> dict[Shard, Members]:
        """For whom it is true and for whom unknown, in each shard."""
        sight = Standpoint(now, catalog)
        found = self.bitmaps((index.FRIENDS, *condition.bitmaps(sight)))
        return {shard: condition.members(ShardIndex(bitmaps), sight) for shard, bitmaps in found.items()}

    def bitmaps(self, names: tuple[str, ...]) -> dict[Shard, dict[str, int]]:
        """These bitmaps of every shard, in one trip."""
        wanted = tuple(dict.fromkeys(names))
        with self._server.pipeline(transaction=False) as pipe:
            for shard in SHARDS:
                pipe.execute_command("MGET", *(self._keys.bitmap(shard, name) for name in wanted))
            found = pipe.execute()
        return {
            shard: dict(zip(wanted, map(bitsets.from_bytes, values), strict=True))
            for shard, values in zip(SHARDS, found, strict=True)
        }

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

    def some(self, members: dict[Shard, int], limit: int) -> list[FriendId]:
        """A few of the friends in a set, spread over the shards."""
        asked = [(shard, number) for shard, one in members.items() for number in islice(bitsets.numbers(one), limit)]
        asked = sorted(asked, key=lambda pair: pair[1])[:limit]
        return friends_at(self._server, self._keys, asked)
