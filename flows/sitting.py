"""Where a friend stands in a survey: which questions lie on his way, what is asked, and what his buttons carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flows.answering import jump_of
from flows.carrying import Carrying
from flows.effects import Source
from flows.facts import Asked
from flows.friend import Given, Open, Sitting
from flows.names import Key, StepId, fold
from flows.phase import By
from flows.phrases import BACK, GO_ON, LEAVE, REVIEW, SEND, SKIPPED, SURVEY_LEFT
from flows.press import Pressed, press_data
from flows.questions import Question
from flows.questions.showing import MOST_BUTTONS, button, with_buttons, word_button
from flows.records import changed
from flows.requests import Request
from flows.scenario import Survey
from flows.turn import Turn
from flows.words import shown


class Seat(NamedTuple):
    """A sitting together with the survey it is about."""

    sitting: Sitting
    survey: Survey

    @property
    def key(self) -> Key:
        return self.sitting.survey

    @property
    def number(self) -> int:
        """Tells this sitting from an earlier one of the same friend."""
        return int(self.sitting.began.timestamp())

    def question(self, key: Key) -> Question | None:
        """The question of that name."""
        return next((each for each in self.survey.questions if fold(each.name) == key), None)


def seat_of(turn: Turn) -> Seat | None:
    """The survey in progress (or left to be continued)."""
    sitting: Sitting | None = turn.peek("sitting")
    survey = turn.catalog.survey(sitting.survey, sitting.version) if sitting else None
    return Seat(sitting, survey) if sitting and survey else None


def way(survey: Survey, given: Mapping[Key, Given]) -> tuple[list[Question], Question | None]:
    """The questions answered so far, in the order they lie on the way, and the first that is still to be answered."""
    questions = survey.questions
    keys = [fold(question.name) for question in questions]
    answered: list[Question] = []
    place = 0
    while place < len(questions):
        answer = given.get(keys[place])
        if answer is None:
            return answered, questions[place]
        answered.append(questions[place])
        jump = jump_of(questions[place], answer.chosen)
        later = keys.index(jump) if jump in keys else 0
        place = max(later, place + 1) if jump else place + 1
    return answered, None


def keep(turn: Turn, seat: Seat, **changes: Any) -> Seat:
    """The seat with its sitting changed, kept on the record."""
    sitting = changed(seat.sitting, **changes)
    turn.change(sitting=sitting)
    return Seat(sitting, seat.survey)


def ask(turn: Turn, seat: Seat, question: Question, *, chosen: tuple[int, ...] = (), page: int = 0) -> None:
    """Put a question of the survey."""
    key = fold(question.name)
    answers = {name: given.value for name, given in seat.sitting.given.items()}
    asking = Carrying(
        turn=turn, plan=seat.key, version=seat.sitting.version, run=seat.number, step=StepId(""), answers=answers
    )
    turn.say(_with_words(asking.question_bubble(question, chosen=chosen, page=page), (BACK, LEAVE)))
    if not _opened(turn, seat, Key(key), chosen=chosen, page=page):
        return
    turn.move(By.ASK)
    if key not in seat.sitting.order:
        turn.note(Asked(at=turn.now, field=question.name, origin=seat.key))
    order = (*(each for each in seat.sitting.order if each != key), key)
    keep(turn, seat, order=order, paused=False)


def review(turn: Turn, seat: Seat) -> None:
    """Show all answers before they count."""
    answered, _ = way(seat.survey, seat.sitting.given)
    lines = [f"{number} {question.name}：{_value(seat, question)}" for number, question in enumerate(answered, 1)]
    buttons = [button(SEND, press(seat, "send"))]
    buttons += [
        button(f"{number + 1} {question.name}", press(seat, f"fix{number}"), said=question.name)
        for number, question in enumerate(answered[: MOST_BUTTONS - 2])
    ]
    turn.say(with_buttons(REVIEW, lines, [*buttons, word_button(LEAVE)]))
    if _opened(turn, seat, Key("")):
        turn.move(By.REVIEW)
        keep(turn, seat, paused=False)


def _opened(turn: Turn, seat: Seat, question: Key, *, chosen: tuple[int, ...] = (), page: int = 0) -> bool:
    """Say it and let it take typed words; where it cannot be said now, the survey waits."""
    if not turn.speak(Source(scenario=turn.origin), Request("survey", seat.key, turn.why)):
        keep(turn, seat, paused=True)
        return False
    version = seat.sitting.version
    turn.asking.add(seat.key)
    turn.change(open=Open(plan=seat.key, version=version, question=question, at=turn.at, chosen=chosen, page=page))
    return True


def leave_word(turn: Turn, seat: Seat, *buttons: dict[str, Any]) -> None:
    """Say that the answers are kept, with the button that goes on, and further ones."""
    turn.say(with_buttons(SURVEY_LEFT, (), [button(GO_ON, press(seat, "resume")), *buttons]))
    turn.speak()


def press(seat: Seat, verb: str) -> str:
    """The data of a button of this sitting that belongs to no question."""
    return press_data(
        Pressed(
            plan=seat.key,
            version=seat.sitting.version,
            run=seat.number,
            step=StepId(""),
            question=Key(""),
            verb=verb,
        )
    )


def _value(seat: Seat, question: Question) -> str:
    value = seat.sitting.given[fold(question.name)].value
    return shown(value, question.name) if value else SKIPPED


def _with_words(bubble: dict[str, Any], words: Sequence[str]) -> dict[str, Any]:
    """The bubble with buttons that say these words, as far as LINE has room for them."""
    items = list(bubble.get("quickReply", {}).get("items", ()))
    room = MOST_BUTTONS - len(items)
    items += [word_button(word) for word in words][:room] if room >= len(words) else []
    return {**bubble, "quickReply": {"items": items}} if items else bubble
