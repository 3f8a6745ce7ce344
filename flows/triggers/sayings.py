"""Words a friend types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

from flows.events import Event, Said
from flows.facts import Fact
from flows.names import Key, fold
from flows.notation import BEHIND, NAME_LETTER, Notation, Parts
from flows.quoting import quoted
from flows.triggers.base import Trigger

if TYPE_CHECKING:
    from flows.friend import Friend


class Match(StrEnum):
    """How a keyword meets what was typed, both folded."""

    EXACT = "exact"
    CONTAINS = "contains"
    STARTS = "starts"


_ENDINGS = {Match.EXACT: "", Match.CONTAINS: " を含む", Match.STARTS: " で始まる"}
_MATCHES = {ending.strip(): match for match, ending in _ENDINGS.items()}
_MATCH = "(?:を ?含む|で ?始まる)"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordSaid(Trigger):
    """キーワード X (exactly), キーワード X を含む (contains), キーワード X で始まる (starts with).

    Width, case, kana kind and a closing 。！？ make no difference.
    """

    kind: ClassVar[str] = "keyword_said"
    title: ClassVar[str] = "キーワード"
    notation: ClassVar[Notation | None] = Notation(
        ("WORD KEYWORD [MATCH]",),
        {
            "WORD": "キーワード(?=[ 「])",
            "KEYWORD.7": rf"「[^「」]*」|{NAME_LETTER}+?(?= ?{_MATCH}{BEHIND})|{NAME_LETTER}+",
            "MATCH": _MATCH,
        },
        {"WORD": "キーワード 言葉", "KEYWORD": "言葉"},
        ("キーワード 言葉",),
    )
    keyword: str
    match: Match = Match.EXACT

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(keyword=parts.name("KEYWORD", what="キーワード"), match=_MATCHES[parts.word("MATCH")])

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Said) and self.matches(happened.text)

    def matches(self, text: str) -> bool:
        """Whether these words meet the keyword."""
        said, keyword = _bare(text), _bare(self.keyword)
        if not keyword:
            return False
        match self.match:
            case Match.EXACT:
                return said == keyword
            case Match.CONTAINS:
                return keyword in said
            case Match.STARTS:
                return said.startswith(keyword)

    def words(self) -> str:
        return f"キーワード {quoted(self.keyword)}{_ENDINGS[self.match]}"


def _bare(text: str) -> str:
    folded: Key = fold(text)
    return folded.rstrip("。.!?、, ") or folded
