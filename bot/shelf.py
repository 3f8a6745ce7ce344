"""Media as references: `media:…` is what records and scripts hold, never an address."""

from __future__ import annotations

from bot.store.media import Media

PREFIX = "media:"


class Shelf:
    """Keeps things in the store under references."""

    def __init__(self, media: Media) -> None:
        self._media = media

    def put(self, blob: bytes, content_type: str) -> str:
        """Keep it and give its reference. Raises MediaTooLargeError."""
        return PREFIX + self._media.put(blob, content_type).id
