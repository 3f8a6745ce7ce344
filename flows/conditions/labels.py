"""Tags, saved segments, fields, scores, routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.bitsets import at_least, read
from flows.conditions.base import Condition, Index, Members, Rank, Sight, Truth, definite, opposite
from flows.conditions.compare import Bound, Comparison, compared, compares
from flows.index import listed, score_slices, value_slices, word_marks
from flows.names import Key, fold
from flows.notation import Notation, Parts
from flows.quoting import quoted
from flows.slices import name
from flows.values import Sort, value_of

if TYPE_CHECKING:
    from flows.friend import Entry, Friend

__all__ = ["Bound", "Comparison", "FieldFilled", "FieldIs", "FromRoute", "Named", "ScoreIs", "Tagged", "equals"]

_BOUNDS = (Bound.AT_LEAST, Bound.AT_MOST, Bound.UNDER, Bound.OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Condition):
    """タグ X / Xあり / Xなし: the friend has the tag, or has not (`absent`). `spelling` keeps how it was written:
    "bare" (X), "tag" (タグ X), "has" (Xあり), "lacks" (Xなし)."""

    kind: ClassVar[str] = "tagged"
    name: str
    absent: bool = False
    spelling: str = "bare"

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        return (fold(self.name) in friend.tags) is not self.absent

    def words(self) -> str:
        if self.absent:
            return f"{quoted(self.name)}なし"
        match self.spelling:
            case "tag":
                return f"タグ {quoted(self.name)}"
            case "has":
                return f"{quoted(self.name)}あり"
            case _:
                return quoted(self.name)

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (name("tag", fold(self.name)),)

    def members(self, index: Index, sight: Sight) -> Members:
        (bitmap,) = self.bitmaps(sight)
        return definite(index, index.bitmap(bitmap), absent=self.absent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Condition):
    """対象 X, or a bare name that is a saved segment (`bare`). Unknown if there is no such segment, or if it names itself."""

    kind: ClassVar[str] = "segment"
    name: str
    absent: bool = False
    bare: bool = False

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        saved = sight.segment(fold(self.name))
        truth = saved.holds(friend, _Within(sight, fold(self.name))) if saved else None
        return truth if truth is None else truth is not self.absent

    def words(self) -> str:
        if self.absent:
            return f"{quoted(self.name)}なし"
        return quoted(self.name) if self.bare else f"対象 {quoted(self.name)}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        saved = sight.segment(fold(self.name))
        return saved.bitmaps(_Within(sight, fold(self.name))) if saved else ()

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        saved = sight.segment(fold(self.name))
        return saved.ranks(_Within(sight, fold(self.name))) if saved else ()

    def members(self, index: Index, sight: Sight) -> Members:
        saved = sight.segment(fold(self.name))
        if saved is None:
            return Members(0, index.everyone)
        found = saved.members(index, _Within(sight, fold(self.name)))
        return opposite(index, found) if self.absent else found


class _Within:
    """The sight from inside a segment: the segment itself is out of sight, so that no circle is walked for ever."""

    def __init__(self, sight: Sight, hidden: Key) -> None:
        self.now, self.zone = sight.now, sight.zone
        self._sight, self._hidden = sight, hidden

    def segment(self, name: Key) -> Condition | None:
        return None if name == self._hidden else self._sight.segment(name)

    def line(self, rank: Rank) -> int | None:
        return self._sight.line(rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFilled(Condition):
    """X あり / X なし where X is a field: it has a value, or none (`absent`). `explicit` writes 項目 in front of it,
    which tells it from a tag of the same name."""

    kind: ClassVar[str] = "field_filled"
    field: str
    absent: bool = False
    explicit: bool = False

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        return (_entry(friend, self.field) is not None) is not self.absent

    def words(self) -> str:
        return f"{'項目 ' if self.explicit else ''}{quoted(self.field)}{'なし' if self.absent else 'あり'}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (name("field", fold(self.field)),)

    def members(self, index: Index, sight: Sight) -> Members:
        (bitmap,) = self.bitmaps(sight)
        return definite(index, index.bitmap(bitmap), absent=self.absent)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldIs(Condition):
    """項目 = 値: unknown while the field has no value. Numbers and dates compare as such, words by their key.

    Which is greater is unknown, too, where the two are not both numbers or both dates. An answer of several
    choices is equal to each of them.
    """

    kind: ClassVar[str] = "field_is"
    field: str
    op: Comparison
    value: str

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        entry = _entry(friend, self.field)
        if entry is None:
            return None
        match self.op:
            case Comparison.EQUAL:
                return equals(entry, self.value)
            case Comparison.UNEQUAL:
                return not equals(entry, self.value)
        want, have = value_of(self.value), value_of(entry.value)
        if want.sort is Sort.WORD or have.sort is not want.sort:
            return None
        return compares(self.op, have.low, want.low, want.high)

    def words(self) -> str:
        return f"{quoted(self.field)}{self.op}{quoted(self.value)}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        field = fold(self.field)
        yield name("field", field)
        yield name("ans", field, fold(self.value))
        sort = value_of(self.value).sort
        if sort is Sort.WORD:
            yield from word_marks(field, fold(self.value))
        else:
            yield name(sort.value, field)
            yield from value_slices(sort, field)

    def members(self, index: Index, sight: Sight) -> Members:
        filled = index.bitmap(name("field", fold(self.field))) & index.everyone
        unfilled = index.everyone & ~filled
        match self.op:
            case Comparison.EQUAL:
                return Members(self._equals(index) & filled, unfilled)
            case Comparison.UNEQUAL:
                return Members(filled & ~self._equals(index), unfilled)
        comparable = self._comparable(index) & filled
        return Members(self._counted(index, self.op, comparable), index.everyone & ~comparable)

    def _equals(self, index: Index) -> int:
        field, key = fold(self.field), fold(self.value)
        chosen = index.bitmap(name("ans", field, key))
        if value_of(self.value).sort is not Sort.WORD:
            return chosen | self._counted(index, Comparison.EQUAL, self._comparable(index))
        written = index.everyone
        for mark in word_marks(field, key):
            written &= index.bitmap(mark)
        return chosen | written

    def _comparable(self, index: Index) -> int:
        sort = value_of(self.value).sort
        return 0 if sort is Sort.WORD else index.bitmap(name(sort.value, fold(self.field))) & index.everyone

    def _counted(self, index: Index, op: Comparison, among: int) -> int:
        if not among:
            return 0
        want = value_of(self.value)
        bits = read(index.bitmap, value_slices(want.sort, fold(self.field)))
        signed = want.sort is Sort.NUMBER
        return compared(op, lambda count: at_least(bits, count, among, signed=signed), want.low, want.high, among)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreIs(Condition):
    """スコア「美容」5以上; `score` "" is the main one. Scores begin at 0."""

    kind: ClassVar[str] = "score_is"
    notation: ClassVar[Notation | None] = Notation(
        ('WORD [QUOTED] NUMBER ["点"] BOUND',),
        {"WORD": "スコア(?= ?(?:「[^「」]*」)? ?[0-9])"},
        {"WORD": "スコア5以上"},
    )
    score: str = ""
    points: int
    bound: Bound

    @classmethod
    def read(cls, parts: Parts) -> Self:
        points, bound = parts.number("点数"), parts.word("BOUND", among=_BOUNDS)
        return cls(score=parts.known("スコア"), points=points, bound=Bound(bound))

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        return compares(self.bound.comparison, friend.scores.get(fold(self.score), 0), self.points, self.points)

    def words(self) -> str:
        return f"スコア{f'「{self.score}」' if self.score else ''}{self.points}{self.bound}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return score_slices(fold(self.score))

    def members(self, index: Index, sight: Sight) -> Members:
        bits, everyone = read(index.bitmap, self.bitmaps(sight)), index.everyone
        found = compared(
            self.bound.comparison,
            lambda count: at_least(bits, count, everyone, signed=True),
            self.points,
            self.points,
            everyone,
        )
        return definite(index, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRoute(Condition):
    """経路=X: the friend was added through this inflow route."""

    kind: ClassVar[str] = "from_route"
    notation: ClassVar[Notation | None] = Notation(('WORD "=" NAME',), {"WORD": "経路(?= ?=)"})
    route: str

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        return bool(friend.route) and fold(friend.route) == fold(self.route)

    def words(self) -> str:
        return f"経路={quoted(self.route)}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (name("route", fold(self.route)),)

    def members(self, index: Index, sight: Sight) -> Members:
        (bitmap,) = self.bitmaps(sight)
        return definite(index, index.bitmap(bitmap))


def equals(entry: Entry, value: str) -> bool:
    """Whether an entry has this value: as a number, as a date, as one of several choices, or word for word."""
    key, want, have = fold(value), value_of(value), value_of(entry.value)
    if entry.listed and key in listed(entry):
        return True
    if entry.own and want.sort is Sort.WORD and fold(entry.own) == key:
        return True
    if have.sort is not want.sort:
        return False
    if want.sort is Sort.WORD:
        return have.key == key and not entry.listed
    return compares(Comparison.EQUAL, have.low, want.low, want.high)


def _entry(friend: Friend, field: str) -> Entry | None:
    entry = friend.fields.get(fold(field))
    return entry if entry is not None and entry.value else None
