"""What a friend has done or not done over the days. Days are calendar days in the account's zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from flows.bitsets import at_least, read
from flows.conditions.base import Condition, Index, Members, Sight, Truth, definite
from flows.conditions.compare import Bound, Comparison, compares
from flows.index import ACTIVE, BOUGHT, JOINED, PURCHASE, active
from flows.names import fold
from flows.notation import Notation, Parts
from flows.slices import day_slices, name
from flows.timing import local_day
from flows.values import day_of

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedDays(Condition):
    """登録3日以上 / 以内 / 未満: days since the friend was added. Unknown where that day is."""

    kind: ClassVar[str] = "joined_days"
    notation: ClassVar[Notation | None] = Notation(
        ('WORD NUMBER "日" BOUND',), {"WORD": "登録(?= ?[0-9]+ ?日)"}, {"WORD": "登録3日以上"}
    )
    days: int
    bound: Bound

    @classmethod
    def read(cls, parts: Parts) -> Self:
        bound = parts.word("BOUND", among=(Bound.AT_LEAST, Bound.WITHIN, Bound.UNDER))
        return cls(days=parts.number("日数"), bound=Bound(bound))

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        days = days_since(friend.joined, sight)
        return None if days is None else compares(self.bound.comparison, days, self.days, self.days)

    def words(self) -> str:
        return f"登録{self.days}日{self.bound}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return day_slices(JOINED)

    def members(self, index: Index, sight: Sight) -> Members:
        known = on_or_after(index, JOINED, 1)
        return Members(self._among(index, sight, known), index.everyone & ~known)

    def _among(self, index: Index, sight: Sight, known: int) -> int:
        limit = _today(sight) - self.days
        match self.bound.comparison:
            case Comparison.AT_LEAST:
                return known & ~on_or_after(index, JOINED, limit + 1)
            case Comparison.OVER:
                return known & ~on_or_after(index, JOINED, limit)
            case Comparison.AT_MOST:
                return known & on_or_after(index, JOINED, limit)
            case _:
                return known & on_or_after(index, JOINED, limit + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentFor(Condition):
    """反応なし（30日）: no word, tap or answer for so many days, counted from joining where there was none at all."""

    kind: ClassVar[str] = "silent_for"
    notation: ClassVar[Notation | None] = Notation(('WORD "(" NUMBER "日" ")"',), {"WORD": r"反応なし(?= ?\()"})
    days: int

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(days=parts.number("日数", least=1))

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        days = days_since(active(friend), sight)
        return None if days is None else days >= self.days

    def words(self) -> str:
        return f"反応なし（{self.days}日）"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return day_slices(ACTIVE)

    def members(self, index: Index, sight: Sight) -> Members:
        known = on_or_after(index, ACTIVE, 1)
        lately = on_or_after(index, ACTIVE, _today(sight) - self.days + 1)
        return Members(known & ~lately, index.everyone & ~known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought(Condition):
    """購入なし（7日）: no purchase in so many days, or none ever."""

    kind: ClassVar[str] = "not_bought"
    notation: ClassVar[Notation | None] = Notation(('WORD "(" NUMBER "日" ")"',), {"WORD": r"購入なし(?= ?\()"})
    days: int

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(days=parts.number("日数", least=1))

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        days = days_since(friend.occasions.get(PURCHASE), sight)
        return days is None or days >= self.days

    def words(self) -> str:
        return f"購入なし（{self.days}日）"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return day_slices(BOUGHT)

    def members(self, index: Index, sight: Sight) -> Members:
        ever = on_or_after(index, BOUGHT, 1)
        lately = ever & on_or_after(index, BOUGHT, _today(sight) - self.days + 1)
        return definite(index, lately, absent=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class InScenario(Condition):
    """シナリオ「X」中 / 済: the friend is in it now, or has been through it (`done`)."""

    kind: ClassVar[str] = "in_scenario"
    notation: ClassVar[Notation | None] = Notation(
        ("WORD QUOTED STAGE",), {"WORD": "シナリオ(?= ?「)", "STAGE": "中|済み?"}, {"STAGE": "中・済"}
    )
    scenario: str
    done: bool = False

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(scenario=parts.known("シナリオ"), done=parts.word("STAGE") != "中")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        key = fold(self.scenario)
        if self.done:
            return key in friend.past
        return any(enrollment.scenario == key for enrollment in friend.enrollments)

    def words(self) -> str:
        return f"シナリオ「{self.scenario}」{'済' if self.done else '中'}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (name("done" if self.done else "in", fold(self.scenario)),)

    def members(self, index: Index, sight: Sight) -> Members:
        (bitmap,) = self.bitmaps(sight)
        return definite(index, index.bitmap(bitmap))


def days_since(moment: date | datetime | None, sight: Sight) -> int | None:
    """Calendar days from that moment until today; None if it never was."""
    return None if moment is None else _today(sight) - day_of(local_day(moment, sight.zone))


def on_or_after(index: Index, prefix: str, day: int) -> int:
    """Those whose day under this name is that day or later (days since 1970; 0 is never)."""
    return at_least(read(index.bitmap, day_slices(prefix)), day, index.everyone)


def _today(sight: Sight) -> int:
    return day_of(local_day(sight.now, sight.zone))
