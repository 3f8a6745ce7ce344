"""An answer to a question: what it writes, and how a new answer takes the place of an old one."""

from __future__ import annotations

from collections.abc import Mapping

from flows.actions import JumpTo
from flows.facts import Answered
from flows.friend import Given
from flows.names import Key, StepId, cut, fold
from flows.questions import Question, Understood
from flows.records import changed
from flows.requests import Record
from flows.turn import Turn
from flows.words import shown

LONGEST_QUOTE = 30
"""So much of an answer stands in the reason of a tag or a score."""
BY_FRIEND = "本人回答"
"""Where a value comes from that the friend gave himself."""


def given_key(plan: Key, question: Key) -> Key:
    """Under which the friend record keeps the last answer to a question."""
    return Key(f"{plan}/{question}")


def record_answer(turn: Turn, plan: Key, question: Question, read: Understood, *, step: str = "") -> None:
    """Write the answer down and carry out what it does. The journey it may wish for is left in the turn.

    Points and tags of the last answer to the same question are taken back; only the difference happens.
    """
    key = fold(question.name)
    name = given_key(plan, key)
    turn.origin, turn.why = plan, f"回答「{question.name}＝{brief(read.value, question.name)}」"
    turn.place = StepId(step)
    turn.record = Record()
    for number in read.chosen:
        turn.take(question.options[number].effects)
    if read.value:
        turn.take(question.answered or ())
    record, turn.record = turn.record, None
    own = question.own_words(read.value, read.chosen)
    listed = bool(read.chosen) and own != read.value
    turn.fill(question.name, read.value, origin=BY_FRIEND, listed=listed, own=own if listed else "")
    given: Mapping[Key, Given] = turn.peek("given")
    kept = changed(turn.replace_answer(record, given.get(name)), value=read.value, chosen=read.chosen)
    turn.change(given={**given, name: kept})
    if read.value:
        first = name not in given
        turn.note(Answered(at=turn.now, field=question.name, origin=plan, step=step, choice=read.value, first=first))


def brief(value: str, name: str) -> str:
    """An answer as reasons quote it: on one line, not longer than a glance."""
    return cut(" ".join(shown(value, name).split()), LONGEST_QUOTE) or "（なし）"


def take_back(turn: Turn, plan: Key, question: Key) -> None:
    """Undo what the last answer to this question did to tags and scores, and forget it."""
    given: Mapping[Key, Given] = turn.peek("given")
    name = given_key(plan, question)
    if name not in given:
        return
    turn.why = "回答の取り消し"
    turn.replace_answer(Record(), given[name])
    turn.change(given={other: kept for other, kept in given.items() if other != name})


def jump_of(question: Question, chosen: tuple[int, ...]) -> Key | None:
    """The question that this answer leads to (質問 X), None where the order is kept."""
    options = [question.options[number] for number in chosen if number < len(question.options)]
    actions = [*(action for option in options for action in option.effects), *(question.answered or ())]
    return next((fold(action.name) for action in actions if isinstance(action, JumpTo)), None)
