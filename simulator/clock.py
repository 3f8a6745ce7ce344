"""The simulator's time: real time plus an offset that can be moved forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Seconds = Callable[[], float]

JAPAN = timezone(timedelta(hours=9))
"""LINE counts its days and months in UTC+9."""


def real_seconds() -> float:
    """Seconds since 1970 by this machine's clock."""
    return time.time()  # noqa: TID251 - the simulator is LINE's side and has a clock of its own


class Clock:
    """Seconds since 1970, movable."""

    def __init__(self, source: Seconds = real_seconds) -> None:
        self.source = source
        self.offset = 0.0

    def __call__(self) -> float:
        """Now, in seconds since 1970."""
        return self.source() + self.offset

    def move(self, seconds: float) -> None:
        """Go forward (or back) by so many seconds."""
        self.offset += seconds


def iso(seconds: float) -> str:
    """A moment as text in UTC with milliseconds, as LINE writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_of(seconds: float) -> str:
    """The day in Japan as yyyyMMdd, which LINE's statistics count by."""
    return datetime.fromtimestamp(seconds, JAPAN).strftime("%Y%m%d")
