"""Whom a broadcast is for: its condition, whether those who are in the middle of a scenario are left out, and whom of
all these nothing would reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.broadcast import Broadcast, Walkers
from flows.catalog import Catalog
from flows.conditions import AnyOf, Condition, Except, Index, InScenario
from flows.conditions.activity import on_or_after
from flows.facts import Rule
from flows.index import FRIENDS
from flows.reaching import BLOCKED, CAPPED, OPTED_OUT, PACED, TALKING
from flows.scenario import Scenario
from flows.slices import day_slices
from flows.standpoint import Standpoint
from flows.timing import local_day
from flows.values import day_of


def audience(broadcast: Broadcast, catalog: Catalog) -> Condition:
    """Whom it is for, as things are configured now."""
    return for_walkers(broadcast.condition, broadcast.walkers, catalog)


def for_walkers(condition: Condition, walkers: Walkers, catalog: Catalog) -> Condition:
    """The condition without those who are in the middle of a scenario, if it is to be so."""
    midway = walking(catalog)
    if midway is None or walkers is Walkers.SEND:
        return condition
    return Except(base=condition, less=midway)


def walking(catalog: Catalog) -> Condition | None:
    """Those who are in the middle of a scenario; None where there is no scenario to be in."""
    names = [
        entry.name
        for entry in catalog.plans.values()
        if any(isinstance(plan, Scenario) for plan in entry.versions.values())
    ]
    return AnyOf(of=tuple(InScenario(scenario=name) for name in names)) if names else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Sets of friends: who would get a send, of whom it is unknown, and who is left out by which rule, each once.

    Those who block us are no friends that can be reached; the others left out pass the condition as well.
    """

    gets: int
    unknown: int
    left_out: Mapping[Rule, int]


def census_bitmaps(condition: Condition, sight: Standpoint) -> Iterable[str]:
    """The names of the bitmaps that `census` reads."""
    yield from (FRIENDS, BLOCKED, OPTED_OUT, TALKING, *day_slices(PACED), *day_slices(CAPPED))
    yield from condition.bitmaps(sight)


def census(condition: Condition, index: Index, sight: Standpoint, at: datetime) -> Census:
    """Who would get what is sent at that moment to all who pass, as things are now; quota and hours are not asked."""
    found = condition.members(index, sight)
    blocked = index.bitmap(BLOCKED)
    left_out = {Rule.LEFT: condition.members(_Only(index, blocked), sight).true & blocked}
    gets = found.true
    for rule, held in _held(index, day_of(local_day(at, sight.zone))):
        left_out[rule] = gets & held
        gets &= ~held
    return Census(gets=gets, unknown=found.unknown, left_out={rule: out for rule, out in left_out.items() if out})


def _held(index: Index, day: int) -> Iterator[tuple[Rule, int]]:
    """Who is held back on a day, in the order in which the gate asks."""
    yield Rule.PAUSED, index.bitmap(TALKING)
    yield Rule.PACE, index.bitmap(OPTED_OUT) | on_or_after(index, PACED, day + 1)
    yield Rule.CAP, on_or_after(index, CAPPED, day + 1)


@dataclass(frozen=True, slots=True)
class _Only:
    """An index that looks at others than those who can be reached."""

    index: Index
    everyone: int

    def bitmap(self, name: str) -> int:
        return self.index.bitmap(name)
