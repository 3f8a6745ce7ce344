"""Words a friend types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flows.triggers.base import Trigger


class Match(StrEnum):
    """How a keyword meets what was typed, both folded."""

    EXACT = "exact"
    CONTAINS = "contains"
    STARTS = "starts"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordSaid(Trigger):
    """キーワード X (exactly), キーワード X を含む (contains), キーワード X で始まる (starts with)."""

    kind: ClassVar[str] = "keyword_said"
    title: ClassVar[str] = "キーワード"
    keyword: str
    match: Match = Match.EXACT
