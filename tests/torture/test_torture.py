"""The seeded part that runs with every change: each kind of fault once, small. `make torture` runs them in full."""

import pytest

from torture import fuzz
from torture.faults import FAULTS, SHORT
from torture.talking import TALKING

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
