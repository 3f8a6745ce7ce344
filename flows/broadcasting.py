"""A broadcast reaching one friend: through the one gate, as one counted send, or not at all and with the reason."""

from __future__ import annotations

from flows.broadcast import REST, Addressed, Broadcast, Missed, Walkers, is_here
from flows.carrying import Carrying
from flows.effects import Source
from flows.facts import BroadcastSent, BroadcastSkipped, Rule
from flows.gate import Asking, reach, refusal
from flows.names import Key, StepId
from flows.records import changed
from flows.turn import Turn

MOST = 20
"""So many broadcasts a friend's record remembers anyhow, and all that the configuration still knows: their reports and
配信「X」の受信者 must not lose anybody."""


def addressed(turn: Turn, event: Addressed) -> None:
    """Send it, or note why it is not sent. Nothing of it waits for another day."""
    one = turn.catalog.broadcasts.get(event.broadcast)
    turn.lines = event.lines
    if one is None:
        return None
    if why := _refused(turn, one):
        return turn.note(BroadcastSkipped(at=turn.now, broadcast=one.name, why=why))
    return _send(turn, event.broadcast, one)


def _refused(turn: Turn, one: Broadcast) -> str:
    """Why it is not for this friend, or not now; "" if nothing is against it."""
    if unreachable := reach(turn.friend, turn.catalog):
        return unreachable.rule
    if turn.holds(one.condition) is not True:
        return Rule.CONDITION
    if turn.walks and one.walkers is Walkers.SKIP:
        return Missed.WALKING
    if turn.peek("taken_over") is not None:
        return Rule.PAUSED
    refused = refusal(turn.friend, Asking(pushed=turn.pushed()), turn.catalog, turn.now, turn.tally)
    return refused.rule if refused else ""


def _send(turn: Turn, key: Key, one: Broadcast) -> None:
    turn.origin, turn.why = key, f"一斉配信「{one.name}」"
    mark = turn.mark()
    carrying = Carrying(turn=turn, plan=key, version=0, run=0, step=StepId(one.part_of or one.id), answers={})
    carrying.carry(one.body)
    turn.wish = turn.jump = None
    if why := _unsent(turn, one, carrying.variant):
        turn.back(mark)
        return turn.note(BroadcastSkipped(at=turn.now, broadcast=one.name, why=why))
    _close_question(turn)
    turn.push(Source(broadcast=key, variant=carrying.variant), due=one.at)
    turn.change(broadcasts=_remembered(turn, key))
    return turn.note(BroadcastSent(at=turn.now, broadcast=one.name, variant=carrying.variant))


def _unsent(turn: Turn, one: Broadcast, variant: str) -> str:
    """Why nothing of it is for this friend now; "" if there is."""
    if variant == REST:
        return Missed.WAITS
    if variant and not is_here(one, variant):
        return Missed.OTHER
    return "" if turn.buffer else Missed.EMPTY


def _remembered(turn: Turn, key: Key) -> dict[Key, bool]:
    """What reached the friend, with this one; what the configuration knows no more makes room."""
    before = [(name, reacted) for name, reacted in turn.peek("broadcasts").items() if name != key]
    spare = max(0, len(before) + 1 - MOST)
    gone = [name for name, _ in before if name not in turn.catalog.broadcasts][:spare]
    return dict([*((name, reacted) for name, reacted in before if name not in gone), (key, False)])


def _close_question(turn: Turn) -> None:
    """A send ends an open question's claim on typed words, and interrupts a survey."""
    if turn.peek("open") is None:
        return
    turn.close_question()
    sitting = turn.peek("sitting")
    if sitting is not None and not sitting.paused:
        turn.change(sitting=changed(sitting, paused=True))
