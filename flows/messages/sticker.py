"""Stickers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.effects import Bubble
from flows.messages.base import Fill, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker(Message):
    """A sticker that bots may send, by package and number (developers.line.biz, sticker-message)."""

    kind: ClassVar[str] = "sticker"
    title: ClassVar[str] = "スタンプ"

    package: str
    number: str

    def bubble(self, fill: Fill) -> Bubble:
        return {"type": "sticker", "packageId": self.package, "stickerId": self.number}

    def summary(self) -> str:
        return f"スタンプ {self.package}/{self.number}"
