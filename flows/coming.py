"""People coming, leaving, coming back, and changing sides between friend and staff."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.effects import LearnName
from flows.events import (
    BecameFriend,
    BecameStaff,
    Clicked,
    Followed,
    Left,
    Renamed,
    Said,
    Showed,
    Tapped,
)
from flows.facts import Blocked, Joined, Returned
from flows.friend import Enrollment, Phase
from flows.phase import By
from flows.records import changed
from flows.scenario import Return
from flows.starting import listen
from flows.turn import Turn
from flows.walking import end, enroll, scenario_of, schedule

BLAMED = timedelta(hours=24)
"""A block is put down to what was sent in the last so many hours."""


def meet(turn: Turn) -> None:
    """What every sign of life does, before it is looked at: an unknown person is known now, one who was away is back."""
    event = turn.event
    if not isinstance(event, Said | Showed | Tapped | Clicked):
        return
    if turn.peek("joined") is None:
        turn.change(joined=event.at)
        turn.remark("友だち追加の日がわからないため、初めて話した日を登録日にしました")
        if not turn.peek("name"):
            turn.effect(LearnName())
    left = turn.peek("left")
    if left is not None and event.at > left:
        _come_back(turn)
    before = turn.peek("reacted")
    if before is None or event.at > before:
        turn.change(reacted=event.at)


def followed(turn: Turn, event: Followed) -> None:
    """The person added the account, or is back."""
    left: datetime | None = turn.peek("left")
    known = turn.peek("joined") is not None
    if event.name:
        turn.change(name=event.name)
    elif not turn.peek("name"):
        turn.effect(LearnName())
    if left is not None and event.at < left:
        return
    turn.change(reacted=max(event.at, turn.peek("reacted") or event.at))
    if not known:
        turn.change(joined=event.at, route=event.route)
        turn.note(Joined(at=turn.now, route=event.route))
    elif left is not None or event.unblocked:
        _come_back(turn)
    listen(turn, event)


def _come_back(turn: Turn) -> None:
    if turn.peek("phase") is Phase.AWAY:
        turn.move(By.COME_BACK)
    if turn.peek("taken_over") is not None:
        turn.change(taken_over=None)
        turn.pause_walks(paused=False)
    turn.change(left=None)
    turn.note(Returned(at=turn.now))
    for walk in list(turn.walks.values()):
        _take_up_again(turn, walk)


def _take_up_again(turn: Turn, walk: Enrollment) -> None:
    """What the scenario chose for those who come back: go on, begin again, or nothing more."""
    scenario = scenario_of(turn, walk)
    match scenario.returning if scenario else None:
        case Return.NEVER:
            end(turn, walk, "blocked")
        case Return.AGAIN:
            end(turn, walk, "blocked")
            past = turn.peek("past")
            turn.change(past={key: each for key, each in past.items() if key != walk.scenario})
            if refused := enroll(turn, walk.scenario, "ブロック解除"):
                turn.remark(refused)
                turn.change(past=turn.peek("past") | {walk.scenario: past[walk.scenario]})
        case _ if scenario is None or walk.waiting is not None:
            turn.put_walk(changed(walk, held=None, due=walk.waiting.until if walk.waiting else turn.now))
        case _:
            schedule(turn, walk, scenario, walk.step, overdue=True)


def left(turn: Turn, event: Left) -> None:
    """The person blocked us: everything stops at once, everything is kept."""
    reacted: datetime | None = turn.peek("reacted")
    if turn.peek("left") is not None or (reacted is not None and event.at < reacted):
        return
    blamed = _blamed(turn)
    turn.change(left=event.at, open=None)
    turn.move(By.BLOCK)
    sitting = turn.peek("sitting")
    if sitting is not None:
        turn.change(sitting=changed(sitting, paused=True))
    turn.change(shelf=tuple(changed(each, paused=True) for each in turn.peek("shelf")))
    for walk in list(turn.walks.values()):
        turn.put_walk(changed(walk, due=None))
    turn.note(blamed)
    listen(turn, event)


def _blamed(turn: Turn) -> Blocked:
    """The block, put down to the last thing sent within a day."""
    last = [(sent.at, sent.scenario or sent.broadcast, sent.version, sent.step) for sent in turn.peek("sends")]
    last += [
        (walk.last_sent, walk.scenario, walk.version, walk.received[-1])
        for walk in turn.walks.values()
        if walk.last_sent is not None and walk.received
    ]
    at, scenario, version, step = max(last, default=(turn.now - BLAMED * 2, "", 0, ""))
    if at < turn.event.at - BLAMED:
        return Blocked(at=turn.now)
    return Blocked(at=turn.now, scenario=scenario, version=version, step=step)


def renamed(turn: Turn, event: Renamed) -> None:
    """LINE told us the name."""
    turn.change(name=event.name)


def became_staff(turn: Turn, _: BecameStaff) -> None:
    """Staff stand outside steps, broadcasts, head-counts and statistics."""
    turn.change(staff=True)
    turn.close_question()
    turn.change(sitting=None, shelf=(), alarms={}, awaits_reply=None)
    for walk in list(turn.walks.values()):
        end(turn, walk, "staff")


def became_friend(turn: Turn, _: BecameFriend) -> None:
    """A friend like any other from now on; nothing of before is taken up again."""
    turn.change(staff=False)
