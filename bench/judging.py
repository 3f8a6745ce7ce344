"""Figures and what they are held against: medians of alternating rounds, their spread, and a goal met or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The measurements of one figure over the rounds."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Their median."""
        return median(self.values)

    def __str__(self) -> str:
        """The median, and in brackets the lowest and the highest."""
        if len(self.values) == 1:
            return short(self.values[0])
        return f"{short(self.middle)} ({short(min(self.values))}–{short(max(self.values))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a figure should be: at least or at most so much."""

    least: float | None = None
    most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether the value keeps it."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        """As a table shows it."""
        parts = [
            *([f"≥ {short(self.least)}"] if self.least is not None else []),
            *([f"≤ {short(self.most)}"] if self.most is not None else []),
        ]
        return " ".join(parts) or "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a row: what it is, its measurements, its unit, and its goal if it has one."""

    what: str
    measured: Spread
    unit: str = ""
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """Met, not met, or nothing to meet."""
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.measured.middle) else "NOT MET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table: the work, and its figures. `why` says what a missed goal would take."""

    id: str
    work: str
    figures: tuple[Figure, ...]
    owner: str = ""
    """What it means to an owner, in one sentence."""
    why: str = ""


def figure(
    what: str, values: Sequence[float], unit: str = "", *, least: float | None = None, most: float | None = None
) -> Figure:
    """A figure with its goal."""
    goal = None if least is None and most is None else Goal(least=least, most=most)
    return Figure(what=what, measured=Spread(tuple(values)), unit=unit, goal=goal)


def alternating(sides: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure every side once in each round, every other round in reverse order, so that drift hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in names:
            found[name].append(sides[name]())
    return found


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, one side over the other."""
    return [one / other for one, other in zip(above, below, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def short(value: float) -> str:
    """Three digits that matter."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
