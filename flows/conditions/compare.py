"""How two values are compared, for one friend and for a set of them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never


class Comparison(StrEnum):
    """How two values are compared, in normal form."""

    EQUAL = "="
    UNEQUAL = "≠"
    AT_LEAST = ">="
    AT_MOST = "<="
    OVER = ">"
    UNDER = "<"


class Bound(StrEnum):
    """How a number is bounded, in the owner's words."""

    AT_LEAST = "以上"
    AT_MOST = "以下"
    WITHIN = "以内"
    UNDER = "未満"
    OVER = "超"

    @property
    def comparison(self) -> Comparison:
        """The same as a comparison."""
        return _COMPARISONS[self]


_COMPARISONS = {
    Bound.AT_LEAST: Comparison.AT_LEAST,
    Bound.AT_MOST: Comparison.AT_MOST,
    Bound.WITHIN: Comparison.AT_MOST,
    Bound.UNDER: Comparison.UNDER,
    Bound.OVER: Comparison.OVER,
}


def compares(op: Comparison, count: int, low: int, high: int) -> bool:
    """Whether a count stands so to everything from `low` to `high` (a day is all of its minutes)."""
    match op:
        case Comparison.EQUAL:
            return low <= count <= high
        case Comparison.UNEQUAL:
            return not low <= count <= high
        case Comparison.AT_LEAST:
            return count >= low
        case Comparison.AT_MOST:
            return count <= high
        case Comparison.OVER:
            return count > high
        case Comparison.UNDER:
            return count < low
        case _:
            assert_never(op)


def compared(op: Comparison, at_least: Callable[[int], int], low: int, high: int, among: int) -> int:
    """The set version of `compares`; `at_least(n)` is the set of those whose count is n or more."""
    match op:
        case Comparison.EQUAL:
            return at_least(low) & ~at_least(high + 1)
        case Comparison.UNEQUAL:
            return among & ~(at_least(low) & ~at_least(high + 1))
        case Comparison.AT_LEAST:
            return at_least(low)
        case Comparison.AT_MOST:
            return among & ~at_least(high + 1)
        case Comparison.OVER:
            return at_least(high + 1)
        case Comparison.UNDER:
            return among & ~at_least(low)
        case _:
            assert_never(op)
