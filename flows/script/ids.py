"""Steps keep their ids over edits: friends point at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from flows.catalog import Entry
from flows.names import Key, StepId, fold
from flows.scenario import Plan, Scenario, Step
from flows.script.writing import body_words

_ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    line: Key
    place: int
    step: Step

    @property
    def text(self) -> str:
        """What friends get."""
        return body_words(self.step.body)


def settle_ids(new: Plan, old: Entry | Plan | None, *, used: Iterable[StepId] = ()) -> Plan:
    """The new plan with the ids of the old one: an unchanged step keeps its id wherever it now stands, a changed one
    where it is still the same moment or nearly the same words. Other steps get ids that neither the old plan, nor any
    version of the entry, nor `used` holds.
    """
    before = _latest(old) if isinstance(old, Entry) else old
    if not isinstance(new, Scenario):
        return new
    taken = {*used, *_ids_of(old), *_ids_of(before)}
    kept = _kept(new, before) if isinstance(before, Scenario) else {}
    fresh = _fresh(taken)
    steps = iter([replace(one.step, id=kept[at] if at in kept else next(fresh)) for at, one in enumerate(_all(new))])
    return replace(new, lines=tuple(replace(line, steps=tuple(next(steps) for _ in line.steps)) for line in new.lines))


def _latest(entry: Entry) -> Plan | None:
    return entry.draft or entry.versions.get(max(entry.versions, default=0))


def _ids_of(old: Entry | Plan | None) -> Iterator[StepId]:
    match old:
        case Scenario():
            yield from (step.id for _, step in old.steps())
        case Entry(draft=draft, versions=versions):
            for plan in (draft, *versions.values()):
                yield from _ids_of(plan)
        case _:
            return


def _all(plan: Scenario) -> list[_Placed]:
    return [
        _Placed(line=fold(line.name), place=place, step=step)
        for line in plan.lines
        for place, step in enumerate(line.steps)
    ]


def _fresh(taken: set[StepId]) -> Iterator[StepId]:
    numbers = [int(one[1:]) for one in taken if one[:1] == "s" and one[1:].isdecimal()]
    count = max(numbers, default=0)
    while True:
        count += 1
        if (one := StepId(f"s{count}")) not in taken:
            yield one


def _kept(new: Scenario, old: Scenario) -> dict[int, StepId]:
    """For each new step by its number: the id of the old step that it is. The surest matches are made first."""
    news, olds = _all(new), _all(old)
    left = set(range(len(olds)))
    kept: dict[int, StepId] = {}
    for same in (_unchanged_here, _unchanged, _same_words, _same_moment, _like):
        for at, one in enumerate(news):
            if at in kept:
                continue
            found = next((number for number in sorted(left) if same(one, olds[number])), None)
            if found is not None:
                kept[at] = olds[found].step.id
                left.remove(found)
    return kept


def _unchanged_here(new: _Placed, old: _Placed) -> bool:
    return new.line == old.line and _unchanged(new, old)


def _unchanged(new: _Placed, old: _Placed) -> bool:
    return replace(new.step, id=old.step.id) == old.step


def _same_words(new: _Placed, old: _Placed) -> bool:
    return bool(new.text) and new.text == old.text


def _same_moment(new: _Placed, old: _Placed) -> bool:
    """The same place in the same line at the same time: an edit of what is said there."""
    return new.line == old.line and new.step.when == old.step.when and new.place == old.place


def _like(new: _Placed, old: _Placed) -> bool:
    return new.line == old.line and SequenceMatcher(None, new.text, old.text, autojunk=False).ratio() >= _ALIKE
