"""Moments on the calendar, where a wizard asks for one: `今から`, `今日19時`, `土曜10時`, `8/10 20時`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import assert_never

from lark import Token

from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, NextWeekday, OnDate, OnDay
from flows.script.clocks import CLOCK, WEEKDAYS, clock_of, clock_words, today_in
from flows.script.folding import Folded, folded
from flows.script.grammar import parsed
from flows.script.problems import Misread, Problem, attempted, near, placed
from flows.script.times import when, without_clock
from flows.words import moment_words

EXAMPLES = ("今から", "今日 19:00", "明日 9:00", "土曜 10:00", "8/10 20:00")

_NOW = "今から|今すぐ|いますぐ|すぐ"
_DAY = "今日|きょう|本日|明日|あした|明後日|あさって"
_WEEKDAY = "(?:今週の? ?)?[月火水木金土日]曜日?"
_RULES = rf"""
    start: NOW            -> now
         | DAY CLOCK      -> day
         | WEEKDAY CLOCK  -> weekday
    NOW.5: /{_NOW}/
    DAY.5: /{_DAY}/
    WEEKDAY.5: /{_WEEKDAY}/
    CLOCK.4: /{CLOCK}/
"""
_SAID = {"NOW": "今から", "DAY": "今日・明日", "WEEKDAY": "土曜", "CLOCK": "時刻（19:00）"}
_DAYS = {"今日": 0, "きょう": 0, "本日": 0, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2}
_OURS = re.compile(rf"{_NOW}|{_DAY}|{_WEEKDAY}")


def parse_moment(text: str, now: datetime, zone: tzinfo) -> datetime | Problem:
    """A moment ahead, in UTC; one that is past is a Problem. Words that count (`2日後 19:00`) count from now."""
    return attempted(lambda: moment(folded(text), now, zone))


@placed
def moment(text: Folded, now: datetime, zone: tzinfo) -> datetime:
    """The same from folded text. Raises Misread."""
    if _OURS.match(text.text):
        return _spoken(text, now, zone)
    try:
        found = when(text, now, zone)
    except Misread as misread:
        if misread.at < len(text.text) and not misread.readings:
            misread.expected, misread.example = EXAMPLES, EXAMPLES[-1]
            misread.nearest = near(text.text, EXAMPLES)
        raise
    match found:
        case AtOnce():
            return now
        case AfterSend(delay=delay):
            return now + delay
        case OnDate(date=day, clock=clock):
            return _ahead(datetime.combine(day, clock, zone), now)
        case OnDay(months=months, days=days, clock=clock) if not months:
            return _on_day(days, clock, now, zone)
        case NextWeekday(weekday=weekday, clock=clock):
            return _on_day((weekday - today_in(now, zone).weekday() - 1) % 7 + 1, clock, now, zone)
        case OnDay() | AroundDate() | AroundMoment():
            raise Misread("ここでは日付と時刻で書いてください。", expected=EXAMPLES, example="8/10 20:00")
        case _:
            assert_never(found)  # type: ignore[arg-type]


def _spoken(text: Folded, now: datetime, zone: tzinfo) -> datetime:
    try:
        tree = parsed(_RULES, text, said=_SAID, what="日時", example="明日 9:00")
    except Misread as misread:
        raise without_clock(misread, text) from None
    tokens = [token for token in tree.children if isinstance(token, Token)]
    if tree.data == "now":
        return now
    clock = clock_of(tokens[1])
    if tree.data == "day":
        return _on_day(_DAYS[tokens[0].value], clock, now, zone)
    weekday = next(WEEKDAYS.index(letter) for letter in tokens[0].value.removeprefix("今週") if letter in WEEKDAYS)
    days = (weekday - today_in(now, zone).weekday()) % 7
    if days == 0 and datetime.combine(today_in(now, zone), clock, zone) <= now:
        days = 7
    return _on_day(days, clock, now, zone)


def _on_day(days: int, clock: time, now: datetime, zone: tzinfo) -> datetime:
    return _ahead(datetime.combine(today_in(now, zone) + timedelta(days=days), clock, zone), now)


def _ahead(found: datetime, now: datetime) -> datetime:
    if found <= now:
        later = f"明日 {clock_words(found.time())}"
        raise Misread(f"{moment_words(found)} はもう過ぎています。", example=later, instead=[(later, later)])
    return found.astimezone(UTC)
