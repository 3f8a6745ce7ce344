"""What came due and what waits: in order for each person, once, and never beyond the month's messages."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.delivery import Deciding
from bot.draining import Draining
from bot.handling import Allowance
from bot.performers.send import OURS_TO_REPLY, UNSURE
from bot.store.keys import SHARDS, shard_of
from flows.actions import AddTag
from flows.conditions import Everyone
from flows.decision import Tally
from flows.desk import Order
from flows.events import Ordered
from flows.names import FriendId
from simulator.faults import Fault
from simulator.state import Bubble
from tests.full_world import FullWorld
from tests.worlds import id_of, move, published, shop

SAKURA = id_of("friend")
SCRIPT = """\
# シナリオ 便り
開始: 友だち追加
終わったら: なし

## すぐ
ようこそ

## 1日後 10:00
1通目です

## 1日後 10:00
2通目です

## 2日後 10:00
3通目です
"""


def open_shop(world: FullWorld, *friends: str, script: str = SCRIPT) -> None:
    """A shop with one scenario, and friends who have been greeted."""
    world.install(published(shop(), script, world.now))
    for friend in friends:
        world.act(friend, "follows", "")
    world.heard()


def texts(bubbles: list[Bubble]) -> list[str]:
    """What was sent, in order, of one person's talk."""
    return [bubble.text for bubble in bubbles]


def pushed(world: FullWorld, who: FriendId = SAKURA) -> list[str]:
    """The counted messages that reached somebody."""
    return texts([bubble for bubble in world.fake.received(who) if bubble.how != "reply"])


def test_a_step_comes_at_its_time_and_once(world: FullWorld) -> None:
    """Neither early, nor twice because the worker looked twice."""
    open_shop(world, "friend")
    move(world, world.now + timedelta(hours=20))
    assert pushed(world) == []
    move(world, world.now + timedelta(hours=4))
    world.work()
    assert pushed(world) == ["1通目です", "2通目です"]


def test_the_same_words_for_many_go_as_one_multicast(world: FullWorld) -> None:
    """A hundred thousand friends are two hundred requests, not a hundred thousand."""
    names = [f"客{number}" for number in range(40)]
    open_shop(world, *names)
    move(world, world.now + timedelta(hours=24))
    calls = [call.path for call in world.fake.calls if call.path.endswith(("push", "multicast"))]
    assert len(calls) <= 2 * len(SHARDS)
    assert all(pushed(world, id_of(name)) == ["1通目です", "2通目です"] for name in names)


def test_order_is_kept_when_the_first_is_put_off(world: FullWorld) -> None:
    """The second of two messages never overtakes the first."""
    open_shop(world, "friend")
    world.fake.faults.chance(Fault.ERROR_BEFORE, 1.0, "push")
    move(world, world.now + timedelta(hours=24))
    assert pushed(world) == []
    world.fake.faults.reset()
    move(world, world.now + timedelta(minutes=1))
    assert pushed(world) == ["1通目です", "2通目です"]


def test_an_unanswered_push_is_the_same_push_later(world: FullWorld) -> None:
    """LINE took it and we never heard: the key tells."""
    open_shop(world, "friend")
    world.fake.faults.chance(Fault.ERROR_AFTER, 1.0, "push")
    move(world, world.now + timedelta(hours=24))
    world.fake.faults.reset()
    move(world, world.now + timedelta(minutes=1))
    assert pushed(world) == ["1通目です", "2通目です"]


def test_a_day_without_an_answer_is_a_quarantine(world: FullWorld) -> None:
    """LINE forgets the key after a day; sending again could double."""
    open_shop(world, "friend")
    world.fake.faults.chance(Fault.ERROR_BEFORE, 1.0, "push")
    move(world, world.now + timedelta(hours=23, minutes=50))
    world.now += timedelta(hours=23, minutes=30)
    world.fake.faults.reset()
    world.work()
    assert "1通目です" not in pushed(world)
    assert "quarantine" in world.store.outbox.failed()[0].reason
    assert "届いたかどうかわからない" in world.store.notices.since(None)[0].text


def leave_replies_behind(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the web process die each time between its commit and its answer."""
    monkeypatch.setattr(type(world.services.sender), "answer", lambda *_: None)


class DeadError(BaseException):
    """The worker is no more."""


def test_an_attempt_hidden_by_a_crash_is_not_repeated_a_day_later(
    world: FullWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LINE took it, we died before we wrote that down, and stayed away until LINE forgot the retry key."""

    def dies(*_: object) -> None:
        raise DeadError

    open_shop(world, "friend")
    with monkeypatch.context() as dead:
        dead.setattr(Draining, "_settle", dies)
        with pytest.raises(DeadError):
            move(world, world.now + timedelta(hours=24))
    assert pushed(world) == ["1通目です"]
    world.now += timedelta(hours=26)
    world.work()
    assert pushed(world) == ["1通目です", "3通目です"]
    # The second stood behind it in the same moment: what cannot be told apart is told to staff, not sent.
    assert [failed.reason for failed in world.store.outbox.failed()] == [UNSURE] * 2
    assert any("二重に届かないよう" in notice.text for notice in world.store.notices.since(None))


def test_what_was_held_for_long_was_never_tried(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waited for the month to turn, not for an answer of LINE's."""
    open_shop(world, "friend")
    shard, outbox = shard_of(SAKURA), world.store.outbox
    with monkeypatch.context() as idle:
        idle.setattr(type(outbox), "waiting", lambda *_: ())
        move(world, world.now + timedelta(hours=24))
    waiting = outbox.waiting(shard, world.now)
    outbox.begin(shard, waiting[-1].since)
    outbox.hold(shard, waiting)
    world.now += timedelta(days=10)
    outbox.release_held(shard)
    assert [entry.tries for entry in outbox.waiting(shard, world.now)] == [0] * len(waiting) != []


def test_a_reply_left_behind_goes_with_its_token_and_is_free(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web process died: while the token lives, a worker answers with it, but not before it is surely dead."""
    world.install(published(shop(), SCRIPT, world.now))
    leave_replies_behind(world, monkeypatch)
    world.act("friend", "follows", "")
    assert texts(world.fake.received(SAKURA)) == []
    move(world, world.now + timedelta(seconds=15))
    assert [(one.how, one.text) for one in world.fake.received(SAKURA)] == [("reply", "ようこそ")]


def test_a_reply_left_too_long_becomes_a_push(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute the token is dead; the answer then costs one message, but it arrives."""
    world.install(published(shop(), SCRIPT, world.now))
    leave_replies_behind(world, monkeypatch)
    world.act("friend", "follows", "")
    move(world, world.now + timedelta(minutes=2))
    assert [(one.how, one.text) for one in world.fake.received(SAKURA)] == [("push", "ようこそ")]


def test_a_reply_that_was_sent_and_not_removed_is_not_sent_again(
    world: FullWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web process died between LINE's 200 and the removal: the spent token tells."""
    world.install(published(shop(), SCRIPT, world.now))
    monkeypatch.setattr(type(world.services.sender), "_remove", lambda *_: None)
    world.act("friend", "follows", "")
    assert world.store.outbox.size() == 1
    move(world, world.now + timedelta(seconds=15))
    assert (world.store.outbox.size(), len(world.fake.received(SAKURA))) == (0, 1)


def test_a_token_that_is_too_old_makes_the_answer_a_push_at_once(world: FullWorld) -> None:
    """A webhook may come late; the person who waits is answered all the same."""
    open_shop(world, "friend")
    with world.fake.gathering() as events:
        world.fake.block(SAKURA)
        world.fake.follow(SAKURA)
    for token in world.fake.line.memory.replies.values():
        token.used = True
    world.install(
        published(world.catalog(), SCRIPT.replace("便り", "返り").replace("友だち追加", "キーワード 予約"), world.now)
    )
    with world.fake.gathering() as said:
        world.fake.say(SAKURA, "予約")
    for token in world.fake.line.memory.replies.values():
        token.used = True
    world.fake.deliver([*events, *said])
    world.work()
    assert pushed(world) == ["ようこそ"]


def test_a_message_line_refuses_is_given_up_alone(world: FullWorld) -> None:
    """One poisoned message must not hold up the next one, nor be tried for ever."""
    open_shop(world, "friend")
    world.fake.faults.poison(text="1通目")
    move(world, world.now + timedelta(hours=24))
    assert pushed(world) == ["2通目です"]
    assert len([call for call in world.fake.calls if "1通目" in call.body]) <= 12
    assert "Failed to send messages" in world.store.outbox.failed()[0].reason


def test_one_poisoned_recipient_does_not_cost_the_others_theirs(world: FullWorld) -> None:
    """LINE refuses a multicast as a whole: halve it until it is known whose fault it is."""
    names = [f"客{number}" for number in range(60)]
    open_shop(world, *names)
    bad = max(names, key=lambda name: sum(shard_of(id_of(name)) == shard_of(id_of(other)) for other in names))
    world.fake.faults.poison(user=id_of(bad))
    move(world, world.now + timedelta(hours=24))
    assert pushed(world, id_of(bad)) == []
    assert all(pushed(world, id_of(name)) == ["1通目です", "2通目です"] for name in names if name != bad)


def test_a_poisoned_message_for_many_is_given_up_after_a_few_attempts(world: FullWorld) -> None:
    """Nobody can have it: sixty separate refusals would tell nothing more."""
    open_shop(world, *[f"客{number}" for number in range(60)])
    world.fake.faults.poison(text="1通目")
    move(world, world.now + timedelta(hours=24))
    by_shard = len([call for call in world.fake.calls if "1通目" in call.body]) / len(SHARDS)
    assert by_shard <= 12


def test_the_month_is_never_overdrawn_and_the_rest_is_sent_later(world: FullWorld) -> None:
    """At exhaustion we stop, keep who is left, tell staff once, and go on when the limit grows."""
    world.fake.limit(5)
    names = [f"客{number}" for number in range(8)]
    open_shop(world, *names)
    world.services.quota.ask(world.now)
    move(world, world.now + timedelta(hours=24))
    sent = sum(len(pushed(world, id_of(name))) for name in names)
    held = world.store.outbox.held_recipients()
    waiting = sum(walk.held is not None for name in names for walk in world.friend(name).enrollments)
    assert sent <= 5
    assert held + waiting > 0
    assert [call for call in world.fake.calls if call.status == 429] == []
    assert len([notice for notice in world.store.notices.since(None) if "使い切りました" in notice.text]) <= 1
    world.fake.limit(1000)
    for _ in range(3):
        world.services.quota.ask(world.now)
        world.services.quota.look(world.now)
        move(world, world.now + timedelta(hours=6))
    assert world.store.outbox.held_recipients() == 0
    move(world, world.now + timedelta(days=2))
    assert all("1通目です" in pushed(world, id_of(name)) for name in names)


def test_lines_own_refusal_holds_everything_at_once(world: FullWorld) -> None:
    """Another tool used the messages up: a few refusals teach us, not one for each friend."""
    names = [f"客{number}" for number in range(30)]
    open_shop(world, *names)
    world.services.quota.ask(world.now)
    world.fake.limit(0)
    move(world, world.now + timedelta(hours=24))
    assert world.pushes() == 0
    assert len([call for call in world.fake.calls if call.status == 429]) <= 5
    world.fake.limit(None)
    world.services.quota.ask(world.now)
    world.services.quota.look(world.now)
    move(world, world.now + timedelta(days=3))
    assert all(pushed(world, id_of(name)) == ["1通目です", "2通目です", "3通目です"] for name in names)


def test_a_send_that_line_held_back_after_it_was_decided_is_known_as_such(world: FullWorld) -> None:
    """The step is taken and the entry waits: なぜ must not say that it was sent."""
    open_shop(world, "friend")
    world.now += timedelta(hours=24)
    world.services.quota.ask(world.now)
    world.fake.limit(0)
    world.work()
    waiting = world.store.reports(world.now).undelivered(SAKURA)
    assert {(one.source.scenario, one.held) for one in waiting} == {("便り", True)}
    world.fake.limit(None)
    world.services.quota.ask(world.now)
    world.services.quota.look(world.now)
    move(world, world.now + timedelta(days=3))
    assert pushed(world) == ["1通目です", "2通目です", "3通目です"]
    assert not world.store.reports(world.now).undelivered(SAKURA)


def test_a_friend_whose_decision_fails_does_not_stop_his_neighbours(world: FullWorld) -> None:
    """One unreadable record among two hundred."""
    open_shop(world, "friend", "美咲")
    key = world.store.keys.friend(SAKURA)
    world.store.server.execute_command("SET", key, b"not a record")
    move(world, world.now + timedelta(hours=24))
    assert pushed(world, id_of("美咲")) == ["1通目です", "2通目です"]
    assert pushed(world) == []
    assert SAKURA in world.store.due.parked()


def test_an_order_to_many_reaches_each_once(world: FullWorld) -> None:
    """Whom it concerns is frozen when it is given; a portion done twice is done once."""
    names = [f"客{number}" for number in range(30)]
    open_shop(world, *names)
    order = Order(event=Ordered(at=world.now, actions=(AddTag(name="案内"),), by="花"), everyone_who=Everyone())
    world.services.order_many("event1:0", order, world.catalog(), world.now)
    world.services.order_many("event1:0", order, world.catalog(), world.now)
    world.work()
    assert all(list(world.friend(name).tags) == ["案内"] for name in names)
    assert world.store.orders.busy() == ()
    before = {name: world.store.friends.load(id_of(name)).rev for name in names}
    world.services.order_many("event1:0", order, world.catalog(), world.now)
    world.work()
    assert {name: world.store.friends.load(id_of(name)).rev for name in names} == before


def test_the_web_process_keeps_its_replies_for_a_while(world: FullWorld) -> None:
    """A worker that took them would use the token twice."""
    assert timedelta(seconds=5) <= OURS_TO_REPLY <= timedelta(seconds=30)


def test_the_catalog_keeps_what_an_order_needs(world: FullWorld) -> None:
    """Nothing of an order is lost on its way through Redis."""
    open_shop(world, "friend")
    event = Ordered(at=world.now, actions=(AddTag(name="案内"),), by="花")
    world.store.orders.give("x:1", event, {shard_of(SAKURA): 1 << 7}, world.now)
    portion = world.store.orders.next(shard_of(SAKURA), 10)
    assert portion is not None
    assert replace(portion.event, at=event.at) == event


class AllAtOnce:
    """Lets every worker read the tally before any of them has sent: the moment in which a cap was exceeded."""

    def __init__(self, allowance: Allowance, workers: int) -> None:
        self._allowance = allowance
        self._barrier = threading.Barrier(workers)

    def fresh(self) -> Tally:
        tally = self._allowance.fresh()
        self._barrier.wait(10)
        return tally

    def tally(self) -> Tally:
        return self._allowance.tally()

    def held(self, now: datetime) -> None:
        self._allowance.held(now)


def test_two_workers_that_decide_at_once_do_not_exceed_a_cap_in_all(world: FullWorld) -> None:
    """全部で3通, and more friends than that due in two shards at the same moment."""
    names = [f"客{number}" for number in range(60)]
    shards = sorted({shard_of(id_of(name)) for name in names})[:2]
    mine = [name for name in names if shard_of(id_of(name)) in shards]
    assert len(mine) > 3
    open_shop(world, *mine, script=SCRIPT.replace("開始: 友だち追加", "開始: 友だち追加\n上限: 全部で3通"))
    world.now += timedelta(hours=24)
    services = world.services
    allowance = AllAtOnce(services.quota, 2)
    with ThreadPoolExecutor(2) as pool, ThreadPoolExecutor(2) as hands:
        workers = [Deciding(services.store, services.friendly, services.clock, allowance, hands) for _ in shards]
        looked = list(pool.map(lambda pair: pair[0].due(pair[1]), zip(workers, shards, strict=True)))
    assert all(looked)
    world.work()
    sent = [text for name in mine for text in pushed(world, id_of(name))]
    assert sent == ["1通目です"] * 3
