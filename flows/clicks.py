"""How many friends tapped a button or answered a question, of those whom its message reached (CTR).

People are counted, not thumbs: a friend counts once for a button of a step, however often she taps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.facts import Answered, Pressed
from flows.messages import buttons_of
from flows.scenario import Ask, Body, Say, walk

PEOPLE = "tapped"
"""Under which the first tap or answer of each friend is counted per day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """One button or question: how many friends it reached, and how many of them tapped or answered."""

    what: str
    people: int
    reached: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where it reached nobody. More taps than sends, after a restart, are all of them."""
        return min(1.0, self.people / self.reached) if self.reached else 0.0

    @property
    def words(self) -> str:
        """3人（75.0%）."""
        return f"{self.people:,}人（{100 * self.share:.1f}%）"


def subject(fact: Pressed | Answered) -> str:
    """What a first tap or answer is counted under: where it was, and which."""
    what = f"［{fact.button}］" if isinstance(fact, Pressed) else fact.field
    return "\t".join(part.replace("\t", " ") for part in (fact.origin, fact.step, what))


def clicks(body: Body, plan: str, step: str, reached: int, counted: Mapping[str, int]) -> tuple[Clicks, ...]:
    """The buttons and questions of a message in order; `counted` are sums of `PEOPLE` by subject."""
    return tuple(
        Clicks(what=what, people=counted.get(f"{plan}\t{step}\t{key}", 0), reached=reached)
        for what, key in dict.fromkeys(_asked(body))
    )


def _asked(body: Body) -> Iterator[tuple[str, str]]:
    for item in walk(body):
        match item:
            case Say(message=message):
                yield from ((f"［{one.label}］", f"［{one.label}］") for one in buttons_of(message) if one.reports)
            case Ask(question=question):
                yield f"質問「{question.name}」", question.name
            case _:
                pass
