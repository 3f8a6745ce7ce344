"""LINE's door: what comes in, what is answered, and that nothing odd gets past or stops its neighbours."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import webhook
from bot.inbound import Incoming
from bot.store.errors import StoreAwayError
from flows.events import Said

SECRET = "0123456789abcdef0123456789abcdef"
ANNE = "U" + "a" * 32


def event(**changes: Any) -> dict[str, Any]:
    """A text message as LINE sends it, with changes."""
    plain = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_796_000_000_000,
        "source": {"type": "user", "userId": ANNE},
        "webhookEventId": "01HXXXXXXXXXXXXXXXXXXXXXXX",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "token",
        "message": {"type": "text", "id": "1", "text": "こんにちは", "quoteToken": "q"},
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


class Door:
    """The blueprint alone, with a note of what came through."""

    def __init__(self, take: Callable[[tuple[Incoming, ...]], None] | None = None) -> None:
        self.taken: list[Incoming] = []
        app = Flask(__name__)
        app.register_blueprint(webhook.blueprint(SECRET, take or self.taken.extend))
        self.client: FlaskClient = app.test_client()

    def post(self, body: bytes, signature: str | None = None) -> int:
        """Bring these bytes, rightly signed unless told otherwise."""
        signed = sign(body) if signature is None else signature
        headers = {"X-Line-Signature": signed} if signed else {}
        return self.client.post("/callback", data=body, headers=headers).status_code

    def bring(self, *events: object) -> int:
        """Bring these events."""
        return self.post(json.dumps({"destination": "U0", "events": list(events)}).encode())


def sign(body: bytes, secret: str = SECRET) -> str:
    """LINE's signature."""
    return base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()


def test_a_signed_event_comes_through() -> None:
    """The whole point of the door."""
    door = Door()
    assert door.bring(event()) == 200
    assert [one.event.text for one in door.taken if isinstance(one.event, Said)] == ["こんにちは"]


def test_no_events_are_answered_with_200() -> None:
    """LINE's own verify button sends an empty list."""
    assert Door().bring() == 200


@pytest.mark.parametrize(
    "signature",
    ["", "x", sign(b"other"), sign(b'{"events":[]}', "another secret"), sign(b'{"events":[]}')[:-2], "あ", "=" * 44],
)
def test_a_wrong_signature_is_refused_without_a_reason(signature: str) -> None:
    """Whoever tries signatures must learn nothing, and nothing may change."""
    door = Door()
    response = door.client.post("/callback", data=b'{"events":[]}', headers={"X-Line-Signature": signature.encode()})
    assert (response.status_code, response.data) == (400, b"")
    assert door.taken == []


def test_the_very_bytes_are_signed() -> None:
    """One blank more is another body: what was signed is what was sent, not what it means."""
    body = b'{"events":[]}'
    assert Door().post(body + b"\n", sign(body + b"\n")) == 200
    assert Door().post(body + b"\n", sign(body)) == 400


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that ends at the first difference tells a patient sender the signature, one place after the other."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(expected: bytes, given: bytes) -> bool:
        compared.append((expected, given))
        return expected == given

    monkeypatch.setattr("bot.webhook.hmac.compare_digest", compare)
    body = b'{"events":[]}'
    assert Door().post(body, "A" + sign(body)[1:]) == 400
    assert compared == [(sign(body).encode(), b"A" + sign(body)[1:].encode())]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b"1" * 5000])
def test_a_malformed_body_is_refused(body: bytes) -> None:
    """Signed or not, what is no JSON object is not ours to read."""
    assert Door().post(body) == 400


def test_a_huge_body_is_refused_unread() -> None:
    """Memory is bounded, whoever sends."""
    assert Door().post(b" " * (webhook.LARGEST + 1)) == 400


@pytest.mark.parametrize(
    "payload", [{}, {"events": None}, {"events": "x"}, {"events": {}}, {"events": [1, None, "x", []]}]
)
def test_odd_payloads_are_nothing_to_do(payload: object) -> None:
    """An unknown form is LINE's right; answering 400 would have it switched off."""
    assert Door().post(json.dumps(payload).encode()) == 200


ODD = {
    "standby": event(mode="standby"),
    "no source": event(source=None),
    "a group": event(source={"type": "group", "groupId": "C1", "userId": ANNE}),
    "no user": event(source={"type": "user"}),
    "a user id of another form": event(source={"type": "user", "userId": "U1"}),
    "an unknown type": event(type="holograph"),
    "no type": event(type=None),
    "no timestamp": event(timestamp=None),
    "a timestamp of words": event(timestamp="now"),
    "a timestamp out of all bounds": event(timestamp=10**18),
    "a message without type": event(message={"id": "1"}),
    "a postback without data": event(type="postback", postback={}),
    "a switched panel": event(
        type="postback", postback={"data": "tab", "params": {"newRichMenuAliasId": "a", "status": "SUCCESS"}}
    ),
    "a list for a message": event(message=[]),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_events_do_not_stop_their_neighbours(odd: dict[str, Any]) -> None:
    """One of LINE's novelties among ninety-nine friends."""
    door = Door()
    assert door.bring(odd, event(), odd) == 200
    assert len(door.taken) == 1


def test_a_store_that_is_away_is_never_a_200() -> None:
    """LINE brings it again only when we say that we could not."""

    def away(_batch: object) -> None:
        raise StoreAwayError("gone")

    assert Door(away).bring(event()) == 503


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_other_methods_are_told_how_line_calls(method: str) -> None:
    """Somebody pasted the address into a browser, or into the wrong tool."""
    response = getattr(Door().client, method)("/callback")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert method == "head" or "/callback" in response.text


def test_friends_events_come_in_order_of_time() -> None:
    """A redelivered batch may hold them in another."""
    door = Door()
    late, early = event(timestamp=1_796_000_002_000), event(timestamp=1_796_000_001_000)
    door.bring(late, early)
    assert [one.event.at.second for one in door.taken] == sorted(one.event.at.second for one in door.taken)
