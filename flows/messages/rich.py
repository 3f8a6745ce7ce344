"""Rich messages: one picture as wide as the talk, parts of which are buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from flows.effects import Bubble
from flows.messages.base import Fill, Message, words_instead
from flows.messages.buttons import KEPT, Button
from flows.messages.card import ALT_UNITS
from flows.names import fit


class Area(NamedTuple):
    """A part of the picture, in hundredths of its width and height."""

    left: float
    top: float
    width: float
    height: float


SHAPES: Mapping[str, tuple[Area, ...]] = {
    "全体": (Area(0, 0, 100, 100),),
    "左右": (Area(0, 0, 50, 100), Area(50, 0, 50, 100)),
    "上下": (Area(0, 0, 100, 50), Area(0, 50, 100, 50)),
    "横3つ": (Area(0, 0, 33.33, 100), Area(33.33, 0, 33.34, 100), Area(66.67, 0, 33.33, 100)),
    "縦3つ": (Area(0, 0, 100, 33.33), Area(0, 33.33, 100, 33.34), Area(0, 66.67, 100, 33.33)),
    "上1下2": (Area(0, 0, 100, 50), Area(0, 50, 50, 50), Area(50, 50, 50, 50)),
    "上1下3": (Area(0, 0, 100, 50), Area(0, 50, 33.33, 50), Area(33.33, 50, 33.34, 50), Area(66.67, 50, 33.33, 50)),
    "4つ": (Area(0, 0, 50, 50), Area(50, 0, 50, 50), Area(0, 50, 50, 50), Area(50, 50, 50, 50)),
}
"""How a picture can be parted, by name; the order of its parts is the order of the buttons."""
LONGEST_SIDE, STEEPEST = 100_000, 3
"""Of an aspect ratio; a picture is at most so many times as high as it is wide (developers.line.biz, flex-message)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rich(Message):
    """A picture whose parts are buttons (developers.line.biz, flex-message: position, action objects).

    Drawn as Flex and not as LINE's imagemap: an imagemap's parts open addresses or say words, but report no tap.
    """

    kind: ClassVar[str] = "rich"
    title: ClassVar[str] = "リッチメッセージ"

    picture: str
    alt: str = ""
    """What the picture shows, for those who do not see it."""
    shape: str = "全体"
    wide: int = 1
    high: int = 1
    """Its sides, as one to the other."""
    buttons: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        if len(self.buttons) != len(SHAPES[self.shape]):
            raise ValueError("a button for each part")

    def bubble(self, fill: Fill) -> Bubble:
        address = fill.preview(self.picture)
        if not address:
            return words_instead(self.title, self._words(fill))
        picture = {"type": "image", "url": address, "size": "full", "aspectRatio": f"{self.wide}:{self.high}"}
        areas = [_drawn(area, one, fill) for area, one in zip(SHAPES[self.shape], self.buttons, strict=True)]
        body = {
            "type": "box",
            "layout": "vertical",
            "paddingAll": "0px",
            "contents": [picture | {"aspectMode": "cover"}, *(area for area in areas if area)],
        }
        contents = {"type": "bubble", "size": "giga", "body": body}
        return {"type": "flex", "altText": fit(self._words(fill), ALT_UNITS), "contents": contents}

    def _words(self, fill: Fill) -> str:
        """Everything it says, for a PC and for those who listen."""
        return "\n".join((self.alt or self.title, *(button.spoken(fill) for button in self.buttons)))

    def summary(self) -> str:
        return f"リッチメッセージ {self.alt or '・'.join(button.label for button in self.buttons)}"

    def things(self) -> tuple[str, ...]:
        return (self.picture, *(button.url for button in self.buttons if button.url.startswith(KEPT)))

    def pressable(self) -> tuple[Button, ...]:
        return self.buttons


def _drawn(area: Area, button: Button, fill: Fill) -> dict[str, Any] | None:
    """A part of the picture that can be tapped: nothing of its own is to be seen."""
    action = button.action(fill)
    return action and {
        "type": "box",
        "layout": "vertical",
        "contents": [{"type": "filler"}],
        "position": "absolute",
        "offsetStart": f"{area.left:g}%",
        "offsetTop": f"{area.top:g}%",
        "width": f"{area.width:g}%",
        "height": f"{area.height:g}%",
        "action": action,
    }
