"""Buttons of surveys: of the question that is open, of an earlier one, of a survey that waits or is over."""

from __future__ import annotations

from flows import shelving
from flows.answering import given_key, record_answer
from flows.asking import heard_tap, stale
from flows.friend import Given, Open
from flows.names import fold
from flows.phrases import CHANGED
from flows.press import Pressed
from flows.questions import Heard, Question, Retry, Understood
from flows.sitting import Seat, ask, seat_of, way
from flows.surveying import answer, finish, go_on, switch
from flows.turn import Turn


def tapped(turn: Turn, pressed: Pressed, picked: str) -> None:
    """A button of a survey: of the question that is open, of an earlier one, or one that belongs to no question."""
    seat = seat_of(turn)
    if seat is None or seat.key != pressed.plan or seat.number != pressed.run:
        if (waits := shelving.waiting(turn, pressed.plan, pressed.run)) is not None:
            _tapped_waiting(turn, waits, pressed, picked)
        else:
            _tapped_afterwards(turn, pressed, picked)
    elif not pressed.question:
        _pressed_word(turn, seat, pressed.verb)
    elif (question := seat.question(pressed.question)) is None:
        stale(turn)
    else:
        _pressed_question(turn, seat, question, pressed, picked)


def _tapped_waiting(turn: Turn, seat: Seat, pressed: Pressed, picked: str) -> None:
    """A button of a survey that waits: the friend turns back to it, and the other one waits."""
    question = seat.question(pressed.question)
    old = seat.sitting.given.get(pressed.question)
    if question is None:
        switch(turn, seat)
    elif old is None or (turn.at >= old.at and not _same(turn, question, heard_tap(pressed, picked), old)):
        shelving.swap(turn, seat_of(turn), seat)
        _pressed_question(turn, seat, question, pressed, picked)


def _pressed_word(turn: Turn, seat: Seat, verb: str) -> None:
    answered, question = way(seat.survey, seat.sitting.given)
    place = verb.removeprefix("fix")
    if verb == "send" and seat.survey.confirm and question is None:
        finish(turn, seat)
    elif (
        verb.startswith("fix") and place.isascii() and place.isdigit() and len(place) < 3 and int(place) < len(answered)
    ):
        ask(turn, seat, answered[int(place)])
    elif verb == "resume":
        go_on(turn, seat)
    else:
        stale(turn)


def _pressed_question(turn: Turn, seat: Seat, question: Question, pressed: Pressed, picked: str) -> None:
    asked: Open | None = turn.peek("open")
    is_open_now = asked is not None and (asked.plan, asked.question) == (seat.key, pressed.question)
    chosen = asked.chosen if asked is not None and is_open_now else ()
    said = heard_tap(pressed, picked)
    old = seat.sitting.given.get(pressed.question)
    if pressed.page is not None:
        ask(turn, seat, question, chosen=chosen, page=pressed.page)
    elif is_open_now or old is None:
        answer(turn, seat, question, said, chosen)
    elif turn.at >= old.at and not _same(turn, question, said, old):
        turn.thanks = ""
        _change(turn, seat, question, said)


def _same(turn: Turn, question: Question, said: Heard, old: Given) -> bool:
    """Whether this is the answer that was given already: a double tap, which changes nothing."""
    if said.done:
        return True
    read = question.read(said, turn.now, turn.zone)
    return isinstance(read, Understood) and not read.open and (read.value, read.chosen) == (old.value, old.chosen)


def _change(turn: Turn, seat: Seat, question: Question, said: Heard) -> None:
    """An earlier question's button is pressed: the new answer takes the old one's place."""
    read = question.read(said, turn.now, turn.zone)
    if isinstance(read, Understood) and not read.open and read.value:
        turn.says(CHANGED.format(read.value))
    answer(turn, seat, question, said, ())


def _tapped_afterwards(turn: Turn, pressed: Pressed, picked: str) -> None:
    """A button of a survey that is over: its answer is changed; one that was sent with a receipt stands."""
    survey = turn.catalog.survey(pressed.plan, pressed.version)
    name = given_key(pressed.plan, pressed.question)
    old: Given | None = turn.peek("given").get(name)
    question = (
        next((each for each in survey.questions if fold(each.name) == pressed.question), None) if survey else None
    )
    if survey is None or survey.confirm or question is None or old is None:
        stale(turn)
        return
    read = question.read(heard_tap(pressed, picked), turn.now, turn.zone)
    if isinstance(read, Retry) or read.open:
        stale(turn)
    elif turn.at >= old.at and (read.value, read.chosen) != (old.value, old.chosen):
        record_answer(turn, pressed.plan, question, read)
        turn.wish = turn.jump = None
        turn.thanks = CHANGED.format(read.value)
