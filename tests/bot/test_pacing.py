"""LINE's rates are kept by all processes together."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import fakeredis
import pytest

from bot.line.requests import Endpoint
from bot.pacing import RATES, SharedPacing
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.pace import Pace, Rate


@pytest.fixture(params=["fake", "real"])
def pace(request: pytest.FixtureRequest) -> Iterator[Pace]:
    """A bucket of its own, on the fake and on a real server."""
    keys = Keys(f"t{secrets.token_hex(6)}")
    if request.param == "fake":
        yield Pace(fakeredis.FakeRedis(version=(7,)), keys)
        return
    with closing(connect(request.getfixturevalue("real_url"))) as server:
        yield Pace(server, keys)


def test_a_full_bucket_gives_its_burst_and_then_makes_wait(pace: Pace) -> None:
    """What was saved up in a pause is bounded."""
    rate = Rate(per_second=10, burst=5)
    assert pace.take("push", rate, 3).count == 3
    given = pace.take("push", rate, 5)
    assert given.count == 2
    assert 0 < given.wait <= 0.11


def test_a_drained_bucket_begins_from_nothing(pace: Pace) -> None:
    """LINE said 429: whatever we believed, it was too much."""
    rate = Rate(per_second=1, burst=5)
    pace.take("push", rate, 1)
    pace.drain("push")
    assert pace.take("push", rate, 1).count == 0


def test_rates_stay_below_lines() -> None:
    """In any second at most what flows in, and what had been saved up (developers.line.biz: rate limits)."""
    limits = {Endpoint.REPLY: 2000, Endpoint.PUSH: 2000, Endpoint.MULTICAST: 200}
    assert set(RATES) == set(Endpoint)
    assert all(rate.per_second + rate.burst < limits[endpoint] for endpoint, rate in RATES.items())


def test_two_processes_share_one_rate(pace: Pace) -> None:
    """Each alone would keep it; together they would not."""
    rate = Rate(per_second=200, burst=10)
    processes = [SharedPacing(pace, dict.fromkeys(Endpoint, rate)) for _ in range(2)]
    moments: list[float] = []

    async def sender(pacing: SharedPacing) -> None:
        for _ in range(30):
            await pacing.turn(Endpoint.PUSH)
            moments.append(time.monotonic())

    async def all_senders() -> None:
        await asyncio.gather(*(sender(pacing) for pacing in processes for _ in range(2)))

    asyncio.run(all_senders())
    moments.sort()
    assert len(moments) == 120
    assert all(later >= earlier for earlier, later in pairwise(moments))
    # 120 requests: the first ten at once, the rest at two hundred a second; a little slack for what was kept in hand.
    assert moments[-1] - moments[0] >= (120 - 10 - 2 * 10) / 200


def test_an_absent_bucket_does_not_stop_answers() -> None:
    """Redis went away between commit and answer: the person is answered all the same, slowly."""
    pacing = SharedPacing(Pace(connect("redis://127.0.0.1:1/0"), Keys("t")))
    asyncio.run(asyncio.wait_for(pacing.turn(Endpoint.REPLY), 5))
