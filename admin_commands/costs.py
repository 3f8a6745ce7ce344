"""What a scenario costs: how many counted sends one friend gets, at least and at most."""

from __future__ import annotations

from collections.abc import Iterator

from flows.actions import Action, GoTo
from flows.moments import AtOnce
from flows.names import Key, fold
from flows.scenario import Ask, Body, Do, If, Line, Say, Scenario, Split, Step, Wait, walk
from flows.triggers import FriendAdded, FriendBack, KeywordSaid
from flows.variants import times

Range = tuple[int, int]


def sends_each(plan: Scenario, *, by_staff: bool = False) -> Range:
    """Counted sends of one friend who goes the whole way: the fewest and the most, over all paths.

    `by_staff`: we begin it, so that there is nothing to reply to and the first send counts.
    """
    lines = {fold(line.name): line for line in plan.lines}
    free = _begins_by_reply(plan) and not by_staff
    return _line_cost(plan.lines[0], lines, frozenset(), free_start=free)


def _begins_by_reply(plan: Scenario) -> bool:
    return any(isinstance(start.trigger, (FriendAdded, FriendBack, KeywordSaid)) for start in plan.starts)


def _line_cost(line: Line, lines: dict[Key, Line], seen: frozenset[str], *, free_start: bool) -> Range:
    """From the first step on; a step that leads away may end the line there."""
    low = high = 0
    ends: list[Range] = []
    for number, step in enumerate(line.steps):
        first = number == 0 and free_start
        costs = [0 if not _speaks(step) or (first and isinstance(when, AtOnce)) else 1 for _, when in times(step)]
        low, high = low + min(costs), high + max(costs)
        for path in _leads_to(step):
            if path in lines and path not in seen:
                onward = _line_cost(lines[path], lines, seen | {path}, free_start=True)
                ends.append((low + onward[0], high + onward[1]))
        if _always_leaves(step):
            return min(one[0] for one in ends), max(one[1] for one in ends)
    ends.append((low, high))
    return min(one[0] for one in ends), max(one[1] for one in ends)


def _speaks(step: Step) -> bool:
    return any(isinstance(item, (Say, Ask)) for item in walk(step.body))


def _leads_to(step: Step) -> list[Key]:
    return list(dict.fromkeys(fold(action.name) for action in _actions(step.body) if isinstance(action, GoTo)))


def _actions(body: Body) -> Iterator[Action]:
    for item in walk(body):
        match item:
            case Do(actions=actions):
                yield from actions
            case Wait(silent=silent):
                yield from silent or ()
            case Ask(question=question):
                yield from (*(question.answered or ()), *(question.silent or ()))
                for option in question.options:
                    yield from option.effects
            case If() | Split() | Say() | _:
                pass


def _always_leaves(step: Step) -> bool:
    """Every answer, and none in time, leads to a path."""
    last = step.body[-1] if step.body else None
    if not isinstance(last, Ask) or not last.question.options or last.question.wait is None:
        return False
    ways = [option.effects for option in last.question.options] + [last.question.silent or ()]
    return all(any(isinstance(action, GoTo) for action in actions) for actions in ways)


def each_words(plan: Scenario) -> str:
    """1人に1〜2通."""
    low, high = sends_each(plan)
    if high == 0:
        return "0通（返信だけで届きます）"
    return f"1人に{low}通（返信は0通）" if low == high else f"1人に{low}〜{high}通（返信は0通）"
