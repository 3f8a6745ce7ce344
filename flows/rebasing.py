"""Moving a walk to another version of its scenario, so that an edit strands nobody and repeats nothing."""

from __future__ import annotations

from flows.friend import Enrollment
from flows.names import StepId
from flows.planning import PASSED, line_of, step_of
from flows.records import changed
from flows.scenario import Line, Scenario
from flows.turn import Turn
from flows.walking import end, finish, is_finishing, scenario_of, schedule


def stranded(turn: Turn, walk: Enrollment) -> None:
    """Where a walk stands on a version, path or step that is no more, it goes on at the next one that is."""
    entry = turn.catalog.plans.get(walk.scenario)
    if entry is None or not isinstance(entry.versions.get(entry.current), Scenario):
        turn.remark(f"シナリオ「{entry.name if entry else walk.scenario}」がもうないため、終わりました")
        return end(turn, walk, "gone")
    to_version = walk.version if scenario_of(turn, walk) else entry.current
    return rebase(turn, walk, to_version)


def rebase(turn: Turn, walk: Enrollment, to_version: int) -> None:
    """Move the walk to that version; to its own version it is woken, as after a pause."""
    old, new = scenario_of(turn, walk), turn.catalog.scenario(walk.scenario, to_version)
    if new is None:
        return turn.remark(f"第{to_version}版が見つからないため、第{walk.version}版のまま進みます")
    line = line_of(new, walk.line)
    moved = changed(walk, version=to_version, held=None)
    if line is None:
        turn.remark(f"「{new.name}」第{to_version}版に道「{walk.line}」がないため、ここで終わりました")
        return finish(turn, moved, new)
    if is_finishing(walk):
        return finish(turn, moved, new)
    if walk.waiting is not None and step_of(line, walk.step):
        turn.touched.add(walk.scenario)
        return turn.put_walk(changed(moved, due=turn.now if walk.waiting.over else walk.waiting.until))
    place = _surviving(walk, line_of(old, walk.line) if old else None, line)
    if place != walk.step and walk.step not in {None, PASSED}:
        turn.remark(f"「{new.name}」の次の配信がなくなったため、その次の配信に進みました")
    kept = tuple(step for step in walk.baseless if step_of(line, step))
    return schedule(turn, changed(moved, waiting=None, baseless=kept), new, place, overdue=True)


def _surviving(walk: Enrollment, old: Line | None, new: Line) -> StepId | None:
    """The walk's step, or the next one after it that the new line still has; else what stands behind the last one
    received."""
    ids = [step.id for step in new.steps]
    before = [step.id for step in old.steps] if old else []
    ahead = before[before.index(walk.step) :] if walk.step in before else []
    for step in ahead:
        if step in ids and step not in walk.received:
            return step
    done = [place for place, step in enumerate(ids) if step in walk.received]
    behind = done[-1] + 1 if done else 0
    return ids[behind] if behind < len(ids) else PASSED
