"""Pictures, films and sounds, kept in the record: LINE forgets what people send, and a dyno's disk is wiped."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from bot.store.connection import Redis
from bot.store.errors import MediaTooLargeError, tells_when_away
from bot.store.keys import Keys

CHUNK = 512 * 1024
"""Bytes of one value: small enough that no other command waits for it."""

BUDGET = 64 * 1024 * 1024
"""Bytes of all media together, unless told otherwise."""

_PREVIEW = "preview"
_DIGEST, _SEAL = 16, 24
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a kept thing without reading it."""

    id: str
    content_type: str
    size: int
    preview: int = 0
    """Bytes of the small picture that is kept beside it; 0: there is none."""


@tells_when_away
class Media:
    """Things by an id that cannot be guessed: a digest of the content and a seal made with our secret."""

    def __init__(self, server: Redis, keys: Keys, secret: bytes, *, budget: int = BUDGET) -> None:
        self._server = server
        self._keys = keys
        self._secret = secret
        self._budget = budget

    def put(self, content: bytes, content_type: str, preview: bytes = b"") -> About:
        """Keep this; the same content again is the same thing. Raises MediaTooLargeError beyond the budget."""
        about = About(
            id=self._id_of(content, content_type), content_type=content_type, size=len(content), preview=len(preview)
        )
        if self.about(about.id) is None:
            self._claim(about)
            for part in range(0, len(content), CHUNK):
                key = self._keys.media(about.id, part // CHUNK)
                self._server.execute_command("SET", key, content[part : part + CHUNK])
            if preview:
                self._server.execute_command("SET", self._keys.media(about.id, _PREVIEW), preview)
            # Written last: what has no description is not there.
            kept = json.dumps({"type": content_type, "size": len(content), "preview": len(preview)})
            self._server.execute_command("SET", self._keys.media(about.id, "about"), kept)
        return about

    def about(self, media: str) -> About | None:
        """What is kept under this id; None for an id that is unknown or not ours (then nothing is even asked)."""
        if not self.is_genuine(media):
            return None
        value = self._server.execute_command("GET", self._keys.media(media, "about"))
        if value is None:
            return None
        kept = json.loads(value)
        return About(id=media, content_type=kept["type"], size=kept["size"], preview=kept.get("preview", 0))

    def read(self, about: About, start: int = 0) -> Iterator[bytes]:
        """The content from byte `start` on, one piece at a time."""
        for part in range(start // CHUNK, -(-about.size // CHUNK)):
            skip = max(0, start - part * CHUNK)
            yield self._server.execute_command("GETRANGE", self._keys.media(about.id, part), skip, -1)

    def preview(self, about: About) -> bytes:
        """The small picture kept beside it, b"" if there is none."""
        found: bytes | None = self._server.execute_command("GET", self._keys.media(about.id, _PREVIEW))
        return found or b""

    def forget(self, about: About) -> None:
        """Give the room back."""
        parts: list[int | str] = ["about", _PREVIEW, *range(-(-about.size // CHUNK))]
        self._server.execute_command("DEL", *(self._keys.media(about.id, part) for part in parts))
        self._server.execute_command("HDEL", self._keys.media_sizes(), about.id)

    @property
    def budget(self) -> int:
        """Bytes that all media together may take."""
        return self._budget

    def used(self) -> int:
        """Bytes taken by all media together."""
        return sum(map(int, self._server.execute_command("HVALS", self._keys.media_sizes())))

    def is_genuine(self, media: str) -> bool:
        """Whether we made this id."""
        sealed = self._sealed(media[:_DIGEST])
        return hmac.compare_digest(sealed.encode("utf-8", "replace"), media.encode("utf-8", "replace"))

    def _claim(self, about: About) -> None:
        # Counted before it is written, so that two at once cannot both take the last room.
        self._server.execute_command("HSET", self._keys.media_sizes(), about.id, about.size + about.preview)
        used = self.used()
        if used > self._budget:
            self._server.execute_command("HDEL", self._keys.media_sizes(), about.id)
            raise MediaTooLargeError(
                f"写真・動画・音声の置き場（{self._budget // _MB}MB）に入りきりません。"
                f"いま{(used - about.size - about.preview) / _MB:.1f}MBあり、これは{about.size / _MB:.1f}MBです。"
                "大きな動画はリンクにするか、置き場を広げてください（サーバーの設定 MEDIA_MB）。"
            )

    def _id_of(self, content: bytes, content_type: str) -> str:
        digest = sha256(content_type.encode("utf-8", "replace") + b"\0" + content).hexdigest()
        return self._sealed(digest[:_DIGEST])

    def _sealed(self, digest: str) -> str:
        return digest + hmac.digest(self._secret, digest.encode("utf-8", "replace"), "sha256").hex()[:_SEAL]
