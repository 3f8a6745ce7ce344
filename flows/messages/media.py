"""Pictures, films and voices, kept as `media:…` or standing at an HTTPS address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.effects import Bubble
from flows.messages.base import Fill, Message, words_instead
from flows.messages.buttons import KEPT

MINUTE = 60_000
"""The length of a voice of which nobody told it, in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Message):
    """A picture: JPEG or PNG, at most 10 MB, preview at most 1 MB (developers.line.biz, image-message)."""

    kind: ClassVar[str] = "image"
    title: ClassVar[str] = "写真"

    url: str
    alt: str = ""

    def bubble(self, fill: Fill) -> Bubble:
        address = fill.address(self.url)
        if not address:
            return words_instead(self.title, self.alt)
        return {"type": "image", "originalContentUrl": address, "previewImageUrl": fill.preview(self.url)}

    def summary(self) -> str:
        return f"写真 {self.alt}".strip()

    def things(self) -> tuple[str, ...]:
        return (self.url,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Message):
    """A film: MP4, at most 200 MB, with a picture to show before it plays (developers.line.biz, video-message)."""

    kind: ClassVar[str] = "video"
    title: ClassVar[str] = "動画"

    url: str
    preview: str = ""

    def bubble(self, fill: Fill) -> Bubble:
        address, preview = fill.address(self.url), self._preview(fill)
        if not (address and preview):
            return words_instead(self.title)
        return {"type": "video", "originalContentUrl": address, "previewImageUrl": preview}

    def _preview(self, fill: Fill) -> str:
        """The picture that was chosen; else one of ours, since a film elsewhere says nothing of its own."""
        return fill.preview(self.preview or (self.url if self.url.startswith(KEPT) else ""))

    def summary(self) -> str:
        return "動画"

    def things(self) -> tuple[str, ...]:
        return (self.url, *((self.preview,) if self.preview else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Message):
    """A voice: M4A or MP3, at most 200 MB; `milliseconds` is its length (developers.line.biz, audio-message)."""

    kind: ClassVar[str] = "audio"
    title: ClassVar[str] = "音声"

    url: str
    milliseconds: int = MINUTE

    def bubble(self, fill: Fill) -> Bubble:
        address = fill.address(self.url)
        if not address:
            return words_instead(self.title)
        return {"type": "audio", "originalContentUrl": address, "duration": self.milliseconds}

    def summary(self) -> str:
        return "音声"

    def things(self) -> tuple[str, ...]:
        return (self.url,)
