"""Builds LINE's webhook events.

Source: https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator import ids
from simulator.http import Body
from simulator.state import Bubble, Person, ReplyToken

if TYPE_CHECKING:
    from simulator.line import Line

ANSWERABLE = frozenset({"message", "follow", "postback", "videoPlayComplete", "accountLink", "membership", "beacon"})
QUOTABLE = frozenset({"text", "sticker", "image", "video"})


def event(line: Line, person: Person, kind: str, *, mode: str = "active", **more: Any) -> Body:
    """One event of a person, with a reply token if it may be answered. In standby mode none may."""
    now = line.clock()
    made: Body = {
        "type": kind,
        **more,
        "webhookEventId": ids.ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": int(now * 1000),
        "source": {"type": "user", "userId": person.user_id},
        "mode": mode,
    }
    if kind in ANSWERABLE and mode == "active":
        made["replyToken"] = ids.reply_token()
        line.memory.keep_reply(made["replyToken"], ReplyToken(user=person.user_id, event_at=now, received_at=now))
    return made


def message_content(bubble: Bubble) -> Body:
    """What a message event says about a person's bubble."""
    content: Body = {key: value for key, value in bubble.message.items() if key not in {"readyAt", "read", "event"}}
    content["id"] = bubble.id
    if bubble.type in QUOTABLE:
        content["quoteToken"] = "sim-quote-" + bubble.id
    if bubble.type in {"image", "video", "audio"}:
        content["contentProvider"] = {"type": "line"}
    return content


def redelivered(line: Line, given: Body) -> Body:
    """The same event once more; its reply token, if unused, is good for another minute."""
    token = line.memory.replies.get(given.get("replyToken", ""))
    if token:
        token.received_at = line.clock()
        line.memory.keep_reply(given["replyToken"], token)
    return given | {"deliveryContext": {"isRedelivery": True}}
