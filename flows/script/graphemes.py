"""How long a text looks: what a person counts as one character."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_JOINING = frozenset({"Mn", "Me", "Mc"})


def length(text: str) -> int:
    """How many characters a person sees (Unicode UAX #29, as far as labels and names need it)."""
    count, flags, joined = 0, 0, False
    for letter in text:
        flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        if not (joined or _extends(letter) or (flag and flags % 2 == 0)):
            count += 1
        joined = letter == _JOINER
    return count


def _extends(letter: str) -> bool:
    return (
        letter in {_JOINER, "\uff9e", "\uff9f"}
        or unicodedata.category(letter) in _JOINING
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
    )
