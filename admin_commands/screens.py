"""A screen: what one answer says, and what can be tapped or typed next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flows.effects import Bubble
from flows.names import cut, fit, utf16_length

MOST_BUBBLES = 5
"""Bubbles in one reply (developers.line.biz, send-reply-message)."""
MOST_TAPS = 13
"""Buttons of a quick reply (developers.line.biz, quick-reply)."""
LABEL = 20
TEXT_UNITS = 5_000
ALT_UNITS = 1_500
DATA_CHARS = 300
_CARD_UNITS = 2_000
"""A longer text stands in a bubble of its own, so that a card stays far below its 30 KB."""
_CARD_TAPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """Where LINE's own picker of dates begins and how far it goes: moments or days by the clock on the wall, in ISO form.

    `mode`: datetime or date. Phones only (developers.line.biz, datetime-picker-action).
    """

    first: str
    least: str
    most: str
    mode: str = "datetime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button: what stands on it, and the words that tapping it says ("" is the label itself).

    With a `picker` what was picked is said instead; typed, the button says its own words as any other.
    """

    label: str
    says: str = ""
    picker: Picker | None = None

    @property
    def words(self) -> str:
        """What the console hears when it is tapped."""
        return self.says or self.label


def tap(label: str, says: str = "") -> Tap:
    """A button."""
    return Tap(label=label, says=says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is said, and the next taps. `lasts`: it is looked at again later, so the buttons sit in a card.

    `listed`: the text itself already numbers the choices.
    """

    text: str
    taps: tuple[Tap, ...] = ()
    where: str = ""
    lasts: bool = False
    listed: bool = False

    def words(self) -> str:
        """Everything the screen says, with the place it stands at on top."""
        return f"{self.where}\n{self.text}" if self.where else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A tap made ready to be sent: label within its limit, data within 300 characters."""

    label: str
    data: str
    picker: Picker | None = None


def command_data(words: str) -> str:
    """The data of a button that says a command whenever it is tapped, as the admin menu's areas do."""
    return f"c:{words}"


def screen_data(screen: int, number: int) -> str:
    """The data of a button that counts on one screen only."""
    return f"s:{screen}:{number}"


def text_bubble(text: str) -> Bubble:
    """One text bubble."""
    return {"type": "text", "text": text}


def render(screen: Screen, buttons: tuple[Button, ...], *, room: int = MOST_BUBBLES) -> tuple[Bubble, ...]:
    """The bubbles of a screen: as many as needed, at most `room`, the buttons under the last one."""
    if screen.lasts and buttons:
        return _card(screen, buttons, room)
    texts = list(pieces(screen.words() + numbered(screen)))[:room]
    bubbles = [text_bubble(text) for text in texts]
    if buttons:
        bubbles[-1] = {**bubbles[-1], "quickReply": {"items": [_quick(button) for button in buttons[:MOST_TAPS]]}}
    return tuple(bubbles)


def numbered(screen: Screen) -> str:
    """The choices as a numbered list, for those who type: on one line while it is short."""
    if screen.listed or not screen.taps:
        return ""
    choices = [f"{number} {one.label}" for number, one in enumerate(screen.taps, 1)]
    line = "　".join(choices)
    return "\n\n" + (line if len(line) <= 60 else "\n".join(choices))


def pieces(text: str, most: int = TEXT_UNITS) -> Iterator[str]:
    """The text in parts of at most so many UTF-16 units, cut between lines where it can be."""
    part = ""
    for line in _short_lines(text.split("\n"), most):
        longer = f"{part}\n{line}" if part else line
        if utf16_length(longer) > most:
            yield part
            longer = line
        part = longer
    yield part or "　"


def _short_lines(lines: Iterable[str], most: int) -> Iterator[str]:
    for line in lines:
        rest = line
        while utf16_length(rest) > most:
            head = fit(rest, most).removesuffix("…")
            yield head
            rest = rest[len(head) :]
        yield rest


def _quick(button: Button) -> dict[str, Any]:
    return {"type": "action", "action": _action(button)}


def _action(button: Button) -> dict[str, Any]:
    if button.picker is not None:
        limits = {"initial": button.picker.first, "min": button.picker.least, "max": button.picker.most}
        return {
            "type": "datetimepicker",
            "label": button.label,
            "data": button.data,
            "mode": button.picker.mode,
            **limits,
        }
    return {"type": "postback", "label": button.label, "data": button.data, "displayText": button.label}


def _card(screen: Screen, buttons: tuple[Button, ...], room: int) -> tuple[Bubble, ...]:
    before: list[Bubble] = []
    text = screen.text
    if utf16_length(text) > _CARD_UNITS:
        before = [text_bubble(part) for part in pieces(text)][: room - 1]
        text = text.split("\n", 1)[0]
    body: list[dict[str, Any]] = [_words(text)]
    if screen.where:
        body.insert(0, {"type": "text", "text": screen.where, "size": "xs", "color": "#555555", "wrap": True})
    alt = fit(screen.words() + numbered(screen), ALT_UNITS)
    contents = {
        "type": "bubble",
        "size": "mega",
        "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": body},
        "footer": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": _rows(buttons[:_CARD_TAPS])},
    }
    return (*before, {"type": "flex", "altText": alt, "contents": contents})


def _words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, "size": "sm", "color": "#111111"}


def _rows(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """Short labels two to a row, long ones alone."""
    rows: list[dict[str, Any]] = []
    line: list[Button] = []
    for button in buttons:
        if len(button.label) > 8:
            rows += _row(line) + _row([button])
            line = []
            continue
        line.append(button)
        if len(line) == 2:
            rows += _row(line)
            line = []
    return rows + _row(line)


def _row(line: list[Button]) -> list[dict[str, Any]]:
    if not line:
        return []
    keys = [{"type": "button", "style": "secondary", "height": "sm", "action": _action(one)} for one in line]
    return keys if len(keys) == 1 else [{"type": "box", "layout": "horizontal", "spacing": "sm", "contents": keys}]


def label(text: str) -> str:
    """The text as a button can show it."""
    return cut(text, LABEL)
