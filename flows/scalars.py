"""How single values look in JSON: moments, days, clock times, spans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

Convert = Callable[[Any], Any]


def shape(choice: type) -> type:
    """What a value of this type looks like in JSON."""
    return float if choice in {datetime, timedelta, float} else str if choice in {date, time, str} else choice


def _seconds(moment: datetime) -> float:
    stamp = moment.timestamp()
    whole = int(stamp)
    return whole if whole == stamp else stamp


@lru_cache(maxsize=4096)
def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _length(span: timedelta) -> float:
    seconds = span.total_seconds()
    whole = int(seconds)
    return whole if whole == seconds else seconds


SCALARS: dict[Any, tuple[Convert | None, Convert | None]] = {
    str: (None, None),
    int: (None, None),
    float: (None, None),
    bool: (None, None),
    Any: (None, None),
    datetime: (_seconds, _moment),
    date: (date.isoformat, date.fromisoformat),
    time: (time.isoformat, time.fromisoformat),
    timedelta: (_length, lambda seconds: timedelta(seconds=seconds)),
}
"""How each is written and read; None: it stands for itself."""
