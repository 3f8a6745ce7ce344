"""Stickers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flows.effects import Bubble
from flows.messages.base import Fill, Message

SENDABLE: Mapping[str, range] = {
    "446": range(1988, 2028),
    "789": range(10855, 10895),
    "1070": range(17839, 17879),
    "6136": range(10551376, 10551400),
    "6325": range(10979904, 10979928),
    "6359": range(11069848, 11069872),
    "6362": range(11087920, 11087944),
    "6370": range(11088016, 11088040),
    "6632": range(11825374, 11825398),
    "8515": range(16581242, 16581266),
    "8522": range(16581266, 16581290),
    "8525": range(16581290, 16581314),
    "11537": range(52002734, 52002774),
    "11538": range(51626494, 51626534),
    "11539": range(52114110, 52114150),
}
"""The sets that a bot may send, and the numbers in each (developers.line.biz, sticker-list)."""

REFUSED = (
    "このスタンプは、公式アカウントからは送れません（LINEの決まりで、動くスタンプや買ったスタンプは送れません）。"
    "送れるのは、ブラウン・コニー・サリー・ムーンなどの決まったスタンプです。文か写真を送ってください。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker(Message):
    """A sticker that bots may send, by package and number (developers.line.biz, sticker-message)."""

    kind: ClassVar[str] = "sticker"
    title: ClassVar[str] = "スタンプ"

    package: str
    number: str

    @property
    def sendable(self) -> bool:
        """Whether LINE lets a bot send it."""
        return self.number.isdecimal() and int(self.number) in SENDABLE.get(self.package, ())

    def bubble(self, fill: Fill) -> Bubble:
        return {"type": "sticker", "packageId": self.package, "stickerId": self.number}

    def summary(self) -> str:
        return f"スタンプ {self.package}/{self.number}"
