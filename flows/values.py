"""What a field's text is worth: a number, a day, a moment, or words. Both readers of a comparison go through here."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from flows.names import SHORT, Key, fold, narrow

NUMBER_BITS = 40
"""Numbers are kept in hundredths, signed: about five thousand million to either side of zero."""

TIME_BITS = 33
"""Days and moments are kept in minutes since the year 1, by the clock on the wall."""

DAY = 24 * 60

_NUMBER = re.compile(r"([+-]?)(0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
_TIME = re.compile(
    r"([0-9]{4})(?:-|/|年)([0-9]{1,2})(?:-|/|月)([0-9]{1,2})日?(?:\([月火水木金土日]\))?(?:[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?"
)


class Sort(StrEnum):
    """What kind of value a text is."""

    NUMBER = "num"
    TIME = "time"
    WORD = "word"


class Value(NamedTuple):
    """A text's worth: the least and the greatest count it stands for (a day has 1,440 minutes), or its key."""

    sort: Sort
    low: int = 0
    high: int = 0
    key: Key = Key("")


def value_of(text: str) -> Value:
    """The worth of a text: a number (at most two decimal places, no leading zero), a date with a year, or words."""
    return _value_of(text) if len(text) <= SHORT else Value(Sort.WORD, key=fold(text))


@lru_cache(maxsize=4096)
def _value_of(text: str) -> Value:
    plain = narrow(text).strip().replace("\u2212", "-")
    number = _hundredths(plain)
    if number is not None:
        return Value(Sort.NUMBER, number, number)
    minutes = _minutes(plain)
    if minutes is not None:
        return Value(Sort.TIME, *minutes)
    return Value(Sort.WORD, key=fold(text))


def _hundredths(plain: str) -> int | None:
    found = _NUMBER.fullmatch(plain)
    if found is None or len(plain) > 20:
        return None
    sign, whole, part = found.groups()
    count = int(whole.replace(",", "")) * 100 + int((part or "").ljust(2, "0"))
    fits = count < 1 << (NUMBER_BITS - 1)
    return (-count if sign == "-" else count) if fits else None


def _minutes(plain: str) -> tuple[int, int] | None:
    found = _TIME.fullmatch(plain)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        at = datetime(year or 0, month or 0, day or 0, hour or 0, minute or 0)  # noqa: DTZ001 (a clock on the wall)
    except ValueError:
        return None
    start = minute_of(at)
    return (start, start) if hour is not None else (start, start + DAY - 1)


def minute_of(wall: datetime) -> int:
    """Minutes since the year 1, by the clock on the wall."""
    return wall.toordinal() * DAY + wall.hour * 60 + wall.minute


def day_of(day: date) -> int:
    """Days since 1970; the number under which days are kept in the indexes (0 is never)."""
    return max(0, day.toordinal() - 719_163)
