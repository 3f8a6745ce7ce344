"""How LINE counts characters: UTF-16 code units, or graphemes where labels are concerned.

Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ZERO_WIDTH_JOINER = "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
VARIATIONS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
EMOJI_TAGS = range(0xE0020, 0xE0080)
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
EXTENDING = frozenset((*SKIN_TONES, *VARIATIONS, *EMOJI_TAGS, ord(ZERO_WIDTH_JOINER), 0xFF9E, 0xFF9F))


def utf16_units(text: str) -> int:
    """The length of a text in UTF-16 code units; an emoji outside the basic plane counts 2."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """The number of characters as a person counts them; a family emoji or a flag counts 1."""
    return len(text) if text.isascii() else sum(1 for _ in _starts(text))


def _starts(text: str) -> Iterator[int]:
    """The index at which each grapheme begins."""
    flags = 0
    before = ""
    for index, character in enumerate(text):
        flags = flags + 1 if ord(character) in FLAG_LETTERS else 0
        joined = before == ZERO_WIDTH_JOINER or (flags and flags % 2 == 0)
        if index == 0 or not (joined or _extends(character)):
            yield index
        before = character


def _extends(character: str) -> bool:
    return ord(character) in EXTENDING or unicodedata.category(character) in {"Mn", "Me", "Mc"}
