"""Words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from flows.effects import Bubble
from flows.messages.base import Emoji, Fill, Message
from flows.names import fit, utf16_length

LONGEST = 5000
"""UTF-16 units of a text message (developers.line.biz, text-message)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Message):
    """A text bubble: at most 5,000 UTF-16 units once filled in (developers.line.biz, text-message)."""

    kind: ClassVar[str] = "text"
    title: ClassVar[str] = "文"

    body: str

    def bubble(self, fill: Fill) -> Bubble:
        text, emojis = fill.filled(self.body)
        fitting = fit(text, LONGEST)
        shape: dict[str, Any] = {"type": "text", "text": fitting}
        units = utf16_length(fitting) - (1 if fitting != text else 0)
        placed = [_at_line(emoji) for emoji in emojis if emoji.at < units]
        if placed:
            shape["emojis"] = placed[:20]
        return shape

    def summary(self) -> str:
        return self.body.strip().splitlines()[0] if self.body.strip() else ""

    def texts(self) -> tuple[str, ...]:
        return (self.body,)

    def with_texts(self, change: Callable[[str], str]) -> Self:
        return replace(self, body=change(self.body))


def _at_line(emoji: Emoji) -> dict[str, Any]:
    return {"index": emoji.at, "productId": emoji.product, "emojiId": emoji.number}
