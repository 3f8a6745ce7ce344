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

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def narrow(text: str) -> str:
    """The text with full-width and half-width forms made one, nothing else changed."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=8192)
def fold(name: str) -> Key:
    """The key of a name: width, letter case, kana kind and stray blanks make no difference."""
    folded = narrow(narrow(name.translate(_UNSEEN)).casefold()).translate(_KATAKANA_TO_HIRAGANA)
    return Key(" ".join(folded.split()))


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts text (developers.line.biz, text-character-count)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
