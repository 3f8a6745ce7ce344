"""B16: Redis's bytes for a friend, against the textbook layout with the same history."""

from __future__ import annotations

import contextlib
from datetime import datetime

import redis

from bench import people
from bench.baselines import textbook
from bench.judging import Row, figure
from bench.town import Town, redis_info

SAMPLE = 20_000


def used(here: Town) -> int:
    """Bytes that Redis holds."""
    return int(redis_info(here)["used_memory"])


def b16(here: Town, *, bytes_each: float, count: int, now: datetime, smaller: float) -> Row:
    """The row: what was measured while `count` friends were put in, against a sample laid out as in a textbook."""
    before = used(here)
    with contextlib.closing(redis.Redis.from_url(here.redis_url)) as server:
        many = textbook.put(server, people.friends(SAMPLE, now, due=people.seven_in_the_evening(now)))
        theirs = (used(here) - before) / many
    return Row(
        id="B16",
        work=f"Redis's memory for a friend, {count:,} friends",
        figures=(
            figure("ours ÷ textbook", [bytes_each / theirs], "x", most=0.3),
            figure("ours", [bytes_each], "bytes"),
            figure("textbook", [theirs], "bytes"),
            figure("÷ at a tenth of the friends", [bytes_each / smaller], "x", least=0.9, most=1.1),
        ),
        owner="25MBの小さなRedisに何人入るかが、ここで決まります。",
    )
