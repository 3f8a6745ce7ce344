"""When a friend was added, by the periods that people speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from flows.conditions.activity import on_or_after
from flows.conditions.base import Condition, Index, Members, Sight, Truth
from flows.index import JOINED, day_number
from flows.notation import BEHIND, Notation, Parts
from flows.slices import day_slices
from flows.timing import local_day
from flows.values import day_of

if TYPE_CHECKING:
    from flows.friend import Friend

_WEEK = 7
PERIODS = ("今日", "昨日", "今週", "先週", "今月", "先月", "今年")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedIn(Condition):
    """今週登録: the friend was added in that period of the account's calendar; a week begins on Monday.

    Which days those are is asked when it is looked at: a saved 今週登録 is next week's next week.
    """

    kind: ClassVar[str] = "joined_in"
    notation: ClassVar[Notation | None] = Notation(
        ("PERIOD",),
        {"PERIOD.9": f"(?:{'|'.join(PERIODS)})(?:に|の)? ?(?:登録|友だち追加|追加){BEHIND}"},
        {"PERIOD": "今週登録"},
    )
    period: str

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(period=parts.word("PERIOD")[:2])

    def __post_init__(self) -> None:
        if self.period not in PERIODS:
            raise ValueError(f"no such period: {self.period!r}")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        day = day_number(friend.joined, sight.zone)
        first, after = self._days(sight)
        return first <= day < after if day else None

    def words(self) -> str:
        return f"{self.period}登録"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return day_slices(JOINED)

    def members(self, index: Index, sight: Sight) -> Members:
        known = on_or_after(index, JOINED, 1)
        first, after = self._days(sight)
        return Members(
            known & on_or_after(index, JOINED, first) & ~on_or_after(index, JOINED, after), index.everyone & ~known
        )

    def _days(self, sight: Sight) -> tuple[int, int]:
        """Its first day, and the first day after it, since 1970."""
        first, after = span(self.period, local_day(sight.now, sight.zone))
        return day_of(first), day_of(after)


def span(period: str, today: date) -> tuple[date, date]:
    """The first day of a period, and the first day after it."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    match period:
        case "今日":
            return today, today + timedelta(days=1)
        case "昨日":
            return today - timedelta(days=1), today
        case "今週":
            return monday, monday + timedelta(days=_WEEK)
        case "先週":
            return monday - timedelta(days=_WEEK), monday
        case "今月":
            return first, _next_month(first)
        case "先月":
            return (first - timedelta(days=1)).replace(day=1), first
        case _:
            return today.replace(month=1, day=1), date(today.year + 1, 1, 1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
