"""The names that a plan brings into being."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.actions import Action
from flows.catalog import Catalog
from flows.conditions import AllOf, AnyOf, Condition, Except, Tagged
from flows.messages import buttons_of
from flows.moments import BUILT_IN_BASES
from flows.names import fold
from flows.questions import Question
from flows.scenario import Ask, Body, Do, Plan, Say, Scenario, Wait, walk
from flows.script.known import NewName, Sort, unknown_only
from flows.script.source import brought_by
from flows.triggers import TagGained


def new_names(plan: Plan, catalog: Catalog) -> tuple[NewName, ...]:
    """Tags, scores and fields that the plan names outright and the catalog does not have, in the order written."""
    return unknown_only(_names(plan), catalog)


def new_names_of(actions: Iterable[Action], catalog: Catalog) -> tuple[NewName, ...]:
    """The same of actions that stand in no plan: of broadcasts, auto-replies, bundles and saved parts."""
    return unknown_only(brought_by(actions), catalog)


def _names(plan: Plan) -> Iterator[NewName]:
    for start in plan.starts:
        if isinstance(start.trigger, TagGained):
            yield NewName(sort=Sort.TAG, name=start.trigger.tag)
    if isinstance(plan, Scenario):
        if plan.base and all(fold(plan.base) != fold(one) for one in BUILT_IN_BASES):
            yield NewName(sort=Sort.FIELD, name=plan.base, holds="日付")
        yield from _of_condition(plan.goal)
    for question in questions_of(plan):
        yield NewName(sort=Sort.FIELD, name=question.name, holds=question.title)
    yield from brought_by(actions_in(plan))


def _of_condition(condition: Condition | None) -> Iterator[NewName]:
    return (
        NewName(sort=Sort.TAG, name=one.name)
        for one in terms(condition)
        if isinstance(one, Tagged) and one.spelling == "tag"
    )


def terms(condition: Condition | None) -> Iterator[Condition]:
    """The conditions that a condition is made of, itself where it has no parts."""
    match condition:
        case None:
            return
        case AllOf(of=of) | AnyOf(of=of):
            for one in of:
                yield from terms(one)
        case Except(base=base, less=less):
            yield from terms(base)
            yield from terms(less)
        case _:
            yield condition


def bodies_of(plan: Plan) -> tuple[Body, ...]:
    """All bodies of a plan: of its steps, or what stands in 最後に."""
    return tuple(step.body for _, step in plan.steps()) if isinstance(plan, Scenario) else (plan.ending,)


def questions_of(plan: Plan) -> Iterator[Question]:
    """All questions of a plan, in the order written."""
    if not isinstance(plan, Scenario):
        yield from plan.questions
    for body in bodies_of(plan):
        yield from (item.question for item in walk(body) if isinstance(item, Ask))


def actions_in(plan: Plan) -> Iterator[Action]:
    """All actions of a plan, in the order written."""
    for question in () if isinstance(plan, Scenario) else plan.questions:
        yield from actions_of_question(question)
    for body in bodies_of(plan):
        yield from actions_of_body(body)
    if isinstance(plan, Scenario):
        yield from plan.ending or ()


def actions_of_body(body: Body) -> Iterator[Action]:
    """All actions of a body, those of its cards, questions and waits included."""
    for item in walk(body):
        match item:
            case Say(message=message):
                yield from (action for button in buttons_of(message) for action in button.effects)
            case Do(actions=actions):
                yield from actions
            case Ask(question=question):
                yield from actions_of_question(question)
            case Wait(silent=silent):
                yield from silent or ()


def actions_of_question(question: Question) -> Iterable[Action]:
    """All actions of a question: of its choices, of any answer, of none."""
    chosen = (action for option in question.options for action in option.effects)
    return (*chosen, *(question.answered or ()), *(question.silent or ()))
