"""Photos, films and voices: from the owner's phone into the record, and from there to friends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from bot import pictures
from bot.erasing import Erasing
from bot.shelf import LARGEST
from flows.actions import SetField
from flows.broadcast import Broadcast
from flows.catalog import Part
from flows.conditions import Everyone
from flows.events import Ordered
from flows.friend import Friend
from flows.messages import Image as Picture
from flows.messages.sticker import REFUSED
from flows.names import fold
from flows.scenario import Say
from simulator.state import Bubble
from tests.full_world import FullWorld, full_world
from tests.worlds import OWNER_CODE, id_of

BASE = "https://shop.example"
OWNER, SAKURA = id_of("staff"), id_of("friend")


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """The whole stack, reached under an address of its own, with an owner who is writing the first message."""
    with full_world() as made:
        catalog = made.catalog()
        made.install(replace(catalog, account=replace(catalog.account, base_url=BASE)))
        made.act("staff", "follows", "")
        for words in (f"登録 {OWNER_CODE}", "シナリオ作成 秋", "温める", "友だち追加"):
            made.act("staff", "says", words)
        yield made


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    """A photo that does not become small by itself."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, kind, quality=95)
    return out.getvalue()


def last(world: FullWorld, who: str) -> Bubble:
    return world.fake.received(id_of(who))[-1]


def fetched(world: FullWorld, address: str, **headers: str) -> Any:
    """What a phone gets from that address."""
    assert address.startswith(BASE)
    return world.client.get(address.removeprefix(BASE), headers=headers)


def publish(world: FullWorld) -> None:
    for words in ("1通で終わり", "公開 秋", "公開する"):
        world.act("staff", "says", words)


def test_a_photo_goes_from_the_owners_talk_to_a_friend_byte_for_byte(world: FullWorld) -> None:
    """It is gone at LINE after a while; in the record it stays."""
    photo = picture(600, 400)
    world.fake.send_image(OWNER, photo, "image/jpeg")
    world.work()
    publish(world)
    world.act("friend", "follows", "")
    message = last(world, "friend").message
    assert message["type"] == "image"
    whole = fetched(world, message["originalContentUrl"])
    assert (whole.status_code, whole.data, whole.content_type) == (200, photo, "image/jpeg")
    part = fetched(world, message["originalContentUrl"], Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, photo[10:20])
    assert fetched(world, message["previewImageUrl"]).data == photo


def test_a_large_photo_has_a_small_preview_of_its_own(world: FullWorld) -> None:
    """LINE takes a preview of at most 1 MB."""
    photo = picture(2400, 1600)
    assert len(photo) > pictures.SMALL_BYTES
    world.fake.send_image(OWNER, photo, "image/jpeg")
    world.work()
    publish(world)
    world.act("friend", "follows", "")
    message = last(world, "friend").message
    small = fetched(world, message["previewImageUrl"])
    with Image.open(io.BytesIO(small.data)) as shown:
        assert shown.size == (1024, 683)
    assert len(small.data) <= pictures.SMALL_BYTES
    assert small.headers["ETag"] != fetched(world, message["originalContentUrl"]).headers["ETag"]
    used = world.store.media.used()
    assert used == len(photo) + len(small.data)


def test_what_a_phone_has_already_is_not_sent_again_and_a_look_ahead_costs_no_body(world: FullWorld) -> None:
    """A carousel opened by a thousand friends must not read Redis a thousand times."""
    about = world.store.media.put(b"0123456789", "audio/x-m4a")
    address = f"{BASE}/media/{about.id}"
    first = fetched(world, address)
    assert "immutable" in first.headers["Cache-Control"]
    again = fetched(world, address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = world.client.head(f"/media/{about.id}")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "10")
    other = fetched(world, address, Range="bytes=2-3", **{"If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, b"0123456789")
    assert fetched(world, address, Range="bytes=-0").status_code == 416


def test_a_film_shows_its_sign_and_a_voice_its_length(world: FullWorld) -> None:
    """A film without a picture would be refused by LINE; a voice of no length plays to nobody."""
    world.fake.send_video(OWNER, b"film" * 100)
    world.work()
    world.fake.send_audio(OWNER, b"voice" * 100, duration=7_300)
    world.work()
    publish(world)
    world.act("friend", "follows", "")
    film, voice = (one.message for one in world.fake.received(SAKURA)[-2:])
    shown = fetched(world, film["previewImageUrl"])
    assert (shown.status_code, shown.content_type, shown.data) == (200, "image/jpeg", pictures.film())
    assert voice["duration"] == 7_300


def test_several_photos_sent_at_once_keep_their_order(world: FullWorld) -> None:
    """They arrive as events of their own, in any order, and are answered once."""
    photos = [picture(30, 30), picture(31, 30), picture(32, 30)]
    before = len(world.fake.received(OWNER))
    world.fake.send_images(OWNER, photos)
    world.work()
    answers = world.fake.received(OWNER)[before:]
    assert "吹き出し3つ" in answers[-1].text
    publish(world)
    world.act("friend", "follows", "")
    sent = [one.message["originalContentUrl"] for one in world.fake.received(SAKURA)]
    assert [fetched(world, address).data for address in sent] == photos


def test_a_film_too_large_is_refused_kindly_and_nothing_is_lost(world: FullWorld) -> None:
    """20 MB: the size, the limit, what to do instead; the question stands."""
    world.fake.send_video(OWNER, b"x" * (20 * 1024 * 1024))
    world.work()
    text = last(world, "staff").text
    assert "この動画は20.0MBあります" in text
    assert f"1つ{LARGEST // 1024 // 1024}MBまで" in text
    assert "本文を送ってください" in text
    assert world.store.media.used() == 0
    world.act("staff", "says", "こんにちは")
    assert "受け取りました" in last(world, "staff").text


def test_a_sticker_that_bots_may_not_send_is_refused_with_the_reason(world: FullWorld) -> None:
    """LINE would refuse the whole send, in the night, to everybody."""
    world.fake.send_sticker(OWNER, "11111", "22222")
    world.work()
    assert REFUSED in last(world, "staff").text
    world.fake.send_sticker(OWNER, "11537", "52002734")
    world.work()
    assert "受け取りました" in last(world, "staff").text


def test_the_owner_sees_how_much_room_is_taken(world: FullWorld) -> None:
    """Before it is full, not afterwards."""
    world.store.media.put(b"x" * 3 * 1024 * 1024, "video/mp4")
    world.act("staff", "says", "やめる")
    world.act("staff", "says", "状態")
    assert "写真・動画・音声：3.0MB（64MBまで）" in str(last(world, "staff").message)


def test_what_goes_out_at_once_takes_no_photo_that_nobody_could_fetch() -> None:
    """A scenario is looked at before it is published; an auto-reply is not, so it says so at once."""
    with full_world() as world:
        world.act("staff", "follows", "")
        for words in (f"登録 {OWNER_CODE}", "自動応答作成", "地図", "ぴったり同じ"):
            world.act("staff", "says", words)
        world.act("staff", "sends", "image")
        assert "PUBLIC_URL" in last(world, "staff").text
        world.act("staff", "says", "駅から3分です。")
        assert "受け取りました（吹き出し1つ" in last(world, "staff").text


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_any_kind_of_picture_gets_a_preview(mode: str) -> None:
    """Transparency shows white, as in a talk."""
    out = io.BytesIO()
    Image.new(mode, (1500, 1500)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    with Image.open(io.BytesIO(pictures.preview_of(out.getvalue()))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1024, 1024))


@pytest.mark.parametrize("blob", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, picture(1200, 1200)[:2000]])
def test_what_is_no_whole_picture_has_no_preview(blob: bytes) -> None:
    """What people send is never trusted to be what it says."""
    assert pictures.preview_of(blob) == b""


def test_what_is_thrown_away_was_looked_at_again(world: FullWorld) -> None:
    """Between the screen and the tap somebody else may have put the photo into a scenario."""
    used = world.store.media.put(b"used", "image/png", at=world.now)
    free = world.store.media.put(b"free", "image/png", at=world.now)
    asked = world.store.media.put(b"asked", "image/png", at=world.now, sender=SAKURA)
    catalog = world.catalog()
    part = Part(name="地図", messages=(Picture(url=f"media:{used.id}"),))
    world.install(replace(catalog, parts={fold("地図"): part}))
    world.act("friend", "follows", "")
    answer = Ordered(at=world.now, actions=(SetField(field="写真", value=f"media:{asked.id}"),))
    world.services.friendly.act(SAKURA, answer)
    things = {one.id: one for one in world.store.holdings.listed(10)}
    assert (things[asked.id].answer, things[used.id].answer) == (True, False)
    assert world.store.holdings.throw_away((used.id, free.id, asked.id, "0" * 40), world.now) == 1
    assert [world.store.media.about(one.id) is None for one in (used, free, asked)] == [False, True, False]


def test_what_stands_in_an_unfinished_form_is_in_use(world: FullWorld) -> None:
    """She comes back to it after a week."""
    world.fake.send_image(OWNER, picture(30, 30), "image/jpeg")
    world.work()
    (thing,) = world.store.holdings.listed(10)
    assert thing.draft
    assert world.store.holdings.throw_away((thing.id,), world.now) == 0
    world.act("staff", "says", "やめる")
    assert world.store.holdings.throw_away((thing.id,), world.now) == 0


def test_a_broadcast_of_long_ago_keeps_nothing(world: FullWorld) -> None:
    """Else a shop that sends a photo every week would be full for ever."""
    photo = world.store.media.put(b"photo", "image/png", at=world.now)
    sent = Broadcast(
        id="b1",
        name="秋",
        condition=Everyone(),
        body=(Say(message=Picture(url=f"media:{photo.id}")),),
        at=world.now,
        made=world.now,
    )
    world.install(replace(world.catalog(), broadcasts={fold("秋"): sent}))
    assert world.store.holdings.throw_away((photo.id,), world.now + timedelta(days=30)) == 0
    assert world.store.holdings.throw_away((photo.id,), world.now + timedelta(days=31)) == 1


def test_a_photo_that_was_cut_short_can_be_thrown_away(world: FullWorld) -> None:
    """Killed while keeping it, its size would count for ever."""
    about = world.store.media.put(b"x" * 700_000, "video/mp4", at=world.now)
    world.store.server.execute_command("DEL", world.store.keys.media(about.id, "about"))
    (thing,) = world.store.holdings.listed(10)
    assert (thing.what, thing.size) == ("", 700_000)
    assert world.store.holdings.throw_away((about.id,), world.now) == 1
    assert world.store.media.used() == 0


def test_nothing_tells_what_somebody_forgotten_had_sent(world: FullWorld) -> None:
    """Not even a photo that another answer had taken the place of."""
    world.act("friend", "follows", "")
    photo = world.store.media.put(b"old", "image/png", at=world.now, sender=SAKURA)
    Erasing(world.store)(SAKURA)
    assert world.store.media.about(photo.id) is None
    server = world.store.server
    held = [
        key
        for key in server.execute_command("KEYS", "*")
        if b"media" in key or b"sent-in" in key
        if server.execute_command("TYPE", key) == b"set" and SAKURA.encode() in server.execute_command("SMEMBERS", key)
    ]
    assert held == []
    assert not server.execute_command("EXISTS", world.store.keys.media_of(SAKURA))


def test_two_friends_who_sent_the_same_photo_each_keep_it(world: FullWorld) -> None:
    """Forgetting one must not take the other's answer."""
    other = id_of("美咲")
    photo = world.store.media.put(b"same", "image/png", at=world.now, sender=SAKURA)
    world.store.media.put(b"same", "image/png", at=world.now, sender=other)
    world.store.holdings.give_up(Friend(id=SAKURA))
    assert world.store.media.senders(photo.id) == (other,)
    assert world.store.media.about(photo.id) is not None
    world.store.holdings.give_up(Friend(id=other))
    assert world.store.media.about(photo.id) is None
