"""Keeps all processes together just under LINE's rates, asking the shared bucket for several requests at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from bot.line.requests import Endpoint
from bot.log import get_logger
from bot.store.errors import StoreAwayError
from bot.store.pace import Pace, Rate

log = get_logger(__name__)

# LINE's are 2,000 and 200 in any second, as a token bucket (developers.line.biz: messaging-api reference, rate limits).
RATES: Final[Mapping[Endpoint, Rate]] = {
    Endpoint.REPLY: Rate(per_second=1900, burst=90),
    Endpoint.PUSH: Rate(per_second=1900, burst=90),
    Endpoint.MULTICAST: Rate(per_second=195, burst=4),
}
KEPT_SECONDS: Final = 0.05
"""What was asked for and not used by then is lost: saved up, it would break the rate later."""
ALONE_SECONDS: Final = 0.01
"""Between two requests while the bucket cannot be asked."""


class SharedPacing:
    """The lane's pacing over a bucket that all processes share."""

    def __init__(self, pace: Pace, rates: Mapping[Endpoint, Rate] = RATES) -> None:
        """Nothing is asked until the first request."""
        self._pace = pace
        self._lines = {endpoint: _Line(endpoint, rate, pace) for endpoint, rate in rates.items()}

    async def turn(self, endpoint: Endpoint) -> None:
        """Return when one more request may go."""
        await self._lines[endpoint].turn()

    def slow_down(self, endpoint: Endpoint) -> None:
        """LINE said that we are too fast: empty the bucket, and what we have of it."""
        self._lines[endpoint].forget()
        asyncio.get_running_loop().run_in_executor(None, self._drain, endpoint)

    def _drain(self, endpoint: Endpoint) -> None:
        try:
            self._pace.drain(endpoint.value)
        except StoreAwayError as error:
            log.warning("pace.away", reason=str(error))


class _Line:
    """Those who wait for one endpoint, first come, first served."""

    def __init__(self, endpoint: Endpoint, rate: Rate, pace: Pace) -> None:
        self._endpoint = endpoint
        self._rate = rate
        self._pace = pace
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._recent = 0
        self._left = 0
        self._until = 0.0

    async def turn(self) -> None:
        """Take one of what we have, or ask for as many as are waiting and were lately used."""
        if not self._waiting and self._take():
            return
        self._waiting += 1
        try:
            async with self._lock:
                while not self._take():
                    await self._ask()
        finally:
            self._waiting -= 1

    def forget(self) -> None:
        """What we have is no longer good."""
        self._left = 0

    def _take(self) -> bool:
        if self._left <= 0 or asyncio.get_running_loop().time() > self._until:
            return False
        self._left -= 1
        self._recent += 1
        return True

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        wanted = max(1, min(self._rate.burst, self._waiting + self._recent))
        self._recent = 0
        try:
            given = await loop.run_in_executor(None, self._pace.take, self._endpoint.value, self._rate, wanted)
        except StoreAwayError:
            await asyncio.sleep(ALONE_SECONDS)
            self._left, self._until = 1, loop.time() + KEPT_SECONDS
            return
        self._left, self._until = given.count, loop.time() + KEPT_SECONDS
        if not given.count:
            await asyncio.sleep(given.wait)
