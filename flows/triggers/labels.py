"""Tags and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.conditions.labels import Bound
from flows.triggers.base import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGained(Trigger):
    """タグ X: the tag was not there and now is."""

    kind: ClassVar[str] = "tag_gained"
    title: ClassVar[str] = "タグが付いた"
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCrossed(Trigger):
    """スコア10以上 (rising) or スコア10未満 (falling): the score crossed the line with this change."""

    kind: ClassVar[str] = "score_crossed"
    title: ClassVar[str] = "スコアが線を越えた"
    score: str = ""
    points: int
    bound: Bound
