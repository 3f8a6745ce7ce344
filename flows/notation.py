"""How a kind is written in a script: a piece of grammar that the kind itself owns, and what reading it hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, ClassVar, Protocol, Self

NAME_LETTER = r"[^\s()「」\[\]{}=≠≧≦≥≤<>!、,→※|]"
"""What a bare name is made of."""

DURATION = r"[0-9]+ ?(?:秒|分|時間|日|週間)(?:間)?"
"""How long: 60分."""

LARGEST = 99_999
"""No number that is read is greater."""

BEHIND = "@END@"
"""In a word of a notation: what ends a term where it is written, whichever that is there."""


@dataclass(frozen=True, slots=True)
class Notation:
    """The forms of a kind, in lark's notation. Of the terminals, NAME, NUMBER, QUOTED, BOUND and DURATION are everybody's.

    `words` are the kind's own terminals as regular expressions (`WORD`, or `WORD.9` for a greater weight than 8);
    `said` is what errors list where they could stand, and `shown` all of it spelled out once.
    """

    forms: tuple[str, ...]
    words: Mapping[str, str]
    said: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


class Parts(Protocol):
    """What stood in a form. Whatever is wrong with a part is told to the person who wrote it, with its place."""

    def has(self, terminal: str) -> bool: ...

    def word(self, terminal: str, among: Sequence[str] = ()) -> str:
        """The letters of a terminal, without blanks ("" where it is absent); one of those, if some are named."""
        ...

    def name(self, terminal: str = "NAME", *, nth: int = 0, what: str = "名前") -> str:
        """A name as first written; "" where there is none."""
        ...

    def known(self, what: str, terminal: str = "QUOTED") -> str:
        """A name that must be known where names are looked up: of a スコア, a シナリオ; "" where there is none."""
        ...

    def inside(self, terminal: str) -> str:
        """What stands between the two letters that enclose it, as first written."""
        ...

    def number(self, what: str, *, least: int = 0, most: int = LARGEST, terminal: str = "NUMBER") -> int:
        """The NUMBER, or the digits of another terminal, within its limits; 0 where there is none."""
        ...

    def duration(self) -> tuple[timedelta, str]:
        """The DURATION, and its words in normal form."""
        ...


class Written:
    """A kind that says itself how it is written. Without a notation it is written like others (a bare name)."""

    __slots__ = ()
    kind: ClassVar[str]
    notation: ClassVar[Notation | None] = None

    @classmethod
    def read(cls, parts: Parts) -> Self:
        """The one that was written; as it stands, of a kind that holds nothing or a single name."""
        kind: Any = cls
        return cls(**{one.name: parts.name() for one in fields(kind)})


def plain(*spellings: str) -> Notation:
    """A word by itself (the first is shown)."""
    return Notation(("WORD",), {"WORD.9": f"(?:{'|'.join(spellings)}){BEHIND}"}, {"WORD": spellings[0]}, spellings[:1])


def named(word: str, name: str = "名") -> Notation:
    """A word and a name: `タグ 乾燥`."""
    shown = f"{word} {name}"
    return Notation(("WORD NAME",), {"WORD": f"{word}(?=[ 「])"}, {"WORD": shown}, (shown,))
