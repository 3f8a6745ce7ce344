"""Reply tokens, retry keys, quota and blocks behave as LINE's do."""

from __future__ import annotations

import pytest

from simulator.clock import Clock
from simulator.faults import Fault
from simulator.http import Answer, Request
from simulator.world import FakeLine
from tests.simulator.support import MOMO, SAKURA, STRANGE, Product, key, text

HOUR = 3600.0


def reply(fake: FakeLine, token: str, *messages: dict[str, object], **headers: str) -> Answer:
    return fake.call(
        "POST", "/v2/bot/message/reply", {"replyToken": token, "messages": list(messages) or [text()]}, **headers
    )


def push(fake: FakeLine, to: str = SAKURA, words: str = "おはよう", **headers: str) -> Answer:
    return fake.call("POST", "/v2/bot/message/push", {"to": to, "messages": [text(words)]}, **headers)


def multicast(fake: FakeLine, *to: str, **headers: str) -> Answer:
    return fake.call("POST", "/v2/bot/message/multicast", {"to": list(to), "messages": [text()]}, **headers)


def test_a_reply_is_free_and_shown(fake: FakeLine, product: Product) -> None:
    """Everything the product promises about 0通 rests on this."""
    fake.say(SAKURA, "こんにちは")
    answer = reply(fake, product.reply_token, text("はい"), text("どうぞ"))
    assert answer.status == 200
    assert len((answer.body or {})["sentMessages"]) == 2
    assert [(bubble.how, bubble.text) for bubble in fake.received(SAKURA)] == [("reply", "はい"), ("reply", "どうぞ")]
    assert fake.used == 0
    assert [entry.counted for entry in fake.ledger] == [False]


def test_a_reply_token_works_once(fake: FakeLine, product: Product) -> None:
    """A second reply must be refused as LINE does."""
    fake.say(SAKURA, "こんにちは")
    reply(fake, product.reply_token)
    again = reply(fake, product.reply_token)
    assert (again.status, again.body) == (400, {"message": "Invalid reply token"})
    assert "使用済み" in again.hint


def test_a_reply_token_lives_a_minute(fake: FakeLine, product: Product, clock: Clock) -> None:
    """Late replies have to become pushes."""
    fake.say(SAKURA, "a")
    clock.move(60)
    assert reply(fake, product.reply_token).status == 200
    fake.say(SAKURA, "b")
    clock.move(60.5)
    assert reply(fake, product.reply_token).status == 400


def test_a_refused_message_leaves_the_token_good(fake: FakeLine, product: Product) -> None:
    """The product may mend its message and try again."""
    fake.say(SAKURA, "a")
    assert reply(fake, product.reply_token, text("")).status == 400
    assert reply(fake, product.reply_token).status == 200


def test_a_redelivered_token_lives_another_minute(fake: FakeLine, product: Product, clock: Clock) -> None:
    """LINE says so, if it is unused and the event is younger than twenty minutes."""
    product.status = 503
    fake.say(SAKURA, "a")
    clock.move(300)
    product.status = 200
    fake.redeliver()
    assert product.events[-1]["deliveryContext"] == {"isRedelivery": True}
    assert reply(fake, product.reply_token).status == 200


def test_a_reply_takes_no_retry_key(fake: FakeLine, product: Product) -> None:
    """LINE answers 400, and a test should see the slip."""
    fake.say(SAKURA, "a")
    assert reply(fake, product.reply_token, x_line_retry_key=key()).status == 400
    assert [anomaly.what for anomaly in fake.anomalies] == ["retry key where none may be"]


def test_a_push_is_counted(fake: FakeLine) -> None:
    """One recipient is one message, however many bubbles."""
    body = {"to": SAKURA, "messages": [text()] * 5}
    assert fake.call("POST", "/v2/bot/message/push", body).status == 200
    assert fake.used == 1
    assert fake.call("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 1}


def test_the_same_key_is_accepted_once(fake: FakeLine) -> None:
    """409 is how the product learns that the first try arrived."""
    first = push(fake, x_line_retry_key=key())
    again = push(fake, x_line_retry_key=key())
    assert (first.status, again.status) == (200, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert (again.body or {})["sentMessages"] == (first.body or {})["sentMessages"]
    assert len(fake.received(SAKURA)) == 1
    assert fake.used == 1


def test_a_key_is_forgotten_after_a_day(fake: FakeLine, clock: Clock) -> None:
    """That is why the product must give up before."""
    push(fake, x_line_retry_key=key())
    clock.move(24 * HOUR)
    assert push(fake, x_line_retry_key=key()).status == 200
    assert len(fake.received(SAKURA)) == 2


def test_one_key_for_two_bodies_is_an_anomaly(fake: FakeLine) -> None:
    """LINE would swallow the second body without a word."""
    push(fake, words="a", x_line_retry_key=key())
    assert push(fake, words="b", x_line_retry_key=key()).status == 409
    assert [anomaly.what for anomaly in fake.anomalies] == ["one retry key for two bodies"]


def test_a_key_must_be_a_uuid(fake: FakeLine) -> None:
    """Anything else is refused."""
    assert push(fake, x_line_retry_key="1").status == 400


def test_a_key_of_a_refused_request_stays_good(fake: FakeLine) -> None:
    """Nothing was accepted, so nothing is remembered as sent."""
    fake.limit(0)
    assert push(fake, x_line_retry_key=key()).status == 429
    fake.limit(10)
    assert push(fake, x_line_retry_key=key()).status == 200


def test_whoever_blocked_gets_nothing_and_is_not_counted(fake: FakeLine) -> None:
    """LINE answers 200 all the same."""
    fake.block(SAKURA)
    assert push(fake).status == 200
    assert fake.received(SAKURA) == []
    assert fake.used == 0
    assert [(entry.delivered, entry.counted) for entry in fake.ledger] == [(False, False)]
    assert fake.call("GET", f"/v2/bot/profile/{SAKURA}").status == 404


def test_a_push_to_nobody_is_refused(fake: FakeLine) -> None:
    """An id this channel never met, and one that is no id."""
    assert (push(fake, STRANGE).body or {})["message"] == "Failed to send messages"
    assert push(fake, "さくら").status == 400


def test_a_stranger_who_wrote_can_be_answered_for_a_week(fake: FakeLine, clock: Clock) -> None:
    """One need not be a friend to write."""
    fake.add_person(MOMO, "もも")
    fake.say(MOMO, "営業時間は？")
    push(fake, MOMO)
    clock.move(8 * 24 * HOUR)
    push(fake, MOMO)
    assert [entry.delivered for entry in fake.ledger] == [True, False]


def test_a_multicast_passes_over_the_unreachable(fake: FakeLine) -> None:
    """Blocked and unknown ids make no error."""
    fake.add_person(MOMO, "もも", friend=True)
    fake.block(MOMO)
    assert multicast(fake, SAKURA, MOMO, STRANGE).body == {}
    assert [bubble.how for bubble in fake.received(SAKURA)] == ["multicast"]
    assert fake.used == 1


def test_a_broadcast_reaches_all_friends(fake: FakeLine) -> None:
    """Strangers are none."""
    fake.add_person(MOMO, "もも")
    assert fake.call("POST", "/v2/bot/message/broadcast", {"messages": [text()]}).status == 200
    assert (len(fake.received(SAKURA)), len(fake.received(MOMO))) == (1, 0)


def test_above_the_quota_nothing_goes(fake: FakeLine) -> None:
    """A multicast is accepted whole or not at all."""
    fake.add_person(MOMO, "もも", friend=True)
    fake.limit(1)
    answer = multicast(fake, SAKURA, MOMO)
    assert (answer.status, answer.body) == (429, {"message": "You have reached your monthly limit."})
    assert fake.ledger == []
    assert push(fake).status == 200
    assert push(fake).status == 429
    assert fake.call("GET", "/v2/bot/message/quota").body == {"type": "limited", "value": 1}


def test_a_new_month_has_a_new_quota(fake: FakeLine, clock: Clock) -> None:
    """By Japan's calendar."""
    fake.limit(1)
    push(fake)
    clock.move(11 * 24 * HOUR)
    assert push(fake).status == 200


def test_a_day_s_numbers_are_ready_on_the_next(fake: FakeLine, clock: Clock) -> None:
    """As LINE's statistics are."""
    push(fake)
    path = "/v2/bot/message/delivery/push?date=20261120"
    assert fake.call("GET", path).body == {"status": "unready"}
    clock.move(24 * HOUR)
    assert fake.call("GET", path).body == {"status": "ready", "success": 1}


def test_validation_sends_nothing(fake: FakeLine) -> None:
    """The product checks drafts with it."""
    path = "/v2/bot/message/validate/push"
    assert fake.call("POST", path, {"messages": [text()]}).status == 200
    assert fake.call("POST", path, {"messages": [text("")]}).status == 400
    assert fake.ledger == []


@pytest.mark.parametrize(
    ("fault", "status", "arrived"),
    [
        (Fault.ERROR_BEFORE, 500, 0),
        (Fault.ERROR_AFTER, 500, 1),
        (Fault.RATE, 429, 0),
        (Fault.QUOTA, 429, 0),
        (Fault.REFUSED, 400, 0),
    ],
)
def test_faults_come_before_or_after_accepting(fake: FakeLine, fault: Fault, status: int, arrived: int) -> None:
    """A retry with the same key tells the two apart."""
    headers = {"authorization": "Bearer " + fake.token, "content-type": "application/json", "x-line-retry-key": key()}
    raw = Answer(body={"to": SAKURA, "messages": [text()]}).payload()
    request = Request(method="POST", path="/v2/bot/message/push", headers=headers, raw=raw)
    assert fake.line.handle(request, fault).status == status
    assert len(fake.ledger) == arrived
    assert push(fake, words="こんにちは", x_line_retry_key=key()).status == (409 if arrived else 200)
    assert len(fake.ledger) == 1
    assert fake.anomalies == []


def test_poison_is_refused_for_everybody_in_the_request(fake: FakeLine) -> None:
    """So that the product learns to find the one who spoils it."""
    fake.add_person(MOMO, "もも", friend=True)
    fake.faults.poison(user=MOMO, text="毒")
    assert multicast(fake, SAKURA, MOMO).status == 400
    assert multicast(fake, SAKURA).status == 200
    assert push(fake, words="毒です").status == 400


def test_every_answer_has_a_request_id(fake: FakeLine) -> None:
    """Support at LINE asks for it."""
    ids = {push(fake, to).headers["x-line-request-id"] for to in (SAKURA, STRANGE)}
    assert len(ids) == 2
    assert fake.call("GET", "/v2/bot/nothing").headers["x-line-request-id"]
