"""The seeded part that runs with every change: real processes, a real Redis, and a kill while a broadcast goes."""

import pytest

from torture.rushing import SHORT
from torture.sending import broadcast


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_it_arrives_once_though_workers_and_redis_die() -> None:
    """Exactly once at LINE's door, and a report that says the same as its ledger."""
    findings = broadcast(1, SHORT).findings
    assert findings.is_clean, findings
