"""The only "now" of the product."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Where the simulator keeps how far time was moved, in seconds.
OFFSET_KEY = "clock:offset"


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


class MovableClock:
    """The machine's time plus an offset that every process reads anew each time, so that all of them move at once."""

    def __init__(self, read_offset: Callable[[], float]) -> None:
        """`read_offset` gives the seconds kept under `OFFSET_KEY`; 0 when nobody has moved time."""
        self._read_offset = read_offset

    def now(self) -> datetime:
        """The moved moment, aware and in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._read_offset())  # noqa: TID251 - the one place that may ask
