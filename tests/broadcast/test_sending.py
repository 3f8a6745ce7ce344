"""A broadcast arrives exactly once, at those it is for at the moment of sending, and its report balances."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.actions import StartScenario
from flows.broadcast import Missed, Progress, Walkers
from flows.catalog import Account
from flows.conditions import Tagged, Top
from flows.events import Ordered
from flows.facts import BroadcastSkipped, Rule
from flows.friend import Label, Pace, Sent
from flows.messages import Text
from flows.names import Key, fold
from flows.pace import Limits
from flows.scenario import Say, Split, Variant
from simulator.faults import Fault
from tests.broadcast.town import GRACE, WORDS, arrivals, person, planned, progress, put, run, settle, town
from tests.worlds import START, id_of, published

ALIKE = (Say(message=Text(body=WORDS)),)
NAMED = (Say(message=Text(body="{名前さん|お客様}、" + WORDS)),)
WALK = """# シナリオ 新規様
開始: 手動

## 2日後 19:00
おたより
"""


def balances(found: Progress) -> bool:
    """planned = accepted + failed + held + skipped + stopped, and nothing is left."""
    parts = found.accepted + found.failed + found.held + sum(found.skipped.values()) + found.stopped
    return found.over and found.left == 0 and found.waiting == 0 and found.planned == parts


@pytest.mark.parametrize(
    ("people", "body"),
    [
        pytest.param(400, "named"),
        pytest.param(1_500, "alike"),
        pytest.param(10_000, "named", marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
)
def test_it_arrives_exactly_once_through_faults(people: int, body: str) -> None:
    """3 % have blocked, 5 % of the requests meet a 500, and 2 % of the answers are lost."""
    with town(people) as world:
        gone = [person(number, world.now).id for number in range(0, people, 33)]
        for one in gone[: len(gone) // 2]:
            world.fake.block(one)
        for one in gone[len(gone) // 2 :]:
            with world.fake.gathering():
                world.fake.block(one)
        world.work()
        world.fake.faults.chance(Fault.ERROR_BEFORE, 0.025)
        world.fake.faults.chance(Fault.ERROR_AFTER, 0.025)
        world.fake.faults.chance(Fault.RESET_AFTER, 0.02)
        sent = planned(world, body=NAMED if body == "named" else ALIKE)
        run(world, minutes=12)
        came = arrivals(world)
        found = progress(world, sent)
    assert set(came.values()) == {1}
    assert len(came) == found.planned == people - len(gone) // 2
    assert found.accepted == found.planned
    assert balances(found)


def test_who_is_addressed_is_looked_at_again_at_the_moment_of_sending() -> None:
    """Somebody who has booked since the screen must not be asked to book."""
    with town(30, tags={fold("興味"): Label(at=START)}) as world:
        later = world.now + timedelta(hours=2)
        one = planned(world, condition=Tagged(name="興味"), at=later)
        run(world)
        assert not arrivals(world)
        settle(world, [person(number, world.now) for number in range(10)])
        world.now = later
        run(world)
        found = progress(world, one)
        assert found.planned == found.accepted == len(arrivals(world)) == 20


def test_every_friend_passes_the_gate_and_the_reason_is_kept() -> None:
    """配信停止, 通知を減らす, the week's cap, a talk with staff, a scenario half way: none of them is reached."""
    with town(3) as world:
        world.install(replace(world.catalog(), account=Account(name="花", per_week=1)))
        world.install(published(world.catalog(), WALK, world.now))
        today = (Sent(at=world.now - timedelta(hours=20), scenario=Key("新規様")),)
        odd = {
            Rule.PACE: person(10, world.now, pace=Pace.NONE),
            Rule.CAP: person(11, world.now, sends=today),
            Rule.PAUSED: person(12, world.now, taken_over=world.now),
        }
        settle(world, list(odd.values()))
        one = planned(world)
        run(world)
        found = progress(world, one)
        assert dict(found.skipped) == dict.fromkeys(odd, 1)
        assert found.accepted == 3
        assert balances(found)
        for rule, friend in odd.items():
            facts = world.store.friends.load(friend.id).facts
            assert [fact.why for fact in facts if isinstance(fact, BroadcastSkipped)] == [rule]


def test_those_in_the_middle_of_a_scenario_are_left_out_where_that_was_chosen() -> None:
    """Two streams of messages at once make people block."""
    with town(0) as world:
        world.install(published(world.catalog(), WALK, world.now))
        world.act("さくら", "follows", "")
        world.act("花", "follows", "")
        start = Ordered(at=world.now, actions=(StartScenario(name="新規様"),))
        world.services.friendly.act(id_of("さくら"), start)
        skipping = planned(world, walkers=Walkers.SKIP)
        run(world)
        assert progress(world, skipping).planned == 1
        assert arrivals(world) == {id_of("花"): 1}


def test_stopped_within_the_grace_nothing_is_sent() -> None:
    """A minute is enough to notice the wrong date in the text."""
    with town(20) as world:
        one = planned(world)
        world.now += GRACE - timedelta(seconds=1)
        world.work()
        put(world, replace(one, stopped=world.now))
        run(world)
        assert not arrivals(world)
        assert world.store.broadcasts.progress(one) is None


def test_stopped_on_the_way_the_rest_get_nothing_and_are_counted() -> None:
    """Half a broadcast stays half a broadcast."""
    with town(60) as world:
        one = planned(world)
        world.now += GRACE
        world.workshop.tick()
        first = next(iter(world.workshop.busy()))
        world.workshop.deliver(first)
        before = progress(world, one)
        put(world, replace(one, stopped=world.now))
        run(world)
        found = progress(world, one)
        assert found.accepted == before.ready == len(arrivals(world))
        (said,) = [each.text for each in world.store.notices.since(None) if one.name in each.text]
        assert f"途中で止めました（送った人 {before.ready}人・送らなかった人 {60 - before.ready}人）" in said
    assert 0 < before.ready < 60
    assert found.stopped == 60 - before.ready
    assert balances(found)


def test_who_stands_highest_is_asked_again_when_it_goes() -> None:
    """上位2人 when it was planned are not those who are when it goes; of the others it is said why."""
    with town(6) as world:
        settle(world, [person(number, world.now, scores={Key(""): number}) for number in range(6)])
        one = planned(world, condition=Top(most=2))
        settle(world, [person(0, world.now, scores={Key(""): 9})])
        run(world)
        assert progress(world, one).accepted == 2
        assert set(arrivals(world)) == {person(0, world.now).id, person(5, world.now).id}


def test_nothing_begins_while_the_indexes_are_not_what_they_should_be() -> None:
    """A set that may be wrong is not sent to; as soon as it is right, it goes."""
    with town(20) as world:
        one = planned(world)
        while not world.store.reindexing.step(world.catalog().account.tz, Limits(per_day=9)):
            pass
        world.now += GRACE
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(world.store.reindexing), "step", lambda *_: False)
            world.workshop.tick()
            assert world.store.broadcasts.progress(one) is None
        assert not world.store.reindexing.stands(world.catalog().account.tz, world.catalog().account.limits).right
        run(world)
        assert progress(world, one).accepted == 20


def test_whoever_line_refuses_for_good_is_counted_as_failed() -> None:
    """One unknown recipient in a multicast must not cost the others theirs."""
    with town(40) as world:
        world.fake.faults.poison(user=person(7, world.now).id)
        one = planned(world)
        run(world)
        found = progress(world, one)
        assert (found.failed, found.accepted) == (1, 39)
        assert balances(found)


def test_what_line_has_no_quota_for_is_held_and_said_so() -> None:
    """Nothing is dropped in silence."""
    with town(30) as world:
        world.fake.limit(10)
        one = planned(world)
        run(world)
        found = progress(world, one)
        assert found.accepted + found.held + sum(found.skipped.values()) == found.planned == 30
        assert found.accepted <= 10
        assert balances(found)


def test_it_is_not_begun_in_the_hours_in_which_nothing_is_sent() -> None:
    """Nobody is woken by a campaign, whatever kept it from its time; too late, staff decide."""
    with town(5) as world:
        night = world.now.replace(hour=12, minute=30)  # 21:30 in Tokyo
        one = planned(world, at=night)
        world.now = night
        run(world)
        assert world.store.broadcasts.progress(one) is None
        world.now = night + timedelta(hours=11)
        run(world)
        assert world.store.broadcasts.progress(one) is None
        assert any("予定の時刻に送れませんでした" in notice.text for notice in world.store.notices.since(None))


def test_it_rests_in_the_hours_in_which_nothing_is_sent_and_goes_on_in_the_morning() -> None:
    """A broadcast of 20:59 to a great many must not reach the last of them at night."""
    with town(60) as world:
        evening = world.now.replace(hour=11, minute=58)  # 20:58 in Tokyo
        one = planned(world, at=evening)
        world.now = evening + GRACE
        world.workshop.tick()
        world.workshop.deliver(next(iter(world.workshop.busy())))
        first = len(arrivals(world))
        world.now = evening + timedelta(minutes=3)
        run(world)
        assert 0 < len(arrivals(world)) == first < 60
        world.now = evening + timedelta(hours=11, minutes=5)
        run(world)
        assert progress(world, one).accepted == len(arrivals(world)) == 60


def test_variants_are_stable_and_the_rest_waits() -> None:
    """10 % first, the rest to the better one."""
    split = Split(
        variants=(
            Variant(name="A", share=30, body=(Say(message=Text(body=f"A {WORDS}")),)),
            Variant(name="B", share=30, body=(Say(message=Text(body=f"B {WORDS}")),)),
            Variant(name="残り", share=40, body=()),
        )
    )
    with town(200) as world:
        one = planned(world, body=(split,))
        run(world)
        found = progress(world, one)
        assert set(found.sent) == {"A", "B"}
        assert found.skipped == {Missed.WAITS: 200 - found.ready}
        assert 30 <= found.sent["A"] <= 90
        assert balances(found)
        friend = person(0, world.now)
        reached = world.store.friends.load(friend.id).friend
        trial = reached.trials.get(fold(one.name))
        assert (trial is not None) == (Key(fold(one.name)) in reached.broadcasts)
