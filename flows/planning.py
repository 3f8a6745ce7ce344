"""Which step of a line comes next for a friend, and when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from flows.friend import Enrollment, Friend
from flows.moments import SCENARIO_BASE, AroundDate, AroundMoment, AtOnce, OnDate, When
from flows.names import Key, StepId, fold
from flows.records import changed
from flows.scenario import Line, Scenario, Step
from flows.timing import Base, day_start, in_year, local, local_day, planned
from flows.variants import for_friend, timed_split

GRACE = timedelta(minutes=5)
"""A step this much behind its time still counts as punctual."""

PASSED = StepId("-")
"""Stands behind the last step of a line: only steps that wait for their base date are left."""


class Next(NamedTuple):
    """The step to take next, and when: `due` None while every step left waits for its base date."""

    step: StepId
    due: datetime | None
    behind: bool
    """Its time was over before it could be planned."""
    skipped: tuple[StepId, ...]
    """Steps bound to a date that is past."""
    baseless: tuple[StepId, ...]


class Over(NamedTuple):
    """Nothing of the line is left, but for steps that are skipped."""

    skipped: tuple[StepId, ...]


def line_of(scenario: Scenario, key: Key) -> Line | None:
    """The main line ("") or a path, by its key."""
    return next((line for line in scenario.lines if fold(line.name) == key), None)


def step_of(line: Line, step: StepId | None) -> Step | None:
    """The step of that id on the line."""
    return next((each for each in line.steps if each.id == step), None)


class Outlook(NamedTuple):
    """What the times of a scenario's steps depend on, besides the walk."""

    scenario: Scenario
    friend: Callable[[], Friend]
    """The friend as he is by now; asked only where a step is bound to one of his dates."""
    now: datetime
    zone: tzinfo


def next_step(walk: Enrollment, line: Line, pointer: StepId | None, outlook: Outlook) -> Next | Over:
    """What comes next at or after the pointer (None: from the beginning), steps that waited for a date included."""
    now = outlook.now
    skipped: list[StepId] = []
    baseless: list[StepId] = []
    for written in _ahead(walk, line, pointer):
        step = as_sent(written, outlook)
        if isinstance(step.when, AtOnce):
            return Next(step.id, now, False, tuple(skipped), tuple(baseless))
        moment = moment_of(step, walk, outlook)
        if moment is None:
            baseless.append(step.id)
        elif moment < now and is_dated(step):
            skipped.append(step.id)
        else:
            return Next(step.id, max(moment, now), moment < now - GRACE, tuple(skipped), tuple(baseless))
    if baseless:
        return Next(baseless[0], None, False, tuple(skipped), tuple(baseless))
    return Over(tuple(skipped))


def as_sent(step: Step, outlook: Outlook) -> Step:
    """The step as this friend gets it: in an A/B test of times, with the time of his variant."""
    return step if timed_split(step) is None else for_friend(step, outlook.friend().id)


def _ahead(walk: Enrollment, line: Line, pointer: StepId | None) -> Iterator[Step]:
    """The steps still to come, in the order written."""
    reached = pointer is None
    for step in line.steps:
        reached = reached or step.id == pointer
        if (reached or step.id in walk.baseless) and step.id not in walk.received:
            yield step


def behind(line: Line, step: StepId | None) -> StepId:
    """The step that stands behind this one; PASSED behind the last."""
    found = False
    for each in line.steps:
        if found:
            return each.id
        found = each.id == step
    return PASSED


def is_dated(step: Step) -> bool:
    """Whether it is bound to a date: then it goes on its day or not at all."""
    return isinstance(step.when, OnDate | AroundDate | AroundMoment)


def base_name(when: When, scenario: Scenario) -> str | None:
    """What the step's base is called; None for a step without one."""
    match when:
        case AroundDate(base=base) | AroundMoment(base=base):
            return scenario.base if base == SCENARIO_BASE else base
        case _:
            return None


def moment_of(step: Step, walk: Enrollment, outlook: Outlook) -> datetime | None:
    """When the step is planned for; None while its base date is missing."""
    when, zone = step.when, outlook.zone
    name = base_name(when, outlook.scenario)
    base: Base | None = None
    if name is not None:
        base = base_of(name, outlook.friend())
        if base is None:
            return None
        if isinstance(when, AroundDate | AroundMoment) and when.yearly:
            base, when = occurrence(base, walk.entered, zone), replace(when, yearly=False)
    return planned(when, entered=walk.entered, last_sent=walk.last_sent, base=base, zone=zone)


def base_of(name: str, friend: Friend) -> Base | None:
    """The friend's own date (or moment) of that name: 登録, an occasion such as 予約, or a date field."""
    key = fold(name)
    if key == _JOINED:
        return friend.joined
    if key in friend.occasions:
        return friend.occasions[key]
    entry = friend.fields.get(key)
    return read_base(entry.value) if entry else None


def read_base(value: str) -> Base | None:
    """A date field's value as a date, or as a moment on the wall clock; None if it is neither."""
    try:
        return date.fromisoformat(value) if len(value) <= len("2026-11-20") else datetime.fromisoformat(value)
    except ValueError:
        return None


def occurrence(base: Base, since: datetime, zone: tzinfo) -> Base:
    """The first return of a yearly date on or after a moment's day; 2/29 falls on 2/28 in other years."""
    first, day = local_day(since, zone), local_day(base, zone)
    found = next(each for year in (first.year, first.year + 1) if (each := in_year(day, year)) >= first)
    return datetime.combine(found, local(base, zone).time()) if isinstance(base, datetime) else found


def day_over(step: Step, walk: Enrollment, outlook: Outlook, then: datetime) -> bool:
    """Whether a step bound to a date would come too late at that moment: its day is over, or, for 2時間前, the thing
    itself has begun."""
    if not is_dated(step):
        return False
    moment = moment_of(step, walk, outlook)
    if moment is None:
        return False
    if isinstance(step.when, AroundMoment) and step.when.offset < timedelta(0):
        return then >= moment - step.when.offset
    return local_day(then, outlook.zone) > local_day(moment, outlook.zone)


def is_yearly(step: Step) -> bool:
    """Whether the step comes again every year."""
    return isinstance(step.when, AroundDate | AroundMoment) and step.when.yearly


def next_year(walk: Enrollment, line: Line, outlook: Outlook) -> Enrollment | None:
    """The walk as it begins again for the next return of its yearly dates; None if the line has no such steps."""
    yearly = [step for written in line.steps if is_yearly(step := as_sent(written, outlook))]
    name = base_name(yearly[0].when, outlook.scenario) if yearly else None
    base = base_of(name, outlook.friend()) if name else None
    if base is None:
        return None
    zone = outlook.zone
    begins = day_start(local_day(occurrence(base, walk.entered, zone), zone) + timedelta(days=1), zone)
    ids = {step.id for step in yearly}
    kept = tuple(step for step in walk.received if step not in ids)
    return changed(walk, rounds=walk.rounds + 1, entered=begins, received=kept, step=None, waiting=None, held=None)


_JOINED = fold("登録")
