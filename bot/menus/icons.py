"""Simple line icons, drawn as shapes on a square of 100 by 100, since emoji look different on every phone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import ImageDraw

Point = tuple[float, float]
WEIGHT = 7.0


class Pen:
    """Draws on a square whose side is 100 units."""

    def __init__(self, draw: ImageDraw.ImageDraw, left: float, top: float, side: float, ink: str) -> None:
        """The square's upper left corner and its side in pixels; `ink` is the colour."""
        self._draw = draw
        self._left = left
        self._top = top
        self._unit = side / 100
        self._ink = ink

    def line(self, *points: Point, weight: float = WEIGHT) -> None:
        """A line through these points, with round ends and corners."""
        placed = [self._at(point) for point in points]
        width = max(1, round(weight * self._unit))
        self._draw.line(placed, fill=self._ink, width=width, joint="curve")
        for point in (placed[0], placed[-1]):
            self._blob(point, width / 2)

    def dot(self, at: Point, radius: float = 6) -> None:
        """A filled circle."""
        self._blob(self._at(at), radius * self._unit)

    def ring(self, at: Point, radius: float, weight: float = WEIGHT) -> None:
        """A circle."""
        self._draw.ellipse(self._around(at, radius + weight / 2), outline=self._ink, width=round(weight * self._unit))

    def arc(self, at: Point, radius: float, start: float, end: float, weight: float = WEIGHT) -> None:
        """Part of a circle, from one angle to another in degrees, clockwise from the right."""
        steps = max(2, int(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line(*((at[0] + radius * math.cos(a), at[1] + radius * math.sin(a)) for a in angles), weight=weight)

    def box(self, upper_left: Point, lower_right: Point, radius: float = 8, weight: float = WEIGHT) -> None:
        """A rectangle with round corners."""
        half = weight / 2
        corners = [
            *self._at((upper_left[0] - half, upper_left[1] - half)),
            *self._at((lower_right[0] + half, lower_right[1] + half)),
        ]
        self._draw.rounded_rectangle(
            corners, (radius + half) * self._unit, outline=self._ink, width=round(weight * self._unit)
        )

    def block(self, upper_left: Point, lower_right: Point, radius: float = 4) -> None:
        """A filled rectangle with round corners."""
        corners = [*self._at(upper_left), *self._at(lower_right)]
        self._draw.rounded_rectangle(corners, radius * self._unit, fill=self._ink)

    def shape(self, *points: Point) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(point) for point in points], fill=self._ink)

    def _at(self, point: Point) -> Point:
        return self._left + point[0] * self._unit, self._top + point[1] * self._unit

    def _around(self, at: Point, radius: float) -> Sequence[float]:
        x, y = self._at(at)
        reach = radius * self._unit
        return [x - reach, y - reach, x + reach, y + reach]

    def _blob(self, at: Point, reach: float) -> None:
        self._draw.ellipse([at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach], fill=self._ink)


Icon = Callable[[Pen], None]


def steps(pen: Pen) -> None:
    """Moments one after the other."""
    pen.line((20, 78), (20, 56), (50, 56), (50, 34), (80, 34), (80, 22))
    for at in ((20, 78), (50, 56), (80, 22)):
        pen.dot(at, 10)


def checklist(pen: Pen) -> None:
    """Answers ticked off."""
    for y in (24, 50, 76):
        pen.line((14, y), (21, y + 8), (34, y - 9))
        pen.line((50, y), (86, y))


def megaphone(pen: Pen) -> None:
    """One voice for many."""
    pen.line((16, 42), (16, 60), (34, 60), (70, 82), (70, 20), (34, 42), (16, 42))
    pen.line((30, 62), (36, 84), (46, 84), (42, 68))
    pen.arc((68, 51), 18, -50, 50)


def speech(pen: Pen) -> None:
    """A bubble that answers by itself."""
    pen.box((14, 18), (86, 66), 16)
    pen.shape((32, 66), (32, 88), (54, 66))
    for x in (34, 50, 66):
        pen.dot((x, 42), 6)


def panels(pen: Pen) -> None:
    """The panel under a chat."""
    for left, top in ((16, 18), (56, 18), (16, 58), (56, 58)):
        pen.box((left, top), (left + 28, top + 26), 6)


def leaflet(pen: Pen) -> None:
    """Something ready-made."""
    pen.line((26, 14), (60, 14), (78, 34), (78, 86), (26, 86), (26, 14))
    pen.line((58, 16), (58, 36), (76, 36))
    pen.line((40, 54), (64, 54))
    pen.line((40, 70), (64, 70))


def person(pen: Pen) -> None:
    """A friend."""
    pen.ring((50, 32), 17)
    pen.arc((50, 92), 34, 190, 350)


def waiting(pen: Pen) -> None:
    """A bubble that waits for its answer."""
    pen.box((12, 16), (74, 58), 14)
    pen.shape((28, 58), (28, 76), (46, 58))
    pen.line((28, 37), (56, 37))
    pen.dot((78, 74), 14)


def funnel_filter(pen: Pen) -> None:
    """Some out of many."""
    pen.line((14, 20), (86, 20), (58, 52), (58, 82), (42, 72), (42, 52), (14, 20))


def code(pen: Pen) -> None:
    """A code to scan."""
    for left, top in ((16, 16), (60, 16), (16, 60)):
        pen.box((left, top), (left + 24, top + 24), 4)
        pen.block((left + 8, top + 8), (left + 16, top + 16), 1)
    for left, top in ((58, 58), (76, 58), (67, 67), (58, 76), (76, 76)):
        pen.block((left, top), (left + 10, top + 10), 1)


def label(pen: Pen) -> None:
    """A tag on a string."""
    pen.line((16, 18), (50, 18), (86, 54), (54, 86), (16, 50), (16, 18))
    pen.dot((34, 36), 7)


def calendar(pen: Pen) -> None:
    """What is going to be sent."""
    pen.box((16, 22), (84, 84), 8)
    pen.line((16, 42), (84, 42))
    pen.line((34, 12), (34, 28))
    pen.line((66, 12), (66, 28))
    pen.line((36, 62), (46, 72), (66, 54))


def bars(pen: Pen) -> None:
    """How it went."""
    pen.block((18, 54), (34, 84))
    pen.block((42, 36), (58, 84))
    pen.block((66, 16), (82, 84))


def stages(pen: Pen) -> None:
    """Fewer at each stage."""
    for y, half in ((24, 36), (50, 24), (76, 12)):
        pen.block((50 - half, y - 9), (50 + half, y + 9), 9)


def twins(pen: Pen) -> None:
    """Two variants side by side."""
    pen.box((12, 20), (44, 80), 8)
    pen.block((54, 16), (92, 84), 11)
    pen.line((22, 38), (34, 38))
    pen.line((22, 54), (34, 54))


def gauge(pen: Pen) -> None:
    """How much is left."""
    pen.arc((50, 62), 36, 180, 360, weight=9)
    pen.line((50, 62), (70, 40))
    pen.dot((50, 62), 9)
    pen.line((24, 82), (76, 82))


def backwards(pen: Pen) -> None:
    """What was changed before."""
    pen.arc((52, 52), 33, -160, 150)
    pen.shape((8, 26), (36, 28), (18, 50))
    pen.line((52, 34), (52, 54), (66, 62))


def gear(pen: Pen) -> None:
    """Settings, and who may change them."""
    pen.ring((50, 50), 15)
    for number in range(8):
        angle = math.radians(45 * number)
        away = (math.cos(angle), math.sin(angle))
        pen.line((50 + 27 * away[0], 50 + 27 * away[1]), (50 + 36 * away[0], 50 + 36 * away[1]), weight=13)
    pen.ring((50, 50), 26)
