"""The three hot sends with prepared bodies: the bytes are made once, so that every attempt sends the same ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.effects import Bubble
from flows.names import FriendId

MOST_RECIPIENTS = 500
"""Recipients of one multicast (developers.line.biz: messaging-api reference, send-multicast-message)."""
MOST_BUBBLES = 5


class Endpoint(StrEnum):
    """A hot endpoint; its value ends the path and names its rate."""

    REPLY = "reply"
    PUSH = "push"
    MULTICAST = "multicast"

    @property
    def path(self) -> str:
        """Its exact path under LINE's API host."""
        return f"/v2/bot/message/{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, ready to be made any number of times. `key` is the retry key; replies have none."""

    endpoint: Endpoint
    body: bytes
    key: str = ""


def reply(token: str, bubbles: Sequence[Bubble]) -> Call:
    """Answer an event: free, once, within a minute of its receipt."""
    return Call(endpoint=Endpoint.REPLY, body=_encode({"replyToken": token, "messages": list(bubbles)}))


def push(to: FriendId, bubbles: Sequence[Bubble], *, key: str) -> Call:
    """Send to one friend."""
    return Call(endpoint=Endpoint.PUSH, body=_encode({"to": to, "messages": list(bubbles)}), key=key)


def multicast(to: Sequence[FriendId], bubbles: Sequence[Bubble], *, key: str) -> Call:
    """Send the same to at most 500 friends, none of them twice."""
    return Call(endpoint=Endpoint.MULTICAST, body=_encode({"to": list(to), "messages": list(bubbles)}), key=key)


def _encode(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=dict).encode("utf-8", "replace")
