"""Words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.effects import Bubble
from flows.messages.base import Fill, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Message):
    """A text bubble: at most 5,000 UTF-16 units once filled in (developers.line.biz, text-message)."""

    kind: ClassVar[str] = "text"
    title: ClassVar[str] = "文"

    body: str

    def bubble(self, fill: Fill) -> Bubble:
        return {"type": "text", "text": fill.text(self.body)}

    def summary(self) -> str:
        return self.body.strip().splitlines()[0] if self.body.strip() else ""
