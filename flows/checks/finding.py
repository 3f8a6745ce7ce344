"""What 点検 finds: how grave it is, in words, and the button that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flows.scenario import Ask, Body, If, Item, Line, Plan, Say, Scenario, Split, Step

Change = Callable[[Plan], Plan]


class Level(StrEnum):
    """Errors stand in the way of publishing; warnings and advice do not."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a draft. `rule` names what was looked for; `step` is the number of the step on its line."""

    level: Level
    rule: str
    words: str
    label: str = ""
    """The button that mends it, "" if there is none."""
    mend: Change | None = field(default=None, compare=False)
    """What the button does to the plan."""
    says: str = ""
    """What the button says instead, where mending is a matter of another screen."""


def error(rule: str, words: str, label: str = "", mend: Change | None = None, *, says: str = "") -> Finding:
    """Something that would go wrong for friends."""
    return Finding(level=Level.ERROR, rule=rule, words=words, label=label, mend=mend, says=says)


def warning(rule: str, words: str, label: str = "", mend: Change | None = None, *, says: str = "") -> Finding:
    """Something that is probably not meant."""
    return Finding(level=Level.WARNING, rule=rule, words=words, label=label, mend=mend, says=says)


def advice(rule: str, words: str, label: str = "", mend: Change | None = None, *, says: str = "") -> Finding:
    """Something that practice advises against."""
    return Finding(level=Level.ADVICE, rule=rule, words=words, label=label, mend=mend, says=says)


def place(line: Line, number: int) -> str:
    """A step as people find it: 「2通目」 of the main line, 「道「保湿」の1通目」."""
    where = f"道「{line.name}」の" if line.name else ""
    return f"{where}{number + 1}通目"


def each_step(plan: Scenario) -> list[tuple[str, Line, Step]]:
    """Every step with its place in words."""
    return [(place(line, number), line, step) for line in plan.lines for number, step in enumerate(line.steps)]


def with_step(plan: Plan, old: Step, new: Step | None) -> Plan:
    """The plan with that step changed, or taken away."""
    if not isinstance(plan, Scenario):
        return plan
    lines = tuple(
        replace(
            line,
            steps=tuple(kept for step in line.steps if (kept := new if step.id == old.id else step) is not None),
        )
        for line in plan.lines
    )
    return replace(plan, lines=lines)


def without_step(step: Step) -> Change:
    """The mend that takes a step away."""
    return lambda plan: with_step(plan, step, None)


def changed_bodies(plan: Plan, change: Callable[[Item], tuple[Item, ...]]) -> Plan:
    """The plan with every item that is no branch put through a change: what it becomes, in its place."""
    if not isinstance(plan, Scenario):
        return replace(plan, ending=_changed(plan.ending, change))
    lines = tuple(
        replace(line, steps=tuple(replace(step, body=_changed(step.body, change)) for step in line.steps))
        for line in plan.lines
    )
    return replace(plan, lines=lines)


def changed_texts(plan: Plan, change: Callable[[str], str]) -> Plan:
    """The plan with everything that friends read put through a change: messages and questions."""

    def change_item(item: Item) -> tuple[Item, ...]:
        match item:
            case Say(message=message):
                return (replace(item, message=message.with_texts(change)),)
            case Ask(question=question):
                return (replace(item, question=replace(question, text=change(question.text))),)
            case _:
                return (item,)

    changed = changed_bodies(plan, change_item)
    if isinstance(changed, Scenario):
        return changed
    return replace(changed, questions=tuple(replace(one, text=change(one.text)) for one in changed.questions))


def _changed(body: Body, change: Callable[[Item], tuple[Item, ...]]) -> Body:
    return tuple(one for item in body for one in _item_changed(item, change))


def _item_changed(item: Item, change: Callable[[Item], tuple[Item, ...]]) -> tuple[Item, ...]:
    match item:
        case If(then=then, otherwise=otherwise, unknown=unknown):
            branch = replace(
                item,
                then=_changed(then, change),
                otherwise=None if otherwise is None else _changed(otherwise, change),
                unknown=None if unknown is None else _changed(unknown, change),
            )
            return (branch,)
        case Split(variants=variants):
            return (replace(item, variants=tuple(replace(one, body=_changed(one.body, change)) for one in variants)),)
        case _:
            return change(item)
