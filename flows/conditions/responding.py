"""How often a friend reacts to what is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.bitsets import added, at_least, read, turned
from flows.conditions.base import Condition, Index, Members, Sight, Truth
from flows.conditions.compare import Bound, compared, compares
from flows.heeding import RING, reactions
from flows.notation import Notation, Parts
from flows.reaching import delivered_slices, heeded_ring

if TYPE_CHECKING:
    from flows.friend import Friend

USUAL = 5
"""So many deliveries are looked at where nobody says how many."""
_MOST = RING - 2
_BOUNDS = (Bound.AT_LEAST, Bound.AT_MOST, Bound.UNDER, Bound.OVER)
_COMPARED = {
    **dict.fromkeys((">=", "≧", "≥"), Bound.AT_LEAST),
    **dict.fromkeys(("<=", "≦", "≤"), Bound.AT_MOST),
    ">": Bound.OVER,
    "<": Bound.UNDER,
}
_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Responds(Condition):
    """反応率50%以上（直近5回）: of the last so many steps and broadcasts, to how many a word or a tap came within three
    days, before the next one. Unknown for whoever got fewer of them."""

    kind: ClassVar[str] = "responds"
    notation: ClassVar[Notation | None] = Notation(
        ('RATE NUMBER PERCENT BOUND ["(" LAST ")"]', 'RATE OP NUMBER PERCENT ["(" LAST ")"]'),
        {
            "RATE": "(?:反応率|開封率|[Rr]eaction ?rate)が?(?= ?[0-9<>≧≦≥≤])",
            "PERCENT": "%|パーセント|割(?= ?(?:以上|以下|未満|超))",
            "LAST": "(?:直近|最近|過去|last)? ?[0-9]+ ?回?(?:以上)?",
        },
        {"RATE": "反応率50%以上", "PERCENT": "%", "LAST": "直近5回"},
    )
    percent: int
    bound: Bound
    last: int = USUAL

    @classmethod
    def read(cls, parts: Parts) -> Self:
        tenths = parts.word("PERCENT") == "割"
        percent = parts.number("割合", most=10 if tenths else _HUNDRED) * (10 if tenths else 1)
        bound = _COMPARED[parts.word("OP")] if parts.has("OP") else Bound(parts.word("BOUND", among=_BOUNDS))
        last = parts.number("回数", least=1, most=_MOST, terminal="LAST") or USUAL
        return cls(percent=percent, bound=bound, last=last)

    def __post_init__(self) -> None:
        if not (0 <= self.percent <= _HUNDRED and 1 <= self.last <= _MOST):
            raise ValueError(f"no such rate: {self.words()}")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        found = reactions(friend, self.last)
        if found is None:
            return None
        return compares(self.bound.comparison, found * _HUNDRED, self._wanted, self._wanted)

    def words(self) -> str:
        return f"反応率{self.percent}%{self.bound}（直近{self.last}回）"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (*delivered_slices(), *heeded_ring())

    def members(self, index: Index, sight: Sight) -> Members:
        counts = read(index.bitmap, delivered_slices())
        known = at_least(counts, self.last, index.everyone)
        found = self._comparing(_reactions(index, counts, self.last), known)
        return Members(found, index.everyone & ~known)

    def _comparing(self, bits: Sequence[int], known: int) -> int:
        def reacted(hundredths: int) -> int:
            return at_least(bits, -(-hundredths // _HUNDRED), known)

        return compared(self.bound.comparison, reacted, self._wanted, self._wanted, known)

    @property
    def _wanted(self) -> int:
        """Reactions, in hundredths."""
        return self.percent * self.last


def _reactions(index: Index, counts: Sequence[int], last: int) -> list[int]:
    """To how many of their last deliveries the friends reacted, in slices."""
    ring = turned(read(index.bitmap, heeded_ring()), counts)
    return added([ring[-back] for back in range(1, last + 1)])
