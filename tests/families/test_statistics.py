"""What two shares tell about each other, held against computations that go another way."""

from __future__ import annotations

from itertools import combinations
from math import comb, sqrt
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.statistics import ENOUGH, Share, Span, difference, each_needed, lead, still_needed, wilson

Z = NormalDist().inv_cdf(0.975)
RATES = (0.005, 0.01, 0.03, 0.08, 0.15, 0.3, 0.5, 0.8, 0.97)


@st.composite
def shares(draw: st.DrawFn, least: int = 1, most: int = 400) -> Share:
    """So many of so many; none and all are as likely as the rest."""
    people = draw(st.integers(least, most))
    return Share(draw(st.sampled_from((0, people)) | st.integers(0, people)), people)


def solved(share: Share, z: float) -> Span:
    """Where the score test just does not refuse, found by halving: how Wilson's interval is defined."""

    def refused(rate: float) -> bool:
        return (share.rate - rate) ** 2 > z * z * rate * (1 - rate) / share.people

    def edge(out: float) -> float:
        inside = share.rate
        for _ in range(80):
            middle = (inside + out) / 2
            inside, out = (inside, middle) if refused(middle) else (middle, out)
        return inside

    return Span(edge(0.0), edge(1.0))


def chances(people: int, rate: float) -> list[float]:
    """How likely each number of hits is."""
    return [comb(people, hits) * rate**hits * (1 - rate) ** (people - hits) for hits in range(people + 1)]


@given(shares())
def test_wilsons_interval_is_where_the_score_test_does_not_refuse(share: Share) -> None:
    """Also for nobody, for everybody, and for one person."""
    found, other = wilson(share, Z), solved(share, Z)
    assert found.low == pytest.approx(other.low, abs=1e-6)
    assert found.high == pytest.approx(other.high, abs=1e-6)
    assert 0 <= found.low <= share.rate <= found.high <= 1


@given(shares(), shares(), st.sampled_from((1, 3, 6)))
def test_newcombes_interval_is_made_of_the_two(first: Share, second: Share, pairs: int) -> None:
    """It holds what was seen, stays between -1 and 1, turns with its sides, and grows with the number of pairs."""
    z = NormalDist().inv_cdf(1 - 0.05 / 2 / pairs)
    one, other = solved(first, z), solved(second, z)
    gap = second.rate - first.rate
    span = difference(first, second, comparisons=pairs)
    assert span.low == pytest.approx(
        gap - sqrt((second.rate - other.low) ** 2 + (one.high - first.rate) ** 2), abs=1e-5
    )
    assert span.high == pytest.approx(
        gap + sqrt((other.high - second.rate) ** 2 + (first.rate - one.low) ** 2), abs=1e-5
    )
    assert -1 - 1e-9 <= span.low <= gap <= span.high <= 1 + 1e-9
    back = difference(second, first, comparisons=pairs)
    assert (back.low, back.high) == pytest.approx((-span.high, -span.low))
    wider = difference(first, second, comparisons=pairs + 1)
    assert wider.low <= span.low + 1e-12
    assert wider.high >= span.high - 1e-12


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("first", "second"), [(20, 20), (20, 180), (40, 60), (100, 100)])
def test_equal_variants_are_seldom_called_different(first: int, second: int, rate: float) -> None:
    """Summed up over every outcome there can be: at most about one time in twenty a winner is named for nothing."""
    ones, others = chances(first, rate), chances(second, rate)
    wrong = sum(
        one * other
        for hits, one in enumerate(ones)
        for more, other in enumerate(others)
        if one * other > 1e-12 and _named({"A": Share(hits, first), "B": Share(more, second)})
    )
    assert wrong <= 0.06


@pytest.mark.parametrize("variants", [3, 4])
def test_with_more_variants_it_stays_one_time_in_twenty(variants: int) -> None:
    """Three or four chances to be wrong must not add up."""
    dice = Random(11)
    wrong = 0
    for _ in range(1500):
        found = {name: Share(sum(dice.random() < 0.2 for _ in range(60)), 60) for name in "ABCD"[:variants]}
        wrong += _named(found)
    assert wrong / 1500 <= 0.05


def _named(found: dict[str, Share]) -> bool:
    first = lead(found)
    return first is not None and first.is_clear


@given(st.lists(shares(least=0, most=60), min_size=2, max_size=4))
def test_no_winner_without_enough_people_or_against_any_other(found: list[Share]) -> None:
    """Twenty people in each, and better than every one of them."""
    named = dict(zip("ABCD", found, strict=False))
    first = lead(named)
    if min(one.people for one in found) == 0:
        assert first is None
        return
    assert first is not None
    assert named[first.ahead].rate == max(one.rate for one in found)
    pairs = len(list(combinations(found, 2)))
    clear = all(
        difference(one, named[first.ahead], comparisons=pairs).low > 0
        for name, one in named.items()
        if name != first.ahead
    )
    assert first.is_clear == (clear and min(one.people for one in found) >= ENOUGH)


@pytest.mark.parametrize(
    ("few", "all_"), [(Share(0, 3), Share(3, 3)), (Share(0, 1), Share(1, 1)), (Share(0, 19), Share(19, 19))]
)
def test_a_handful_of_people_never_makes_a_winner(few: Share, all_: Share) -> None:
    """Three against three look like a hundred points of difference."""
    assert not _named({"A": few, "B": all_})


@pytest.mark.parametrize(("rate", "gap"), [(0.1, 0.1), (0.3, 0.1), (0.05, 0.05)])
@pytest.mark.parametrize("rarer", [0.5, 0.1])
def test_as_many_people_as_were_foretold_do_show_the_difference(rate: float, gap: float, rarer: float) -> None:
    """「あと約◯人」: with so many, four times out of five, also where one variant is given to few."""
    each = each_needed(rate, gap)
    total = round(each / (2 * rarer * (1 - rarer)))
    small, large = round(1000 * rarer), round(1000 * (1 - rarer))
    seen = Share(round(small * rate), small), Share(round(large * (rate + gap)), large)
    assert still_needed(*seen) == pytest.approx(max(0, total - 1000), abs=2)
    dice = Random(5)
    first, second = round(total * rarer), round(total * (1 - rarer))
    shown = 0
    for _ in range(300):
        one = Share(sum(dice.random() < rate for _ in range(first)), first)
        other = Share(sum(dice.random() < rate + gap for _ in range(second)), second)
        shown += difference(one, other).low > 0
    assert 0.68 <= shown / 300 <= 0.93
