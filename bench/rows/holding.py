"""Rows about what is held: B12, B16 and B8's freeze at a size and at a tenth of it, and B21 from the two."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from bench import people
from bench.judging import Row, figure
from bench.rows import memory, segments
from bench.rows.webhooks import now
from bench.telling import say
from bench.town import Town, town
from bot.memory import keep_room
from bot.store.store import Store
from flows.actions import AddTag
from flows.conditions import Everyone
from flows.events import Ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many friends, and how long is looked."""

    friends: int
    rounds: int
    questions: int


QUICK = Size(friends=20_000, rounds=3, questions=200)
FULL = Size(friends=1_000_000, rounds=5, questions=10_000)
FREEZE = 0.1
NO_REWRITE = {"auto-aof-rewrite-percentage": "0"}
"""The file that a million friends leave is not written anew beside what is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was measured with so many friends."""

    bytes_each: float
    segment: float
    freezes: list[float]


def held(size: Size) -> list[Row]:
    """B12, B16, B8 and B21: the first tenth of the friends, and then the others beside them."""
    tenth = size.friends // 10
    # As the web process and the worker do.
    keep_room()
    with town(redis=NO_REWRITE) as here:
        moment, store = now(), people.opened(here.redis_url)
        people.publish(store, people.catalog(), moment)
        empty = memory.used(here)
        small = _with_more(here, store, 0, tenth, moment, empty)
        large = _with_more(here, store, tenth, size.friends, moment, empty)
        b12 = segments.b12(
            store,
            size.friends,
            moment,
            here.folder,
            rounds=size.rounds,
            questions=size.questions,
            small=small.segment,
        )
        b16 = memory.b16(here, bytes_each=large.bytes_each, count=size.friends, now=moment, smaller=small.bytes_each)
    b8 = Row(
        id="B8",
        work=f"an order to {size.friends:,} friends: frozen and durable before the first send",
        figures=(figure("to freeze", large.freezes, "s", most=FREEZE),),
        owner="「送る」と答えた瞬間の顔ぶれに届きます。あとから増えた人、減った人に左右されません。",
    )
    b21 = Row(
        id="B21",
        work=f"cost for a friend at {size.friends:,} ÷ at {tenth:,}",
        figures=(
            figure("memory", [large.bytes_each / small.bytes_each], "x", most=1.2),
            figure("segment", [large.segment / small.segment / 10], "x", most=1.2),
            figure("freeze", [min(large.freezes) / min(small.freezes) / 10], "x", most=1.2),
        ),
        owner="友だちが10倍になっても、1人あたりの手間は増えません。",
    )
    return [b12, b16, b8, b21]


def _with_more(here: Town, store: Store, there: int, count: int, moment: datetime, empty: int) -> Held:  # noqa: PLR0917
    """Fill up to so many friends and measure."""
    began = time.monotonic()
    due = people.seven_in_the_evening(moment)
    people.put_many(here.redis_url, count - there, moment, due=due, first=there)
    say(f"{count - there:,} friends put in within {time.monotonic() - began:.0f} s")
    configured = store.catalogs.current()
    return Held(
        bytes_each=(memory.used(here) - empty) / count,
        segment=min(segments.typical(lambda: segments.ours(store, configured, moment)) for _ in range(5)),
        freezes=[_frozen(store, number) for number in range(5)],
    )


def _frozen(store: Store, number: int) -> float:
    moment = now()
    began = time.perf_counter()
    found = store.segments.members(Everyone(), store.catalogs.current(), moment)
    event = Ordered(at=moment, actions=(AddTag(name="タグ01"),))
    store.orders.give(f"bench-{number}", event, {shard: members.true for shard, members in found.items()}, moment)
    return time.perf_counter() - began
