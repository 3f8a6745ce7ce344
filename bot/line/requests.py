"""The three hot sends with prepared bodies: the bytes are made once, so that every attempt sends the same ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.names import FriendId


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


def reply(token: str, messages: str) -> Call:
    """Answer an event: free, once, within a minute. `messages` is the JSON array of at most five message objects."""
    return Call(endpoint=Endpoint.REPLY, body=_body("replyToken", token, messages))


def push(to: FriendId, messages: str, *, key: str) -> Call:
    """Send to one friend."""
    return Call(endpoint=Endpoint.PUSH, body=_body("to", to, messages), key=key)


def multicast(to: Sequence[FriendId], messages: str, *, key: str) -> Call:
    """Send the same to at most 500 friends, none of them twice."""
    return Call(endpoint=Endpoint.MULTICAST, body=_body("to", list(to), messages), key=key)


def _body(name: str, whom: object, messages: str) -> bytes:
    return f'{{"{name}":{json.dumps(whom)},"messages":{messages}}}'.encode("utf-8", "replace")
