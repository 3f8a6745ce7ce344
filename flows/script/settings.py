"""The values of settings, of 待つ and of AB: hours, caps, periods, waits, shares, and words to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, TypeVar

from lark import Token, Tree

from flows.moments import Caps, Period, Window
from flows.names import fold
from flows.notation import DURATION
from flows.script.clocks import CLOCK, DATE, WEEKDAYS, clock_of, clock_words, date_of, today_in
from flows.script.durations import duration_of
from flows.script.folding import Folded, folded
from flows.script.grammar import number_of, parsed
from flows.script.problems import Misread, Problem, attempted, near, placed

_WINDOWS = rf"""
    start: window (COMMA window)*
    window: [WEEKDAYS] CLOCK TO CLOCK
    WEEKDAYS.5: /毎日|平日|土日祝?|週末|[月火水木金土日](?:[・ ]?[月火水木金土日])*(?:曜日?)?/
    TO.5: /[-~〜ー]|から/
    CLOCK.4: /{CLOCK}/
"""
_CAPS = """
    start: cap (COMMA cap)*
    cap: DAY NUMBER "通" -> per_day
       | ALL NUMBER "通" -> in_all
    DAY.5: /1 ?日(?: ?に)?/
    ALL.5: /全部(?: ?で)?|合計/
"""
_PERIOD = rf"""
    start: DATE TO DATE -> both
         | DATE TO      -> first
         | TO DATE      -> last
    TO.5: /[-~〜ー]|から/
    DATE.4: /{DATE}/
"""
_WAIT = rf"""
    start: REACTION DURATION -> reaction
         | LINK DURATION     -> link
    REACTION.5: "反応"
    LINK.5: /\[[^\[\]]+\]/
    DURATION.5: /{DURATION}/
"""
_SHARES = """
    start: NUMBER "%"? ("/" NUMBER "%"?)+
"""
_NAMED_DAYS = {"毎日": (0, 1, 2, 3, 4, 5, 6), "平日": (0, 1, 2, 3, 4), "土日": (5, 6), "週末": (5, 6)}

Chosen = TypeVar("Chosen", bound=StrEnum)


class WaitFor(NamedTuple):
    """What `待つ:` says: a reaction, or a click on `link`; how long at most, also in words."""

    link: str
    limit: timedelta
    words: str


@placed
def windows(text: Folded) -> tuple[Window, ...]:
    """`毎日 9:00-20:00`, several joined by 、. Raises Misread."""
    said = {"WEEKDAYS": "毎日・平日・土日・月火水", "CLOCK": "9:00", "TO": "-", "COMMA": "、"}
    tree = parsed(_WINDOWS, text, said=said, what="時間帯", example="毎日 9:00-20:00")
    return tuple(_window(child) for child in tree.children if isinstance(child, Tree))


def _window(tree: Tree[Token]) -> Window:
    days, opens, _, closes = tree.children
    assert isinstance(opens, Token), opens
    assert isinstance(closes, Token), closes
    first, last = clock_of(opens), clock_of(closes)
    if last <= first:
        raise Misread(
            "終わりの時刻は、始まりよりあとにしてください（日をまたぐ時間帯は2つに分けます）。", closes.start_pos or 0
        )
    numbers, words = _weekdays(days.value if isinstance(days, Token) else "毎日")
    return Window(weekdays=numbers, opens=first, closes=last, words=f"{words} {clock_words(first)}-{clock_words(last)}")


def _weekdays(written: str) -> tuple[tuple[int, ...], str]:
    if written in _NAMED_DAYS:
        return _NAMED_DAYS[written], written
    if written.startswith("土日祝"):
        raise Misread("祝日は区別していません。「土日」と書いてください。", example="土日 10:00-18:00")
    letters = written.removesuffix("日") if written.endswith("曜日") else written
    numbers = sorted({WEEKDAYS.index(letter) for letter in letters if letter in WEEKDAYS})
    return tuple(numbers), "".join(WEEKDAYS[number] for number in numbers)


@placed
def caps(text: Folded) -> Caps:
    """`1日1通、全部で300通`. Raises Misread; a cap of zero would never send."""
    said = {"DAY": "1日1通", "ALL": "全部で300通", "NUMBER": "数", "COMMA": "、"}
    tree = parsed(_CAPS, text, said=said, what="上限", example="1日1通、全部で300通")
    found: dict[str, int] = {}
    for cap in (child for child in tree.children if isinstance(child, Tree)):
        count = cap.children[1]
        assert isinstance(count, Token), count
        if cap.data in found:
            raise Misread("同じ上限が2つあります。", count.start_pos or 0)
        if not count.value.strip("0"):
            raise Misread("上限が0通だと、1通も送れません。", count.start_pos or 0, example="1日1通")
        found[str(cap.data)] = number_of(count, "通数", least=1, most=999_999)
    return Caps(per_day=found.get("per_day"), in_all=found.get("in_all"))


@placed
def times_each(text: Folded) -> int:
    """`1人1回`: how often one friend may answer a survey to the end. Raises Misread."""
    found = re.fullmatch(r"(?:お?1人(?:様)?(?:に)?)? ?([0-9]{1,3})回(?:まで)?", text.text)
    if found is None:
        raise unlike(text, ["1人1回"], "上限")
    if not int(found[1]):
        raise Misread("上限が0回だと、だれも答えられません。", 0, example="1人1回")
    return int(found[1])


def caps_words(limits: Caps) -> str:
    """Caps in normal form."""
    parts = (
        f"1日{limits.per_day}通" if limits.per_day is not None else "",
        f"全部で{limits.in_all}通" if limits.in_all is not None else "",
    )
    return "、".join(part for part in parts if part)


@placed
def period(text: Folded, now: datetime, zone: tzinfo) -> Period:
    """`2026/12/1-2026/12/31`, either end may be open. Raises Misread."""
    said = {"DATE": "2026/12/1", "TO": "-"}
    tree = parsed(_PERIOD, text, said=said, what="期間", example="2026/12/1-2026/12/31")
    dates = [token for token in tree.children if isinstance(token, Token) and token.type == "DATE"]
    today = today_in(now, zone)
    if tree.data == "last":
        return Period(last=date_of(dates[0], today))
    if tree.data == "first":
        return Period(first=date_of(dates[0], today))
    first = date_of(dates[0], today)
    last = date_of(dates[1], max(first, today))
    if last < first:
        raise Misread("終わりの日が、始まりの日より前です。", dates[1].start_pos or 0)
    return Period(first=first, last=last)


def period_words(days: Period) -> str:
    """A period in normal form."""
    return f"{_day_words(days.first)}-{_day_words(days.last)}"


def _day_words(day: date | None) -> str:
    return f"{day.year}/{day.month}/{day.day}" if day else ""


@placed
def wait(text: Folded) -> WaitFor:
    """`反応 2日` or `[リンク名] 3日`. Raises Misread."""
    said = {"REACTION": "反応", "LINK": "[リンク名]", "DURATION": "2日"}
    tree = parsed(_WAIT, text, said=said, what="待ち方", example="反応 2日")
    what, duration = (token for token in tree.children if isinstance(token, Token))
    limit, words = duration_of(duration)
    link = "" if tree.data == "reaction" else text.original((what.start_pos or 0) + 1, (what.end_pos or 0) - 1)
    return WaitFor(link=" ".join(link.split()), limit=limit, words=words)


@placed
def shares(text: Folded) -> tuple[int, ...]:
    """`50/50`: 2–4 shares in percent that add to 100. Raises Misread."""
    tree = parsed(_SHARES, text, said={"NUMBER": "割合"}, what="分け方", example="50/50")
    found = tuple(number_of(token, "割合", least=1, most=100) for token in tree.children if isinstance(token, Token))
    if len(found) > 4:
        raise Misread("案は4つまでです。", example="25/25/25/25")
    if sum(found) != 100:
        raise Misread(f"合わせて100になるように分けてください（今は{sum(found)}）。", example="50/50")
    return found


@placed
def choice(text: Folded, words: type[Chosen], what: str) -> Chosen:
    """One of the words of a setting. Raises Misread."""
    for word in words:
        if fold(word) == fold(text.text):
            return word
    raise unlike(text, [str(word) for word in words], what)


@placed
def yes(text: Folded, word: str, what: str) -> bool:
    """A setting that is there or is not: `許可`, `あり`. Raises Misread."""
    if fold(text.text) != fold(word):
        raise unlike(text, [word], what)
    return True


def unlike(text: Folded, words: Sequence[str], what: str) -> Misread:
    """None of these words was written."""
    nearest = near(text.text, words, cutoff=0.4)
    mends = [(f"「{nearest}」に直す", nearest)] if nearest else []
    written = (
        f"「{text.original(0, len(text.text))}」は{what}として読めませんでした。"
        if text.text
        else f"{what}が書かれていません。"
    )
    return Misread(written, expected=words, nearest=nearest, example=words[0], instead=mends)


def parse_windows(text: str) -> tuple[Window, ...] | Problem:
    """Hours in which steps may go, from words by themselves."""
    return attempted(lambda: windows(folded(text)))


def parse_caps(text: str) -> Caps | Problem:
    """Upper limits, from words by themselves."""
    return attempted(lambda: caps(folded(text)))


def parse_period(text: str, now: datetime, zone: tzinfo) -> Period | Problem:
    """The days on which friends are taken in, from words by themselves."""
    return attempted(lambda: period(folded(text), now, zone))
