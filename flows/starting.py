"""What starts scenarios and opens surveys: triggers that are set off, and alarms that ring."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flows.catalog import Catalog
from flows.events import CameDue, Event, Renamed, Unsent
from flows.facts import Answered, Fact, Joined, Returned, ScenarioEnded, ScoreChanged, SurveyFinished, TagAdded
from flows.gate import reach
from flows.names import Key
from flows.requests import LATER, Request
from flows.scenario import Start, Survey
from flows.triggers import Trigger
from flows.turn import Turn
from flows.walking import enroll

TELLING: tuple[type[Fact], ...] = (Joined, Returned, TagAdded, ScoreChanged, Answered, SurveyFinished, ScenarioEnded)
"""Facts that triggers listen to."""

MUTE: tuple[type[Event], ...] = (CameDue, Renamed, Unsent)
"""Events that no trigger listens to."""


class Listening(NamedTuple):
    """One start of one published plan."""

    plan: Key
    start: Start
    is_survey: bool

    @property
    def waits(self) -> bool:
        """Whether its trigger sets alarms."""
        return type(self.start.trigger).alarm is not Trigger.alarm


class Starts(NamedTuple):
    """Every start of every published plan, in the order of their names, and those that set alarms."""

    all: tuple[Listening, ...]
    waiting: tuple[Listening, ...]


_LAST: list[tuple[Catalog, Starts]] = []
"""The starts of the catalog looked at last: a memo, gathered anew for another snapshot."""


def starts(catalog: Catalog) -> Starts:
    """The starts of this snapshot."""
    for known, gathered in tuple(_LAST):
        if known is catalog:
            return gathered
    found = tuple(
        Listening(key, start, isinstance(entry.live, Survey))
        for key, entry in sorted(catalog.plans.items())
        if entry.live is not None
        for start in entry.live.starts
    )
    gathered = Starts(found, tuple(listening for listening in found if listening.waits))
    _LAST[:] = [(catalog, gathered)]
    return gathered


def listen(turn: Turn, happened: Event | Fact) -> bool:
    """Let triggers hear what happened; whether one of them started or opened something."""
    if isinstance(happened, MUTE) or (isinstance(happened, Fact) and not isinstance(happened, TELLING)):
        return False
    _alarms(turn, happened)
    return _start_all(turn, lambda trigger: trigger.set_off(happened, turn.friend))


def ring(turn: Turn) -> None:
    """Take up every alarm whose time has come."""
    for name, at in list(turn.peek("alarms").items()):
        if at > turn.now:
            continue
        turn.change(alarms={other: when for other, when in turn.peek("alarms").items() if other != name})
        if name.startswith(LATER):
            verb, _, wanted = name.removeprefix(LATER).partition("/")
            turn.requests.append(Request(verb, wanted, "あとで送る予定だったもの"))
        else:
            _start_all(turn, lambda trigger, name=name: trigger.rings(name))  # type: ignore[misc]


def _start_all(turn: Turn, is_set_off: Callable[[Trigger], bool]) -> bool:
    if reach(turn.friend, turn.catalog):
        return False
    began = False
    for listening in starts(turn.catalog).all:
        if not is_set_off(listening.start.trigger):
            continue
        only_if = listening.start.only_if
        if only_if is None or turn.holds(only_if) is True:
            began |= _begin(turn, listening)
    return began


def _begin(turn: Turn, listening: Listening) -> bool:
    why = listening.start.trigger.words()
    if listening.is_survey:
        turn.requests.append(Request("survey", listening.plan, why))
        return True
    return enroll(turn, listening.plan, why) is None


def _alarms(turn: Turn, happened: Event | Fact) -> None:
    waiting = starts(turn.catalog).waiting
    if not waiting:
        return
    alarms: dict[str, object] = turn.peek("alarms")
    changed = dict(alarms)
    for listening in waiting:
        trigger = listening.start.trigger
        if trigger.cancels(happened):
            changed = {name: at for name, at in changed.items() if not trigger.rings(name)}
        if alarm := trigger.alarm(happened, turn.friend):
            changed[alarm[0]] = alarm[1]
    if changed != alarms:
        turn.change(alarms=changed)
