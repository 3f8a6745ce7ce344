"""Counts the requests to LINE by outcome and by how long they took, and hands the sums over every few seconds."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from typing import Final

from bot.line.outcomes import Outcome
from bot.line.requests import Endpoint
from bot.log import get_logger
from bot.store.errors import StoreAwayError
from bot.store.sends import Sends

log = get_logger(__name__)

FLUSH_SECONDS: Final = 5.0
"""What a killed process had counted for so long is lost; nothing but the metrics page reads it."""
BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of LINE's answer time in seconds."""
_NAMES: Final = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")

_Count = tuple[str, Endpoint, str]
"""What is counted, where, and which of its kinds."""


class SendMeter:
    """The lane tells it of every request; used on the lane's loop only."""

    def __init__(self, sends: Sends) -> None:
        """Nothing is written until the first request is some seconds old."""
        self._sends = sends
        self._counts: Counter[_Count] = Counter()
        self._begun = 0.0

    def note(self, endpoint: Endpoint, outcome: Outcome, seconds: float) -> None:
        """One request came to an end."""
        loop = asyncio.get_running_loop()
        moment = loop.time()
        if not self._counts:
            self._begun = moment
        self._counts["outcome", endpoint, type(outcome).__name__] += 1
        self._counts["took", endpoint, bucket(seconds)] += 1
        self._counts["ms", endpoint, ""] += round(seconds * 1000)
        if moment - self._begun >= FLUSH_SECONDS:
            counts, self._counts = self._counts, Counter()
            loop.run_in_executor(None, self._flush, counts)

    def _flush(self, counts: Counter[_Count]) -> None:
        try:
            self._sends.add(
                {f"{what} {endpoint.value} {which}".rstrip(): n for (what, endpoint, which), n in counts.items()}
            )
        except StoreAwayError as error:
            log.warning("meter.away", reason=str(error))


def bucket(seconds: float) -> str:
    """The bound under which a time falls."""
    return _NAMES[bisect_left(BUCKETS, seconds)]
