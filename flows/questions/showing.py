"""How a question looks at LINE: a text bubble with quick replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flows.effects import Bubble
from flows.names import cut, utf16_length

Press = Callable[[str], str]
"""Makes postback data of a short verb (`c0`, `skip`, `done`, `page2`, `pick`), at most 300 characters in all."""

MOST_BUTTONS = 13
"""Quick replies of one message (developers.line.biz, quick-reply)."""

LABEL = 20
"""Graphemes of a quick reply's label (developers.line.biz, quick-reply)."""

LONGEST_TEXT = 5000
"""UTF-16 units of a text message (developers.line.biz, text-message)."""


def button(label: str, data: str, *, said: str = "", keyboard: bool = False) -> dict[str, Any]:
    """A quick reply that sends a postback and shows in the talk what was tapped."""
    action = {"type": "postback", "label": cut(label, LABEL), "data": data, "displayText": said or label}
    if keyboard:
        action["inputOption"] = "openKeyboard"
    return quick(action)


def quick(action: dict[str, Any]) -> dict[str, Any]:
    """A quick reply with this action."""
    return {"type": "action", "action": action}


def word_button(word: str) -> dict[str, Any]:
    """A quick reply that says its own label."""
    return quick({"type": "message", "label": word, "text": word})


def with_buttons(text: str, lines: Sequence[str], buttons: Sequence[dict[str, Any]]) -> Bubble:
    """A text bubble: the words, the lines under them as far as LINE takes so much, the buttons."""
    listed = "\n".join(lines)
    whole = f"{text}\n\n{listed}" if listed else text
    bubble: dict[str, Any] = {"type": "text", "text": whole if utf16_length(whole) <= LONGEST_TEXT else text}
    if buttons:
        bubble["quickReply"] = {"items": list(buttons[:MOST_BUTTONS])}
    return bubble
