"""What came of each variant of an A/B test, counted from the bitmaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.store.segments import Segments
from flows import index
from flows.desk import Outcome


def outcomes(segments: Segments, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
    """By variant, in the order asked for."""
    counted = ("got", *index.TRIAL_OUTCOMES)
    marks = {(name, one): index.trial_mark(trial, name, one) for name in variants for one in counted}
    found = list(segments.bitmaps(tuple(marks.values())).values())
    counts = {key: sum(shard[mark].bit_count() for shard in found) for key, mark in marks.items()}
    return {name: Outcome(**{one: counts[name, one] for one in counted}) for name in variants}
