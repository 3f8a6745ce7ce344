"""Who stands highest among all friends. It takes all of them to answer, so it is for segments and broadcasts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.bitsets import at_least, read
from flows.conditions.base import Condition, Index, Members, Rank, Sight, Truth, definite
from flows.index import score_slices
from flows.names import fold
from flows.notation import Notation, Parts

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class Top(Condition):
    """上位20人 / スコア「美容」上位20人: fewer than so many reachable friends have more points; those with none never.

    Whoever has as many points as the last of them is in, too. Unknown where only one friend is looked at, as in a
    scenario's branch: `Sight.line` knows how many points it takes.
    """

    kind: ClassVar[str] = "top"
    notation: ClassVar[Notation | None] = Notation(
        ("[SCORE [QUOTED]] BEST NUMBER PEOPLE", "ENGLISH NUMBER"),
        {
            "SCORE": "スコア(?= ?(?:「[^「」]*」)? ?の? ?上位)",
            "BEST": "の? ?上位(?= ?[0-9]+ ?[人名])",
            "PEOPLE": "[人名]",
            "ENGLISH": "[Tt][Oo][Pp](?= ?[0-9]+(?:[ ()]|$))",
        },
        {"BEST": "上位20人"},
    )
    score: str = ""
    most: int

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(score=parts.known("スコア"), most=parts.number("人数", least=1))

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        points = sight.line(self._rank)
        return None if points is None else friend.scores.get(fold(self.score), 0) >= points

    def words(self) -> str:
        return f"スコア「{self.score}」上位{self.most}人" if self.score else f"上位{self.most}人"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return score_slices(fold(self.score))

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        return (self._rank,)

    def members(self, index: Index, sight: Sight) -> Members:
        points = sight.line(self._rank)
        if points is None:
            return Members(0, index.everyone)
        return definite(index, at_least(read(index.bitmap, self.bitmaps(sight)), points, index.everyone, signed=True))

    @property
    def _rank(self) -> Rank:
        return Rank(fold(self.score), self.most)
