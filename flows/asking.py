"""Answers to questions that stand in steps: typed while the question is open, or tapped whenever."""

from __future__ import annotations

from typing import NamedTuple

from flows.answering import given_key, record_answer
from flows.carrying import Carrying
from flows.effects import Source
from flows.friend import Open
from flows.names import Key, StepId, fold
from flows.phase import By
from flows.phrases import CHANGED, HINT, STALE
from flows.press import Pressed
from flows.questions import Heard, Question, Retry, Understood
from flows.records import changed
from flows.scenario import Ask, walk
from flows.stepping import resume
from flows.turn import Turn
from flows.walking import follow_wish, scenario_of, walk_on
from flows.words import shown


class Put(NamedTuple):
    """A question as it was put to this friend: of which walk, in which version, and what it holds so far."""

    plan: Key
    version: int
    run: int
    step: StepId
    question: Question
    chosen: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        return fold(self.question.name)


def heard_tap(pressed: Pressed, picked: str) -> Heard:
    """What a press of a question's button says."""
    return Heard(choice=pressed.option, picked=picked, skip=pressed.verb == "skip", done=pressed.verb == "done")


def open_put(turn: Turn) -> Put | None:
    """The open question of a step."""
    asked: Open | None = turn.peek("open")
    if asked is None or asked.step is None:
        return None
    found = turn.walks.get(asked.plan)
    past = turn.peek("past").get(asked.plan)
    run = found.run if found else past.runs if past else 1
    question = _question(turn, asked.plan, asked.version, asked.step, asked.question)
    return Put(asked.plan, asked.version, run, asked.step, question, asked.chosen) if question else None


def pressed_put(turn: Turn, pressed: Pressed) -> Put | None:
    """The question a button belongs to; None unless the friend's own record says that it was put to him."""
    plan, version, run, step, key, _ = pressed.parts
    found, past = turn.walks.get(plan), turn.peek("past").get(plan)
    known = (
        (found is not None and found.run == run and step in found.received)
        or (past is not None and past.runs == run and step in past.received)
        or given_key(plan, key) in turn.peek("given")
    )
    question = _question(turn, plan, version, step, key) if known else None
    if question is None:
        return None
    asked: Open | None = turn.peek("open")
    same = asked is not None and (asked.plan, asked.step, asked.question) == (plan, step, key)
    return Put(plan, version, run, step, question, asked.chosen if asked is not None and same else ())


def _question(turn: Turn, plan: Key, version: int, step: StepId, question: Key) -> Question | None:
    """The question as that version puts it: a button means what it said when it was shown."""
    scenario = turn.catalog.scenario(plan, version)
    bodies = (each.body for _, each in scenario.steps() if each.id == step) if scenario else ()
    asks = (item for body in bodies for item in walk(body) if isinstance(item, Ask))
    return next((item.question for item in asks if fold(item.question.name) == question), None)


def answer(turn: Turn, put: Put, heard: Heard) -> None:
    """Read an answer and act on it, or ask again."""
    read = put.question.read(heard, turn.now, turn.zone, chosen=put.chosen)
    match read:
        case Retry(reason=reason):
            turn.says(f"{reason}\n{HINT}")
            put_again(turn, put)
        case Understood(open=True):
            put_again(turn, put._replace(chosen=read.chosen))
        case Understood():
            _settle(turn, put, read)


def put_again(turn: Turn, put: Put, page: int = 0) -> None:
    """Put the question once more, as far as it is answered; from now on it takes typed words."""
    found = turn.walks.get(put.plan)
    answers = found.answers if found else {}
    asking = Carrying(turn=turn, plan=put.plan, version=put.version, run=put.run, step=put.step, answers=answers)
    turn.say(asking.question_bubble(put.question, chosen=put.chosen, page=page))
    asked = Open(
        plan=put.plan,
        version=put.version,
        step=put.step,
        question=put.key,
        at=turn.at,
        chosen=put.chosen,
        page=page,
    )
    turn.change(open=asked)
    turn.move(By.ASK)
    turn.speak(Source(scenario=put.plan, version=put.version, step=put.step, run=put.run))


def _settle(turn: Turn, put: Put, read: Understood) -> None:
    """The answer stands: write it down, and let the walk go where it leads."""
    found = turn.walks.get(put.plan)
    present = found if found is not None and found.run == put.run else None
    waits = present is not None and present.waiting is not None and not present.waiting.over
    awaited = waits and present is not None and present.waiting is not None and present.waiting.question == put.key
    old = turn.peek("given").get(given_key(put.plan, put.key))
    again = old is not None and (present is None or put.key in present.answers)
    _close(turn, put)
    if old is not None and again and (turn.at < old.at or (not awaited and (old.value, old.chosen) == _said(read))):
        return
    turn.wish = None
    record_answer(turn, put.plan, put.question, read, step=put.step)
    turn.speak(Source(scenario=put.plan, version=put.version, step=put.step, run=put.run))
    if again and read.value:
        turn.thanks = CHANGED.format(shown(read.value, put.question.name))
    if present is None:
        present = walk_on(turn, put.plan, put.run)
    if present is not None:
        _go_where_it_leads(turn, put, read, awaited=awaited)
    turn.wish = None


def _go_where_it_leads(turn: Turn, put: Put, read: Understood, *, awaited: bool) -> None:
    present = turn.walks[put.plan]
    present = changed(present, answers={**present.answers, put.key: read.value})
    turn.put_walk(present)
    scenario = scenario_of(turn, present)
    if scenario is not None and turn.wish is not None and follow_wish(turn, present, scenario):
        return
    if awaited:
        resume(turn, turn.walks[put.plan])


def _said(read: Understood) -> tuple[str, tuple[int, ...]]:
    return read.value, read.chosen


def _close(turn: Turn, put: Put) -> None:
    asked: Open | None = turn.peek("open")
    if asked is not None and (asked.plan, asked.step, asked.question) == (put.plan, put.step, put.key):
        turn.close_question(By.ANSWER)


def tapped(turn: Turn, pressed: Pressed, picked: str) -> None:
    """A button of a step's question."""
    put = pressed_put(turn, pressed)
    if put is None:
        return stale(turn)
    if pressed.page is not None:
        return put_again(turn, put, pressed.page)
    return answer(turn, put, heard_tap(pressed, picked))


def stale(turn: Turn) -> None:
    """A button that leads nowhere any more explains itself."""
    if turn.event.can_reply:
        turn.says(STALE)
        turn.speak()
