"""What comes of what was sent: reactions to broadcasts, and how each variant of an A/B test fares."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flows.catalog import Catalog
from flows.events import Clicked, Said, Showed, Tapped
from flows.facts import Blocked, BroadcastAnswered, BroadcastSent, StepTaken, TagAdded
from flows.friend import Sent, Trial
from flows.names import Key, fold
from flows.turn import Turn

COUNTS_FOR = timedelta(days=3)
"""A word or a tap so long after a send counts as a reaction to it."""

MOST_TRIALS = 8


def trial_of(catalog: Catalog, plan: str, step: str) -> str:
    """The name under which an A/B test on a step is kept: that of the test as it was started, else the step's own."""
    contest = catalog.contests.get(f"{plan}/{step}")
    return contest.id if contest is not None and contest.over is None else f"{plan}/{step}"


def look_back(turn: Turn) -> None:
    """At the end of a turn: put what became true in it down to what was sent before."""
    if isinstance(turn.event, Said | Showed | Tapped | Clicked):
        _reaction(turn)
    for fact in turn.facts[:]:
        match fact:
            case StepTaken(variant=variant, scenario=scenario, step=step) if variant:
                _begin(turn, trial_of(turn.catalog, scenario, step), variant)
            case BroadcastSent(variant=variant, broadcast=name) if variant:
                _begin(turn, fold(name), variant)
            case TagAdded(tag=tag) if turn.peek("trials"):
                _goal(turn, fold(tag))
            case Blocked(scenario=scenario, step=step) if scenario and turn.peek("trials"):
                _left(turn, trial_of(turn.catalog, scenario, step) if step else scenario)


def _begin(turn: Turn, trial: str, variant: str) -> None:
    others = [(key, one) for key, one in turn.peek("trials").items() if key != trial]
    begun = Trial(variant=variant, at=turn.now)
    turn.change(trials=dict([*others, (trial, begun)][-MOST_TRIALS:]))


def _reaction(turn: Turn) -> None:
    since = turn.event.at - COUNTS_FOR
    reached: dict[Key, bool] = turn.peek("broadcasts")
    sends: tuple[Sent, ...] = turn.peek("sends")
    answered = {Key(sent.broadcast) for sent in sends if sent.broadcast and since <= sent.at <= turn.event.at}
    new = [key for key in answered if reached.get(key) is False]
    if new:
        turn.change(broadcasts={**reached, **dict.fromkeys(new, True)})
    for key in sorted(new):
        one = turn.catalog.broadcasts.get(key)
        trial = turn.peek("trials").get(key)
        name, variant = one.name if one else key, trial.variant if trial else ""
        turn.note(BroadcastAnswered(at=turn.now, broadcast=name, variant=variant))
    _put(turn, {key: replace(one, reacted=True) for key, one in _open(turn, since) if not one.reacted})


def _open(turn: Turn, since: datetime) -> list[tuple[str, Trial]]:
    trials: dict[str, Trial] = turn.peek("trials")
    return [(key, one) for key, one in trials.items() if since <= one.at <= turn.event.at]


def _goal(turn: Turn, tag: Key) -> None:
    """A tag came that decides a test; whether it does stands in the configuration."""
    trials: dict[str, Trial] = turn.peek("trials")
    _put(
        turn,
        {key: replace(one, goal=True) for key, one in trials.items() if not one.goal and _decides(turn, key, tag)},
    )


def _decides(turn: Turn, trial: str, tag: Key) -> bool:
    one = turn.catalog.broadcasts.get(Key(trial))
    if one is not None:
        return fold(one.goal) == tag
    return any(each.id == trial and fold(each.goal) == tag for each in turn.catalog.contests.values())


def _left(turn: Turn, trial: str) -> None:
    trials: dict[str, Trial] = turn.peek("trials")
    if trial in trials:
        _put(turn, {trial: replace(trials[trial], left=True)})


def _put(turn: Turn, changed: dict[str, Trial]) -> None:
    if changed:
        turn.change(trials={**turn.peek("trials"), **changed})
