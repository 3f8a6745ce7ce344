"""What comes of what was sent: reactions to broadcasts, and how each variant of an A/B test fares."""

from __future__ import annotations

from datetime import timedelta

from flows import trials
from flows.events import Clicked, Said, Showed, Tapped
from flows.facts import Answered, Blocked, BroadcastAnswered, BroadcastSent, Fact, Pressed, StepTaken, TagAdded
from flows.friend import Sent
from flows.heeding import heeded
from flows.names import Key, fold
from flows.turn import Turn

COUNTS_FOR = timedelta(days=3)
"""A word or a tap so long after a send counts as a reaction to it."""


def look_back(turn: Turn) -> None:
    """At the end of a turn: put what became true in it down to what was sent before."""
    if isinstance(turn.event, Said | Showed | Tapped | Clicked):
        _reaction(turn)
    for fact in turn.facts[:]:
        match fact:
            case StepTaken(variant=variant, scenario=scenario, step=step) if variant:
                trials.begin(turn, trials.trial_of(turn.catalog, scenario, step), variant)
            case BroadcastSent(variant=variant, broadcast=name) if variant:
                trials.begin(turn, trials.trial_of_broadcast(turn.catalog, fold(name)), variant)
            case _ if turn.peek("trials"):
                _put_down(turn, fact)


def _put_down(turn: Turn, fact: Fact) -> None:
    """To the variants that the friend got: what this fact says of them."""
    match fact:
        case TagAdded(tag=tag):
            trials.tagged(turn, fold(tag))
        case Pressed(origin=origin, step=step):
            trials.pressed(turn, origin, step)
        case Answered(origin=origin, step=step, choice=choice):
            if choice:
                trials.pressed(turn, origin, step)
            trials.answered(turn, origin, step)
        case Blocked(scenario=scenario, step=step) if scenario:
            trials.left(turn, scenario, step)


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
        trial = turn.peek("trials").get(trials.trial_of_broadcast(turn.catalog, key))
        name, variant = one.name if one else key, trial.variant if trial else ""
        turn.note(BroadcastAnswered(at=turn.now, broadcast=name, variant=variant))
    ring = heeded(sends, turn.peek("deliveries"), turn.peek("heeded"), since, turn.event.at)
    if ring != turn.peek("heeded"):
        turn.change(heeded=ring)
    trials.reacted(turn, since)
    if isinstance(turn.event, Clicked):
        trials.clicked(turn, since)
