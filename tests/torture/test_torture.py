"""The seeded part that runs with every change: each kind of fault once, small. `make torture` runs them in full."""

from collections.abc import Callable

import pytest

from torture import fuzz, storming
from torture.desk import f16, f17
from torture.doors import f20
from torture.faults import FAULTS
from torture.rushing import SHORT, Report
from torture.scarcity import SCARCITY
from torture.talking import TALKING
from torture.updating import UPDATING

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]
SEED = 1


def test_what_comes_due_arrives_once_whatever_dies() -> None:
    """Exactly once at LINE's door, in order, never early, and every index as the records say."""
    findings = FAULTS["ALL"](SEED, SHORT).findings
    assert findings.is_clean, findings


def test_what_is_said_acts_once_though_the_web_process_dies() -> None:
    """LINE brings again what got no 200; nothing acts twice."""
    findings = TALKING["F2"](SEED, SHORT).findings
    assert findings.is_clean, findings


def test_bent_webhooks_do_not_stop_their_neighbours() -> None:
    """One odd event among ten thousand must cost nobody an answer."""
    findings = fuzz.f13(SEED, 200).findings
    assert findings.is_clean, findings


@pytest.mark.parametrize("fault", ["F23", "F26"])
def test_what_runs_short_costs_nobody_anything(fault: str) -> None:
    """A full disk, a log that cannot be written; and days on end, with memory flat."""
    findings = SCARCITY[fault](SEED, SHORT).findings
    assert findings.is_clean, findings


@pytest.mark.parametrize("fault", ["F24v", "F27"])
def test_an_update_and_a_backup_lose_and_double_nothing(fault: str) -> None:
    """Both versions at work on one record; a copy of its file started elsewhere."""
    findings = UPDATING[fault](SEED, SHORT).findings
    assert findings.is_clean, findings


@pytest.mark.parametrize(
    ("throw", "count"), [(storming.f13_storm, 300), (storming.f15_storm, 0), (f16, 15), (f17, 15), (f20, 200)]
)
def test_nothing_thrown_at_the_doors_gets_in_or_takes_long(throw: Callable[[int, int], Report], count: int) -> None:
    """Bent webhooks, hostile words, patterns, addresses, guesses: each timed by the CPU it takes."""
    findings = throw(SEED, count).findings
    assert findings.is_clean, findings
