"""Facts as short lines."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import past
from flows.facts import FACTS, Fact, Rule, StepTaken, TagAdded
from tests.store.people import NOW

SECOND = NOW.replace(microsecond=0)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    int: st.integers(-(10**6), 10**6),
    bool: st.booleans(),
    Rule: st.sampled_from(Rule),
}


@st.composite
def any_fact(draw: st.DrawFn) -> Fact:
    """A fact of any kind, with any values."""
    kind = draw(st.sampled_from(FACTS))
    hints = get_type_hints(kind)
    moments = st.none() | st.integers(0, 10**6).map(lambda seconds: SECOND + timedelta(seconds=seconds))
    values = {one.name: draw(VALUES.get(hints[one.name], moments)) for one in fields(kind) if one.name != "at"}
    return kind(at=SECOND + timedelta(seconds=draw(st.integers(0, 3))), **values)


def test_every_kind_of_fact_has_a_code_of_its_own() -> None:
    """A new kind of fact would otherwise stop every commit that tells it."""
    assert set(past.CODES.values()) == set(FACTS)
    assert all(len(code) == 2 for code in past.CODES)


@given(st.lists(any_fact(), max_size=12))
def test_facts_come_back_as_they_went_in(told: list[Fact]) -> None:
    """Whatever a friend or an owner wrote is data, separators included."""
    kept = ""
    for start in range(0, len(told), 2):
        kept = past.appended(kept, told[start : start + 2])
    assert list(past.facts_of(kept)) == told


@pytest.mark.parametrize("many", [1, 39, 40, 41, 200])
def test_the_past_keeps_the_last_forty(many: int) -> None:
    """Records stay small for the busiest friend."""
    lines = ""
    for number in range(many):
        lines = past.appended(lines, [TagAdded(at=SECOND + timedelta(seconds=number), tag=str(number))])
    kept = [fact.tag for fact in past.facts_of(lines) if isinstance(fact, TagAdded)]
    assert kept == [str(number) for number in range(many)][-40:]


def test_one_commit_with_very_much_to_tell_is_kept_whole() -> None:
    """The last commit is never cut."""
    told = [TagAdded(at=SECOND, tag=str(number)) for number in range(60)]
    assert len(list(past.facts_of(past.appended("", told)))) == 60


def test_a_year_of_steps_takes_little_room() -> None:
    """Twenty lines must not double the record, however long the scenario's name is."""
    kept = ""
    for number in range(20):
        at = SECOND + timedelta(days=number)
        step = StepTaken(at=at, scenario="はじめての方への三日間", version=3, step=f"s{number}", pushed=True)
        kept = past.appended(kept, [step])
    assert len(kept.encode()) < 500


def test_words_out_of_use_leave_the_table() -> None:
    """A friend who meets many scenarios does not carry all their names for ever."""
    kept = ""
    for number in range(2000):
        kept = past.appended(kept, [TagAdded(at=SECOND + timedelta(seconds=number), tag=f"タグ{number // 3:04}")])
    assert len(list(past.facts_of(kept))) == past.MOST_FACTS
    assert len(kept.partition(";")[0].split("|")) <= past.MOST_WORDS
    assert len(kept) < 1200


@given(st.lists(any_fact(), max_size=5), st.sampled_from(FACTS))
def test_what_a_text_tells_is_never_overlooked(told: list[Fact], kind: type[Fact]) -> None:
    """An export leaves unread only what cannot hold what it looks for."""
    text = past.appended("", told)
    assert past.may_tell(text, [kind]) or not any(isinstance(fact, kind) for fact in past.facts_of(text))
