"""Cards: a picture, a title, a text and buttons; several side by side are a carousel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from flows.effects import Bubble
from flows.messages.base import Fill, Message
from flows.messages.buttons import KEPT, Button
from flows.names import cut, fit

MOST_CARDS = 12
"""Bubbles of a Flex carousel (developers.line.biz, flex-message)."""
MOST_BUTTONS = 4
LONGEST_TITLE, LONGEST_TEXT, LONGEST_LABEL, LONGEST_URL = 40, 500, 20, 1_000
"""Visible characters; LINE's own limits for Flex lie higher, these are what a card can show."""
CARD_BYTES, CAROUSEL_BYTES = 30_000, 50_000
"""JSON of one Flex bubble and of a whole carousel (developers.line.biz, flex-message)."""
ALT_UNITS = 1_500
"""UTF-16 units of the words shown where a card cannot be (developers.line.biz, flex-message)."""

_SHORTER = (LONGEST_TEXT * 2, 200, 60)
"""A text that grew by what was filled in is cut to the first of these lengths with which the card fits."""
_INK, _SOFT = "#111111", "#555555"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card of a message."""

    title: str = ""
    text: str = ""
    picture: str = ""
    alt: str = ""
    """What the picture shows, for those who do not see it."""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards(Message):
    """One card, or up to twelve side by side, as one bubble (developers.line.biz, flex-message)."""

    kind: ClassVar[str] = "cards"
    title: ClassVar[str] = "カード"

    cards: tuple[Card, ...]

    def bubble(self, fill: Fill) -> Bubble:
        shapes = (self._shape(fill, longest) for longest in _SHORTER)
        fitting = next((shape for shape in shapes if _fits(shape)), None)
        return fitting or self._shape(fill, _SHORTER[-1])

    def _shape(self, fill: Fill, longest: int) -> dict[str, Any]:
        drawn = [_drawn(card, fill, longest) for card in self.cards]
        contents = drawn[0] if len(drawn) == 1 else {"type": "carousel", "contents": drawn}
        return {"type": "flex", "altText": fit(self._words(fill), ALT_UNITS), "contents": contents}

    def _words(self, fill: Fill) -> str:
        """Everything the cards say, for a PC and for those who listen."""
        return "\n\n".join("\n".join(_spoken(card, fill)) for card in self.cards).strip() or self.title

    def summary(self) -> str:
        first = self.cards[0]
        named = first.title or next(iter(first.text.splitlines()), "") or first.alt
        more = f"（{len(self.cards)}枚）" if len(self.cards) > 1 else ""
        return f"カード{more} {named}".strip()

    def texts(self) -> tuple[str, ...]:
        return tuple(text for card in self.cards for text in (card.title, card.text) if text)

    def with_texts(self, change: Callable[[str], str]) -> Self:
        return replace(self, cards=tuple(_changed(card, change) for card in self.cards))

    def things(self) -> tuple[str, ...]:
        pictures = [card.picture for card in self.cards if card.picture]
        files = [button.url for card in self.cards for button in card.buttons if button.url.startswith(KEPT)]
        return (*pictures, *files)

    def pressable(self) -> tuple[Button, ...]:
        return tuple(button for card in self.cards for button in card.buttons)


def too_large(cards: Cards, fill: Fill) -> bool:
    """Whether LINE would refuse it for its size, even with its texts cut short."""
    return not _fits(cards.bubble(fill))


def _fits(shape: dict[str, Any] | Bubble) -> bool:
    contents = shape["contents"]
    drawn = contents["contents"] if contents["type"] == "carousel" else [contents]
    return _bytes(contents) <= CAROUSEL_BYTES and all(_bytes(one) <= CARD_BYTES for one in drawn)


def _bytes(part: Any) -> int:
    return len(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _changed(card: Card, change: Callable[[str], str]) -> Card:
    return replace(card, title=card.title and change(card.title), text=card.text and change(card.text))


def _spoken(card: Card, fill: Fill) -> Iterator[str]:
    yield from (text for text in (fill.text(card.title), fill.text(card.text)) if text)
    if not card.title and card.alt:
        yield f"（写真：{card.alt}）"
    yield from (button.spoken(fill) for button in card.buttons)


def _drawn(card: Card, fill: Fill, longest: int) -> dict[str, Any]:
    """One Flex bubble."""
    drawn: dict[str, Any] = {"type": "bubble", "size": "mega"}
    picture = fill.preview(card.picture) if card.picture else ""
    if picture:
        drawn["hero"] = _picture(picture)
    words = [_title(fill.text(card.title))] if card.title else []
    words += [_text(cut(fill.text(card.text), longest))] if card.text else []
    if words or not picture:
        drawn["body"] = _box(words or [_text(card.alt or Cards.title)])
    keys = [key for button in card.buttons if (key := _key(button, fill))]
    if keys:
        drawn["footer"] = _box(keys)
    return drawn


def _picture(address: str) -> dict[str, Any]:
    return {"type": "image", "url": address, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"}


def _title(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text or " ", "weight": "bold", "size": "lg", "wrap": True, "color": _INK}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text or " ", "size": "sm", "wrap": True, "color": _SOFT}


def _box(contents: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "spacing": "sm", "contents": contents}


def _key(button: Button, fill: Fill) -> dict[str, Any] | None:
    action = button.action(fill)
    return action and {"type": "button", "style": "secondary", "height": "sm", "action": action}
