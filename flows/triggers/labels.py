"""Tags and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.conditions.compare import Bound, compares
from flows.events import Event
from flows.facts import Fact, ScoreChanged, TagAdded
from flows.names import fold
from flows.notation import Notation, Parts, named
from flows.quoting import quoted
from flows.triggers.base import Trigger

if TYPE_CHECKING:
    from flows.friend import Friend


_BOUNDS = (Bound.AT_LEAST, Bound.UNDER, Bound.AT_MOST, Bound.OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGained(Trigger):
    """タグ X: the tag was not there and now is."""

    kind: ClassVar[str] = "tag_gained"
    title: ClassVar[str] = "タグが付いた"
    notation: ClassVar[Notation | None] = named("タグ")
    tag: str

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, TagAdded) and fold(happened.tag) == fold(self.tag)

    def words(self) -> str:
        return f"タグ {quoted(self.tag)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCrossed(Trigger):
    """スコア10以上 (rising) or スコア10未満 (falling): the score crossed the line with this change."""

    kind: ClassVar[str] = "score_crossed"
    title: ClassVar[str] = "スコアが線を越えた"
    notation: ClassVar[Notation | None] = Notation(
        ('WORD [QUOTED] NUMBER ["点"] BOUND',),
        {"WORD": "スコア(?= ?(?:「[^「」]*」)? ?[0-9])"},
        {"WORD": "スコア10以上"},
        ("スコア10以上",),
    )
    score: str = ""
    points: int
    bound: Bound

    @classmethod
    def read(cls, parts: Parts) -> Self:
        points, bound = parts.number("点数"), parts.word("BOUND", among=_BOUNDS)
        return cls(score=parts.known("スコア"), points=points, bound=Bound(bound))

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        if not isinstance(happened, ScoreChanged) or fold(happened.score) != fold(self.score):
            return False
        return self._beyond(happened.total) and not self._beyond(happened.total - happened.points)

    def words(self) -> str:
        return f"スコア{f'「{self.score}」' if self.score else ''}{self.points}{self.bound}"

    def _beyond(self, total: int) -> bool:
        return compares(self.bound.comparison, total, self.points, self.points)
