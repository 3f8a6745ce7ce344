"""Promises that have a second net below them: each is tried where its own guard is what holds it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from errno import ENOSPC
from pathlib import Path

import pytest
from flask import Flask

from bot import webhook
from bot.draining import Draining
from bot.embedded import running_redis
from bot.log import Unstoppable
from bot.performers import Done, Performed
from bot.store.entries import Entry
from bot.store.keys import Shard, shard_of
from bot.waiting import OURS_FOR, WaitingRoom
from flows import engine
from flows.actions import AddScore
from flows.conditions import Everyone
from flows.desk import Order
from flows.effects import Send, Way
from flows.events import CameDue, Ordered
from flows.names import FriendId, Key, StepId, fold
from flows.scenario import Line, Scenario
from flows.turn import Turn
from tests.engine.life import Life
from tests.full_world import FullWorld, full_world
from tests.worlds import OWNER_CODE, id_of, move, published, shop

SAKURA = id_of("friend")
SCRIPT = """\
# シナリオ 便り
開始: 友だち追加
終わったら: なし

## すぐ
ようこそ

## 1日後 10:00
{名前さん|お客様}へ
"""


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """The whole stack."""
    with full_world() as made:
        yield made


@pytest.fixture
def real(tmp_path: Path) -> Iterator[str]:
    """A real server of its own."""
    with running_redis(tmp_path / "redis") as url:
        yield url


def follow(world: FullWorld, *names: str) -> None:
    """A shop with one scenario, and these friends greeted."""
    world.install(published(shop(), SCRIPT, world.now))
    for name in names:
        world.act(name, "follows", "")


def came(world: FullWorld, name: str) -> list[str]:
    """What reached somebody at our expense."""
    return [one.text for one in world.fake.received(id_of(name)) if one.how != "reply"]


def test_a_decision_that_fails_stops_nobody_else(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours with one friend must not cost two hundred others their message; he is put aside and shown."""
    follow(world, "friend", "美咲")
    handle = engine._HANDLERS[CameDue]

    def fails(turn: Turn, event: CameDue) -> None:
        if turn.friend.id == SAKURA:
            raise ZeroDivisionError
        handle(turn, event)

    monkeypatch.setitem(engine._HANDLERS, CameDue, fails)
    move(world, world.now + timedelta(hours=24))
    assert SAKURA in world.store.due.parked()
    assert (came(world, "friend"), came(world, "美咲")) == ([], ["美咲さんへ"])


class Waits:
    """A performer that never answers, and notes whom it was asked to write to."""

    def __init__(self) -> None:
        self.asked: list[FriendId] = []

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Noted."""
        self.asked += entry.to
        done: Future[Performed] = Future()
        done.set_result(Done())
        return done


class Free:
    """Messages for all."""

    def take(self, costs: Sequence[int], now: datetime) -> int:
        """All of them."""
        return len(costs)

    def give_back(self, messages: int, now: datetime) -> None:
        """Kept."""


def test_two_messages_for_one_friend_are_never_on_their_way_together(world: FullWorld) -> None:
    """LINE keeps no order between two requests: the second goes when the first has arrived."""
    shard, outbox = shard_of(SAKURA), world.store.outbox
    for words in ("一", "二"):
        push = Send(bubbles=({"type": "text", "text": words},), way=Way.PUSH)
        world.store.consoles.effects(SAKURA, [push], at=world.now, event_id=words)
    performer = Waits()
    draining = Draining(outbox, {Send.kind: performer}, world.clock, Free(), lambda *_: None)
    assert draining.round(shard) == 1
    assert performer.asked == [SAKURA]
    assert draining.round(shard) == 1
    assert outbox.size() == 0


def test_what_was_brought_in_before_the_place_reached_is_not_sent() -> None:
    """An owner who adds a step at the beginning does not mean those who are past it, even where their own step is gone."""
    life = Life(("# シナリオ 三つ\n開始: 友だち追加\n終わったら: なし\n\n## すぐ\n一\n## 1日後 19:00\n二\n",))
    life.follow()
    entry = life.catalog.plans[fold("三つ")]
    plan = entry.versions[1]
    assert isinstance(plan, Scenario)
    first, second = plan.lines[0].steps
    early, late = replace(second, id=StepId("新しい初め")), replace(second, id=StepId("新しい次"))
    changed = replace(plan, lines=(Line(steps=(early, first, late)),))
    life.catalog = replace(
        life.catalog,
        plans={**life.catalog.plans, fold("三つ"): replace(entry, versions={1: plan, 2: changed}, current=2)},
    )
    life.rebase("三つ", 2)
    life.until("2026-12-31 12:00")
    assert life.taken() == [first.id, "新しい次"]


def test_a_refusal_for_want_of_quota_starts_no_storm(world: FullWorld) -> None:
    """LINE counts refused requests too, and refuses whoever goes on asking."""
    follow(world, "friend")
    world.services.quota.ask(world.now)
    world.fake.limit(0)
    for number in range(8):
        push = Send(bubbles=({"type": "text", "text": f"{number}"},), way=Way.PUSH)
        world.store.consoles.effects(SAKURA, [push], at=world.now, event_id=f"event{number}")
    for _ in range(5):
        world.work()
        world.services.quota.is_spent = False
        world.now += timedelta(seconds=30)
    assert sum(call.status == 429 for call in world.fake.calls) == 1
    assert world.store.outbox.held_recipients() == 8


def test_a_portion_of_an_order_done_twice_is_done_once(world: FullWorld) -> None:
    """The worker died after the commit, before it was noted that these friends are served."""
    follow(world, "friend")
    order = Order(event=Ordered(at=world.now, actions=(AddScore(points=1),), by="花"), everyone_who=Everyone())
    world.services.order_many("event1:0", order, world.catalog(), world.now)
    shard = shard_of(SAKURA)
    portion = world.store.orders.next(shard, 200)
    assert portion is not None
    world.work()
    before = world.store.friends.load(SAKURA)
    assert before.friend.scores[Key("")] == 1
    world.store.server.execute_command("HDEL", world.store.keys.orders(shard), portion.order)
    world.store.server.execute_command("DEL", world.store.keys.order(shard, portion.order))
    world.services.order_many("event1:0", order, world.catalog(), world.now)
    world.work()
    assert world.store.friends.load(SAKURA) == before


def test_a_friend_has_no_console_beside_an_owner(world: FullWorld) -> None:
    """Words of the console from anybody else are words, whoever he says he is."""
    world.act("staff", "says", f"登録 {OWNER_CODE}")
    before = world.catalog()
    for words in ("タグ作成 VIP", "スタッフ追加 編集者", "管理に戻る", "やめる"):
        world.act("friend", "says", words)
    assert world.catalog() == before
    assert fold("VIP") not in before.tags


def test_a_huge_body_is_not_read() -> None:
    """Not one byte of it: memory is bounded, whoever sends."""

    class Unread(io.RawIOBase):
        """A body that must be left alone."""

        def readinto(self, _buffer: object) -> int:
            raise AssertionError("it was read")

        def readable(self) -> bool:
            return True

    app = Flask(__name__)
    app.register_blueprint(webhook.blueprint("secret", lambda _batch: None))
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(webhook.LARGEST + 1)}
    answer = app.test_client().post("/callback", environ_overrides=body)
    assert answer.status_code == 400


def test_a_redis_that_takes_no_writes_is_told_to_whoever_watches(real: str) -> None:
    """It answers, so that nothing looks wrong until a friend writes: the disk is full, or the memory."""
    with full_world(real) as world:
        world.workshop.tick()
        assert world.client.get("/healthz").status_code == 200
        world.store.server.execute_command("CONFIG", "SET", "maxmemory", "1")
        answer = world.client.get("/healthz")
        world.store.server.execute_command("CONFIG", "SET", "maxmemory", "0")
    assert answer.status_code == 503
    assert "いっぱい" in answer.text


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """A full disk may cost the line."""

    class Full(io.StringIO):
        """A disk without room."""

        def write(self, _text: str) -> int:
            raise OSError(ENOSPC, "No space left on device")

        def flush(self) -> None:
            raise OSError(ENOSPC, "No space left on device")

    stream = Unstoppable(Full())
    assert stream.write("step.sent\n") == 10
    stream.flush()


def test_a_word_that_a_power_loss_took_does_not_change_the_key_of_the_step() -> None:
    """LINE has the step already; under another key she would get it twice, and with her all of the same multicast."""
    keys = []
    for speaks in (True, False):
        with full_world() as world:
            follow(world, "friend")
            if speaks:
                world.act("friend", "says", "こんにちは")
            move(world, world.now + timedelta(hours=24))
            keys.append([one.retry_key for one in world.fake.ledger if one.how == "push"])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 1


def test_the_next_step_of_the_same_words_has_another_key() -> None:
    """A key met before is a message that LINE does not deliver."""
    with full_world() as world:
        world.install(published(shop(), SCRIPT + "\n## 2日後 10:00\n{名前さん|お客様}へ\n", world.now))
        world.act("friend", "follows", "")
        move(world, world.now + timedelta(days=2))
        assert came(world, "friend") == ["さくらさんへ", "さくらさんへ"]
        assert len({one.retry_key for one in world.fake.ledger if one.how == "push"}) == 2


def test_words_of_staff_left_by_a_dead_process_are_answered_by_the_next(
    world: FullWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker knows the console; they waited until the owner wrote again."""
    world.act("staff", "says", f"登録 {OWNER_CODE}")

    def dies(room: WaitingRoom, _shard: Shard, friend: FriendId) -> None:
        with room._state:
            del room._serving[friend]

    with monkeypatch.context() as dead:
        dead.setattr(WaitingRoom, "_serve", dies)
        world.fake.send_image(id_of("staff"))
    before = len(world.fake.received(id_of("staff")))
    assert world.store.inbox.busy() == (shard_of(id_of("staff")),)
    world.now += OURS_FOR + timedelta(seconds=1)
    assert world.services.waiting.sweep_all() == 1
    assert world.services.sender.settle()
    assert len(world.fake.received(id_of("staff"))) > before
    assert world.store.inbox.busy() == ()
