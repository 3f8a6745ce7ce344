"""Where the lines of a scenario lead: what is reached, what never is, circles without a rest, and circles without an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from flows.actions import Action, EndScenario, GoTo
from flows.checks.finding import Change, Finding, each_step, error, place, without_step
from flows.moments import AfterSend, NextWeekday, OnDay, When
from flows.names import MAIN, Key, fold
from flows.questions import Question
from flows.scenario import Ask, Body, Do, If, Item, Line, Plan, Scenario, Split, walk
from flows.script.brought import actions_of_body

Node = TypeVar("Node")


def check_ways(plan: Scenario) -> Iterator[Finding]:
    """Errors: paths that are missing or that nobody enters, steps that nobody reaches, circles that never rest or end."""
    paths = {fold(line.name): line for line in plan.lines[1:]}
    yield from _missing(plan, paths)
    yield from _unentered(plan, paths)
    yield from _unreached(plan)
    restless = list(_restless(plan))
    yield from restless or _endless(plan)


def leads_to(body: Body) -> list[Key]:
    """The paths that a body leads to."""
    return [fold(action.name) for action in actions_of_body(body) if isinstance(action, GoTo)]


def leaves(body: Body) -> bool:
    """Whether everyone who gets this body leaves the line in it."""
    return any(_leaves(item) for item in body)


def _leaves(item: Item) -> bool:
    match item:
        case Do(actions=actions):
            return _away(actions)
        case If(then=then, otherwise=otherwise, unknown=unknown):
            other = leaves(otherwise or ())
            return leaves(then) and other and (other if unknown is None else leaves(unknown))
        case Split(variants=variants):
            return all(leaves(variant.body) for variant in variants)
        case Ask(question=question):
            return question.wait is not None and _away(question.silent) and _answers_leave(question)
        case _:
            return False


def _answers_leave(question: Question) -> bool:
    return _away(question.answered) or (
        bool(question.options) and not question.optional and all(_away(option.effects) for option in question.options)
    )


def _away(actions: Iterable[Action] | None) -> bool:
    return any(isinstance(action, GoTo | EndScenario) for action in actions or ())


def _missing(plan: Scenario, paths: Mapping[Key, Line]) -> Iterator[Finding]:
    for where, _, step in each_step(plan):
        for action in actions_of_body(step.body):
            if isinstance(action, GoTo) and fold(action.name) not in paths:
                yield error(
                    "missing_path", f"{where}から進む道「{action.name}」がありません。", "台本を見る", says="台本"
                )


def _unentered(plan: Scenario, paths: Mapping[Key, Line]) -> Iterator[Finding]:
    entered = _reach({MAIN}, {fold(line.name): _all_leads(line) for line in plan.lines})
    for key, line in paths.items():
        if key not in entered:
            words = f"道「{line.name}」へ進む人がいません。どこからもつながっていません。"
            yield error("unreachable_path", words, f"道「{line.name}」を消す", _without_line(key))


def _all_leads(line: Line) -> set[Key]:
    return {key for step in line.steps for key in leads_to(step.body)}


def _reach(start: set[Node], edges: Mapping[Node, set[Node]]) -> set[Node]:
    """All nodes that can be reached from these, themselves included."""
    found, ahead = set(start), list(start)
    while ahead:
        fresh = edges.get(ahead.pop(), set()) - found
        found |= fresh
        ahead.extend(fresh)
    return found


def _without_line(key: Key) -> Change:
    def mend(plan: Plan) -> Plan:
        if not isinstance(plan, Scenario):
            return plan
        return replace(plan, lines=(plan.lines[0], *(line for line in plan.lines[1:] if fold(line.name) != key)))

    return mend


def _unreached(plan: Scenario) -> Iterator[Finding]:
    for line in plan.lines:
        gone = next((number for number, step in enumerate(line.steps) if not step.only_if and leaves(step.body)), None)
        for number, step in enumerate(line.steps):
            if gone is not None and number > gone:
                words = f"{place(line, number)}は誰にも届きません。{place(line, gone)}で、みんな先へ進むか終わります。"
                yield error("unreachable_step", words, f"{number + 1}通目を消す", without_step(step))
            elif _has_dead_items(step.body):
                words = f"{place(line, number)}の途中で「道」か「終わる」になり、その下は誰にも届きません。"
                yield error("unreachable_items", words, "台本を見る", says="台本")


def _has_dead_items(body: Body) -> bool:
    bodies = [body, *(part for item in walk(body) for part in _parts(item))]
    return any(any(_leaves(item) for item in part[:-1]) for part in bodies)


def _parts(item: Item) -> list[Body]:
    match item:
        case If(then=then, otherwise=otherwise, unknown=unknown):
            return [then, otherwise or (), unknown or ()]
        case Split(variants=variants):
            return [variant.body for variant in variants]
        case _:
            return []


def _restless(plan: Scenario) -> Iterator[Finding]:
    """A circle in which no time passes would send without end in one breath."""
    names = {fold(line.name): line.name for line in plan.lines}
    edges = {fold(line.name): _hasty_leads(line) for line in plan.lines}
    for key, name in names.items():
        if key in _reach(edges[key], edges) and name:
            words = f"道「{name}」は、待つところも後の日時もないまま同じ道へ戻り、止まらなくなります。"
            yield error("restless_circle", words, "時刻を直す", says="台本")
            return


def _hasty_leads(line: Line) -> set[Key]:
    """The paths that this line leads to with no time passing since it was entered, and nobody's tap."""
    found: set[Key] = set()
    for step in line.steps:
        if _takes_time(step.when):
            break
        for item in walk(step.body):
            if isinstance(item, Do):
                found.update(fold(action.name) for action in item.actions if isinstance(action, GoTo))
    return found


def _takes_time(when: When) -> bool:
    """Whether time always passes before such a step. Dates do not count: those that are past are skipped."""
    match when:
        case AfterSend(delay=delay):
            return delay > timedelta()
        case OnDay(days=days, months=months):
            return days + months > 0
        case _:
            return isinstance(when, NextWeekday)


def _endless(plan: Scenario) -> Iterator[Finding]:
    """A circle with waits is allowed, but somebody must be able to come out of it."""
    if plan.goal is not None:
        return
    back: dict[Key, set[Key]] = {}
    for line in plan.lines:
        for key in _all_leads(line):
            back.setdefault(key, set()).add(fold(line.name))
    ending = _reach({fold(line.name) for line in plan.lines if _can_end(line)}, back)
    entered = _reach({MAIN}, {fold(line.name): _all_leads(line) for line in plan.lines})
    for line in plan.lines:
        if fold(line.name) in entered - ending and (line.name or len(plan.lines) == 1):
            words = f"道「{line.name}」に入ると、終わりがありません。「終わる」か、先のない道へ進むところが要ります。"
            yield error("endless_path", words, "台本を見る", says="台本")
            return


def _can_end(line: Line) -> bool:
    falls_off = not any(not step.only_if and leaves(step.body) for step in line.steps)
    return falls_off or any(
        isinstance(action, EndScenario) for step in line.steps for action in actions_of_body(step.body)
    )
