"""Ids and names: how things are called, and when two spellings are the same name."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NewType

FriendId = NewType("FriendId", str)
"""LINE's user id, `U` and 32 hexadecimal digits; different for each provider."""

StepId = NewType("StepId", str)
"""A step's id inside its scenario: stable over edits, never shown to people."""

Key = NewType("Key", str)
"""A folded name: two spellings of one name have one key."""

MAIN = Key("")
"""The key of the main score and of a scenario's main line."""

SHORT = 80
"""Texts up to this length are worth remembering; what people write at length is not kept in memory."""

HONORIFICS = ("さん", "様", "ちゃん", "くん")

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def narrow(text: str) -> str:
    """The text with full-width and half-width forms made one, nothing else changed."""
    return unicodedata.normalize("NFKC", text)


def fold(name: str) -> Key:
    """The key of a name: width, letter case, kana kind and stray blanks make no difference."""
    return _fold(name) if len(name) <= SHORT else _fold.__wrapped__(name)


@lru_cache(maxsize=8192)
def _fold(name: str) -> Key:
    folded = narrow(narrow(name.translate(_UNSEEN)).casefold()).translate(_KATAKANA_TO_HIRAGANA)
    return Key(" ".join(folded.split()))


def with_san(name: str) -> str:
    """The name of somebody we speak of: さん behind it, unless the name brings its own."""
    return name if name.endswith(HONORIFICS) else f"{name}さん"


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts text (developers.line.biz, text-character-count)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> list[str]:
    """The text in characters as people see them (grapheme clusters), as LINE counts labels
    (developers.line.biz, text-character-count)."""
    found: list[str] = []
    for character in text:
        if found and _joins(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def cut(text: str, limit: int) -> str:
    """The text, shortened to so many visible characters with … at the end where it is longer."""
    seen = clusters(text)
    return text if len(seen) <= limit else "".join(seen[: limit - 1]) + "…"


def fit(text: str, units: int) -> str:
    """The text, shortened to so many UTF-16 units with … at the end where it is longer; no character is torn."""
    if utf16_length(text) <= units:
        return text
    kept, length = [], 1
    for seen in clusters(text):
        length += utf16_length(seen)
        if length > units:
            break
        kept.append(seen)
    return "".join(kept) + "…"


def _joins(before: str, character: str) -> bool:
    if before.endswith("\u200d") or character in _EXTENDING or unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    code = ord(character)
    if _SKIN_TONES[0] <= code <= _SKIN_TONES[1] or _TAGS[0] <= code <= _TAGS[1]:
        return True
    flags = _FLAGS[0] <= code <= _FLAGS[1] and _FLAGS[0] <= ord(before[-1]) <= _FLAGS[1]
    return flags and len(before) == 1


_EXTENDING = "\u200d\uff9e\uff9f"
_SKIN_TONES, _FLAGS, _TAGS = (0x1F3FB, 0x1F3FF), (0x1F1E6, 0x1F1FF), (0xE0020, 0xE007F)
