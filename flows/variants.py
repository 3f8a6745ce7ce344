"""Which variant of an A/B test a friend gets, and when: drawn from a hash, so that nothing has to be remembered for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from flows.moments import When
from flows.scenario import Split, Step, Variant

FIRST = (0,)
"""Where in a body the split stands that may hold times of its own."""


def drawn(variants: Sequence[Variant], of: str) -> int:
    """The number of the variant for these words: the same words always give the same one, by their shares."""
    point = int.from_bytes(blake2b(of.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    point %= sum(variant.share for variant in variants) or 1
    for number, variant in enumerate(variants):
        point -= variant.share
        if point < 0:
            return number
    return 0


def variant_of(split: Split, friend: str, step: str, here: tuple[int, ...] = FIRST) -> int:
    """The number of the variant that this friend gets at this place of this step."""
    return drawn(split.variants, f"{friend}/{step}/{here}")


def timed_split(step: Step) -> Split | None:
    """The split whose variants are sent at different times, None if the step has one time for everybody."""
    first = step.body[0] if step.body else None
    return first if isinstance(first, Split) and any(one.when for one in first.variants) else None


def for_friend(step: Step, friend: str) -> Step:
    """The step with the time at which this friend gets it."""
    split = timed_split(step)
    if split is None:
        return step
    when = split.variants[variant_of(split, friend, step.id)].when
    return step if when is None else replace(step, when=when)


def times(step: Step) -> tuple[tuple[str, When], ...]:
    """Every time at which somebody gets the step, with the name of its variant ("" where all get it then)."""
    split = timed_split(step)
    if split is None:
        return (("", step.when),)
    return tuple((one.name, one.when or step.when) for one in split.variants)


def with_when(step: Step, name: str, when: When) -> Step:
    """The step with another time: that of this variant, or, for "" and a variant without one, its own."""
    split = timed_split(step)
    own = split is not None and any(one.name == name and one.when for one in split.variants)
    if split is None or not own:
        return replace(step, when=when)
    variants = tuple(replace(one, when=when) if one.name == name else one for one in split.variants)
    return replace(step, body=(replace(split, variants=variants), *step.body[1:]))


def adopted(step: Step, split: Split, name: str) -> Step | None:
    """The step in which only this variant is left, letter for letter; None if there is no such variant."""
    variant = next((one for one in split.variants if one.name == name), None)
    if variant is None:
        return None
    at = next(place for place, item in enumerate(step.body) if item is split)
    body = (*step.body[:at], *variant.body, *step.body[at + 1 :])
    return replace(step, body=body, when=variant.when or step.when)
