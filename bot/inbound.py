"""LINE's webhook events as events of ours. What we do not know or do not serve is left out, never an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from flows.events import Event, Followed, Left, Said, Showed, Tapped, Unsent
from flows.names import FriendId

Json = Mapping[str, Any]

USER_ID: Final = re.compile(r"U[0-9a-f]{32}")
WITH_CONTENT: Final = frozenset({"image", "video", "audio", "file"})
LATEST: Final = 253_402_300_799_000
"""Milliseconds of the last moment that a datetime can hold; LINE's own are never near it."""
LONGEST: Final = 86_400_000
"""Milliseconds that a film or voice may claim to last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSet:
    """Photos sent together arrive as events of their own, in any order."""

    id: str
    index: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One event of one person, with what it takes to answer it.

    `token` is "" where no reply is possible; `content` is the message whose content lies at LINE; `raw` is the
    event as LINE sent it. `quiet` events are heard without an answer: the last of several speaks for all.
    `complete`: what LINE was to be asked for is there, as far as it can be had.
    """

    friend: FriendId
    event: Event
    token: str = ""
    content: str = ""
    content_name: str = ""
    together: ImageSet | None = None
    raw: Json = field(default_factory=dict, repr=False)
    quiet: bool = False
    complete: bool = False


def translate(payload: Json) -> tuple[Incoming, ...]:
    """The events of a webhook body that concern one person and that we serve; each person's in order of time."""
    events = payload.get("events")
    found = [one for raw in (events if isinstance(events, Sequence) else ()) for one in _from(raw)]
    return tuple(sorted(found, key=lambda one: one.event.at))


def _from(raw: object) -> Iterator[Incoming]:
    """None or one: an event of an unexpected shape is one we do not know."""
    if not isinstance(raw, Mapping) or raw.get("mode") == "standby":
        return
    try:
        found = _read(raw)
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    if found is not None:
        yield found


def _read(raw: Json) -> Incoming | None:
    source = raw["source"]
    friend = source.get("userId", "")
    # In a group nobody is spoken to as a friend.
    if source.get("type") != "user" or not isinstance(friend, str) or not USER_ID.fullmatch(friend):
        return None
    token = raw.get("replyToken") or ""
    about = {"at": _moment(raw["timestamp"]), "id": str(raw.get("webhookEventId") or ""), "can_reply": bool(token)}
    event = _event(raw, about)
    if event is None:
        return None
    message = raw.get("message") or {}
    return Incoming(
        friend=FriendId(friend),
        event=event,
        token=str(token),
        content=_content(message),
        content_name=str(message.get("fileName") or ""),
        together=_together(message.get("imageSet")),
        raw=raw,
    )


def _event(raw: Json, about: dict[str, Any]) -> Event | None:
    match raw["type"]:
        case "message":
            return _message(raw["message"], about)
        case "postback":
            postback = raw["postback"]
            params = postback.get("params") or {}
            if "newRichMenuAliasId" in params:
                # The app has switched the panel by itself; nobody said anything.
                return None
            picked = params.get("datetime") or params.get("date") or params.get("time") or ""
            return Tapped(data=str(postback["data"]), picked=str(picked), **about)
        case "follow":
            return Followed(unblocked=bool((raw.get("follow") or {}).get("isUnblocked")), **about)
        case "unfollow":
            return Left(**about)
        case "unsend":
            return Unsent(message=str(raw["unsend"]["messageId"]), **about)
    return None


def _message(message: Json, about: dict[str, Any]) -> Event:
    kind = str(message["type"])
    number = str(message["id"])
    if kind == "text":
        return Said(text=_words(message), message=number, **about)
    return Showed(
        what=kind,
        message=number,
        media=_media(message),
        text=_shown(message),
        milliseconds=_length(message.get("duration")),
        **about,
    )


def _length(duration: object) -> int:
    """A film's or voice's length; 0 where LINE does not tell it."""
    return duration if isinstance(duration, int) and 0 < duration <= LONGEST else 0


def _words(message: Json) -> str:
    """The text with LINE's own emojis as `{絵文字:…}`, since they come as stand-ins at UTF-16 positions."""
    text = str(message["text"])
    emojis = message.get("emojis")
    if not isinstance(emojis, Sequence) or not emojis:
        return _whole(text)
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[str] = []
    done = 0
    for emoji in sorted(emojis, key=lambda each: int(each["index"])):
        start, length = int(emoji["index"]), int(emoji["length"])
        parts.append(units[2 * done : 2 * start].decode("utf-16-le", "replace"))
        parts.append(f"{{絵文字:{emoji['productId']}/{emoji['emojiId']}}}")
        done = start + length
    parts.append(units[2 * done :].decode("utf-16-le", "replace"))
    return _whole("".join(parts))


def _whole(text: str) -> str:
    """The text without halves of characters, which could not be stored or sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _media(message: Json) -> str:
    """A reference that is known without asking LINE: an address of the sender's, or a sticker's numbers."""
    if message["type"] == "sticker":
        return f"{message['packageId']}/{message['stickerId']}"
    provider = message.get("contentProvider") or {}
    return str(provider.get("originalContentUrl") or "") if provider.get("type") == "external" else ""


def _shown(message: Json) -> str:
    if message["type"] == "location":
        name = str(message.get("address") or message.get("title") or "")
        return _whole(f"{name}（{message['latitude']},{message['longitude']}）")
    return _whole(str(message.get("fileName") or ""))


def _content(message: Json) -> str:
    provider = message.get("contentProvider") or {}
    if message.get("type") in WITH_CONTENT and provider.get("type", "line") == "line":
        return str(message["id"])
    return ""


def _together(raw: Json | None) -> ImageSet | None:
    if not raw:
        return None
    return ImageSet(id=str(raw["id"]), index=int(raw.get("index") or 1), total=int(raw.get("total") or 1))


def _moment(milliseconds: object) -> datetime:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not 0 <= milliseconds <= LATEST:
        raise ValueError("no timestamp")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
