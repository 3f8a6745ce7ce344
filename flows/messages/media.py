"""Pictures, films and voices, kept as `media:…` or standing at an HTTPS address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.effects import Bubble
from flows.messages.base import Fill, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Message):
    """A picture: JPEG or PNG, at most 10 MB, preview at most 1 MB (developers.line.biz, image-message)."""

    kind: ClassVar[str] = "image"
    title: ClassVar[str] = "写真"

    url: str
    alt: str = ""

    def bubble(self, fill: Fill) -> Bubble:
        address = fill.address(self.url)
        return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}

    def summary(self) -> str:
        return f"写真 {self.alt}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Message):
    """A film: MP4, at most 200 MB, with a picture to show before it plays (developers.line.biz, video-message)."""

    kind: ClassVar[str] = "video"
    title: ClassVar[str] = "動画"

    url: str
    preview: str = ""

    def bubble(self, fill: Fill) -> Bubble:
        address = fill.address(self.url)
        preview = fill.address(self.preview) if self.preview else f"{address}.preview"
        return {"type": "video", "originalContentUrl": address, "previewImageUrl": preview}

    def summary(self) -> str:
        return "動画"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Message):
    """A voice: M4A or MP3, at most 200 MB; `milliseconds` is its length (developers.line.biz, audio-message)."""

    kind: ClassVar[str] = "audio"
    title: ClassVar[str] = "音声"

    url: str
    milliseconds: int = 60_000

    def bubble(self, fill: Fill) -> Bubble:
        return {"type": "audio", "originalContentUrl": fill.address(self.url), "duration": self.milliseconds}

    def summary(self) -> str:
        return "音声"
