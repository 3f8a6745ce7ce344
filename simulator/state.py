"""What LINE remembers: people and their talks, tokens, rich menus, and everything it accepted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Body = dict[str, Any]


class Standing(StrEnum):
    """How a person stands to the account."""

    STRANGER = "stranger"
    FRIEND = "friend"
    BLOCKED = "blocked"


@dataclass(slots=True, kw_only=True)
class Bubble:
    """One thing in a talk: a message of either side, or a note of the app.

    `side` is account, person or note. `how` says how it came: reply, push, multicast or broadcast from
    the account; said, tapped or sent from the person. `at` is in seconds since 1970. `status` is sent,
    sending or failed. `spent` are quick replies that are gone. `rev` grows with every change.
    """

    id: str
    side: str
    how: str
    at: float
    message: Body
    status: str = "sent"
    trouble: str = ""
    spent: bool = False
    unsent: bool = False
    rev: int = 0

    @property
    def type(self) -> str:
        """The type of the message: text, image, flex …"""
        return str(self.message["type"])

    @property
    def text(self) -> str:
        """What one reads: the text, or the alternative text, or nothing."""
        return str(self.message.get("text") or self.message.get("altText") or "")

    @property
    def quick_replies(self) -> list[str]:
        """The labels of its quick replies, in order."""
        items = self.message.get("quickReply", {}).get("items", [])
        return [str(item["action"].get("label", "")) for item in items]


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with the LINE app. `shop` says that the page shows the person as one of the shop's, `place` where in its list."""

    user_id: str
    name: str
    standing: Standing = Standing.STRANGER
    shop: bool = False
    language: str = "ja"
    picture: str = ""
    menu: str = ""
    wrote_at: float = 0.0
    unread: int = 0
    loading_until: float = 0.0
    place: int = 0
    talk: list[Bubble] = field(default_factory=list)

    def record(self) -> Body:
        """What is kept on disk; the talk is kept bubble by bubble."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "talk"}


@dataclass(slots=True, kw_only=True)
class ReplyToken:
    """Good for one reply within a minute of its receipt. Times are seconds since 1970."""

    user: str
    event_at: float
    received_at: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Accepted:
    """A retry key that LINE has seen: whose body, and what came of it."""

    digest: str
    first_at: float
    request_id: str = ""
    sent: list[Body] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Menu:
    """A rich menu; its picture lies among the blobs under the same id."""

    id: str
    body: Body
    image: str = ""


class Delivery(NamedTuple):
    """One accepted message request as one recipient met it.

    `at` in seconds since 1970; `how` is reply, push, multicast or broadcast; `delivered` is False for
    those who blocked the account, who are not counted either.
    """

    at: float
    how: str
    user: str
    messages: list[Body]
    retry_key: str
    counted: bool
    delivered: bool
    request_id: str


class Call(NamedTuple):
    """One request of the product with its answer, for the log. `hint` says in Japanese what it means."""

    at: float
    name: str
    method: str
    path: str
    status: int
    request_id: str
    body: str
    answer: str
    hint: str


class Anomaly(NamedTuple):
    """Something a correct product never does, such as one retry key for two bodies."""

    at: float
    what: str
    detail: str


def plain(thing: Any) -> Body:
    """A record as a JSON object."""
    if isinstance(thing, Person):
        return thing.record()
    return dict(thing._asdict()) if isinstance(thing, Delivery | Anomaly) else asdict(thing)
