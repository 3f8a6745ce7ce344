"""What two shares tell about each other: intervals, whether there is a difference, and how many people are still needed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
POWER = 0.8
ENOUGH = 20
"""Of fewer people in any variant no winner is named, and nobody can guess how many more it takes."""


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    people: int

    @property
    def rate(self) -> float:
        """Between 0 and 1; 0 of nobody."""
        return self.hits / self.people if self.people else 0.0


class Span(NamedTuple):
    """Between these two."""

    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether it lies on one side of zero."""
        return self.low > 0 or self.high < 0


def wilson(share: Share, z: float) -> Span:
    """Wilson's interval of a share: it stays between 0 and 1 and holds for few people as well."""
    if not share.people:
        return Span(0.0, 1.0)
    rate, square = share.rate, z * z
    middle = (rate + square / (2 * share.people)) / (1 + square / share.people)
    half = z * sqrt(rate * (1 - rate) / share.people + square / (4 * share.people**2)) / (1 + square / share.people)
    # Of none and of all the bounds are exact; the sum is only as exact as a float.
    return Span(max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half)))


def difference(first: Share, second: Share, *, comparisons: int = 1) -> Span:
    """Newcombe's interval of `second - first` (his method 10, from two Wilson intervals).

    With several comparisons each is held to a stricter measure (Bonferroni's), so that one among many is no chance.
    """
    z = _z(comparisons)
    gap = second.rate - first.rate
    one, other = wilson(first, z), wilson(second, z)
    low = gap - sqrt((second.rate - other.low) ** 2 + (one.high - first.rate) ** 2)
    high = gap + sqrt((other.high - second.rate) ** 2 + (first.rate - one.low) ** 2)
    return Span(low, high)


class Lead(NamedTuple):
    """Which variant is ahead, the one it is least surely ahead of, and by how much."""

    ahead: str
    behind: str
    span: Span
    is_clear: bool
    """Whether it is surely better than each of the others."""


def lead(shares: Mapping[str, Share]) -> Lead | None:
    """Who is ahead; None while a variant has reached nobody. There are two at least.

    With more than two each pair is held to a stricter measure, and the best must be clear of every other one, also of
    one that is further behind but has reached fewer people.
    """
    if min(one.people for one in shares.values()) == 0:
        return None
    pairs = len(list(combinations(shares, 2)))
    ahead = max(shares, key=lambda name: shares[name].rate)
    spans = {name: difference(one, shares[ahead], comparisons=pairs) for name, one in shares.items() if name != ahead}
    behind = min(spans, key=lambda name: spans[name].low)
    enough = min(one.people for one in shares.values()) >= ENOUGH
    return Lead(ahead, behind, spans[behind], enough and spans[behind].low > 0)


def still_needed(first: Share, second: Share, *, comparisons: int = 1) -> int | None:
    """People still needed, over both, until a difference as large as it looks now would show; None: none is in sight.

    They go on coming in the proportion in which they came: of one to nine it takes more than of half and half.
    """
    gap = second.rate - first.rate
    if abs(gap) < 0.005:
        return None
    each = each_needed(first.rate, gap, comparisons=comparisons)
    people = first.people + second.people
    rarer = min(first.people, second.people) / people
    return max(0, ceil(each / (2 * rarer * (1 - rarer))) - people)


def each_needed(rate: float, gap: float, *, comparisons: int = 1) -> int:
    """People needed for each of two variants to show this gap on top of this rate, four times out of five."""
    other = min(1.0, max(0.0, rate + gap))
    z = _z(comparisons) + NormalDist().inv_cdf(POWER)
    spread = rate * (1 - rate) + other * (1 - other)
    return max(1, ceil(z * z * spread / (gap * gap)))


def _z(comparisons: int) -> float:
    return NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / max(1, comparisons))
