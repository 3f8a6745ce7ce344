"""What should happen: one event for one friend, decided. The one door into the pure core."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flows import (
    broadcasting,
    coming,
    listening,
    ordering,
    outcomes,
    relabelling,
    starting,
    stepping,
    surveying,
    walking,
)
from flows.broadcast import Addressed
from flows.catalog import Catalog
from flows.decision import Decision, Tally
from flows.draft import STEPS
from flows.events import (
    Annotated,
    BecameFriend,
    BecameStaff,
    CameDue,
    Clicked,
    Event,
    Followed,
    HandedBack,
    Left,
    Occurred,
    Ordered,
    Rebased,
    Relabelled,
    Renamed,
    Retagged,
    Said,
    Showed,
    StaffSpoke,
    Tapped,
    Wiped,
)
from flows.friend import Friend
from flows.names import Key, fold
from flows.planning import base_name, line_of
from flows.records import changed
from flows.remembering import is_known, remembered
from flows.requests import Request
from flows.turn import Turn
from flows.variants import times

NO_TALLY = Tally()


def decide(friend: Friend, event: Event, catalog: Catalog, now: datetime, tally: Tally = NO_TALLY) -> Decision:
    """What becomes of the friend, what to ask of the world, and what became true. Pure and total: the same
    arguments always give the same decision, and it may be asked again at will."""
    if is_known(friend, event):
        return Decision(friend=friend)
    turn = Turn(friend, event, catalog, now, tally)
    if event.id:
        turn.change(seen=remembered(friend, event, now))
    coming.meet(turn)
    handle = _HANDLERS.get(type(event))
    if handle is not None:
        handle(turn, event)
        _settle(turn)
        outcomes.look_back(turn)
    return turn.decision()


def next_due(friend: Friend) -> datetime | None:
    """When to look at this friend again without being asked to; None: not before something happens."""
    if friend.left is not None:
        return None
    moments = [walk.due for walk in friend.enrollments if walk.due is not None and not walk.paused]
    return min([*moments, *friend.alarms.values()], default=None)


# -- until nothing is left to do in this turn -------------------------------------------------------------------


def _settle(turn: Turn) -> None:
    """Go on until the turn is at rest, or has taken its share of steps: what is left is due at once."""
    heard = 0
    while True:
        if turn.requests:
            _take_up(turn, turn.requests.pop(0))
        elif heard < len(turn.facts):
            heard += 1
            starting.listen(turn, turn.facts[heard - 1])
        elif turn.stirred:
            turn.stirred = False
            walking.reach_goals(turn)
        elif turn.moved:
            _move_steps(turn)
        elif turn.repaced:
            turn.repaced = False
            _wake(turn)
        elif (key := _next_walk(turn)) is not None:
            stepping.go_on(turn, key)
        else:
            break
    if turn.thanks and turn.silent and turn.event.can_reply:
        turn.says(turn.thanks)
        turn.speak()


def _take_up(turn: Turn, request: Request) -> None:
    key = fold(request.name)
    turn.origin, turn.why = request.walk, request.why
    match request.verb:
        case "start":
            if refused := walking.enroll(turn, key, request.why):
                turn.remark(refused)
        case "stop":
            if key in turn.walks:
                walking.end(turn, turn.walks[key], "stopped")
        case _:
            surveying.open_survey(turn, key)


def _next_walk(turn: Turn) -> Key | None:
    """The walk to go on with: the one longest due among those this turn has to do with."""
    if turn.steps >= STEPS:
        return None
    ready = [
        (walk.due, place, walk.scenario)
        for place, walk in enumerate(turn.walks.values())
        if walk.scenario in turn.touched and walk.due is not None and walk.due <= turn.now and not walk.paused
    ]
    return min(ready)[2] if ready else None


def _move_steps(turn: Turn) -> None:
    """A base date came, moved or went: steps still ahead that are bound to it move, once."""
    moved, turn.moved = turn.moved, frozenset()
    for walk in list(turn.walks.values()):
        scenario = walking.scenario_of(turn, walk)
        line = line_of(scenario, walk.line) if scenario else None
        if scenario is None or line is None or walk.waiting is not None:
            continue
        whens = [when for step in line.steps for _, when in times(step)]
        bases = {fold(name) for when in whens if (name := base_name(when, scenario)) is not None}
        if bases & moved:
            walking.schedule(turn, walk, scenario, walk.step)
            again = turn.walks.get(walk.scenario)
            if again is not None and again.due != walk.due:
                turn.remark(f"基準日が変わったため、「{scenario.name}」の予定を直しました")


def _wake(turn: Turn) -> None:
    """Walks that were held by the friend's pace are planned anew."""
    for walk in list(turn.walks.values()):
        if walk.held is not None and walk.held.rule == "pace":
            scenario = walking.scenario_of(turn, walk)
            if scenario is not None and walk.waiting is None and not walking.is_finishing(walk):
                walking.schedule(turn, walk, scenario, walk.step, overdue=True)
            else:
                turn.put_walk(changed(walk, held=None, due=turn.now))
                turn.touched.add(walk.scenario)


def _came_due(turn: Turn, _: CameDue) -> None:
    starting.ring(turn)
    turn.touched.update(turn.walks)


_HANDLERS: dict[type[Event], Callable[[Turn, Any], None]] = {
    Followed: coming.followed,
    Left: coming.left,
    Said: listening.said,
    Showed: listening.showed,
    Tapped: listening.tapped,
    Clicked: listening.clicked,
    CameDue: _came_due,
    Ordered: ordering.ordered,
    Occurred: ordering.occurred,
    Rebased: ordering.rebased,
    Addressed: broadcasting.addressed,
    StaffSpoke: ordering.staff_spoke,
    HandedBack: ordering.handed_back,
    Annotated: ordering.annotated,
    Retagged: ordering.retagged,
    Relabelled: relabelling.relabelled,
    Wiped: ordering.wiped,
    BecameStaff: coming.became_staff,
    BecameFriend: coming.became_friend,
    Renamed: coming.renamed,
}
