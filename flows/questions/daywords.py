"""Days and clock times as people type them in Japanese."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flows.questions.numerals import arabic, plain


class NoSuchDay(NamedTuple):
    """A date that is not in the calendar, as it was meant: 2月30日."""

    words: str


Day = date | NoSuchDay | None

_WEEKDAYS = "月火水木金土日"
_FROM_TODAY = {
    "今日": 0, "きょう": 0, "本日": 0, "明日": 1, "あした": 1, "あす": 1, "明後日": 2, "あさって": 2,
    "昨日": -1, "きのう": -1, "一昨日": -2, "おととい": -2,
}  # fmt: skip
_ERAS = {
    "令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925, "大正": 1911, "T": 1911, "明治": 1867, "M": 1867,
}  # fmt: skip
_TAIL = re.compile(r"(?:\([月火水木金土日](?:・?祝)?\)|[月火水木金土日]曜日?)?(?:生まれ|うまれ|生)?$")
_FULL = re.compile(rf"({'|'.join(_ERAS)})?([0-9]{{1,4}}|元)(?:年|[-/.])([0-9]{{1,2}})(?:月|[-/.])([0-9]{{1,2}})日?")
_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT = re.compile(r"([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?")
_DISTANCE = re.compile(r"([0-9]{1,4})(日|週間)(後|前)")
_WEEKDAY = re.compile(rf"(今週|来週|今度|次)?の?([{_WEEKDAYS}])曜日?")
_CLOCK = re.compile(
    r"[ 、]?(?:の|に)? ?(午前|午後|朝|昼|夕方|夜|am|pm)? ?の?(?<![0-9:])([0-9]{1,2})"
    r"(?::([0-9]{2})|時(?: ?([0-9]{1,2})分?|(半))?)(?: ?(am|pm))?(?:ごろ|頃|から)?$",
    re.IGNORECASE,
)
_NOON = re.compile(r"[ 、]?(?:の|に)? ?(?:正午|お昼)$")


def read_day(text: str, today: date, *, past: bool = False) -> Day:
    """The day that is meant: a date without a year is the next one, or with `past` the last one. None: no date."""
    words = plain(text)
    if words in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[words])
    digits = arabic(words)
    weekday = _WEEKDAY.fullmatch(digits)
    if weekday:
        return _weekday(weekday.group(1), _WEEKDAYS.index(weekday.group(2)), today)
    distance = _DISTANCE.fullmatch(digits)
    if distance:
        days = int(distance.group(1)) * (7 if distance.group(2) == "週間" else 1)
        return today + timedelta(days=days if distance.group(3) == "後" else -days)
    return _dated(_TAIL.sub("", digits), today, past)


def _weekday(which: str | None, weekday: int, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    match which:
        case "来週":
            return monday + timedelta(days=7 + weekday)
        case "今週":
            return monday + timedelta(days=weekday)
        case _:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _dated(words: str, today: date, past: bool) -> Day:
    run = _RUN.fullmatch(words)
    if run:
        return _on(int(run[1]), int(run[2]), int(run[3]))
    full = _FULL.fullmatch(words.upper())
    if full:
        year = 1 if full[2] == "元" else int(full[2])
        if full[1] is None and len(full[2]) < 4:
            return None
        return _on(year + _ERAS.get(full[1] or "", 0), int(full[3]), int(full[4]))
    short = _SHORT.fullmatch(words)
    return _nearest(int(short[1]), int(short[2]), today, past) if short else None


def _on(year: int, month: int, day: int) -> Day:
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return NoSuchDay(f"{year}年{month}月{day}日")


def _nearest(month: int, day: int, today: date, past: bool) -> Day:
    years = range(today.year, today.year - 9, -1) if past else range(today.year, today.year + 9)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found == today or (found < today) is past:
            return found
    return NoSuchDay(f"{month}月{day}日")


def read_clock(text: str) -> tuple[str, time | None]:
    """The clock time at the end of the words, and the words before it; None if there is no valid one."""
    words = arabic(plain(text, joint=" "))
    noon = _NOON.search(words)
    if noon:
        return words[: noon.start()], time(12)
    found = _CLOCK.search(words)
    if found is None:
        return words, None
    part, hour, minute, spoken, half, after = found.groups()
    clock = _clock((part or after or "").lower(), int(hour), 30 if half else int(minute or spoken or 0))
    return words[: found.start()], clock


def _clock(part: str, hour: int, minute: int) -> time | None:
    if (part in {"午後", "夕方", "夜", "pm"} and hour < 12) or (part == "昼" and hour < 6):
        hour += 12
    elif part in {"午前", "am"} and hour == 12:
        hour = 0
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def read_moment(text: str, now: datetime) -> datetime | NoSuchDay | None:
    """The moment that is meant, on the same clock as `now` (a local time without a zone)."""
    before, clock = read_clock(text)
    if clock is None:
        return None
    if not before:
        return _next_at(clock, now)
    day = read_day(before, now.date())
    return datetime.combine(day, clock) if isinstance(day, date) else day


def _next_at(clock: time, now: datetime) -> datetime:
    today = datetime.combine(now.date(), clock)
    return today if today >= now else today + timedelta(days=1)
