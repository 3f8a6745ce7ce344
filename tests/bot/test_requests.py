"""The bodies we prepare by hand are those the SDK would make."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.line import Call, multicast, push, reply
from bot.line.requests import Endpoint
from bot.store.entries import bubbles_json
from flows.names import FriendId

ANNE, BEA = FriendId("U" + "a" * 32), FriendId("U" + "b" * 32)
KEY = "123e4567-e89b-12d3-a456-426614174000"
BUBBLES = (
    {
        "type": "text",
        "text": 'こんにちは "さん"\n🍎\\',
        "quickReply": {
            "items": [
                {
                    "type": "action",
                    "action": {"type": "postback", "label": "はい", "data": "q1|x", "displayText": "はい"},
                }
            ]
        },
    },
    {
        "type": "image",
        "originalContentUrl": "https://example.com/a.jpg",
        "previewImageUrl": "https://example.com/b.jpg",
    },
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {
        "type": "flex",
        "altText": "カード",
        "contents": {
            "type": "bubble",
            "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "文", "wrap": True}]},
        },
    },
)


def through_sdk(model: Any, call: Call) -> Any:
    """What the SDK would send for this body."""
    from linebot.v3.messaging import ApiClient, Configuration

    parsed = model.from_dict(json.loads(call.body))
    return ApiClient(Configuration(access_token="x")).sanitize_for_serialization(parsed)


@pytest.mark.parametrize("how", ["reply", "push", "multicast"])
def test_our_bodies_are_the_sdks(how: str) -> None:
    """A property the SDK does not know would be one LINE does not know either."""
    from linebot.v3 import messaging

    messages = bubbles_json(BUBBLES)
    call, model = {
        "reply": (reply("token", messages), messaging.ReplyMessageRequest),
        "push": (push(ANNE, messages, key=KEY), messaging.PushMessageRequest),
        "multicast": (multicast([ANNE, BEA], messages, key=KEY), messaging.MulticastRequest),
    }[how]
    sdk = {name: value for name, value in through_sdk(model, call).items() if name != "notificationDisabled"}
    assert sdk == json.loads(call.body)


def test_paths_are_the_documented_ones() -> None:
    """LINE does not promise that a path with a superfluous slash works."""
    assert [endpoint.path for endpoint in Endpoint] == [
        "/v2/bot/message/reply",
        "/v2/bot/message/push",
        "/v2/bot/message/multicast",
    ]
