"""Small pictures of large ones, and one that stands for a film."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageOps

SMALL_BYTES: Final = 1024 * 1024
"""A preview of a picture (developers.line.biz, image-message: previewImageUrl)."""
SMALL_EDGE: Final = 1024
"""Pixels of a card's picture on each side (developers.line.biz, flex-message: image)."""
LARGEST_EDGE: Final = 20_000
"""A picture that claims more is not unpacked: a few bytes can claim a million pixels."""
PREVIEW_TYPE: Final = "image/jpeg"

_QUALITIES: Final = (85, 70, 50)
_FILM = (960, 540)
_GROUND, _INK = "#20302A", "#FFFFFF"


def preview_of(picture: bytes) -> bytes:
    """A JPEG of at most 1 MB and 1,024 pixels; b"" for a picture that is small enough itself, or is none we can read."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if max(opened.size) > LARGEST_EDGE or _is_small(opened, picture):
                return b""
            opened.draft("RGB", (2 * SMALL_EDGE, 2 * SMALL_EDGE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((SMALL_EDGE, SMALL_EDGE))
            return _smallest_jpeg(_on_white(upright))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # Pillow's readers raise all of these for bytes that are no whole picture; it is then shown as it came.
        return b""


def _is_small(picture: Image.Image, blob: bytes) -> bool:
    return len(blob) <= SMALL_BYTES and max(picture.size) <= SMALL_EDGE and picture.format in {"JPEG", "PNG"}


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency; what shows through is white, as in a talk."""
    if picture.mode in {"RGB", "L"}:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "#FFFFFF")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _smallest_jpeg(picture: Image.Image) -> bytes:
    made = b""
    for quality in _QUALITIES:
        made = _jpeg(picture, quality)
        if len(made) <= SMALL_BYTES:
            break
    return made


@cache
def film() -> bytes:
    """What shows before a film plays: a dark ground and the sign for playing, as a JPEG."""
    width, height = _FILM
    picture = Image.new("RGB", (width * 2, height * 2), _GROUND)
    pen = ImageDraw.Draw(picture)
    middle, centre, radius = width, height, height // 2
    pen.ellipse((middle - radius, centre - radius, middle + radius, centre + radius), outline=_INK, width=24)
    third = radius // 2
    pen.polygon(
        ((middle - third // 2, centre - third), (middle - third // 2, centre + third), (middle + third, centre)), _INK
    )
    return _jpeg(picture.resize(_FILM, Image.Resampling.LANCZOS), _QUALITIES[0])


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
