"""Surveys that wait while another one is answered: put aside, taken up again, nothing lost.

One survey is asked at a time. What an answer starts comes once its survey is done; anything else that starts a survey
lets it begin at once, and the one in progress goes on afterwards.
"""

from __future__ import annotations

from flows.friend import Sitting
from flows.names import Key
from flows.phrases import EARLIER, GO_ON, SURVEY_OFFERED, SURVEY_SHELVED
from flows.questions.showing import button, with_buttons
from flows.sitting import Seat, keep, press
from flows.turn import Turn
from flows.walking import is_open

MOST = 5
"""So many surveys wait at most; the one that has waited longest gives way."""


def just_asked(turn: Turn, seat: Seat) -> bool:
    """Whether a question of this survey was put in this very turn: what starts now was started by an answer to it."""
    return seat.key in turn.asking


def put_aside(turn: Turn, seat: Seat) -> None:
    """Let the survey in progress wait for another one; it comes next after that."""
    _shelve(turn, (seat.sitting, *turn.peek("shelf")))
    if turn.peek("open") is not None and not seat.sitting.paused:
        turn.says(SURVEY_SHELVED)
    turn.change(sitting=None)


def queue(turn: Turn, sitting: Sitting) -> None:
    """Let a survey wait that has not begun yet, behind all others."""
    _shelve(turn, (*turn.peek("shelf"), sitting))


def _shelve(turn: Turn, shelf: tuple[Sitting, ...]) -> None:
    turn.change(shelf=shelf[:MOST])
    for gone in shelf[MOST:]:
        turn.remark(f"アンケート「{gone.survey}」は、待っているものが多いため取りやめました")


def waiting(turn: Turn, key: Key, number: int | None = None) -> Seat | None:
    """The waiting survey of that name, or that very sitting of it."""
    return next((seat for seat in _seats(turn) if seat.key == key and number in (None, seat.number)), None)


def _seats(turn: Turn) -> list[Seat]:
    """Waiting surveys that can still be asked."""
    found = ((each, turn.catalog.survey(each.survey, each.version)) for each in turn.peek("shelf"))
    return [Seat(sitting, survey) for sitting, survey in found if survey is not None]


def take_down(turn: Turn, seat: Seat) -> Seat:
    """Make this waiting survey the one in progress."""
    turn.change(sitting=seat.sitting, shelf=tuple(each for each in turn.peek("shelf") if each != seat.sitting))
    return seat


def swap(turn: Turn, present: Seat | None, seat: Seat) -> None:
    """Take a waiting survey down; the one in progress waits in its place."""
    take_down(turn, seat)
    if present is not None:
        put_aside(turn, present)
        turn.change(sitting=seat.sitting)


def next_one(turn: Turn) -> Seat | None:
    """The waiting survey whose turn it is, taken down; one that never began and is closed by now is dropped."""
    for seat in _seats(turn):
        if seat.sitting.order or is_open(turn, seat.survey.period):
            return take_down(turn, seat)
    turn.change(shelf=())
    return None


def offer(turn: Turn, seat: Seat) -> None:
    """Tell that a survey waits, with the button that goes on; only where the answer has room for it."""
    keep(turn, seat, paused=True)
    if not turn.has_room(1):
        return
    turn.say(with_buttons(SURVEY_OFFERED, (), [button(GO_ON, press(seat, "resume"))]))
    turn.speak()


def earlier(turn: Turn) -> Seat | None:
    """The survey that waits behind the one that was left."""
    return next(iter(_seats(turn)), None)


def earlier_button(seat: Seat) -> dict[str, object]:
    """The button that goes on with it."""
    return button(EARLIER, press(seat, "resume"))
