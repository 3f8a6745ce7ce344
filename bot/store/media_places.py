"""Where the bytes of pictures and films lie: in the record, unless a bucket is set (`bot.bucket`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.keys import Keys

CHUNK = 512 * 1024
"""Bytes of one value: small enough that no other command waits for it."""

PREVIEW = ".preview"
"""Stands behind a thing's id in the name of its small picture."""


class Place(Protocol):
    """Holds blobs by name: a thing's id, or that with `.preview` behind it. All methods raise MediaAwayError."""

    @property
    def name(self) -> str:
        """By which things remember it."""
        ...

    @property
    def shown(self) -> str:
        """What people read, "" for the record."""
        ...

    def write(self, name: str, blob: bytes, content_type: str) -> None:
        """Hold this; a blob of that name is replaced."""
        ...

    def read(self, name: str, size: int, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to (not including) `end` of a blob of that size, in pieces."""
        ...

    def drop(self, name: str, size: int) -> None:
        """Hold it no more; one that is not there is fine."""
        ...

    def trouble(self) -> str:
        """Why nothing could be held now, with the mend; "" if it could."""
        ...


@tells_when_away
class InRecord:
    """Holds blobs in Redis, large ones in chunks."""

    name = ""
    shown = ""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def write(self, name: str, blob: bytes, content_type: str) -> None:
        """One value per chunk."""
        del content_type
        for part, start in enumerate(range(0, len(blob), _chunk(name))):
            self._server.execute_command("SET", self._key(name, part), blob[start : start + _chunk(name)])

    def read(self, name: str, size: int, start: int, end: int) -> Iterator[bytes]:
        """Chunk by chunk."""
        chunk, end = _chunk(name), min(end, size)
        for part in range(start // chunk, -(-end // chunk)):
            span = max(0, start - part * chunk), min(end - part * chunk, chunk) - 1
            yield self._server.execute_command("GETRANGE", self._key(name, part), *span)

    def drop(self, name: str, size: int) -> None:
        """All chunks."""
        if parts := range(-(-size // _chunk(name))):
            self._server.execute_command("DEL", *(self._key(name, part) for part in parts))

    def trouble(self) -> str:
        """The record is looked after elsewhere."""
        return ""

    def _key(self, name: str, part: int) -> str:
        return self._keys.media(name.removesuffix(PREVIEW), "preview" if name.endswith(PREVIEW) else part)


def _chunk(name: str) -> int:
    """A small picture is one value, however large: it is at most twice a chunk."""
    return 4 * CHUNK if name.endswith(PREVIEW) else CHUNK
