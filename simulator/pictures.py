"""Reads what a picture is from its first bytes: PNG or JPEG, and how large."""

from __future__ import annotations

import struct
from typing import NamedTuple

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Picture(NamedTuple):
    """The media type and the size in pixels."""

    content_type: str
    width: int
    height: int


def look(content: bytes) -> Picture | None:
    """What the picture is; None if it is neither PNG nor JPEG."""
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return Picture("image/png", width, height)
    return _jpeg(content) if content.startswith(JPEG) else None


def _jpeg(content: bytes) -> Picture | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Picture("image/jpeg", width, height)
        at += 2 + length
    return None
