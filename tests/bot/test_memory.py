"""What a process that stays keeps for the next time."""

from __future__ import annotations

import subprocess
import sys

FAULTS = """
import resource
from bot import memory
if {keeps}:
    memory.keep_room()
for _ in range(5):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    taken = [b"x" * 900_000 for _ in range(12)]
    del taken
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*, keeps: bool) -> int:
    """How many pages the system hands out for ten megabytes that were there a moment ago."""
    code = FAULTS.format(keeps=keeps)
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


if sys.platform == "linux" and sys.implementation.name == "cpython":

    def test_pages_that_were_there_a_moment_ago_are_not_asked_for_again() -> None:
        """A question about a million friends takes fifteen megabytes each time."""
        assert faults(keeps=True) < 500 < faults(keeps=False)
else:

    def test_elsewhere_nothing_is_changed() -> None:
        """What glibc is told, others do not know."""
        assert faults(keeps=True) >= 0
