"""A friend's walk through a scenario: where it begins, what comes next, how it ends."""

from __future__ import annotations

from flows.facts import Enrolled, PathEntered, Rule, ScenarioEnded, StepHeld, StepSkipped
from flows.friend import Enrollment, Held, Past
from flows.gate import reach
from flows.moments import Late, Period
from flows.names import Key, StepId, fold
from flows.planning import PASSED, Next, Outlook, behind, line_of, next_step, next_year
from flows.records import changed
from flows.scenario import Line, Scenario, State
from flows.turn import END, Turn

# -- beginning ----------------------------------------------------------------------------------------------------


def enroll(turn: Turn, key: Key, why: str) -> str | None:
    """Begin a scenario for the friend. Where its rules do not take him in: the reason, in words."""
    entry = turn.catalog.plans.get(key)
    scenario = entry.live if entry else None
    if entry is None or not isinstance(scenario, Scenario):
        return f"「{entry.name if entry else key}」は公開中のシナリオではないため、始めませんでした"
    if refused := _refused(turn, key, scenario):
        return refused
    running = turn.walks.get(key)
    if running is not None:
        end(turn, running, "replaced")
    past = turn.peek("past").get(key)
    walk = Enrollment(
        scenario=key,
        version=entry.current,
        run=past.runs + 1 if past else 1,
        began=turn.now,
        entered=turn.now,
        step=None,
        due=None,
        paused=turn.peek("taken_over") is not None and not turn.event.can_reply,
    )
    turn.started.add(key)
    turn.note(Enrolled(at=turn.now, scenario=key, version=entry.current, why=why))
    schedule(turn, walk, scenario)
    return None


def _refused(turn: Turn, key: Key, scenario: Scenario) -> str | None:
    """Why the scenario does not take the friend in; None if it does."""
    name = scenario.name
    if reach(turn.friend, turn.catalog):
        return f"「{name}」は、今この人に送れないため始めませんでした"
    if key in turn.started:
        return f"「{name}」は、いま始めたばかりです"
    if not scenario.restart and (key in turn.walks or key in turn.peek("past")):
        where = "いま途中の" if key in turn.walks else "一度終わっている"
        return f"「{name}」は{where}ため、始めませんでした（再開始: 許可 がありません）"
    if not is_open(turn, scenario.period):
        return f"「{name}」は期間の外のため始めませんでした"
    if scenario.goal is not None and turn.holds(scenario.goal):
        return f"「{name}」は、もうゴールに達しているため始めませんでした"
    return None


def is_open(turn: Turn, period: Period | None) -> bool:
    """Whether today lies in the period, in the account's zone."""
    if period is None:
        return True
    today = turn.now.astimezone(turn.zone).date()
    return (period.first is None or period.first <= today) and (period.last is None or today <= period.last)


# -- what comes next ----------------------------------------------------------------------------------------------


def scenario_of(turn: Turn, walk: Enrollment) -> Scenario | None:
    """The version this walk is pinned to."""
    return turn.catalog.scenario(walk.scenario, walk.version)


def outlook(turn: Turn, scenario: Scenario) -> Outlook:
    """What the times of this scenario's steps depend on, now."""
    return Outlook(scenario, lambda: turn.friend, turn.now, turn.zone)


def schedule(
    turn: Turn, walk: Enrollment, scenario: Scenario, pointer: StepId | None = None, *, overdue: bool = False
) -> None:
    """Find the next step at or after the pointer (None: from the line's beginning) and its time, and keep that.

    `overdue`: we were the ones who were late, so a scenario that leaves late steps out leaves out those behind, too.
    """
    line = line_of(scenario, walk.line)
    ahead = outlook(turn, scenario)
    while line is not None:
        found = next_step(walk, line, pointer, ahead)
        for step in found.skipped:
            _note_skip(turn, walk, step, Rule.PAST)
        if isinstance(found, Next) and found.behind and overdue and scenario.late is Late.SKIP:
            _note_skip(turn, walk, found.step, Rule.LATE)
            walk = changed(walk, received=(*walk.received, *found.skipped, found.step), baseless=found.baseless)
            continue
        if isinstance(found, Next):
            return _wait_for(turn, walk, found)
        again = next_year(walk, line, ahead)
        if again is None:
            walk = changed(walk, received=walk.received + found.skipped)
            break
        walk, pointer = again, None
    return finish(turn, walk, scenario)


def _wait_for(turn: Turn, walk: Enrollment, found: Next) -> None:
    for step in found.baseless:
        if step not in walk.baseless:
            turn.note(StepHeld(at=turn.now, scenario=walk.scenario, version=walk.version, step=step, rule=Rule.NO_BASE))
    rule = Rule.NO_BASE if found.due is None else Rule.LATE if found.behind else None
    turn.put_walk(
        changed(
            walk,
            step=found.step,
            due=found.due,
            held=Held(rule=rule, since=turn.now) if rule else None,
            waiting=None,
            baseless=found.baseless,
            received=walk.received + found.skipped,
        )
    )
    turn.touched.add(walk.scenario)


def _note_skip(turn: Turn, walk: Enrollment, step: StepId, rule: Rule) -> None:
    turn.note(StepSkipped(at=turn.now, scenario=walk.scenario, version=walk.version, step=step, rule=rule))


def skip(turn: Turn, walk: Enrollment, scenario: Scenario, line: Line, rule: Rule) -> None:
    """Leave the present step out for good, say why, and go on behind it."""
    if walk.step is None:
        return
    _note_skip(turn, walk, walk.step, rule)
    skipped = changed(walk, received=(*walk.received, walk.step), last_sent=turn.now)
    schedule(turn, skipped, scenario, behind(line, walk.step), overdue=rule is Rule.LATE)


# -- paths and ends -----------------------------------------------------------------------------------------------


def follow_wish(turn: Turn, walk: Enrollment, scenario: Scenario) -> bool:
    """Take up the journey that the actions wished for; False if there was none, or none that leads anywhere."""
    wish, turn.wish = turn.wish, None
    if wish is None:
        return False
    if wish == END:
        finish(turn, walk, scenario)
        return True
    line = line_of(scenario, fold(wish))
    if line is None:
        turn.remark(f"「{scenario.name}」に道「{wish}」が見つからないため、そのまま進みました")
        return False
    if (walk.scenario, fold(line.name)) in turn.entered and _knows(walk, line):
        turn.remark(f"「{scenario.name}」の道「{line.name}」を、間をおかずに回り続けるため、ここで終わりました")
        finish(turn, walk, scenario)
        return True
    turn.note(PathEntered(at=turn.now, scenario=walk.scenario, path=line.name, why=turn.why))
    schedule(turn, _entered(turn, walk, line), scenario)
    return True


def _knows(walk: Enrollment, line: Line) -> bool:
    """Whether the friend went along this line before, in this run."""
    return any(step.id in walk.received for step in line.steps)


def _entered(turn: Turn, walk: Enrollment, line: Line) -> Enrollment:
    """The walk at the beginning of a path. A path entered again is walked again: that takes time, or the walk ends."""
    key = fold(line.name)
    ids = {step.id for step in line.steps}
    turn.entered.add((walk.scenario, key))
    return changed(
        walk,
        line=key,
        entered=turn.now,
        step=None,
        due=None,
        waiting=None,
        held=None,
        baseless=(),
        rounds=walk.rounds + _knows(walk, line),
        received=tuple(step for step in walk.received if step not in ids),
    )


def finish(turn: Turn, walk: Enrollment, scenario: Scenario) -> None:
    """The last step is over: what was to happen then comes as a last step of its own, and the walk ends."""
    if not scenario.ending or PASSED in walk.received:
        turn.put_walk(walk)
        return end(turn, walk, "end")
    turn.put_walk(changed(walk, step=PASSED, due=turn.now, waiting=None, held=None, baseless=()))
    turn.touched.add(walk.scenario)
    return None


def walk_on(turn: Turn, key: Key, run: int) -> Enrollment | None:
    """Take a walk up again whose last step asked something, when the answer leads to a path; None if it may not go on.

    The question held nobody up, so the walk came to its end in the meantime. What happens at the end is over.
    """
    past: Past | None = turn.peek("past").get(key)
    entry = turn.catalog.plans.get(key)
    if past is None or past.runs != run or past.how != "end" or key in turn.walks or entry is None:
        return None
    scenario = turn.catalog.scenario(key, past.version)
    if scenario is None or entry.state is State.ARCHIVED or reach(turn.friend, turn.catalog):
        return None
    if turn.wish in (None, END) or line_of(scenario, fold(turn.wish)) is None:
        return None
    if scenario.goal is not None and turn.holds(scenario.goal):
        return None
    walk = Enrollment(
        scenario=key,
        version=past.version,
        run=run,
        began=past.ended,
        entered=turn.now,
        step=None,
        due=None,
        received=(*(step for step in past.received if step != PASSED), PASSED),
        last_sent=past.ended,
    )
    turn.put_walk(walk)
    return walk


def is_finishing(walk: Enrollment) -> bool:
    """Whether only what happens at the end is left."""
    return walk.step == PASSED and not walk.baseless


def end(turn: Turn, walk: Enrollment, how: str) -> None:
    """The walk is over: `end`, `goal`, `stopped`, `replaced`, `staff`, `blocked` or `gone`."""
    key = walk.scenario
    turn.drop_walk(key)
    past = Past(version=walk.version, runs=walk.run, ended=turn.now, how=how, received=walk.received)
    turn.change(past={**turn.peek("past"), key: past})
    last = walk.received[-1] if walk.received else ""
    turn.note(ScenarioEnded(at=turn.now, scenario=key, version=walk.version, how=how, step=last))
    asked = turn.peek("open")
    if how != "end" and asked is not None and asked.plan == key:
        turn.close_question()


def reach_goals(turn: Turn) -> None:
    """End every walk whose goal the friend has reached by now."""
    for walk in list(turn.walks.values()):
        scenario = scenario_of(turn, walk)
        if scenario is not None and scenario.goal is not None and turn.holds(scenario.goal):
            end(turn, walk, "goal")
