"""What somebody who waits for figures is told meanwhile: on the terminal, never in the table."""

from __future__ import annotations

import sys
import time

EVERY_SECONDS = 5.0


def say(words: str) -> None:
    """A line beside the table."""
    print(f"… {words}", file=sys.stderr, flush=True)


class Shown:
    """How far something large is, said now and then."""

    def __init__(self, total: int, what: str = "friends") -> None:
        self._total, self._what = total, what
        self._done = 0
        self._said = time.monotonic()

    def __call__(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        if time.monotonic() - self._said > EVERY_SECONDS:
            self._said = time.monotonic()
            say(f"{self._done:,} of {self._total:,} {self._what}")
