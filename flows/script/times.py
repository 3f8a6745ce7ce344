"""The grammar of time: when a step is sent (`2日後 19:00`, `予約の前日 18:00`), and moments on the calendar (`明日9時`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

from lark import Token, Tree, UnexpectedInput

from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, NextWeekday, OnDate, OnDay, When
from flows.notation import NAME_LETTER
from flows.quoting import quoted
from flows.script.clocks import CLOCK, DATE, WEEKDAYS, clock_of, clock_words, date_of, date_words, today_in
from flows.script.folding import Folded, folded
from flows.script.grammar import compiled, name_of, number_of, parsed, same
from flows.script.problems import Misread, Problem, attempted, near, placed

EXAMPLES = (
    "すぐ",
    "30分後",
    "2日後 19:00",
    "翌日 10:00",
    "次の土曜 10:00",
    "12/24 18:00",
    "予約の前日 18:00",
    "予約の2時間前",
)
BIRTHDAY = "誕生日"

_MONTHS = "(?:か月|ヶ月|カ月|ケ月|ヵ月|ヶ月|箇月|個月)"
_AT = r"(?:の|から) ?(?:[0-9]+ ?(?:日|週間)(?:前|後)|前日|当日|翌日)"
_AROUND = r"(?:の|から) ?[0-9]+ ?(?:時間|分)(?:前|後)"
_BASE = rf"(?:「[^「」]+」|{NAME_LETTER}+)"

_RULES = rf"""
    start: AT_ONCE                       -> at_once
         | AFTER                         -> after_send
         | (DAYS | NAMED_DAY) CLOCK      -> on_day
         | NEXT CLOCK                    -> next_weekday
         | DATE CLOCK                    -> on_date
         | [YEARLY] BASE AT CLOCK        -> around_date
         | [YEARLY] BASE_ITSELF CLOCK    -> on_base
         | [YEARLY] BASE AROUND          -> around_moment
    AT_ONCE.9: "すぐ"
    AFTER.8: /[0-9]+ ?(?:秒|分|時間)後/
    DAYS.8: /[0-9]+ ?(?:日|週間|{_MONTHS})後/
    NAMED_DAY.8: /(?:翌々日|翌日|当日)(?= ?{CLOCK}| ?の?$)/
    NEXT.8: /次の ?[月火水木金土日](?:曜日?)?(?= |の|{CLOCK}|$)/
    DATE.8: /{DATE}/
    YEARLY.7: /毎年(?: ?の(?= ))?(?=.)/
    BASE.6: /{_BASE}(?= ?(?:{_AT}|{_AROUND}))/
    BASE_ITSELF.5: /{_BASE}(?= ?の ?{CLOCK})/
    AT.4: /{_AT}/
    AROUND.4: /{_AROUND}/
    CLOCK.3: /{CLOCK}/
"""
_SAID = {
    "AT_ONCE": "すぐ",
    "AFTER": "30分後",
    "DAYS": "2日後",
    "NAMED_DAY": "翌日",
    "NEXT": "次の土曜",
    "DATE": "12/24",
    "BASE": "予約の前日",
    "CLOCK": "時刻（19:00）",
    "AT": "前日・3日前",
    "AROUND": "2時間前",
}


def parse_when(text: str, now: datetime, zone: tzinfo) -> When | Problem:
    """When a step is sent. `now` tells which year a date without one means."""
    return attempted(lambda: when(folded(text), now, zone))


@placed
def when(text: Folded, now: datetime, zone: tzinfo) -> When:
    """The same from folded text. Raises Misread."""
    try:
        tree = parsed(_RULES, text, said=_SAID, what="送る時間", example="2日後 19:00")
    except Misread as misread:
        raise _explained(misread, text) from None
    tokens = [token for token in tree.children if isinstance(token, Token)]
    return _MAKERS[str(tree.data)](_Found(tree, tokens, text, now, zone))


class _Found(NamedTuple):
    tree: Tree[Token]
    tokens: list[Token]
    text: Folded
    now: datetime
    zone: tzinfo

    @property
    def clock(self) -> time:
        return clock_of(self.tokens[-1])


def _at_once(_: _Found) -> When:
    return AtOnce(words="すぐ")


def _after_send(found: _Found) -> When:
    count, unit = _counted(found.tokens[0], "後")
    return AfterSend(delay=timedelta(seconds=count * _SECONDS[unit]), words=f"{count}{unit}後")


def _on_day(found: _Found) -> When:
    clock = found.clock
    named = found.tokens[0].value
    if named in _NAMED_DAYS:
        return OnDay(days=_NAMED_DAYS[named], clock=clock, words=f"{named} {clock_words(clock)}")
    count, unit = _counted(found.tokens[0], "後")
    words = f"{count}{unit}後 {clock_words(clock)}"
    if unit == "か月":
        return OnDay(months=count, clock=clock, words=words)
    return OnDay(days=count * _DAYS[unit], clock=clock, words=words)


def _next_weekday(found: _Found) -> When:
    written = found.tokens[0].value.removeprefix("次の").strip()
    words = f"次の{written} {clock_words(found.clock)}"
    return NextWeekday(weekday=WEEKDAYS.index(written[0]), clock=found.clock, words=words)


def _on_date(found: _Found) -> When:
    day = date_of(found.tokens[0], today_in(found.now, found.zone))
    clock = found.clock
    has_year = re.match(r"[0-9]{4}", found.tokens[0].value)
    if not has_year and datetime.combine(day, clock, found.zone) <= found.now:
        today, later = (f"{year}/{day.month}/{day.day} {clock_words(clock)}" for year in (day.year, day.year + 1))
        raise Misread("今日のその時刻は、もう過ぎています。", readings=(today, later), instead=[(later, later)])
    return OnDate(date=day, clock=clock, words=f"{date_words(found.tokens[0], day)} {clock_words(clock)}")


def _around_date(found: _Found) -> When:
    yearly, base = _base(found)
    at = found.tokens[-2].value
    joint, day = ("から", at.removeprefix("から")) if at.startswith("から") else ("の", at.removeprefix("の"))
    days, written = _days_around(day.replace(" ", ""), found.tokens[-2])
    words = f"{_base_words(yearly, base, found)}{joint}{written} {clock_words(found.clock)}"
    return AroundDate(base=base, yearly=yearly or same(base, BIRTHDAY), days=days, clock=found.clock, words=words)


def _on_base(found: _Found) -> When:
    yearly, base = _base(found)
    words = f"{_base_words(yearly, base, found)}の {clock_words(found.clock)}"
    return AroundDate(base=base, yearly=yearly or same(base, BIRTHDAY), clock=found.clock, words=words)


def _around_moment(found: _Found) -> When:
    yearly, base = _base(found)
    at = found.tokens[-1].value.replace(" ", "")
    joint = "から" if at.startswith("から") else "の"
    side = at[-1]
    count, unit = _counted(found.tokens[-1], side, skip=len(joint))
    offset = timedelta(seconds=count * _SECONDS[unit])
    words = f"{_base_words(yearly, base, found)}{joint}{count}{unit}{side}"
    signed = -offset if side == "前" else offset
    return AroundMoment(base=base, yearly=yearly or same(base, BIRTHDAY), offset=signed, words=words)


_MAKERS: dict[str, Callable[[_Found], When]] = {
    "at_once": _at_once,
    "after_send": _after_send,
    "on_day": _on_day,
    "next_weekday": _next_weekday,
    "on_date": _on_date,
    "around_date": _around_date,
    "on_base": _on_base,
    "around_moment": _around_moment,
}
_SECONDS = {"秒": 1, "分": 60, "時間": 3600}
_DAYS = {"日": 1, "週間": 7}
_NAMED_DAYS = {"当日": 0, "翌日": 1, "翌々日": 2}
_MOST = {"秒": 86_400, "分": 1_440 * 31, "時間": 24 * 366, "日": 3_650, "週間": 520, "か月": 120}


def _counted(token: Token, side: str, *, skip: int = 0) -> tuple[int, str]:
    """How many of which unit: 「2 ヶ月後」 is 2 か月."""
    written = token.value.replace(" ", "")[skip:].removesuffix(side)
    digits = re.match(r"[0-9]+", written)
    assert digits is not None, token.value
    unit = written[digits.end() :]
    unit = "か月" if unit.endswith("月") else unit
    number = Token("NUMBER", digits[0], start_pos=token.start_pos)
    return number_of(number, f"{unit}の数", least=0 if side == "前" or unit == "日" else 1, most=_MOST[unit]), unit


def _days_around(day: str, token: Token) -> tuple[int, str]:
    if day in _AROUND_DAYS:
        return _AROUND_DAYS[day], day
    side = day[-1]
    count, unit = _counted(Token("DAYS", day, start_pos=token.start_pos), side)
    days = count * _DAYS[unit]
    return (-days if side == "前" else days), f"{count}{unit}{side}"


_AROUND_DAYS = {"前日": -1, "当日": 0, "翌日": 1}


def _base(found: _Found) -> tuple[bool, str]:
    token = next(token for token in found.tokens if token.type in {"BASE", "BASE_ITSELF"})
    if token.value == "基準日":
        return any(one.type == "YEARLY" for one in found.tokens), "基準日"
    if token.value in _OF_TODAY:
        raise _counted_from_today(token.value, clock_words(found.clock) if found.tokens[-1].type == "CLOCK" else "")
    return any(one.type == "YEARLY" for one in found.tokens), name_of(token, found.text, "基準の日付の名前")


_OF_TODAY = {"今日": "当日", "本日": "当日", "明日": "翌日", "あした": "翌日", "明後日": "翌々日", "あさって": "翌々日"}
_OF_TODAY |= {"来週": "1週間後", "来月": "1か月後"}


def _counted_from_today(word: str, rest: str) -> Misread:
    """The question 明日 leads to: a step's days count from the day each friend entered."""
    meant = _OF_TODAY[word]
    clock = re.search(r"[0-9]{1,2}:[0-9]{2}$", rest)
    words = f"{meant} {clock[0] if clock else '10:00'}"
    said = f"「{word}」は書けません。日は、友だちがそこに入った日から数えます。「{words}」でしょうか？"
    return Misread(said, 0, example=words, instead=[(words, words)])


def _base_words(yearly: bool, base: str, found: _Found) -> str:
    """The base as written in normal form: quoted where a bare one would be read as another time."""
    prefix = "毎年" if yearly else ""
    if base == "基準日":
        return f"{prefix}{base}"
    bare = quoted(base)
    return f"{prefix}{bare if base not in _OF_TODAY and _reads_back(bare) else f'「{base}」'}"


def _reads_back(base: str) -> bool:
    """Whether a bare name in front of の is read as that name, and not as another time."""
    try:
        tokens = compiled(_RULES).parse(f"{folded(base).text}の前日 19:00").children
    except UnexpectedInput:
        return False
    return any(isinstance(token, Token) and token.type == "BASE" and token == folded(base).text for token in tokens)


def without_clock(misread: Misread, text: Folded) -> Misread:
    """The question that a day without a clock leads to; any other misreading as it is."""
    if misread.expected != (_SAID["CLOCK"],) or misread.at < len(text.text):
        return misread
    day = text.original(0, len(text.text))
    mends = [(f"{day} {clock}", f"{day} {clock}") for clock in ("19:00", "10:00")]
    return Misread("何時に送りますか？ 時刻が書かれていません。", misread.at, example=f"{day} 19:00", instead=mends)


def _explained(misread: Misread, text: Folded) -> Misread:
    """A day without a clock is asked about; anything else gets the form that looks most like it."""
    if misread.instead:
        return misread
    asked = without_clock(misread, text)
    if asked is not misread:
        return asked
    today = next((word for word in _OF_TODAY if text.text.startswith(word)), "")
    if today:
        return _counted_from_today(today, text.text)
    joined = _with_particle(text)
    if joined:
        return Misread("「の」が抜けていませんか？", 0, nearest=joined, example=joined, instead=[(joined, joined)])
    misread.nearest = near(text.text, EXAMPLES)
    return misread


def _with_particle(text: Folded) -> str:
    """毎年誕生日 10:00 with the の that belongs there; "" where the words do not look like a base and a clock."""
    found = re.fullmatch(rf"(毎年 ?の? ?)({_BASE}) ?({CLOCK})", text.text)
    if found is None:
        return ""
    return f"毎年{text.original(found.start(2), found.end(2))}の {text.original(found.start(3), found.end(3))}"
