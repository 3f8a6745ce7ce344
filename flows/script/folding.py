"""How text is looked at while reading: width folded, blanks single, every place still known in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_VARIATION = frozenset("\ufe0e\ufe0f")
_LIKE_HYPHEN = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_HALFWIDTH_MARKS = frozenset("\uff9e\uff9f")


def lines_of(text: str) -> list[str]:
    """The lines of a text as it came from anywhere: any line break, nothing unseen, no blanks at line ends."""
    return [line.rstrip() for line in _BREAKS.split(text.translate(_UNSEEN))]


@dataclass(frozen=True, slots=True)
class Folded:
    """A stretch of text, folded for reading. `at[i]` is the offset in `source` of the folded character i."""

    text: str
    source: str
    at: tuple[int, ...]

    def column(self, place: int) -> int:
        """The column (from 1) in the source of a place in the folded text."""
        return self.at[min(place, len(self.text))] + 1

    def original(self, start: int, end: int) -> str:
        """The source between two places of the folded text, without blanks around it."""
        return self.source[self.at[start] : self.at[end]].strip()

    def part(self, start: int, end: int | None = None) -> Folded:
        """A part of it, without blanks around; columns still count in the whole source."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return Folded(self.text[start:end], self.source, self.at[start : end + 1])


def folded(source: str) -> Folded:
    """The source folded: compatibility forms made one, hyphens made one, runs of blanks single, ends stripped."""
    text: list[str] = []
    at: list[int] = []
    for start, cluster in _clusters(source):
        for letter in _narrow(cluster):
            blank = letter.isspace()
            if blank and text and text[-1] == " ":
                continue
            text.append(" " if blank else letter)
            at.append(start)
    at.append(len(source))
    return Folded("".join(text), source, tuple(at)).part(0)


def _narrow(cluster: str) -> str:
    if cluster.isascii():
        return cluster
    return unicodedata.normalize("NFKC", cluster).translate(_LIKE_HYPHEN)


def _clusters(source: str) -> Iterator[tuple[int, str]]:
    """Characters with the marks that join them, variation selectors and the unseen left out."""
    start, cluster = 0, ""
    for place, letter in enumerate(source):
        if cluster and (letter in _HALFWIDTH_MARKS or unicodedata.combining(letter)):
            cluster += letter
        elif letter not in _VARIATION and ord(letter) not in _UNSEEN:
            if cluster:
                yield start, cluster
            start, cluster = place, letter
    if cluster:
        yield start, cluster
