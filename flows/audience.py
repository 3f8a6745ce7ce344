"""Whom a broadcast is for: its condition, and whether those who are in the middle of a scenario are left out."""

from __future__ import annotations

from flows.broadcast import Broadcast, Walkers
from flows.catalog import Catalog
from flows.conditions import AnyOf, Condition, Except, InScenario
from flows.scenario import Scenario


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
