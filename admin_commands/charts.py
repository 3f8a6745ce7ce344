"""Bars in a card, and the same as lines of text for a PC and for those who listen."""

from __future__ import annotations

from typing import Any, NamedTuple

from admin_commands.screens import ALT_UNITS
from flows.effects import Bubble
from flows.names import fit

WIDTH = 10
_COLORS = ("#4C8C4A", "#C77F2E", "#4A6C8C", "#8C4A6C")
"""Dark enough on white to be told apart by those who see colours otherwise; the words beside them say it as well."""


class Bar(NamedTuple):
    """One bar: its words, what stands behind it, and how long it is (0 to 1)."""

    title: str
    value: str
    share: float
    color: int = 0


def drawn(share: float) -> str:
    """A bar of text: `███████░░░`."""
    full = round(WIDTH * min(1.0, max(0.0, share)))
    return "█" * full + "░" * (WIDTH - full)


def text_of(title: str, bars: list[Bar], note: str = "") -> str:
    """The chart as text."""
    lines = [f"{bar.title} {drawn(bar.share)} {bar.value}" for bar in bars]
    return "\n".join((title, *lines, *([note] if note else [])))


def chart(title: str, bars: list[Bar], note: str = "") -> Bubble:
    """The chart as a card; where cards are not shown, its text."""
    rows: list[dict[str, Any]] = [{"type": "text", "text": title, "weight": "bold", "size": "sm", "wrap": True}]
    for bar in bars:
        rows += [_words(bar), _track(bar)]
    if note:
        rows.append({"type": "text", "text": note, "size": "xs", "color": "#555555", "wrap": True})
    body = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": rows}
    contents = {"type": "bubble", "size": "mega", "body": body}
    return {"type": "flex", "altText": fit(text_of(title, bars, note), ALT_UNITS), "contents": contents}


def _words(bar: Bar) -> dict[str, Any]:
    left = {"type": "text", "text": bar.title or "　", "size": "sm", "wrap": True, "flex": 3, "color": "#111111"}
    right = {"type": "text", "text": bar.value or "　", "size": "sm", "align": "end", "flex": 2, "color": "#111111"}
    return {"type": "box", "layout": "horizontal", "contents": [left, right]}


def _track(bar: Bar) -> dict[str, Any]:
    percent = max(1, round(100 * min(1.0, max(0.0, bar.share))))
    fill: dict[str, Any] = {
        "type": "box",
        "layout": "vertical",
        "contents": [{"type": "filler"}],
        "width": f"{percent}%",
        "height": "8px",
        "backgroundColor": _COLORS[bar.color % len(_COLORS)],
    }
    return {
        "type": "box",
        "layout": "vertical",
        "contents": [fill],
        "height": "8px",
        "backgroundColor": "#E6E6E6",
        "cornerRadius": "4px",
    }
