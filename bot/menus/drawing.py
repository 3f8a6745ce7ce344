"""Draws the panels: large Japanese words and simple shapes, legible on a small phone."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.menus.icons import Pen
from bot.menus.panel import HEIGHT, TAB_HEIGHT, TABS, WIDTH, Bounds, Tab, area_bounds, tab_bounds

FONTS: Final = Path(__file__).resolve().parent.parent / "fonts"
INK: Final = "#12392B"
GROUND: Final = "#EEF2EF"
CARD: Final = "#FFFFFF"
EDGE: Final = "#D3DDD7"
QUIET: Final = "#4C6158"
TITLE_SIZE: Final = 138
TAB_SIZE: Final = 126
SMALLEST: Final = 90
GAP: Final = 22
SMOOTH: Final = 2
"""Everything is drawn so many times larger and then made smaller: Pillow's shapes have hard edges."""


def picture(tab: int) -> bytes:
    """The panel with that tab in front, as a PNG of 2500 by 1686 pixels and less than 1 MB."""
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), GROUND)
    canvas = Canvas(image)
    for number, each in enumerate(TABS):
        canvas.tab(tab_bounds(number), each, in_front=number == tab)
    front = TABS[tab]
    canvas.strip(front.ink)
    for number, area in enumerate(front.areas):
        bounds = area_bounds(number)
        canvas.card(bounds)
        canvas.icon(bounds, front, number)
        canvas.title(bounds, area.title)
    return _png(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


class Canvas:
    """A picture in the making; bounds are in pixels of the finished one."""

    def __init__(self, image: Image.Image) -> None:
        """Draws on this picture, which is `SMOOTH` times as large as the finished one."""
        self._draw = ImageDraw.Draw(image)

    def tab(self, bounds: Bounds, tab: Tab, *, in_front: bool) -> None:
        """A tab at the upper edge; the one in front is solid."""
        left, top, width, height = bounds
        inner = (left + GAP // 2, top + GAP, width - GAP, height - GAP)
        ink = tab.ink if in_front else tab.pale
        self._draw.rounded_rectangle(self._corners(inner), 48 * SMOOTH, fill=ink, corners=(True, True, False, False))
        centre = (left + width / 2, top + GAP / 2 + height / 2)
        self._words(centre, tab.title, TAB_SIZE, "#FFFFFF" if in_front else tab.ink, width * 0.82)

    def strip(self, ink: str) -> None:
        """The line that ties the tab in front to its areas."""
        self._draw.rectangle(self._corners((0, TAB_HEIGHT - 14, WIDTH, 14)), fill=ink)

    def card(self, bounds: Bounds) -> None:
        """The white ground of an area."""
        left, top, width, height = bounds
        inner = (left + GAP // 2, top + GAP, width - GAP, height - GAP - GAP // 2)
        self._draw.rounded_rectangle(self._corners(inner), 44 * SMOOTH, fill=CARD, outline=EDGE, width=4 * SMOOTH)

    def icon(self, bounds: Bounds, tab: Tab, number: int) -> None:
        """The area's picture on a pale disc."""
        left, top, width, height = bounds
        x, y, radius = left + width / 2, top + height * 0.39, height * 0.27
        disc = [(x - radius) * SMOOTH, (y - radius) * SMOOTH, (x + radius) * SMOOTH, (y + radius) * SMOOTH]
        self._draw.ellipse(disc, fill=tab.pale)
        side = radius * 1.36
        pen = Pen(self._draw, (x - side / 2) * SMOOTH, (y - side / 2) * SMOOTH, side * SMOOTH, tab.ink)
        tab.areas[number].icon(pen)

    def title(self, bounds: Bounds, words: str) -> None:
        """What the area is called."""
        left, top, width, height = bounds
        self._words((left + width / 2, top + height * 0.80), words, TITLE_SIZE, INK, width * 0.88)

    def _words(self, centre: tuple[float, float], words: str, size: int, ink: str, room: float) -> None:
        found = font(size)
        while found.getlength(words) > room * SMOOTH and size > SMALLEST:
            size -= 2
            found = font(size)
        self._draw.text((centre[0] * SMOOTH, centre[1] * SMOOTH), words, font=found, fill=ink, anchor="mm")

    def _corners(self, bounds: Bounds) -> list[int]:
        left, top, width, height = bounds
        return [left * SMOOTH, top * SMOOTH, (left + width) * SMOOTH, (top + height) * SMOOTH]


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The packaged bold face, for pictures drawn `SMOOTH` times as large."""
    return ImageFont.truetype(str(FONTS / "BIZUDPGothic-Bold.ttf"), size * SMOOTH)


def is_drawable(words: str) -> bool:
    """Whether the face has every character; others would become boxes without a word."""
    face = font(SMALLEST)
    missing = bytes(face.getmask("\uffff"))
    return all(bytes(face.getmask(sign)) != missing for sign in words)


def _png(image: Image.Image) -> bytes:
    reduced = image.quantize(colors=128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()
