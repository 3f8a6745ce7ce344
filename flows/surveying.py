"""Surveys in the talk: one question after the other in replies, back, leave, go on, confirm, done."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from flows import shelving
from flows.answering import record_answer, take_back
from flows.carrying import Carrying
from flows.effects import Source, TellStaff
from flows.facts import SurveyFinished
from flows.friend import Given, Open, Sitting
from flows.names import Key, StepId, fold
from flows.phase import By
from flows.phrases import (
    EARLIER,
    FIRST_QUESTION,
    GO_ON,
    HINT,
    RECEIPT,
    REVIEW_RETRY,
    SEND,
    SURVEY_ANSWERED,
    SURVEY_CLEARED,
    SURVEY_CLOSED,
    SURVEY_NEXT,
    SURVEY_RESUMED,
)
from flows.questions import Heard, Question, Retry, Understood
from flows.questions.numerals import count
from flows.scenario import Survey
from flows.sitting import Seat, ask, keep, leave_word, review, seat_of, way
from flows.turn import Turn
from flows.walking import is_open

SENDING = frozenset(map(fold, (SEND, "送信", "はい", "ok", "これで送信", "完了")))
_DIGITS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

# -- beginning and leaving ----------------------------------------------------------------------------------------


def open_survey(turn: Turn, key: Key) -> None:
    """Ask the first question, or go on where the friend stopped."""
    entry = turn.catalog.plans.get(key)
    survey = entry.live if entry else None
    if entry is None or not isinstance(survey, Survey):
        turn.remark(f"「{entry.name if entry else key}」は公開中のアンケートではないため、始めませんでした")
        return
    if key in turn.started:
        return
    turn.started.add(key)
    seat = seat_of(turn)
    if seat is not None and seat.key == key:
        go_on(turn, seat)
    elif (waits := shelving.waiting(turn, key)) is not None:
        if seat is None or not shelving.just_asked(turn, seat):
            switch(turn, waits)
    elif not is_open(turn, survey.period):
        turn.says(SURVEY_CLOSED)
        turn.speak()
    elif survey.times is not None and turn.peek("finished").get(key, 0) >= survey.times:
        turn.says(SURVEY_ANSWERED)
        turn.speak()
    else:
        _begin(turn, seat, Seat(Sitting(survey=key, version=entry.current, began=turn.at), survey))


def _begin(turn: Turn, seat: Seat | None, new: Seat) -> None:
    """Ask the first question of a survey; one at a time, so that another one waits."""
    if seat is not None and shelving.just_asked(turn, seat):
        turn.remark(f"アンケート「{new.survey.name}」は、「{seat.survey.name}」のあとに始めます")
        shelving.queue(turn, new.sitting)
        return
    if seat is not None:
        turn.remark(f"アンケート「{seat.survey.name}」の途中で、「{new.survey.name}」を始めました")
        shelving.put_aside(turn, seat)
    turn.change(sitting=new.sitting)
    put_next(turn, new)


def switch(turn: Turn, seat: Seat) -> None:
    """Go on with a survey that waits; the one in progress waits in its place."""
    shelving.swap(turn, seat_of(turn), seat)
    go_on(turn, seat)


def go_on(turn: Turn, seat: Seat) -> None:
    """Take the survey up again where it was left."""
    if seat.sitting.given and seat.sitting.paused:
        turn.says(SURVEY_RESUMED)
    put_next(turn, seat)


def resumed(turn: Turn, word: Key) -> bool:
    """続きから and 前のアンケートへ, typed: whether there was a survey to go on with."""
    seat, before = seat_of(turn), shelving.earlier(turn)
    if word == fold(GO_ON) and seat is not None:
        go_on(turn, seat)
    elif word == fold(EARLIER) and before is not None:
        switch(turn, before)
    else:
        return False
    return True


def put_next(turn: Turn, seat: Seat) -> None:
    """Ask what is still to be answered; else show the answers, or be done."""
    _, question = way(seat.survey, seat.sitting.given)
    if question is not None:
        ask(turn, seat, question)
    elif seat.survey.confirm:
        review(turn, seat)
    else:
        finish(turn, seat)


def leave(turn: Turn, seat: Seat) -> None:
    """やめる: what was answered is kept, and can be gone on with."""
    turn.close_question()
    before = shelving.earlier(turn)
    if seat.sitting.given:
        keep(turn, seat, paused=True)
        leave_word(turn, seat, *([shelving.earlier_button(before)] if before else []))
        return
    turn.change(sitting=None)
    turn.says(SURVEY_CLEARED)
    turn.speak()
    if before is not None:
        shelving.offer(turn, shelving.take_down(turn, before))


def back(turn: Turn, seat: Seat) -> None:
    """戻る: the question before the one that is open."""
    asked: Open | None = turn.peek("open")
    answered, _ = way(seat.survey, seat.sitting.given)
    here = seat.question(asked.question) if asked else None
    before = answered[: answered.index(here)] if here in answered else answered
    if not before:
        turn.says(FIRST_QUESTION)
        return ask(turn, seat, here) if here else put_next(turn, seat)
    return ask(turn, seat, before[-1])


# -- answers ------------------------------------------------------------------------------------------------------


def heard(turn: Turn, seat: Seat, asked: Open, said: Heard) -> None:
    """What the friend said while a question of a survey is open, or its answers are shown."""
    question = seat.question(asked.question)
    if question is not None:
        answer(turn, seat, question, said, asked.chosen)
    else:
        _reviewed(turn, seat, said)


def answer(turn: Turn, seat: Seat, question: Question, said: Heard, chosen: tuple[int, ...]) -> None:
    read = question.read(said, turn.now, turn.zone, chosen=chosen)
    match read:
        case Retry(reason=reason):
            turn.says(_gently(reason, said))
            ask(turn, seat, question, chosen=chosen)
        case Understood(open=True):
            ask(turn, seat, question, chosen=read.chosen)
        case Understood():
            put_next(turn, _keep_answer(turn, seat, question, read))


def _gently(reason: str, said: Heard) -> str:
    """How to answer; to a question of the friend's own, or to a thing in the middle, also the ways out."""
    asks = said.text.rstrip("。 　").endswith(("?", "？", "か", "教えて", "教えてください"))
    return f"{reason}\n{HINT}" if said.what or asks else reason


def _keep_answer(turn: Turn, seat: Seat, question: Question, read: Understood) -> Seat:
    """Write the answer down; with a confirm page its effects wait until all answers are sent."""
    if not seat.survey.confirm:
        record_answer(turn, seat.key, question, read)
        turn.wish = turn.jump = None
    given = Given(value=read.value, at=turn.at, chosen=read.chosen)
    return keep(turn, seat, given={**seat.sitting.given, fold(question.name): given})


def _reviewed(turn: Turn, seat: Seat, said: Heard) -> None:
    text = said.text
    if fold(text) in SENDING:
        finish(turn, seat)
        return
    answered, _ = way(seat.survey, seat.sitting.given)
    number = count(text)
    named = next((place for place, each in enumerate(answered, 1) if fold(each.name) == fold(text)), number)
    if named is None or not 1 <= named <= len(answered):
        turn.says(_gently(REVIEW_RETRY, said))
        review(turn, seat)
        return
    ask(turn, seat, answered[named - 1])


# -- the end ------------------------------------------------------------------------------------------------------


def finish(turn: Turn, seat: Seat) -> None:
    """All is answered: let it count, and do what the survey says at its end."""
    answered, _ = way(seat.survey, seat.sitting.given)
    given = {fold(question.name): seat.sitting.given[fold(question.name)] for question in answered}
    if seat.survey.confirm:
        for question in answered:
            kept = given[fold(question.name)]
            record_answer(turn, seat.key, question, Understood(value=kept.value, chosen=kept.chosen))
    for key in seat.sitting.given.keys() - given.keys():
        take_back(turn, seat.key, key)
    turn.wish = turn.jump = None
    turn.close_question(By.ANSWER)
    done: Mapping[Key, int] = turn.peek("finished")
    turn.change(sitting=None, finished={**done, seat.key: done.get(seat.key, 0) + 1})
    receipt = receipt_of(turn, seat)
    turn.note(SurveyFinished(at=turn.now, survey=seat.key, receipt=receipt))
    if seat.survey.confirm:
        turn.says(RECEIPT.format(receipt))
        turn.effect(TellStaff(text=f"{turn.called}：「{seat.survey.name}」受付番号 {receipt}", topic="survey"))
    turn.origin, turn.why = seat.key, f"アンケート「{seat.survey.name}」"
    _carry_out_ending(turn, seat, {key: kept.value for key, kept in given.items()})


def _carry_out_ending(turn: Turn, seat: Seat, answers: dict[Key, str]) -> None:
    carrying = Carrying(
        turn=turn,
        plan=seat.key,
        version=seat.sitting.version,
        run=seat.number,
        step=StepId(""),
        answers=answers,
    )
    carrying.carry(seat.survey.ending)
    turn.wish = turn.jump = None
    turn.speak(Source(scenario=seat.key, version=seat.sitting.version))
    _next_survey(turn)


def _next_survey(turn: Turn) -> None:
    """Another survey waited for this one: go on with it, or offer it where the friend had left it himself."""
    seat = shelving.next_one(turn)
    if seat is None:
        return
    began = bool(seat.sitting.order)
    if seat.sitting.paused or not turn.has_room(2 if began else 1):
        shelving.offer(turn, seat)
        return
    if began:
        turn.says(SURVEY_NEXT)
    put_next(turn, seat)


def receipt_of(turn: Turn, seat: Seat) -> str:
    """The receipt number of a sitting: always the same one for the same friend, survey and beginning."""
    words = f"{turn.peek('id')}/{seat.key}/{seat.number}"
    number = int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
    code = "".join(_DIGITS[number >> shift & 31] for shift in range(0, 30, 5))
    return f"{code[:3]}-{code[3:]}"
