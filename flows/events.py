"""What happened to a friend, in the past tense. The adapters translate LINE's webhooks into these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flows.names import Key

if TYPE_CHECKING:
    from flows.actions import Action
    from flows.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment. `id` is LINE's webhookEventId ("" when it came from inside)."""

    at: datetime
    id: str = ""
    can_reply: bool = False
    """A reply token came with it: up to five bubbles may answer at no cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Event):
    """The person added the account, or came back after a block (`unblocked`)."""

    unblocked: bool = False
    route: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """The person blocked the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """The person typed words. `message` is LINE's message id."""

    text: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showed(Event):
    """The person sent something that is not words: image, video, audio, file, location, sticker."""

    what: str
    message: str = ""
    media: str = ""
    """`media:…` reference once the content is kept; place: 「住所（緯度,経度）」 in `text`."""
    text: str = ""
    milliseconds: int = 0
    """How long a voice or film is, where LINE told."""
    refused: str = ""
    """Why the content was not kept, in words for whoever sent it; "" if it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped(Event):
    """The person pressed a button that carries `data`; `picked` is what a date picker chose (ISO form)."""

    data: str
    picked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked(Event):
    """The person opened a tracked link, by its name."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent(Event):
    """The person took a message back."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameDue(Event):
    """The time has come to look at this friend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered(Event):
    """A member of staff, a rule or a broadcast has actions carried out for this friend."""

    actions: tuple[Action, ...]
    by: str = ""
    """Who, as history names it: a member of staff's name, or what caused it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred(Event):
    """Something of the shop's own life: 予約, 来店, 購入, キャンセル, or any named event; `on` is its date."""

    what: str
    on: date | datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased(Event):
    """Staff moved this friend from one version of a scenario to another, or restored a scenario."""

    scenario: Key
    to_version: int
    """0: the version he is on; he is woken where he stands, as after a pause."""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BecameStaff(Event):
    """The person is now a member of staff and leaves every scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed(Event):
    """LINE told us the display name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSpoke(Event):
    """A member of staff answered in person (返信 @名): bubbles as they stand, and the walks stay paused."""

    messages: tuple[Message, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedBack(Event):
    """Staff are done talking: the friend's walks go on."""

    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BecameFriend(Event):
    """The person is no longer a member of staff, and a friend like any other from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated(Event):
    """A member of staff wrote down something about this friend; "" takes the note away."""

    note: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagged(Event):
    """A tag got another name, or became one with another tag: nothing starts for it."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelled(Event):
    """A score or a field (`what`: score, field) got another name: nothing starts for it."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped(Event):
    """A member of staff wants to live her own scenarios anew: her record begins again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Event):
    """Staff had everything about this person forgotten. The adapters do it: there is no record to decide on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(Event):
    """Staff threw away pictures, films and the like, by id. The adapters do it: it concerns nobody's record."""

    things: tuple[str, ...]
