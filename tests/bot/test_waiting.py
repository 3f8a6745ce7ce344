"""Events that wait for LINE: names, photos, files; and nothing lost when we die meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store.keys import Shard
from bot.waiting import OURS_FOR, WaitingRoom
from flows.names import FriendId, Key
from simulator.faults import Fault
from tests.bot.test_delivery import SCRIPT, open_shop, texts
from tests.bot.test_staff import claim, last
from tests.full_world import FullWorld
from tests.worlds import OWNER_CODE, id_of, move, published, shop

SAKURA, OWNER = id_of("friend"), id_of("staff")
NAMED = SCRIPT.replace("ようこそ", "{名前さん|お客様}、ようこそ")
BOOKING = """\
# シナリオ 予約の受付
開始: キーワード 予約
終わったら: なし

## すぐ
ご希望の日は？
"""
PHOTO = """\
# シナリオ 写真
開始: 友だち追加
終わったら: なし

## すぐ
? 写真（写真）
お写真を送ってください
"""


def test_the_first_bubble_knows_the_name(world: FullWorld) -> None:
    """She reads her own name before she has said a word, at no cost."""
    open_shop(world, "friend", script=NAMED)
    assert [(one.how, one.text) for one in world.fake.received(SAKURA)] == [("reply", "さくらさん、ようこそ")]
    assert world.store.inbox.busy() == ()


def test_a_name_that_line_does_not_tell_is_done_without(world: FullWorld) -> None:
    """The owner wrote what to say then; and the greeting must not wait for a name."""
    world.fake.faults.chance(Fault.ERROR_BEFORE, 1.0, "profile")
    open_shop(world, "friend", script=NAMED)
    assert texts(world.fake.received(SAKURA)) == ["お客様、ようこそ"]


def test_a_process_that_dies_leaves_the_event_to_the_workers(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """We said 200: LINE will not bring it again."""
    world.install(published(shop(), NAMED, world.now))
    with monkeypatch.context() as dead:
        dead.setattr(WaitingRoom, "_serve", _die)
        world.act("friend", "follows", "")
    assert texts(world.fake.received(SAKURA)) == []
    move(world, world.now + OURS_FOR + timedelta(seconds=1))
    assert [(one.how, one.text) for one in world.fake.received(SAKURA)] == [("reply", "さくらさん、ようこそ")]
    assert world.store.inbox.busy() == ()


def _die(room: WaitingRoom, _shard: Shard, friend: FriendId) -> None:
    with room._state:
        del room._serving[friend]
        room._state.notify_all()


def test_what_she_does_next_waits_behind_what_is_fetched(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a cold start her words overtook her follow, and a pasted script was a stranger's words."""
    world.install(published(published(shop(), NAMED, world.now), BOOKING, world.now))
    with monkeypatch.context() as slow:
        slow.setattr(WaitingRoom, "_serve", _die)
        world.act("friend", "follows", "")
        world.act("friend", "says", "予約")
        world.act("friend", "blocks", "")
    assert world.friend("friend").joined is None
    world.act("美咲", "follows", "")
    assert texts(world.fake.received(id_of("美咲"))) == ["美咲さん、ようこそ"]
    move(world, world.now + OURS_FOR + timedelta(seconds=1))
    friend = world.friend("friend")
    assert friend.joined is not None
    assert friend.left is not None
    assert list(friend.past) == [Key("予約の受付")]
    assert world.store.inbox.busy() == ()


def test_what_was_left_behind_comes_before_what_comes_now(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process died with her follow; the next one gets her words."""
    world.install(published(published(shop(), NAMED, world.now), BOOKING, world.now))
    with monkeypatch.context() as dead:
        dead.setattr(WaitingRoom, "_serve", _die)
        world.act("friend", "follows", "")
    world.act("friend", "says", "予約")
    assert texts(world.fake.received(SAKURA)) == ["さくらさん、ようこそ", "ご希望の日は？"]
    assert world.store.inbox.busy() == ()


def test_a_follow_brought_again_is_answered_once(world: FullWorld) -> None:
    """Redelivered while it waited, or after it was decided."""
    world.install(published(shop(), NAMED, world.now))
    world.fake.add_person(SAKURA, "さくら")
    world._people.append("friend")
    with world.fake.gathering() as events:
        world.fake.follow(SAKURA)
    world.fake.deliver([*events, *events])
    world.work()
    world.fake.again(events)
    world.work()
    assert texts(world.fake.received(SAKURA)) == ["さくらさん、ようこそ"]


def test_a_photo_that_answers_a_question_is_kept(world: FullWorld) -> None:
    """LINE forgets what people send; the record keeps a reference that nobody can guess."""
    open_shop(world, "friend", script=PHOTO)
    world.fake.send_image(SAKURA, b"\x89PNG picture", "image/png")
    world.work()
    value = world.friend("friend").fields[Key("写真")].value
    assert value.startswith("media:")
    about = world.store.media.about(value.removeprefix("media:"))
    assert about is not None
    assert b"".join(world.store.media.read(about)) == b"\x89PNG picture"
    page = world.client.get(f"/media/{about.id}")
    assert (page.data, page.content_type) == (b"\x89PNG picture", "image/png")


def test_a_photo_nobody_asked_for_is_not_fetched(world: FullWorld) -> None:
    """Friends send holiday pictures; they are none of our business."""
    open_shop(world, "friend")
    world.fake.send_image(SAKURA)
    world.work()
    assert [call for call in world.fake.calls if "/content" in call.path] == []


def test_photos_sent_together_are_answered_once(world: FullWorld) -> None:
    """They arrive as events of their own, in any order; five answers would be four too many."""
    claim(world, OWNER_CODE)
    world.act("staff", "says", "シナリオ作成 便り")
    before = len(world.fake.received(OWNER))
    with world.fake.gathering() as events:
        world.fake.send_images(OWNER, [b"one", b"two", b"three"])
    world.fake.deliver([events[2]])
    world.fake.deliver([events[0]])
    world.fake.deliver([events[1]])
    world.work()
    answers = {call.request_id for call in world.fake.calls if call.path.endswith("reply")}
    assert len(world.fake.received(OWNER)) > before
    assert len(answers) == 3
    assert world.store.inbox.busy() == ()


def test_a_text_file_is_read_as_a_pasted_script(world: FullWorld) -> None:
    """A script too long for a message is sent as a file."""
    claim(world, OWNER_CODE)
    world.fake.send_file(OWNER, "便り.txt", SCRIPT.encode("utf-8-sig"))
    world.work()
    assert "便り" in last(world).text
    assert "便り" in world.catalog().plans


def test_a_video_in_preparation_is_waited_for(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """LINE answers 202 for a while; the workers ask again later."""
    monkeypatch.setattr("bot.waiting.PREPARING_SECONDS", ())
    claim(world, OWNER_CODE)
    world.fake.send_video(OWNER, b"film", ready_in=30)
    world.work()
    assert world.store.inbox.busy() != ()
    before = len(world.fake.received(OWNER))
    move(world, world.now + timedelta(seconds=31))
    assert world.store.inbox.busy() == ()
    assert len(world.fake.received(OWNER)) > before
