"""Clock times and calendar dates as people write them."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime, time, timedelta, tzinfo

from lark import Token

from flows.script.problems import Misread

CLOCK = r"(?:の ?)?(?:朝|午前|昼|午後|夕方|夜)? ?[0-9]{1,2}(?::[0-9]{2}|時(?: ?[0-9]{1,2}分|半)?)(?![0-9])"
DATE = r"(?:[0-9]{4} ?[\/年] ?)?[0-9]{1,2} ?[\/月] ?[0-9]{1,2} ?日?(?: ?\([月火水木金土日](?:曜日?)?\))?"
WEEKDAYS = "月火水木金土日"

_CLOCK_PARTS = re.compile(
    r"(?:の ?)?(?P<part>朝|午前|昼|午後|夕方|夜)? ?(?P<hour>[0-9]{1,2})(?::(?P<colon>[0-9]{2})|時(?: ?(?P<minute>[0-9]{1,2})分|(?P<half>半))?)"
)
_DATE_PARTS = re.compile(
    r"(?:(?P<year>[0-9]{4}) ?[\/年] ?)?(?P<month>[0-9]{1,2}) ?(?P<sign>[\/月]) ?(?P<day>[0-9]{1,2}) ?日?(?: ?\((?P<weekday>[月火水木金土日]))?"
)
_AFTERNOON = frozenset({"午後", "夕方", "夜"})
_MORNING = frozenset({"朝", "午前"})


def clock_of(token: Token) -> time:
    """The clock time of a CLOCK: 午後・夕方・夜 add twelve below 12, 昼 below 6."""
    at = token.start_pos or 0
    found = _CLOCK_PARTS.fullmatch(token.value)
    assert found is not None, token.value
    part, hour = found["part"] or "", int(found["hour"])
    minute = 30 if found["half"] else int(found["colon"] or found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise Misread(
            f"「{token.value.strip()}」という時刻はありません。", at, expected=("0:00 から 23:59",), example="19:00"
        )
    if part and hour in (0, 12) and part not in {"昼", "午後"}:
        readings = (f"0:{minute:02}", f"12:{minute:02}")
        raise Misread(f"「{token.value.strip()}」は2とおりに読めます。", at, readings=readings, example="19:00")
    if part in _MORNING and hour > 12:
        raise Misread(f"「{token.value.strip()}」という時刻はありません。", at, example=f"{hour}:{minute:02}")
    if (part in _AFTERNOON and hour < 12) or (part == "昼" and hour < 6):
        hour += 12
    return time(hour, minute)


def clock_words(clock: time) -> str:
    """A clock time in normal form, 8:00."""
    return f"{clock.hour}:{clock.minute:02}"


def date_of(token: Token, today: date) -> date:
    """The date of a DATE; without a year it is the next one, today included."""
    at = token.start_pos or 0
    found = _DATE_PARTS.match(token.value)
    assert found is not None, token.value
    month, day = int(found["month"]), int(found["day"])
    years = [int(found["year"])] if found["year"] else [today.year + more for more in range(9)]
    days = [one for year in years if (one := _existing(year, month, day))]
    ahead = days if found["year"] else [one for one in days if one >= today]
    if not ahead:
        raise Misread(f"「{token.value.strip()}」という日はありません。", at, example="2027/2/28 10:00")
    _check_weekday(found["weekday"], ahead[0], token)
    return ahead[0]


def date_words(token: Token, day: date) -> str:
    """A date in normal form: its year written, no weekday, / or 年月日 as it was."""
    if "月" in token.value.split("(")[0]:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year}/{day.month}/{day.day}"


def today_in(now: datetime, zone: tzinfo) -> date:
    """The calendar day it is in a zone."""
    return now.astimezone(zone).date()


def _existing(year: int, month: int, day: int) -> date | None:
    lengths = (31, 29 if isleap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    exists = 1 <= year <= 9998 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]
    return date(year, month, day) if exists else None


def _check_weekday(written: str | None, day: date, token: Token) -> None:
    real = WEEKDAYS[day.weekday()]
    if written and written != real:
        meant = day + timedelta(days=(WEEKDAYS.index(written) - day.weekday() + 3) % 7 - 3)
        raise Misread(
            f"{day.year}/{day.month}/{day.day} は{real}曜日です。",
            token.start_pos or 0,
            readings=(
                f"{day.year}/{day.month}/{day.day}({real})",
                f"{meant.year}/{meant.month}/{meant.day}({written})",
            ),
        )
