"""When a step is sent, as data: the time grammar's meaning. `timing.py` turns it into instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment relative to something. `words` is the spelling in normal form and carries no meaning of its own."""

    kind: ClassVar[str]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce(When):
    """すぐ: in the same breath as what came before."""

    kind: ClassVar[str] = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterSend(When):
    """30分後: so long after the previous step's real send (or after entering the line)."""

    kind: ClassVar[str] = "after_send"
    delay: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDay(When):
    """2日後 19:00: calendar days (or months) after the day the line was entered, at a clock time."""

    kind: ClassVar[str] = "on_day"
    days: int = 0
    months: int = 0
    clock: time


@dataclass(frozen=True, slots=True, kw_only=True)
class NextWeekday(When):
    """次の土曜 10:00: the next such weekday after the previous step's real send (Monday is 0)."""

    kind: ClassVar[str] = "next_weekday"
    weekday: int
    clock: time


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDate(When):
    """2026/12/24 10:00: one date on the calendar for everybody."""

    kind: ClassVar[str] = "on_date"
    date: date
    clock: time


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundDate(When):
    """予約の前日 18:00: days before (negative) or after a base date of the friend, at a clock time."""

    kind: ClassVar[str] = "around_date"
    base: str
    yearly: bool = False
    days: int = 0
    clock: time


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundMoment(When):
    """予約の2時間前: so long before (negative) or after a base moment of the friend."""

    kind: ClassVar[str] = "around_moment"
    base: str
    yearly: bool = False
    offset: timedelta


WHENS: tuple[type[When], ...] = (AtOnce, AfterSend, OnDay, NextWeekday, OnDate, AroundDate, AroundMoment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours in which steps may go: on these weekdays (Monday is 0), from opening until before closing."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Upper limits of one scenario: sends per friend and day, and sends in all. None is no limit."""

    per_day: int | None = None
    in_all: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days, both included, on which a scenario takes in new friends."""

    first: date | None = None
    last: date | None = None


class Late(StrEnum):
    """What happens to a step that was due while nothing ran."""

    AT_ONCE = "今すぐ"
    NEXT_WINDOW = "次の時間帯"
    SKIP = "飛ばす"


BUILT_IN_BASES: tuple[str, ...] = ("登録", "予約", "来店", "購入")
"""Bases that every friend may have; any other base is a date field. 基準日 means the scenario's own `基準日`."""

SCENARIO_BASE = "基準日"
