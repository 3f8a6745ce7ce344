"""The A/B tests that an owner can look at, as lines of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.aims import aim_words, measure
from flows.broadcast import Broadcast, splits
from flows.catalog import Catalog, Contest, Entry
from flows.deciding import arms
from flows.names import Key, fold
from flows.scenario import Scenario, Step, Variant
from flows.trials import trial_of
from flows.variants import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: its title, the name under which its outcomes are kept, what decides it, and its variants."""

    title: str
    trial: str
    aim: str
    measure: str
    """Which outcome that is."""
    since: datetime | None = None
    names: tuple[str, ...]
    moments: Mapping[str, str] = field(default_factory=dict)

    def when(self, name: str) -> str:
        """When this variant goes, in words; "" where nothing of the kind is compared."""
        return self.moments.get(name, "")


def running(catalog: Catalog) -> Iterator[Row]:
    """All of them: on the steps in force, then in broadcasts that are kept, in their order."""
    for key, entry in catalog.plans.items():
        if isinstance(entry.live, Scenario):
            for number, (_, step) in enumerate(entry.live.steps(), 1):
                yield from _of_step(catalog, key, entry, number, step)
    for one in catalog.broadcasts.values():
        if arms(one) and not one.part_of:
            yield _of_broadcast(one)


def _of_step(catalog: Catalog, plan: Key, entry: Entry, number: int, step: Step) -> Iterator[Row]:
    split = splits(step.body)
    if split is None:
        return
    contest: Contest | None = catalog.contests.get(f"{plan}/{step.id}")
    live = contest if contest is not None and contest.over is None else None
    found = times(step)
    yield Row(
        title=f"{entry.name} {number}通目",
        trial=trial_of(catalog, plan, step.id),
        aim=aim_words(live.aim, live.goal) if live else aim_words(None, ""),
        measure=measure(live.aim, live.goal) if live else measure(None, ""),
        since=live.began if live else entry.changed,
        names=tuple(one.name for one in split.variants),
        moments={name: when.words for name, when in found} if len(found) > 1 else {},
    )


def _of_broadcast(one: Broadcast) -> Row:
    found: tuple[Variant, ...] = arms(one)
    return Row(
        title=f"一斉配信 {one.name}",
        trial=fold(one.name),
        aim=aim_words(one.aim, one.goal),
        measure=measure(one.aim, one.goal),
        since=one.at,
        names=tuple(each.name for each in found),
        moments={each.name: each.when.words for each in found if each.when},
    )
