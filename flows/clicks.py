"""How many friends tapped a button or answered a question, of those whom its message reached (CTR).

People are counted, not thumbs: a friend counts once for a button of a step, however often she taps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.facts import Answered, Pressed
from flows.messages import buttons_of
from flows.scenario import Ask, Body, If, Say, Split

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


def clicks(
    body: Body,
    plan: str,
    step: str,
    counted: Mapping[str, int],
    *,
    reached: int,
    variants: Mapping[str, int] | None = None,
) -> tuple[Clicks, ...]:
    """The buttons and questions of a message in order; `counted` are sums of `PEOPLE` by subject.

    `variants`: how many got each variant of an A/B test; what stands in some of them only reached only those.
    """
    places: dict[str, set[str]] = {}
    for what, variant in _asked(body, ""):
        places.setdefault(what, set()).add(variant)
    return tuple(
        Clicks(
            what=what if what.startswith("［") else f"質問「{what}」",
            people=counted.get(f"{plan}\t{step}\t{what}", 0),
            reached=sum((variants or {}).get(one, 0) for one in found) if variants and "" not in found else reached,
        )
        for what, found in places.items()
    )


def _asked(body: Body, variant: str) -> Iterator[tuple[str, str]]:
    """What there is to tap or to answer, each with the variant it stands in, "" for what all get."""
    for item in body:
        match item:
            case Split(variants=variants):
                for one in variants:
                    yield from _asked(one.body, one.name)
            case If(then=then, otherwise=otherwise, unknown=unknown):
                for branch in (then, otherwise or (), unknown or ()):
                    yield from _asked(branch, variant)
            case Say(message=message):
                yield from ((f"［{one.label}］", variant) for one in buttons_of(message) if one.reports)
            case Ask(question=question):
                yield question.name, variant
            case _:
                pass
