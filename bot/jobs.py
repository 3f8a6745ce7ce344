"""What the workers run. A job carries a shard's name at most, and may run twice or never: the store knows what is due."""

from __future__ import annotations

from typing import Protocol

from bot.store.keys import SHARDS, Shard


class Work(Protocol):
    """The services behind the jobs."""

    def tick(self) -> None:
        """Look at every shard, and ring for those with something to do."""
        ...

    def deliver(self, shard: Shard) -> None:
        """Work on one shard."""
        ...


class NoServicesError(RuntimeError):
    """A job ran in a process that nobody prepared."""


class _Desk:
    """Where RQ's jobs, which are only names of functions, find the services of their process."""

    work: Work | None = None


_DESK = _Desk()


def serve(work: Work | None) -> None:
    """Have the jobs of this process use these services."""
    _DESK.work = work


def tick() -> None:
    """Rung every second by the clock."""
    _work().tick()


def deliver(shard: str) -> None:
    """Rung for a shard with something to do."""
    if shard in SHARDS:
        _work().deliver(Shard(shard))


def _work() -> Work:
    if _DESK.work is None:
        raise NoServicesError
    return _DESK.work
