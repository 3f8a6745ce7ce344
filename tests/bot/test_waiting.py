"""Events that wait for LINE: names, photos, files; and nothing lost when we die meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.shelf import Shelf
from bot.store.errors import MediaAwayError
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


class Away:
    """A place for photos that cannot be reached until it is `back`."""

    def __init__(self, world: FullWorld) -> None:
        self.shelf = Shelf(world.store.media, world.clock)
        self.back = False

    def put(self, blob: bytes, content_type: str, *, name: str = "", sender: FriendId | None = None) -> str:
        if not self.back:
            raise MediaAwayError
        return self.shelf.put(blob, content_type, name=name, sender=sender)


def test_a_friends_photo_waits_for_the_place_that_is_to_hold_it(
    world: FullWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket that stumbles must not cost an answer, nor the order of what she says."""
    open_shop(world, "friend", script=PHOTO)
    away = Away(world)
    monkeypatch.setattr(world.services.waiting, "_media", away)
    world.fake.send_image(SAKURA, b"\x89PNG picture", "image/png")
    world.work()
    assert Key("写真") not in world.friend("friend").fields
    away.back = True
    world.now += timedelta(seconds=30)
    world.work()
    assert world.friend("friend").fields[Key("写真")].value.startswith("media:")
    assert world.store.media.senders(world.friend("friend").fields[Key("写真")].value.removeprefix("media:")) == (
        SAKURA,
    )


def test_staff_are_told_at_once_when_nothing_can_be_kept(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """She holds the phone in her hand, and can send it again."""
    world.act("staff", "follows", "")
    for words in (f"登録 {OWNER_CODE}", "部品作成 地図"):
        world.act("staff", "says", words)
    monkeypatch.setattr(world.services.waiting, "_media", Away(world))
    world.act("staff", "sends", "image")
    told = world.fake.received(id_of("staff"))[-1].text
    assert "置き場につながりません。しばらくして、もう一度送ってください。" in told
    assert "本文を送ってください" in told


def test_a_type_that_contradicts_the_event_is_not_believed(world: FullWorld) -> None:
    """A photo handed out as plain bytes would show nowhere."""
    open_shop(world, "friend", script=PHOTO)
    world.fake.send_image(SAKURA, b"\x89PNG picture", "application/octet-stream")
    world.work()
    about = world.store.media.about(world.friend("friend").fields[Key("写真")].value.removeprefix("media:"))
    assert about is not None
    assert about.content_type == "image/jpeg"


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
