"""Numbers as people type them: full width, kanji, with a unit behind."""

from __future__ import annotations

import re

from flows.names import narrow

_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8}
_RUN = re.compile(r"[〇零一二三四五六七八九十百千万億0-9]+")
_PIECE = re.compile(r"[0-9]+|.")
_POLITE = ("になります", "でした", "です", "だよ")
_STOPS = "。.!?、, "
_DASHES = str.maketrans(dict.fromkeys("−‐‑–—―", "-"))
LONGEST_NUMBER = 24
"""Longer runs of figures are no number that anyone meant."""

_NUMBER = re.compile(r"(?:約|およそ)?([+-]|マイナス)?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,6})?(\D{0,4})")


def plain(text: str, *, joint: str = "") -> str:
    """The words without what carries no meaning: width, blanks (or with `joint` in their place), a closing です or 。"""
    narrowed = joint.join(narrow(text).translate(_DASHES).split())
    words = narrowed.rstrip(_STOPS)
    for ending in _POLITE:
        words = words.removesuffix(ending)
    return words.rstrip(_STOPS) or narrowed


def arabic(text: str) -> str:
    """The words with every number in kanji written in digits: 二十五日 becomes 25日, 2万5千 becomes 25000."""
    return _RUN.sub(lambda run: _value(run.group()), text)


def _value(run: str) -> str:
    if len(run) > LONGEST_NUMBER:
        return run
    if not any(character in run for character in (*_UNITS, *_MYRIADS)):
        return "".join(_DIGITS.get(character, character) for character in run)
    total = section = 0
    digit: int | None = None
    for piece in _PIECE.findall("".join(_DIGITS.get(character, character) for character in run)):
        if piece in _UNITS:
            section, digit = section + (1 if digit is None else digit) * _UNITS[piece], None
        elif piece in _MYRIADS:
            section += digit or 0
            total, section, digit = total + (section or 1) * _MYRIADS[piece], 0, None
        else:
            digit = int(piece)
    return str(total + section + (digit or 0))


def number(text: str) -> str | None:
    """The one number in the words in its plain form (`25`, `-3`, `2.5`); None where there is none, or more than one."""
    found = _NUMBER.fullmatch(arabic(plain(text)))
    if found is None:
        return None
    sign, whole, part, unit = found.groups()
    if re.search(r"[-~〜/:.,]", unit):
        return None
    digits = str(int(whole.replace(",", ""))) + (part or "").rstrip("0").rstrip(".")
    return digits if not sign or sign == "+" or digits == "0" else f"-{digits}"


def count(text: str) -> int | None:
    """A small whole number such as the number of a choice: `1`, `１`, `①`, `一`, `1番`."""
    found = re.fullmatch(r"([0-9]{1,3})(?:番目?|つ目|つめ)?", arabic(plain(text)))
    return int(found.group(1)) if found else None
