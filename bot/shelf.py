"""Media as references: `media:…` is what records and scripts hold, never an address."""

from __future__ import annotations

from typing import Final

from bot import pictures
from bot.ports import Clock
from bot.store.errors import MediaTooLargeError
from bot.store.media import Media
from flows.names import FriendId
from flows.words import MEDIA

_MB: Final = 1024 * 1024
LARGEST: Final = 10 * _MB
"""Bytes of one thing: LINE takes no larger picture, and the room is for many."""
_KINDS: Final = {"image": "写真", "video": "動画", "audio": "音声"}


class Shelf:
    """Keeps things in the store under references, pictures with a small one of themselves."""

    def __init__(self, media: Media, clock: Clock) -> None:
        self._media = media
        self._clock = clock

    def put(self, blob: bytes, content_type: str, *, name: str = "", sender: FriendId | None = None) -> str:
        """Keep it and give its reference; `sender` is the friend whose answer it is, None for content of the shop's.

        Raises MediaTooLargeError, MediaAwayError.
        """
        if len(blob) > LARGEST:
            raise MediaTooLargeError(too_large(content_type.partition("/")[0], len(blob)))
        preview = pictures.preview_of(blob) if content_type.startswith("image/") else b""
        kept = self._media.put(blob, content_type, preview, name=name, at=self._clock.now(), sender=sender)
        return MEDIA + kept.id


def too_large(what: str, size: int = 0) -> str:
    """Why a thing is not kept, and what to do instead; `size` 0: larger than anybody looked."""
    name = _KINDS.get(what, "ファイル")
    given = f"この{name}は{size / _MB:.1f}MBあります。" if size else f"この{name}は大きすぎます。"
    return (
        f"{given}トークから受け取れるのは1つ{LARGEST // _MB}MBまでです。"
        "短くするか、動画の置き場（YouTubeなど）に置いて、そのリンクを文かカードのボタンに書いてください。"
    )
