"""Who must be looked at, and when: one entry per friend, the earliest moment of all he waits for."""

from __future__ import annotations

from datetime import datetime
from math import inf

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all, heads
from bot.store.instants import moment_of, ms, ms_up
from bot.store.keys import SHARDS, Keys, Shard, shard_of
from bot.store.runners import Runner
from flows.names import FriendId


@tells_when_away
class Due:
    """The due indexes of all shards. Commits write them; here they are read."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner

    def due(self, shard: Shard, now: datetime, limit: int = 200) -> tuple[FriendId, ...]:
        """Friends whose moment has come, the longest overdue first; never one whose moment is still to come."""
        found = self._server.execute_command("ZRANGEBYSCORE", self._keys.due(shard), "-inf", ms(now), "LIMIT", 0, limit)
        return tuple(FriendId(one.decode()) for one in found)

    def shards_due(self, now: datetime) -> tuple[Shard, ...]:
        """The shards in which somebody is due."""
        earliest = heads(self._server, self._keys.due)
        return tuple(shard for shard in SHARDS if earliest.get(shard, inf) <= ms(now))

    def coming(self, now: datetime, until: datetime) -> dict[Shard, datetime]:
        """The first moment after `now`, and not after `until`, at which somebody is due; for the shards that have one."""
        found = ask_all(
            self._server, "ZRANGEBYSCORE", self._keys.due, f"({ms(now)}", ms(until), "WITHSCORES", "LIMIT", 0, 1
        )
        return {shard: moment_of(float(at)) for shard, head in zip(SHARDS, found, strict=True) for _, at in head}

    def next_due(self) -> datetime | None:
        """The earliest moment anybody waits for (it may be past); None when nobody waits."""
        earliest = heads(self._server, self._keys.due)
        return moment_of(min(earliest.values())) if earliest else None

    def oldest_due(self, now: datetime) -> float:
        """By how many seconds the longest overdue friend is late; 0 when none is."""
        head = self.next_due()
        return max(0.0, (now - head).total_seconds()) if head else 0.0

    def waiting_before(self, until: datetime) -> int:
        """How many friends are due before that moment."""
        return sum(ask_all(self._server, "ZCOUNT", self._keys.due, "-inf", f"({ms_up(until)}"))

    def park(self, friend: FriendId, until: datetime) -> None:
        """This friend's decision failed: leave him alone until then, or until something is committed for him."""
        shard, at = shard_of(friend), ms_up(until)
        put_off = ("ZADD", self._keys.due(shard), "XX", "GT", at, friend)
        self._runner.run((), [put_off, ("ZADD", self._keys.parked(shard), at, friend)])

    def parked(self, limit: int = 50) -> tuple[FriendId, ...]:
        """Friends whose decision failed and has not succeeded since."""
        found = ask_all(self._server, "ZRANGE", self._keys.parked, 0, limit - 1)
        return tuple(FriendId(one.decode()) for shard in found for one in shard)[:limit]
