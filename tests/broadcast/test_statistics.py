"""An interval that is wrong makes an owner adopt chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.statistics import Share, difference, each_needed, still_needed, wilson


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10, cases a, b, d and e.
        (Share(48, 80), Share(56, 70), 0.0524, 0.3339),
        (Share(3, 10), Share(9, 10), 0.1705, 0.8090),
        (Share(0, 29), Share(5, 56), -0.0381, 0.1926),
        (Share(0, 20), Share(0, 10), -0.1611, 0.2775),
    ],
)
def test_the_interval_is_newcombes(first: Share, second: Share, low: float, high: float) -> None:
    """Held against the printed examples."""
    span = difference(first, second)
    assert span == pytest.approx((low, high), abs=0.0005)


shares = st.integers(0, 2_000).flatmap(lambda people: st.integers(0, people).map(lambda hits: Share(hits, people)))


@given(first=shares, second=shares)
def test_the_gap_lies_in_its_interval_and_both_ways_agree(first: Share, second: Share) -> None:
    """B against A is A against B turned round."""
    span, back = difference(first, second), difference(second, first)
    assert span.low - 1e-9 <= second.rate - first.rate <= span.high + 1e-9
    assert (back.low, back.high) == pytest.approx((-span.high, -span.low))
    assert -1 - 1e-9 <= span.low <= span.high <= 1 + 1e-9


@given(share=shares)
def test_more_comparisons_make_wider_intervals(share: Share) -> None:
    """Among six pairs one differs by chance more easily than among one."""
    other = Share(share.people - share.hits, share.people)
    assert difference(share, other, comparisons=6).high >= difference(share, other).high - 1e-12
    assert 0 <= wilson(share, 1.96).low <= wilson(share, 1.96).high <= 1


def test_people_needed_shrink_as_the_gap_grows() -> None:
    """A small gap takes many people; one that is not there takes no number at all."""
    assert each_needed(0.08, 0.10) < each_needed(0.08, 0.05) < each_needed(0.08, 0.01)
    assert each_needed(0.08, 0.10) == pytest.approx(177, abs=3)
    assert still_needed(Share(10, 100), Share(10, 100)) is None
    assert still_needed(Share(1, 10), Share(9, 10)) == 0
    assert (still_needed(Share(8, 100), Share(11, 100)) or 0) > 1_000
