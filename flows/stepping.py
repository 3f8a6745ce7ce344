"""Taking one step of a walk: whether it goes now, what it carries out, and what becomes of the walk."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.actions import Action
from flows.carrying import Carrying, Place, Stop, item_before
from flows.draft import BUBBLES
from flows.effects import Source
from flows.facts import Rule, StepHeld, StepTaken
from flows.friend import Enrollment, Held, Waiting
from flows.gate import Asking, Refusal, reach, refusal
from flows.lateness import crowded, lateness
from flows.moments import AtOnce, Late
from flows.names import Key, StepId, fold
from flows.planning import PASSED, behind, day_over, line_of, step_of
from flows.questions import Question
from flows.rebasing import stranded
from flows.records import changed
from flows.scenario import Ask, Body, Item, Line, Scenario, State, Step, Wait
from flows.turn import Turn
from flows.variants import for_friend
from flows.walking import end, follow_wish, is_finishing, outlook, scenario_of, schedule, skip

LOOK_AGAIN = timedelta(hours=1)
"""How often a step held for want of quota is looked at again: the plan may have grown."""

PATIENT = frozenset({Rule.PACE, Rule.CAP, Rule.SCENARIO_CAP, Rule.QUOTA})
"""Rules that may hold a step for days: a step bound to a date does not wait beyond its day for them. Of the quota
nobody knows when it grows, so there the day is waited for."""


class Going:
    """One walk at the moment of going on: what every part of this file needs to know."""

    __slots__ = ("key", "line", "scenario", "step", "turn", "walk")

    def __init__(self, turn: Turn, walk: Enrollment, scenario: Scenario, line: Line, step: Step | None) -> None:
        self.turn, self.walk, self.scenario, self.line, self.step = turn, walk, scenario, line, step
        self.key = walk.scenario

    @property
    def body(self) -> Body:
        return self.step.body if self.step else ()

    @property
    def source(self) -> Source:
        step = self.step.id if self.step else StepId("")
        return Source(scenario=self.key, version=self.walk.version, step=step, run=self.walk.run)


def go_on(turn: Turn, key: Key) -> None:
    """Take up this walk, whose time has come: one step, one time-out, or one hold."""
    turn.steps += 1
    turn.wish = None
    walk = turn.walks[key]
    scenario = scenario_of(turn, walk)
    line = line_of(scenario, walk.line) if scenario else None
    written = step_of(line, walk.step) if line else None
    step = for_friend(written, turn.peek("id")) if written else None
    entry = turn.catalog.plans.get(key)
    if scenario is None or line is None or entry is None or (step is None and not is_finishing(walk)):
        return stranded(turn, walk)
    turn.origin, turn.why = key, f"シナリオ「{scenario.name}」"
    turn.place = step.id if step else turn.place
    going = Going(turn, walk, scenario, line, step)
    if entry.state is not State.LIVE:
        return _hold(going, Refusal(Rule.PAUSED))
    if unreachable := reach(turn.friend, turn.catalog):
        return _hold(going, unreachable)
    if scenario.goal is not None and turn.holds(scenario.goal):
        return end(turn, walk, "goal")
    if step is None:
        return _carry_out(going, first=scenario.ending or ())
    if walk.waiting is not None:
        return _go_on_behind(going, walk.waiting)
    return _take(going, step)


def _take(going: Going, step: Step) -> None:
    """A step whose time has come, from its beginning."""
    turn, walk = going.turn, going.walk
    if step.only_if is not None and turn.holds(step.only_if) is not True:
        return skip(turn, walk, going.scenario, going.line, Rule.CONDITION)
    if _given_up(turn, walk):
        return skip(turn, walk, going.scenario, going.line, Rule.QUOTA)
    late = lateness(turn, walk, going.scenario)
    patient = walk.held is not None and walk.held.rule in PATIENT
    if (late is not None or patient) and day_over(step, walk, outlook(turn, going.scenario), turn.now):
        rule = Rule(walk.held.rule) if walk.held is not None and patient else Rule.PAST
        return skip(turn, walk, going.scenario, going.line, rule)
    if late is Late.SKIP:
        return skip(turn, walk, going.scenario, going.line, Rule.LATE)
    return _carry_out(going, late=late)


def _go_on_behind(going: Going, waiting: Waiting) -> None:
    """The reaction came, or time is up: what follows in the step's body."""
    place = waiting.resume
    silent: tuple[Action, ...] = ()
    if not waiting.over:
        item = item_before(going.body, place)
        known = isinstance(item, Wait) or (isinstance(item, Ask) and fold(item.question.name) == waiting.question)
        silent = _silent(item) if known else ()
    _carry_out(going, start=place, first=silent)


def _silent(item: Item | None) -> tuple[Action, ...]:
    where = item.question if isinstance(item, Ask) else item
    return (where.silent or ()) if isinstance(where, Question | Wait) else ()


def _carry_out(going: Going, *, start: Place = (), first: tuple[Action, ...] = (), late: Late | None = None) -> None:
    """Carry the actions and the body out, then see whether what it says may go. If not, nothing of it happened."""
    turn, walk = going.turn, going.walk
    mark = turn.mark()
    carrying = Carrying(
        turn=turn,
        plan=going.key,
        version=walk.version,
        run=walk.run,
        step=going.step.id if going.step else PASSED,
        answers=walk.answers,
    )
    turn.take(first)
    if turn.wish is None:
        carrying.carry(going.body, start)
    source = changed(going.source, variant=carrying.variant) if carrying.variant else going.source
    spoke, pushed = bool(turn.buffer), 0
    if spoke:
        refused = _deliver(going, source, start, late)
        if isinstance(refused, Refusal):
            turn.back(mark)
            return _hold(going, refused)
        pushed = refused
    return _commit(going, carrying, start, mark.facts, spoke=spoke, pushed=pushed)


def _deliver(going: Going, source: Source, start: Place, late: Late | None) -> int | Refusal:
    """Say what the step says; how many counted sends it took, or the rule that does not let it go."""
    turn = going.turn
    at_once = going.step is None or isinstance(going.step.when, AtOnce) or bool(start)
    if at_once and turn.can_reply:
        turn.reply(source)
        return 0
    if at_once and turn.can_join(going.key):
        turn.join()
        return 0
    refused = refusal(turn.friend, _asking(going), turn.catalog, turn.now, turn.tally)
    if refused is None and late is Late.NEXT_WINDOW and (opens := crowded(turn, going.scenario, going.key)):
        refused = Refusal(Rule.LATE, opens)
    return refused or turn.push(source, due=going.walk.due, late=late is not None)


def _asking(going: Going) -> Asking:
    scenario = going.scenario
    return Asking(
        scenario=going.key,
        windows=scenario.windows,
        caps=scenario.caps,
        by_day=going.walk.by_day,
        wants=-(-len(going.turn.buffer) // BUBBLES),
        pushed=going.turn.pushed(),
        pushed_here=going.turn.pushed(going.key),
    )


# -- outcomes -----------------------------------------------------------------------------------------------------


def _waits_for_quota(turn: Turn, walk: Enrollment) -> bool:
    held = walk.held
    return held is not None and held.rule == Rule.QUOTA and held.until is not None and turn.now < held.until


def _given_up(turn: Turn, walk: Enrollment) -> bool:
    """Whether the step was held for want of quota, the month has turned, and the owner wants such steps left out."""
    held = walk.held
    if held is None or held.rule != Rule.QUOTA or held.until is None:
        return False
    return turn.now >= held.until and turn.catalog.account.after_reset == "飛ばす"


def _hold(going: Going, refused: Refusal) -> None:
    """The step waits, or, if its day will then be over, is left out."""
    turn, walk, step = going.turn, going.walk, going.step
    rule, until = refused
    if step is not None and walk.waiting is None and _too_late_then(going, step, refused):
        return skip(turn, walk, going.scenario, going.line, rule)
    if rule is Rule.HOURS and _waits_for_quota(turn, walk):
        # It is only looked at again by night; what it waits for is still the quota.
        return turn.put_walk(changed(walk, due=until))
    same = walk.held is not None and walk.held.rule == rule and not (rule == Rule.LATE and walk.held.until is None)
    if not same:
        turn.note(
            StepHeld(
                at=turn.now,
                scenario=going.key,
                version=walk.version,
                step=step.id if step else StepId(""),
                rule=rule,
                until=until,
            )
        )
    since = walk.held.since if walk.held is not None and same else turn.now
    due = min(until, turn.now + LOOK_AGAIN) if until is not None and rule == Rule.QUOTA else until
    return turn.put_walk(changed(walk, held=Held(rule=rule, since=since, until=until), due=due))


def _too_late_then(going: Going, step: Step, refused: Refusal) -> bool:
    """Whether the hold would carry a step that is bound to a date beyond its day."""
    if refused.until is None or refused.rule not in PATIENT - {Rule.QUOTA}:
        return False
    return day_over(step, going.walk, outlook(going.turn, going.scenario), refused.until)


def _commit(going: Going, carrying: Carrying, start: Place, place: int, *, spoke: bool, pushed: int) -> None:
    """The step is carried out: keep that, and see what comes next."""
    turn, scenario, line = going.turn, going.scenario, going.line
    if spoke:
        _close_others(going)
    walk = turn.walks.get(going.key)
    if walk is None:
        return None
    if going.step is None:
        return end(turn, walk, "end")
    if not start:
        _note_taken(going, walk, carrying.variant, place, pushed)
    walk = changed(
        walk,
        received=walk.received if start else (*walk.received, going.step.id),
        last_sent=turn.now,
        sent=walk.sent + pushed,
        held=None,
        waiting=None,
        by_day=_recent(turn, walk.by_day, pushed) if scenario.caps else walk.by_day,
    )
    if turn.wish is not None and follow_wish(turn, walk, scenario):
        return None
    if carrying.held is not None:
        return _wait(turn, walk, carrying.held)
    return schedule(turn, walk, scenario, behind(line, walk.step))


def _note_taken(going: Going, walk: Enrollment, variant: str, place: int, pushed: int) -> None:
    """The step's own fact stands before those of what it did."""
    fact = StepTaken(
        at=going.turn.now,
        scenario=going.key,
        version=walk.version,
        step=walk.step or "",
        pushed=pushed > 0,
        variant=variant,
    )
    going.turn.facts.insert(place, fact)


def _recent(turn: Turn, by_day: tuple[datetime, ...], pushed: int) -> tuple[datetime, ...]:
    return (*(at for at in by_day if at > turn.now - timedelta(days=2)), *(turn.now,) * pushed)


def _wait(turn: Turn, walk: Enrollment, held: Stop) -> None:
    until = turn.now + held.limit
    waiting = Waiting(until=until, question=held.question, link=held.link, resume=held.resume)
    turn.put_walk(changed(walk, waiting=waiting, due=until))


def _close_others(going: Going) -> None:
    """A send ends an older question's claim on typed words, and interrupts a survey."""
    turn = going.turn
    asked = turn.peek("open")
    if asked is None or (asked.plan == going.key and going.step is not None and asked.step == going.step.id):
        return
    turn.close_question()
    sitting = turn.peek("sitting")
    if sitting is not None and not sitting.paused:
        turn.change(sitting=changed(sitting, paused=True))


def awaits_reaction(turn: Turn) -> bool:
    """Whether a walk waits for whatever the friend does: then his words are heard, and no fallback is due."""
    waits = (walk.waiting for walk in turn.walks.values() if walk.waiting is not None and not walk.paused)
    return any(not (waiting.over or waiting.question or waiting.link) for waiting in waits)


def reaction(turn: Turn, *, link: str = "") -> None:
    """The friend reacted: walks that wait for any reaction, or for this link, go on."""
    for walk in list(turn.walks.values()):
        waiting = walk.waiting
        if waiting is None or waiting.over or waiting.question or fold(waiting.link) not in {fold(link), Key("")}:
            continue
        resume(turn, walk)


def resume(turn: Turn, walk: Enrollment) -> None:
    """What the walk waited for has come: the rest of the step is due."""
    if walk.waiting is None:
        return
    turn.put_walk(changed(walk, waiting=changed(walk.waiting, over=True), due=turn.now, held=None))
    turn.touched.add(walk.scenario)
