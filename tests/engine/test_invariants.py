"""What holds whatever happens: random scenarios, friends, answers, edits, pauses, blocks and clocks.

ENGINE_STEPS=15000 pytest tests/engine/test_invariants.py takes at least that many steps; the default is a quick look.
"""

import os
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from flows.actions import AddTag, RemoveTag, SetField, StartScenario, StopScenario
from flows.catalog import Account, Catalog, Entry
from flows.codec import dumps, loads
from flows.decision import Tally
from flows.effects import Send, Way
from flows.engine import decide, next_due
from flows.events import CameDue, Followed, HandedBack, Left, Occurred, Ordered, Rebased, Said, StaffSpoke, Tapped
from flows.facts import (
    Enrolled,
    PathEntered,
    ScenarioEnded,
    ScoreChanged,
    StepSkipped,
    StepTaken,
    TagAdded,
    TagRemoved,
)
from flows.friend import Friend, Pace
from flows.messages import Text
from flows.moments import AfterSend, AroundDate, OnDate, OnDay
from flows.names import FriendId, fold
from flows.planning import is_dated, line_of
from flows.scenario import Scenario, Split, State
from flows.timing import instant, is_open, local_day
from flows.variants import for_friend, times
from flows.walking import is_finishing
from tests.engine.plans import GOAL, LABELS, NAMES, TAGS, edited, scenario
from tests.narrowing import a, there

STEPS = int(os.environ.get("ENGINE_STEPS", "0"))
PER_RUN = 60
EXAMPLES = max(25, STEPS // 20)
ODDS = st.integers(0, 4)
"""What breaks a life off happens at 0 only, so that there is a life to break off."""
COUNTED: Counter[str] = Counter()
MAY_REST = {"no_base", "paused", "pace", "scenario_cap", "staff"}


class Lives(RuleBasedStateMachine):
    """One friend among three scenarios."""

    @initialize(
        seeds=st.tuples(*(st.integers(0, 2**32) for _ in NAMES)),
        zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "Pacific/Auckland", "UTC"]),
        quiet=st.sampled_from([(time(21), time(8)), (time(0), time(6)), (time(8), time(8))]),
        caps=st.sampled_from([(None, None), (1, 3), (2, None), (None, 2)]),
        after_reset=st.sampled_from(["送る", "飛ばす"]),
    )
    def begin(self, seeds, zone, quiet, caps, after_reset):
        self.zone = ZoneInfo(zone)
        plans = [scenario(seed, name) for seed, name in zip(seeds, NAMES, strict=True)]
        account = Account(
            zone=zone,
            quiet_from=quiet[0],
            quiet_until=quiet[1],
            per_day=caps[0],
            per_week=caps[1],
            after_reset=after_reset,
        )
        entries = {
            fold(plan.name): Entry(name=plan.name, state=State.LIVE, versions={1: plan}, current=1) for plan in plans
        }
        self.catalog = Catalog(account=account, plans=entries)
        self.now = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
        self.friend = Friend(id=FriendId("U" + "a" * 32))
        self.tally = Tally()
        self.count = 0
        self.pushes: list[datetime] = []
        self.personal: set[datetime] = set()
        self.buttons: list[str] = []
        self.passed: dict[str, set[str]] = {}
        self.over: dict[str, set[str]] = {}
        self.entered: dict[str, datetime] = {}
        self.last: dict[str, datetime] = {}
        self.reached: dict[str, int] = {}
        self.paths: dict[str, set[str]] = {}
        self.rebased: set[str] = set()
        self.ledger: Counter[str] = Counter()
        self.tags: set[str] = set()
        self.sent: Counter[str] = Counter()
        self.happens(Followed(at=self.now, id=self._id(), can_reply=True, name="さくら"))

    # -- what may happen ------------------------------------------------------------------------------------------

    @rule(times=st.integers(1, 6))
    def come_due(self, times):
        for _ in range(times):
            at = next_due(self.friend)
            if at is None:
                break
            self.now = max(self.now, at)
            self.happens(CameDue(at=self.now))

    @rule(number=st.integers(0, 200))
    def answer_at_once(self, number):
        self.come_due(2)
        if self.friend.open is not None:
            self.say(LABELS[number % len(LABELS)])

    @rule(minutes=st.sampled_from([1, 7, 60, 700, 1440, 3 * 1440, 12 * 1440]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(minutes=st.sampled_from([10, 600, 3 * 1440, 9 * 1440]))
    def nothing_runs_for_a_while(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.happens(CameDue(at=self.now))

    @rule(text=st.sampled_from([*LABELS, *NAMES, "1", "こんにちは", "やめる"]))
    def say(self, text):
        self.now += timedelta(seconds=2)
        self.happens(Said(at=self.now, id=self._id(), can_reply=True, text=text))

    @rule(pace=st.sampled_from(["通知を減らす", "配信停止"]), odds=ODDS)
    def choose_a_pace(self, pace, odds):
        if not odds:
            self.say(pace)

    @precondition(lambda self: self.friend.pace is not Pace.FULL)
    @rule()
    def choose_to_hear_from_us_again(self):
        self.say("配信再開")

    @precondition(lambda self: self.buttons)
    @rule(number=st.integers(0, 200), twice=st.booleans())
    def tap(self, number, twice):
        data = self.buttons[number % len(self.buttons)]
        for _ in range(1 + twice):
            self.now += timedelta(milliseconds=50)
            self.happens(Tapped(at=self.now, id=self._id(), can_reply=True, data=data))

    @precondition(lambda self: self.friend.left is None)
    @rule(odds=ODDS)
    def block(self, odds):
        if not odds:
            self.happens(Left(at=self.now, id=self._id()))

    @precondition(lambda self: self.friend.left is not None)
    @rule()
    def come_back(self):
        self.now += timedelta(minutes=1)
        self.happens(Followed(at=self.now, id=self._id(), can_reply=True, unblocked=True))

    @rule(
        actions=st.lists(
            st.one_of(
                st.builds(AddTag, name=st.sampled_from((*TAGS, GOAL))),
                st.builds(RemoveTag, name=st.sampled_from((*TAGS, GOAL, GOAL))),
                st.builds(StartScenario, name=st.sampled_from(NAMES)),
                st.builds(StopScenario, name=st.sampled_from(NAMES)),
                st.builds(
                    SetField, field=st.just("体験会"), value=st.dates(date(2026, 3, 1), date(2026, 5, 1)).map(str)
                ),
            ),
            min_size=1,
            max_size=2,
        )
    )
    def order(self, actions):
        self.happens(Ordered(at=self.now, actions=tuple(actions), by="鈴木"))

    @rule(what=st.sampled_from(["予約", "予約", "キャンセル"]), hours=st.integers(-30, 200))
    def occur(self, what, hours):
        self.happens(Occurred(at=self.now, what=what, on=self.now + timedelta(hours=hours)))

    @rule(name=st.sampled_from(NAMES), seed=st.integers(0, 2**32))
    def publish_an_edit(self, name, seed):
        entry = self.catalog.plans[fold(name)]
        number = entry.current + 1
        plan = edited(seed, a(Scenario, entry.versions[entry.current]), number)
        self._entry(name, replace(entry, versions={**entry.versions, number: plan}, current=number))

    @rule(name=st.sampled_from(NAMES))
    def move_to_the_newest(self, name):
        key = fold(name)
        self.rebased.add(key)
        self.happens(Rebased(at=self.now, scenario=key, to_version=self.catalog.plans[key].current))

    @rule(name=st.sampled_from(NAMES), state=st.sampled_from([State.PAUSED, State.ARCHIVED]), odds=ODDS)
    def pause(self, name, state, odds):
        if not odds:
            self._entry(name, replace(self.catalog.plans[fold(name)], state=state))

    @precondition(lambda self: any(entry.state is not State.LIVE for entry in self.catalog.plans.values()))
    @rule(name=st.sampled_from(NAMES))
    def resume(self, name, state=State.LIVE):
        key = fold(name)
        self._entry(name, replace(self.catalog.plans[key], state=state))
        walk = next((each for each in self.friend.enrollments if each.scenario == key), None)
        if state is State.LIVE and walk is not None:
            self.happens(Rebased(at=self.now, scenario=key, to_version=walk.version))

    @rule(left=st.sampled_from([None, None, None, 0, 1]))
    def quota_changes(self, left):
        self.tally = Tally(left=left, sent=dict(self.sent))

    @precondition(lambda self: self.friend.taken_over is None)
    @rule(spoken=st.booleans(), odds=ODDS)
    def a_person_takes_over(self, spoken, odds):
        if odds:
            return
        if spoken:
            self.personal.add(self.now)
            self.happens(StaffSpoke(at=self.now, messages=(Text(body="鈴木です"),), by="鈴木"))
        else:
            self.say("担当者")

    @precondition(lambda self: self.friend.taken_over is not None)
    @rule()
    def a_person_hands_back(self):
        self.happens(HandedBack(at=self.now, by="鈴木"))

    # -- one decision, and all that must hold of it ---------------------------------------------------------------

    def happens(self, event):
        COUNTED["steps"] += 1
        before = self.friend
        self.tally = replace(self.tally, sent=dict(self.sent))
        decision = decide(before, event, self.catalog, self.now, self.tally)
        assert decide(before, event, self.catalog, self.now, self.tally) == decision
        self.friend = loads(Friend, dumps(decision.friend))
        assert self.friend == decision.friend
        if event.id:
            again = decide(self.friend, event, self.catalog, self.now, self.tally)
            assert (again.friend, again.effects, again.facts) == (self.friend, (), ())
        sends = [effect for effect in decision.effects if isinstance(effect, Send)]
        self._check_sends(event, before, sends)
        self._check_facts(decision.facts)
        self._check_places()

    def _check_sends(self, event, before, sends):
        replies = [send for send in sends if send.way is Way.REPLY]
        pushes = [send for send in sends if send.way is Way.PUSH]
        assert len(replies) <= (1 if event.can_reply else 0)
        assert sends[: len(replies)] == replies
        assert all(1 <= len(send.bubbles) <= 5 for send in sends)
        if self.friend.left is not None:
            assert not sends
        personal = isinstance(event, StaffSpoke)
        assert self.tally.left is None or len(pushes) <= self.tally.left
        checked = set()
        for send in pushes:
            COUNTED["pushes"] += 1
            if not personal and send.source not in checked:
                self._check_push(send)
            # A step of more than five bubbles takes several sends: they go together.
            checked.add(send.source)
            self.sent[send.source.scenario] += 1
            if send.source.scenario:
                self.pushes.append(self.now)
        for send in sends:
            self._remember(send)

    def _check_push(self, send):
        account = self.catalog.account
        plan = self.catalog.scenario(send.source.scenario, send.source.version)
        windows = plan.windows if plan else ()
        assert is_open(self.now, windows, account.quiet_from, account.quiet_until, self.zone)
        today = local_day(self.now, self.zone)
        days = [local_day(at, self.zone) for at in self.pushes]
        if account.per_day:
            assert days.count(today) < account.per_day
        if account.per_week:
            assert sum((today - day).days < 7 for day in days) < account.per_week
        assert self.friend.pace is not Pace.NONE
        if self.friend.pace is Pace.HALF and days:
            assert (today - days[-1]).days >= 2
        assert plan is None or plan.caps is None or plan.caps.in_all is None or self.sent[send.source.scenario] < 5

    def _remember(self, send):
        for bubble in send.bubbles:
            for item in bubble.get("quickReply", {}).get("items", ()):
                if item["action"]["type"] == "postback":
                    assert len(item["action"]["data"]) <= 300
                    self.buttons.append(item["action"]["data"])

    def _check_facts(self, facts):
        assert sum(isinstance(fact, StepTaken) for fact in facts) <= 20
        for fact in facts:
            COUNTED[f"fact {fact.kind}"] += 1
            match fact:
                case Enrolled(scenario=key):
                    self.passed[key], self.paths[key] = set(), {""}
                    self.entered[key], self.last[key], self.reached[key] = fact.at, fact.at, -1
                    self.rebased.discard(key)
                case PathEntered(scenario=key):
                    self._enter(key, fact)
                case StepTaken(scenario=key):
                    COUNTED["taken"] += 1
                    self._check_step(key, fact)
                case StepSkipped(scenario=key, step=step):
                    COUNTED["skipped"] += 1
                    assert step not in self.passed[key]
                    self.passed[key].add(step)
                case ScenarioEnded(scenario=key):
                    # A late answer to a question of the last step may lead the same run on to a path.
                    self.over[key] = self.passed.pop(key)
                case ScoreChanged(score=score, points=points):
                    self.ledger[fold(score)] += points
                case TagAdded(tag=tag):
                    assert fold(tag) not in self.tags
                    self.tags.add(fold(tag))
                case TagRemoved(tag=tag):
                    self.tags.remove(fold(tag))
        assert self.tags == set(self.friend.tags)
        assert {key: points for key, points in self.friend.scores.items() if points} == {
            key: points for key, points in self.ledger.items() if points
        }

    def _enter(self, key, fact):
        path = fold(fact.path)
        self.passed.setdefault(key, self.over.get(key, set()))
        if path in self.paths[key]:
            ids = {
                step.id
                for plan in self.catalog.plans[key].versions.values()
                for line in a(Scenario, plan).lines
                if fold(line.name) == path
                for step in line.steps
            }
            self.passed[key] -= ids
        self.paths[key].add(path)
        self.entered[key], self.last[key], self.reached[key] = fact.at, fact.at, -1

    def _check_step(self, key, fact):
        assert fact.step not in self.passed[key], "once, and not after its goal"
        self.passed[key].add(fact.step)
        plan = there(self.catalog.scenario(key, fact.version))
        line, written = next((line, step) for line, step in plan.steps() if step.id == fact.step)
        step = _as_sent(written, fact.variant)
        place = [each.id for each in line.steps].index(step.id)
        waited_for = [each for each in line.steps[:place] if each.id not in self.passed[key]]
        if key not in self.rebased:
            assert all(is_dated(for_friend(each, self.friend.id)) for each in waited_for)
            if not is_dated(step):
                dated = [is_dated(replace(each, when=when)) for each in line.steps for _, when in times(each)]
                assert place > self.reached[key] or any(dated)
                self.reached[key] = max(self.reached[key], place)
        self._check_time(key, step)
        self.last[key] = self.now

    def _check_time(self, key, step):
        match step.when:
            case OnDay(days=days, months=0, clock=clock):
                first = local_day(self.entered[key], self.zone)
                assert self.now >= instant(first + timedelta(days=days), clock, self.zone)
            case AfterSend(delay=delay):
                assert self.now >= self.last[key] + delay
            case OnDate(date=day, clock=clock):
                assert self.now >= instant(day, clock, self.zone)
            case AroundDate(base="予約", days=days, clock=clock):
                base = local_day(self.friend.occasions[fold("予約")], self.zone)
                assert self.now >= instant(base + timedelta(days=days), clock, self.zone)

    def _check_places(self):
        """Sent, skipped, held and still to come are all there is; and whoever waits is looked at again."""
        for walk in self.friend.enrollments:
            plan = self.catalog.scenario(walk.scenario, walk.version)
            assert plan is not None
            assert plan.goal is None or GOAL not in self.friend.tags
            line = line_of(plan, walk.line)
            assert line is not None
            ids = [step.id for step in line.steps]
            assert walk.step in {*ids, "-"}
            assert len(set(walk.received)) == len(walk.received)
            assert set(walk.received) >= self.passed[walk.scenario] & set(ids)
            if walk.scenario not in self.rebased and not is_finishing(walk):
                here = ids.index(walk.step) if walk.step in ids else len(ids)
                accounted = {*walk.received, *walk.baseless}
                assert all(step in accounted for step in ids[:here])
            if walk.due is None and self.friend.left is None:
                assert walk.held is not None
                assert walk.held.rule in MAY_REST
        due = next_due(self.friend)
        assert due is None or self.friend.left is None

    def _id(self):
        self.count += 1
        return f"event-{self.count}"

    def _entry(self, name, entry):
        plans = {**self.catalog.plans, fold(name): entry}
        self.catalog = replace(self.catalog, plans=plans, revision=self.catalog.revision + 1)

    def teardown(self):
        COUNTED["lives"] += 1


def _as_sent(step, variant):
    """The step with the time of the variant that was sent: the two must go together."""
    first = step.body[0]
    if not isinstance(first, Split):
        return step
    whens = [one.when for one in first.variants if one.name == variant and one.when]
    return replace(step, when=whens[0]) if whens else step


def test_random_lives_break_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """One test, so that what was counted is counted in the process that asks."""
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=PER_RUN,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=STEPS == 0,
            print_blob=True,
        ),
    )
    assert COUNTED["steps"] >= STEPS
    assert min(COUNTED["lives"], COUNTED["taken"], COUNTED["pushes"]) > 0
    if STEPS:
        with capsys.disabled():
            sys.stdout.write(f"\n{dict(sorted(COUNTED.items()))}\n")
