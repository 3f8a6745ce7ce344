"""What comes of each variant of an A/B test, kept in the record of each friend who got one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.aims import Aim
from flows.broadcast import Broadcast
from flows.catalog import Catalog
from flows.friend import Trial
from flows.names import Key, fold
from flows.scenario import Scenario, Split, walk
from flows.turn import Turn

MOST_TRIALS = 8
"""So many tests a record keeps anyhow. Those that the configuration still shows it keeps beyond: forgetting a friend
would take him out of a table that an owner decides by."""


def trial_of(catalog: Catalog, plan: str, step: str) -> str:
    """The name under which an A/B test on a step is kept: that of the test as it was started, else the step's own."""
    contest = catalog.contests.get(f"{plan}/{step}")
    return contest.id if contest is not None and contest.over is None else f"{plan}/{step}"


def trial_of_broadcast(catalog: Catalog, key: Key) -> str:
    """The name under which what comes of a broadcast is kept: the several sends of one test share that of the first."""
    one = catalog.broadcasts.get(key)
    if one is None or not one.part_of:
        return key
    first = first_of(catalog, one)
    return fold(first.name) if first else key


def first_of(catalog: Catalog, one: Broadcast) -> Broadcast | None:
    """The broadcast that began the test of which this is a part."""
    return next((each for each in catalog.broadcasts.values() if each.id == one.part_of), None)


def begin(turn: Turn, trial: str, variant: str) -> None:
    """The friend got this variant."""
    others = [(key, one) for key, one in turn.peek("trials").items() if key != trial]
    spare = max(0, len(others) + 1 - MOST_TRIALS)
    gone = [key for key, _ in others if not is_shown(turn.catalog, key)][:spare] if spare else []
    kept = [(key, one) for key, one in others if key not in gone]
    turn.change(trials=dict([*kept, (trial, Trial(variant=variant, at=turn.now))]))


def is_shown(catalog: Catalog, trial: str) -> bool:
    """Whether an owner can still look at the results of this test."""
    if Key(trial) in catalog.broadcasts or any(one.id == trial for one in catalog.contests.values()):
        return True
    plan, _, step = trial.rpartition("/")
    entry = catalog.plans.get(Key(plan))
    return entry is not None and any(
        each.id == step and any(isinstance(item, Split) for item in walk(each.body))
        for version in entry.versions.values()
        if isinstance(version, Scenario)
        for _, each in version.steps()
    )


def open_trials(turn: Turn, since: datetime) -> list[tuple[str, Trial]]:
    """The tests of which the friend got something since then."""
    trials: dict[str, Trial] = turn.peek("trials")
    return [(key, one) for key, one in trials.items() if since <= one.at <= turn.event.at]


def reacted(turn: Turn, since: datetime) -> None:
    """The friend said or tapped something."""
    _put(turn, {key: replace(one, reacted=True) for key, one in open_trials(turn, since) if not one.reacted})


def clicked(turn: Turn, since: datetime) -> None:
    """The friend opened a tracked link."""
    _put(turn, {key: replace(one, clicked=True) for key, one in open_trials(turn, since) if not one.clicked})


def pressed(turn: Turn, origin: str, step: str) -> None:
    """The friend tapped a button, or a choice, of a message."""
    trial = _of_message(turn, origin, step)
    one: Trial | None = turn.peek("trials").get(trial)
    if one is not None and not one.clicked:
        _put(turn, {trial: replace(one, clicked=True)})


def answered(turn: Turn, origin: str, step: str) -> None:
    """The friend answered the question of a step."""
    trial = _of_message(turn, origin, step)
    one: Trial | None = turn.peek("trials").get(trial)
    if one is not None and not one.goal and aim_of(turn.catalog, trial)[0] is Aim.ANSWER:
        _put(turn, {trial: replace(one, goal=True)})


def tagged(turn: Turn, tag: Key) -> None:
    """A tag came: it may be what decides a test."""
    trials: dict[str, Trial] = turn.peek("trials")
    reached = {key: replace(one, goal=True) for key, one in trials.items() if not one.goal and _decides(turn, key, tag)}
    _put(turn, reached)


def left(turn: Turn, origin: str, step: str) -> None:
    """The friend blocked us after this send."""
    trial = _of_message(turn, origin, step)
    one: Trial | None = turn.peek("trials").get(trial)
    if one is not None:
        _put(turn, {trial: replace(one, left=True)})


def aim_of(catalog: Catalog, trial: str) -> tuple[Aim | None, str]:
    """What decides this test: an aim, or a tag, or, for neither, any reaction."""
    sent = catalog.broadcasts.get(Key(trial))
    if sent is not None:
        return sent.aim, sent.goal
    contest = next((one for one in catalog.contests.values() if one.id == trial), None)
    return (contest.aim, contest.goal) if contest else (None, "")


def _decides(turn: Turn, trial: str, tag: Key) -> bool:
    aim, goal = aim_of(turn.catalog, trial)
    return aim is None and fold(goal) == tag


def _of_message(turn: Turn, origin: str, step: str) -> str:
    """The test that a message belongs to, by the plan and step, or the broadcast, that it stood in."""
    sent = turn.catalog.broadcasts.get(Key(origin))
    if not step or (sent is not None and step in {sent.id, sent.part_of}):
        return trial_of_broadcast(turn.catalog, Key(origin))
    return trial_of(turn.catalog, origin, step)


def _put(turn: Turn, changed: dict[str, Trial]) -> None:
    if changed:
        turn.change(trials={**turn.peek("trials"), **changed})
