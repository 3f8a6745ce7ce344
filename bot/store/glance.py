"""A friend read only as far as a table shows him: a fifth of the price of the whole record, and nothing to write back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.store import records
from flows import codec
from flows.friend import Friend
from flows.names import FriendId, Key

log = logging.getLogger(__name__)


class Unlooked(msgspec.Struct, gc=False):
    """Something whose inside no table shows."""


class Value(msgspec.Struct, gc=False):
    """A field's entry."""

    value: str = ""


class Glance(msgspec.Struct, gc=False):
    """What a row shows of a friend, named as in his record."""

    id: FriendId
    name: str = ""
    joined_at: float | None = msgspec.field(default=None, name="joined")
    left_at: float | None = msgspec.field(default=None, name="left")
    route: str = ""
    note: str = ""
    tags: dict[Key, Unlooked] = {}
    scores: dict[Key, int] = {}
    fields: dict[Key, Value] = {}
    v: int = 1

    @property
    def joined(self) -> datetime | None:
        """When he joined."""
        return None if self.joined_at is None else datetime.fromtimestamp(self.joined_at, UTC)

    @property
    def left(self) -> datetime | None:
        """Since when he blocks us."""
        return None if self.left_at is None else datetime.fromtimestamp(self.left_at, UTC)


PRESENT: Final = 1 + len(codec.UPGRADES[Friend])
_DECODER: Final = msgspec.json.Decoder(Glance)


def glance(value: bytes) -> Glance | Friend:
    """The friend of a kept record; the whole one where the quick way does not serve. Raises ValueError as `decode`."""
    found = _quick(value)
    return found or records.decode(value).friend


def _quick(value: bytes) -> Glance | None:
    text = records.friend_json(value)
    try:
        found = _DECODER.decode(text) if text is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Half a character from outside, or a record that has to be read by what it was then.
        return None
    return found if found and found.v == PRESENT else None


def each(friends: Sequence[FriendId], values: Sequence[bytes | None]) -> list[Glance | Friend]:
    """Those of whom something is kept, in this order. What cannot be read is logged and left out."""
    found = []
    for friend, value in zip(friends, values, strict=True):
        try:
            if value:
                found.append(glance(value))
        except ValueError:
            log.exception("friend.unreadable", extra={"friend": friend})
    return found
