"""What people do reaches the product as LINE's webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random

import pytest

from simulator.clock import Clock
from simulator.validate import problems
from simulator.world import FakeLine
from tests.simulator.support import MOMO, NOON, SAKURA, Product, text


def push(fake: FakeLine, message: dict[str, object], to: str = SAKURA) -> None:
    answer = fake.call("POST", "/v2/bot/message/push", {"to": to, "messages": [message]})
    assert answer.status == 200, answer.body


def buttons(*actions: dict[str, object]) -> dict[str, object]:
    return {"type": "template", "altText": "a", "template": {"type": "buttons", "text": "t", "actions": list(actions)}}


def everything(fake: FakeLine) -> None:
    """One of each act."""
    fake.follow(SAKURA)
    fake.say(SAKURA, "こんにちは")
    fake.send_image(SAKURA)
    fake.send_images(SAKURA, [b"1", b"2"])
    fake.send_video(SAKURA)
    fake.send_audio(SAKURA)
    fake.send_file(SAKURA, "予約.csv", b"a,b")
    fake.send_sticker(SAKURA)
    fake.send_location(SAKURA, "店", "渋谷", 35.6, 139.7)
    fake.finish_video(SAKURA, "v1")
    fake.unsend(SAKURA, fake.talk(SAKURA)[1].id)
    push(fake, buttons({"type": "postback", "label": "はい", "data": "yes"}))
    fake.tap(SAKURA, "はい")
    fake.block(SAKURA)


def test_every_webhook_is_as_line_describes_it(fake: FakeLine, product: Product) -> None:
    """The product must meet no shape here that LINE never sends."""
    everything(fake)
    kinds = [event["type"] for event in product.events]
    assert kinds == ["follow", *["message"] * 9, "videoPlayComplete", "unsend", "postback", "unfollow"]
    body = {"destination": fake.line.bot_id, "events": product.events}
    assert problems("POST /callback", body, room="webhook") == []


def test_the_signature_is_of_the_raw_body(fake: FakeLine, product: Product) -> None:
    """Else the product's check would be tested against a mistake."""
    fake.say(SAKURA, "こんにちは")
    wanted = hmac.new(fake.secret.encode(), product.raw, hashlib.sha256).digest()
    assert product.headers["x-line-signature"] == base64.b64encode(wanted).decode()


def test_an_event_carries_its_moment_and_its_person(fake: FakeLine, product: Product) -> None:
    """In milliseconds of the simulator's clock."""
    fake.say(SAKURA, "こんにちは")
    event = product.events[0]
    assert event["timestamp"] == int(NOON * 1000)
    assert event["source"] == {"type": "user", "userId": SAKURA}
    assert event["message"]["text"] == "こんにちは"
    assert len(event["webhookEventId"]) == 26


def test_unblocking_is_a_follow_that_says_so(fake: FakeLine, product: Product) -> None:
    """The product greets newcomers and returners differently."""
    fake.add_person(MOMO, "もも")
    fake.follow(MOMO)
    fake.block(MOMO)
    fake.follow(MOMO)
    assert [event.get("follow") for event in product.events] == [{"isUnblocked": False}, None, {"isUnblocked": True}]
    assert "replyToken" not in product.events[1]


def test_whoever_blocked_cannot_write(fake: FakeLine) -> None:
    """As in the app."""
    fake.block(SAKURA)
    with pytest.raises(ValueError, match="blocked"):
        fake.say(SAKURA, "あれ")


def test_a_quick_reply_is_gone_after_the_tap(fake: FakeLine, product: Product) -> None:
    """And tapping it is the same as writing its text."""
    item = {"type": "action", "action": {"type": "message", "label": "乾燥", "text": "乾燥です"}}
    push(fake, text("お悩みは？", quickReply={"items": [item]}))
    assert fake.labels(SAKURA) == ["乾燥"]
    fake.tap(SAKURA, "乾燥")
    assert product.events[-1]["message"]["text"] == "乾燥です"
    with pytest.raises(LookupError):
        fake.tap(SAKURA, "乾燥")


def test_a_quick_reply_is_gone_after_the_next_message(fake: FakeLine) -> None:
    """Only the last message shows its buttons."""
    item = {"type": "action", "action": {"type": "message", "label": "乾燥", "text": "乾燥"}}
    push(fake, text("お悩みは？", quickReply={"items": [item]}))
    push(fake, text("ところで"))
    assert fake.labels(SAKURA) == []


def test_a_postback_shows_its_words_in_the_talk_only(fake: FakeLine, product: Product) -> None:
    """The product hears of the data."""
    push(fake, buttons({"type": "postback", "label": "はい", "data": "yes:1", "displayText": "はい！"}))
    fake.tap(SAKURA, "はい")
    assert fake.talk(SAKURA)[-1].text == "はい！"
    assert [event["type"] for event in product.events] == ["postback"]
    assert product.events[0]["postback"] == {"data": "yes:1"}


def test_the_latest_of_equal_buttons_is_tapped(fake: FakeLine, product: Product) -> None:
    """As a thumb would."""
    push(fake, buttons({"type": "postback", "label": "はい", "data": "old"}))
    push(fake, buttons({"type": "postback", "label": "はい", "data": "new"}))
    fake.tap(SAKURA, "はい")
    assert product.events[-1]["postback"]["data"] == "new"


@pytest.mark.parametrize(
    ("mode", "picked"), [("date", "2026-12-24"), ("time", "19:30"), ("datetime", "2026-12-24T19:30")]
)
def test_a_picked_moment_comes_as_params(fake: FakeLine, product: Product, mode: str, picked: str) -> None:
    """Under the name of the mode."""
    push(fake, buttons({"type": "datetimepicker", "label": "選ぶ", "data": "d", "mode": mode}))
    fake.tap(SAKURA, "選ぶ", picked)
    assert product.events[-1]["postback"] == {"data": "d", "params": {mode: picked}}


def test_links_and_copied_texts_are_written_down(fake: FakeLine, product: Product) -> None:
    """LINE tells the product nothing of them."""
    push(
        fake,
        buttons(
            {"type": "uri", "label": "見る", "uri": "https://example.com/"},
            {"type": "clipboard", "label": "写す", "clipboardText": "ABC"},
        ),
    )
    fake.tap(SAKURA, "見る")
    fake.tap(SAKURA, "写す")
    assert [(opened.kind, opened.text) for opened in fake.opened] == [
        ("uri", "https://example.com/"),
        ("clipboard", "ABC"),
    ]
    assert product.events == []


def test_what_is_written_on_a_card_can_be_tapped(fake: FakeLine, product: Product) -> None:
    """A box without a label is known by its text."""
    box = {
        "type": "box",
        "layout": "vertical",
        "action": {"type": "postback", "data": "row"},
        "contents": [{"type": "text", "text": "新規様"}],
    }
    body = {"type": "box", "layout": "vertical", "contents": [box]}
    push(fake, {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": body}})
    fake.tap(SAKURA, "新規様")
    assert product.events[-1]["postback"]["data"] == "row"


def test_events_can_come_twice_shuffled_and_together(fake: FakeLine, product: Product) -> None:
    """LINE promises neither order nor once."""
    with fake.gathering() as events:
        for number in range(5):
            fake.say(SAKURA, str(number))
    assert product.events == []
    mixed = events * 2
    random.Random(1).shuffle(mixed)
    fake.deliver(mixed)
    assert len(product.events) == 10
    assert len({event["webhookEventId"] for event in product.events}) == 5


def test_what_failed_can_be_brought_again(fake: FakeLine, product: Product) -> None:
    """The same event, marked."""
    product.status = 500
    outcome = fake.say(SAKURA, "届け")
    assert (outcome.good, outcome.reason) == (False, "error_status_code")
    assert fake.talk(SAKURA)[-1].status == "failed"
    product.status = 200
    fake.redeliver()
    assert product.events[0]["deliveryContext"] == {"isRedelivery": True}
    assert fake.talk(SAKURA)[-1].status == "sent"
    assert fake.redeliver() == []


def test_in_standby_there_is_nothing_to_answer_with(fake: FakeLine, product: Product) -> None:
    """Another channel is in charge then."""
    fake.standby()
    fake.say(SAKURA, "a")
    assert product.events[-1]["mode"] == "standby"
    assert "replyToken" not in product.events[-1]


def test_content_is_there_until_taken_back(fake: FakeLine, product: Product, clock: Clock) -> None:
    """Videos need a moment to be ready."""
    fake.send_video(SAKURA, b"film", ready_in=5)
    path = f"/v2/bot/message/{product.events[-1]['message']['id']}/content"
    assert fake.call("GET", path).status == 202
    assert fake.call("GET", path + "/transcoding").body == {"status": "processing"}
    clock.move(5)
    answer = fake.call("GET", path)
    assert (answer.blob, answer.content_type) == (b"film", "video/mp4")
    assert fake.call("GET", path + "/preview").content_type == "image/png"
    fake.unsend(SAKURA, product.events[0]["message"]["id"])
    assert fake.call("GET", path).status == 410
    assert fake.call("GET", "/v2/bot/message/1/content").status == 404


def test_waiting_tells_what_was_seen_instead(fake: FakeLine) -> None:
    """A test that fails should show the talk."""
    push(fake, text("ひとつ"))
    assert [bubble.text for bubble in fake.wait_for(SAKURA, 1)] == ["ひとつ"]
    with pytest.raises(AssertionError, match="ひとつ"):
        fake.wait_for(SAKURA, 2, timeout=0.01)


def test_a_message_can_be_marked_as_read(fake: FakeLine, product: Product) -> None:
    """With the token of its event."""
    fake.say(SAKURA, "読んで")
    token = product.events[0]["message"]["markAsReadToken"]
    assert fake.call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token}).status == 200
    assert fake.talk(SAKURA)[-1].message["read"]
    assert fake.call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": "x"}).status == 400


def test_the_dots_show_while_something_loads(fake: FakeLine) -> None:
    """And go with the first message."""
    body = {"chatId": SAKURA, "loadingSeconds": 10}
    assert fake.call("POST", "/v2/bot/chat/loading/start", body).status == 202
    assert fake.person(SAKURA).loading_until == NOON + 10
    push(fake, text())
    assert fake.person(SAKURA).loading_until == 0
    assert fake.call("POST", "/v2/bot/chat/loading/start", {"chatId": SAKURA, "loadingSeconds": 7}).status == 400
