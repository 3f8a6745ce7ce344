"""Conditions made of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from flows.conditions.base import Condition, Index, Members, Rank, Sight, Truth, definite
from flows.notation import Notation, plain

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyone(Condition):
    """全員: every friend. Must be said; nothing else ever means it."""

    kind: ClassVar[str] = "everyone"
    notation: ClassVar[Notation | None] = plain("全員")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        return True

    def words(self) -> str:
        return "全員"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return ()

    def members(self, index: Index, sight: Sight) -> Members:
        return definite(index, index.everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Condition):
    """A または B: true if one is true, unknown if none is true and one unknown."""

    kind: ClassVar[str] = "any"
    binds: ClassVar[int] = 1
    of: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _require_some(self.of)

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        unknown = False
        for one in self.of:
            truth = one.holds(friend, sight)
            if truth:
                return True
            unknown = unknown or truth is None
        return None if unknown else False

    def words(self) -> str:
        return " または ".join(inside(one, self.binds) for one in self.of)

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return _all_bitmaps(self.of, sight)

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        return _all_ranks(self.of, sight)

    def members(self, index: Index, sight: Sight) -> Members:
        true = unknown = 0
        for one in self.of:
            found = one.members(index, sight)
            true |= found.true
            unknown |= found.unknown
        return Members(true, unknown & ~true)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Condition):
    """A かつ B: true if all are true, unknown if none is false and one unknown."""

    kind: ClassVar[str] = "all"
    binds: ClassVar[int] = 2
    of: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _require_some(self.of)

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        unknown = False
        for one in self.of:
            truth = one.holds(friend, sight)
            if truth is False:
                return False
            unknown = unknown or truth is None
        return None if unknown else True

    def words(self) -> str:
        return " かつ ".join(inside(one, self.binds) for one in self.of)

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return _all_bitmaps(self.of, sight)

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        return _all_ranks(self.of, sight)

    def members(self, index: Index, sight: Sight) -> Members:
        true = possible = index.everyone
        for one in self.of:
            found = one.members(index, sight)
            true &= found.true
            possible &= found.true | found.unknown
        return Members(true, possible & ~true)


@dataclass(frozen=True, slots=True, kw_only=True)
class Except(Condition):
    """A 除外 B: those for whom A is true, less those for whom B is true (unknown in B stays in)."""

    kind: ClassVar[str] = "except"
    binds: ClassVar[int] = 0
    base: Condition
    less: Condition

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        truth = self.base.holds(friend, sight)
        if truth is False or self.less.holds(friend, sight) is True:
            return False
        return truth

    def words(self) -> str:
        return f"{inside(self.base, self.binds)} 除外 {inside(self.less, self.binds + 1)}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return _all_bitmaps((self.base, self.less), sight)

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        return _all_ranks((self.base, self.less), sight)

    def members(self, index: Index, sight: Sight) -> Members:
        found = self.base.members(index, sight)
        stays = ~self.less.members(index, sight).true
        return Members(found.true & stays, found.unknown & stays)


def inside(condition: Condition, binds: int) -> str:
    """The words of a part, in brackets where it binds less than its place needs."""
    return condition.words() if _binding(condition) >= binds else f"（{condition.words()}）"


def echo(condition: Condition) -> str:
    """The condition as screens repeat it: every part that has parts of its own stands in brackets."""
    match condition:
        case AnyOf(of=of):
            return " または ".join(map(_bracketed, of))
        case AllOf(of=of):
            return " かつ ".join(map(_bracketed, of))
        case Except(base=base, less=less):
            return f"{_bracketed(base)} 除外 {_bracketed(less)}"
        case _:
            return condition.words()


def _bracketed(part: Condition) -> str:
    return f"（{echo(part)}）" if _compound(part) else echo(part)


def _compound(part: Condition) -> bool:
    match part:
        case AnyOf(of=(single,)) | AllOf(of=(single,)):
            return _compound(single)
        case AnyOf() | AllOf() | Except():
            return True
        case _:
            return False


def _binding(condition: Condition) -> int:
    """How firmly its words hold together: 0 for 除外, 1 for または, 2 for かつ, 3 for a single term."""
    match condition:
        case AnyOf(of=(single,)) | AllOf(of=(single,)):
            return _binding(single)
        case AnyOf(binds=binds) | AllOf(binds=binds) | Except(binds=binds):
            return binds
        case _:
            return 3


def _require_some(of: tuple[Condition, ...]) -> None:
    if not of:
        raise ValueError("an empty condition never means everyone")


def _all_bitmaps(of: tuple[Condition, ...], sight: Sight) -> Iterable[str]:
    return (name for one in of for name in one.bitmaps(sight))


def _all_ranks(of: tuple[Condition, ...], sight: Sight) -> Iterable[Rank]:
    return (rank for one in of for rank in one.ranks(sight))
