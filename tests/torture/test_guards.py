"""The table of guards follows the product; `make guards` takes them all out, here are two."""

from __future__ import annotations

import pytest

from torture.guards import GUARDS
from torture.guards.guard import ROOT, Guard, MovedError
from torture.guards.running import greens, tried

QUICK = [guard for guard in GUARDS if guard.name in {"only what LINE signed is heard", "a walk stays on its version"}]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.invariant} {guard.name}")
def test_each_guard_is_where_the_table_says(guard: Guard) -> None:
    """A guard that moved would be taken out of nowhere, and its test found green for ever."""
    for cut in guard.cuts:
        assert cut.made_in((ROOT / cut.file).read_text(encoding="utf-8")) != ""
    file, _, name = guard.test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_invariant_has_a_guard() -> None:
    """What nobody tries to break is only hoped for."""
    assert {guard.invariant for guard in GUARDS} == {f"I{number}" for number in range(1, 19)}


def test_words_that_are_gone_are_said_to_be() -> None:
    """The table has to follow the product, loudly."""
    with pytest.raises(MovedError):
        GUARDS[0].made_in("something else")


@pytest.mark.slow
@pytest.mark.parametrize("guard", QUICK, ids=lambda guard: guard.name)
def test_without_its_guard_a_test_turns_red(guard: Guard) -> None:
    """The way of taking out works: green with the guard, red without it."""
    assert guard.test in greens([guard.test])
    one = tried(guard, was_green=True)
    assert one.is_good, one.why
