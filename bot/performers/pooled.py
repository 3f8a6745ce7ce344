"""For performers that use the SDK, which waits: a few threads of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime

from bot.line import LineRefusedError, LineUnavailableError
from bot.performers.base import Dead, Later, Performed, longer
from bot.store.entries import Entry


class Pooled:
    """Runs `act` in the pool; LINE's two ways of failing become later and never."""

    def __init__(self, pool: Executor, act: Callable[[Entry, datetime], Performed]) -> None:
        """`act` performs one entry and may raise LineRefusedError and LineUnavailableError."""
        self._pool = pool
        self._act = act

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Begin."""
        return self._pool.submit(self._perform, entry, now)

    def _perform(self, entry: Entry, now: datetime) -> Performed:
        try:
            return self._act(entry, now)
        except LineUnavailableError as error:
            return Later(seconds=longer(entry.tries), reason=str(error))
        except LineRefusedError as error:
            if error.status == 401:
                return Later(seconds=longer(entry.tries, first=15.0), reason=str(error))
            return Dead(reason=str(error))
