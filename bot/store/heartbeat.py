"""Signs of life: when the last tick rang, which workers were seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.instants import moment_of, ms
from bot.store.keys import Keys

ALIVE = timedelta(seconds=90)
"""A worker not seen for so long counts as silent."""

_FORGOTTEN = timedelta(days=1)


@tells_when_away
class Heartbeat:
    """Written by tick and workers, read by `/healthz` and 状態."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def tick(self, now: datetime) -> None:
        """The tick has rung."""
        self._server.execute_command("HSET", self._keys.beat(), "tick", ms(now))

    def worker(self, now: datetime, name: str) -> None:
        """This worker is at work."""
        workers = self._keys.workers()
        with self._server.pipeline(transaction=False) as pipe:
            pipe.execute_command("ZADD", workers, ms(now), name)
            pipe.execute_command("ZREMRANGEBYSCORE", workers, "-inf", ms(now - _FORGOTTEN))
            pipe.execute()

    def alarm(self, now: datetime) -> bool:
        """Something is wrong: True the first time since all was `well`."""
        return bool(self._server.execute_command("HSETNX", self._keys.beat(), "alarm", ms(now)))

    def well(self) -> None:
        """All is well again."""
        self._server.execute_command("HDEL", self._keys.beat(), "alarm")

    def push(self, day: str) -> bool:
        """Whether owners may be pushed a word about it: True once a day (`2026-11-20`)."""
        before = self._server.execute_command("HGET", self._keys.beat(), "pushed")
        if before is not None and before.decode() == day:
            return False
        self._server.execute_command("HSET", self._keys.beat(), "pushed", day)
        return True

    def last_tick(self) -> datetime | None:
        """When the tick last rang; None if it never did."""
        found = self._server.execute_command("HGET", self._keys.beat(), "tick")
        return moment_of(int(found)) if found else None

    def workers(self, now: datetime) -> int:
        """How many workers were seen lately."""
        return int(self._server.execute_command("ZCOUNT", self._keys.workers(), ms(now - ALIVE), "+inf"))
