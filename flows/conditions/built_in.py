"""What is known of every friend from the beginning: 名前, 登録, 経路, 予約, 来店, 購入."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from flows.bitsets import at_least, read
from flows.conditions.activity import on_or_after
from flows.conditions.base import Condition, Index, Members, Sight, Truth, definite
from flows.conditions.compare import Comparison, compared, compares
from flows.index import (
    HAS_NAME,
    HAS_ROUTE,
    JOINED,
    OCCASION_DAYS,
    count_slices,
    counted,
    day_number,
    name_number,
    name_slices,
)
from flows.names import fold
from flows.quoting import quoted
from flows.slices import day_slices
from flows.values import DAY, Sort, day_of, value_of

if TYPE_CHECKING:
    from flows.friend import Friend

NAME, ADDED, ROUTE, BOOKED, VISITED, BOUGHT = BUILT_IN = ("名前", "登録", "経路", "予約", "来店", "購入")
_DAYS = {ADDED: JOINED, **{name: OCCASION_DAYS[fold(name)] for name in (BOOKED, VISITED, BOUGHT)}}
_COUNTED = (VISITED, BOUGHT)
_LIKENESS = (Comparison.EQUAL, Comparison.UNEQUAL)
_WHOLE = re.compile("[0-9]{1,5}")


class Reading(Enum):
    """As what two values of a built-in field are compared."""

    NAME = "name"
    DAY = "day"
    COUNT = "count"


def reading(name: str, op: Comparison, value: str) -> Reading | None:
    """The value decides: a date is compared with the (last) day, a whole number with how often; None: with neither.

    A name is like another or not, and never greater; a route is asked for by `経路=`.
    """
    if name == NAME:
        return Reading.NAME if op in _LIKENESS and fold(value) else None
    worth = value_of(value)
    if name in _DAYS and worth.sort is Sort.TIME and worth.high - worth.low == DAY - 1:
        return Reading.DAY
    return Reading.COUNT if name in _COUNTED and _WHOLE.fullmatch(value) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInIs(Condition):
    """来店>=3, 予約=2026/12/1, 名前=さくら: unknown where the friend has no such day or name; counts begin at 0.

    Days are calendar days in the account's zone, of the last time. Raises ValueError where the two do not compare.
    """

    kind: ClassVar[str] = "built_in_is"
    name: str
    op: Comparison
    value: str

    def __post_init__(self) -> None:
        if reading(self.name, self.op, self.value) is None:
            raise ValueError(f"not to be compared: {self.words()}")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        have = self._have(friend, sight)
        return None if have is None else compares(self.op, have, self._want, self._want)

    def words(self) -> str:
        return f"{self.name}{self.op}{quoted(self.value)}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (*self._slices, HAS_NAME) if self._reading is Reading.NAME else self._slices

    def members(self, index: Index, sight: Sight) -> Members:
        bits, known = read(index.bitmap, self._slices), self._known(index)
        found = compared(self.op, lambda count: at_least(bits, count, known), self._want, self._want, known)
        return Members(found, index.everyone & ~known)

    @property
    def _reading(self) -> Reading | None:
        return reading(self.name, self.op, self.value)

    @property
    def _want(self) -> int:
        match self._reading:
            case Reading.NAME:
                return name_number(self.value)
            case Reading.DAY:
                return day_of(date.fromordinal(value_of(self.value).low // DAY))
            case _:
                return int(self.value)

    @property
    def _slices(self) -> tuple[str, ...]:
        match self._reading:
            case Reading.NAME:
                return name_slices()
            case Reading.DAY:
                return day_slices(_DAYS[self.name])
            case _:
                return count_slices(fold(self.name))

    def _have(self, friend: Friend, sight: Sight) -> int | None:
        match self._reading:
            case Reading.NAME:
                return name_number(friend.name) if fold(friend.name) else None
            case Reading.DAY:
                return _day(friend, self.name, sight)
            case _:
                return counted(friend.counts.get(fold(self.name), 0))

    def _known(self, index: Index) -> int:
        match self._reading:
            case Reading.NAME:
                return index.everyone & index.bitmap(HAS_NAME)
            case Reading.DAY:
                return on_or_after(index, _DAYS[self.name], 1)
            case _:
                return index.everyone


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInFilled(Condition):
    """来店あり / 予約なし: there is such a day, a name, a route, or none (`absent`); `explicit` writes 項目 in front."""

    kind: ClassVar[str] = "built_in_filled"
    name: str
    absent: bool = False
    explicit: bool = False

    def __post_init__(self) -> None:
        if self.name not in BUILT_IN:
            raise ValueError(f"not built in: {self.name!r}")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        match self.name:
            case "名前":
                found = bool(fold(friend.name))
            case "経路":
                found = bool(fold(friend.route))
            case _:
                found = _day(friend, self.name, sight) is not None
        return found is not self.absent

    def words(self) -> str:
        return f"{'項目 ' if self.explicit else ''}{self.name}{'なし' if self.absent else 'あり'}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        mark = _MARKS.get(self.name)
        return (mark,) if mark else day_slices(_DAYS[self.name])

    def members(self, index: Index, sight: Sight) -> Members:
        mark = _MARKS.get(self.name)
        found = index.bitmap(mark) if mark else on_or_after(index, _DAYS[self.name], 1)
        return definite(index, found, absent=self.absent)


_MARKS = {NAME: HAS_NAME, ROUTE: HAS_ROUTE}


def _day(friend: Friend, name: str, sight: Sight) -> int | None:
    moment: date | datetime | None = friend.joined if name == ADDED else friend.occasions.get(fold(name))
    return day_number(moment, sight.zone) or None
