"""The envelope around a friend: what the store keeps beside the record. `decide` sees none of it.

A record is a line of JSON that can be compared by its first bytes, and behind it the last facts and the friend, packed:
`{"rev":17,"by":"9cd21eec","z":2,"no":323,"out":0}…`. See docs/adr/0011-records-are-packed.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import packing
from bot.store import past as history
from flows import codec
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId

NOBODY = -1

_HEAD = re.compile(rb'\{"rev":(\d+),"by":"[0-9a-z]*","z":(\d+),"no":(-?\d+),"out":(\d+)\}')
_FRIEND = b',"friend":'
"""Where the friend begins in a record that was written before there was a `z`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A friend as read: `rev` 0 means that nothing is kept about him yet."""

    friend: Friend
    rev: int = 0
    no: int = NOBODY
    """His number in the shard's bitmaps."""
    past: str = ""
    """His last facts (`bot.store.past`)."""
    out: int = 0
    """The outbox score of the last effects for him: the next ones come after it, whatever the clocks say."""

    @property
    def is_new(self) -> bool:
        """Whether nothing is kept about this friend yet."""
        return self.rev == 0

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The last facts, oldest first."""
        return tuple(history.facts_of(self.past))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that cannot be read; it is left as it is, and must not stop its neighbours."""

    id: FriendId
    error: Exception


def prefix_of(rev: int) -> bytes:
    """The first bytes of a record at this revision; b"" for one not yet written."""
    return b'{"rev":%d,' % rev if rev else b""


def mark_of(rev: int, mark: str) -> bytes:
    """The first bytes of a record at this revision that was written by the commit of that mark."""
    return f'{{"rev":{rev},"by":"{mark}",'.encode()


def encode(record: Record, mark: str) -> bytes:
    """The record as kept: the revision first, the friend last."""
    head = f'{{"rev":{record.rev},"by":"{mark}","z":{packing.PRESENT},"no":{record.no},"out":{record.out}}}'
    # The friend's JSON is one line, so whatever the past holds, the last break is the one between them.
    text = f"{record.past}\n{codec.dumps(record.friend)}"
    return head.encode() + packing.pack(text.encode("utf-8", "surrogatepass"))


def decode(value: bytes) -> Record:
    """The record that `encode` wrote. Raises ValueError when it is something else."""
    head = _HEAD.match(value)
    if head is None:
        return _plain(value)
    rev, way, no, out = map(int, head.groups())
    past, _, friend = packing.unpack(value[head.end() :], way).rpartition(b"\n")
    return Record(rev=rev, no=no, out=out, past=past.decode("utf-8", "surrogatepass"), friend=codec.opened(friend))


def friend_json(value: bytes) -> bytes | None:
    """The friend alone of a record, as JSON in UTF-8; None for a record that was written before there was a `z`.

    Raises ValueError when it does not unpack.
    """
    head = _HEAD.match(value)
    return packing.unpack(value[head.end() :], int(head[2])).rpartition(b"\n")[2] if head else None


def _plain(value: bytes) -> Record:
    # Inside a JSON string a quote is escaped, so the first occurrence is the real one.
    head, found, friend = value.partition(_FRIEND)
    if not found:
        raise ValueError("not a friend's record")
    kept = json.loads(head + b"}")
    return Record(
        rev=kept["rev"],
        no=kept["no"],
        out=kept.get("out", 0),
        past=kept["past"],
        friend=codec.loads(Friend, friend[:-1]),
    )


def read(friend: FriendId, value: bytes | None) -> Record:
    """The record of this friend; a blank one when nothing is kept."""
    return decode(value) if value else Record(friend=Friend(id=friend))


def read_many(friends: Sequence[FriendId], values: Sequence[bytes | None]) -> list[Record | Unreadable]:
    """Each record, or why it cannot be read."""
    return [_read_or_not(friend, value) for friend, value in zip(friends, values, strict=True)]


def _read_or_not(friend: FriendId, value: bytes | None) -> Record | Unreadable:
    try:
        return read(friend, value)
    except Exception as error:
        return Unreadable(id=friend, error=error)
