"""Things that are sent, not written: a photo, a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from flows.questions.base import Heard, Question, Reading, Retry, Understood
from flows.questions.showing import Press, quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Question):
    """A photo: the value is its `media:…` reference."""

    kind: ClassVar[str] = "photo"
    title: ClassVar[str] = "写真"
    retry: ClassVar[str] = "写真を送ってください。"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        if heard.what != "image":
            return Retry(reason=self.retry)
        return Understood(value=heard.media or "写真")

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        return [quick({"type": "camera", "label": "写真をとる"}), quick({"type": "cameraRoll", "label": "写真を選ぶ"})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Question):
    """A place: sent from the map, or written as an address where there is no map (on a PC)."""

    kind: ClassVar[str] = "place"
    title: ClassVar[str] = "場所"
    retry: ClassVar[str] = "「場所を送る」から送ってください。住所を文字で送っても大丈夫です。"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        if heard.what not in {"", "location"} or not heard.text.strip():
            return Retry(reason=self.retry)
        return Understood(value=heard.text.strip())

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        return [quick({"type": "location", "label": "場所を送る"})]
