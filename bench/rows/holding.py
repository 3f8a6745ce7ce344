"""Rows about what is held: B12, B16 and B8's freeze at a size and at a tenth of it, and B21 from the two."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from statistics import median

from bench import people
from bench.judging import Row, figure
from bench.rows import memory, segments
from bench.rows.webhooks import now
from bench.town import town
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
FULL = Size(friends=200_000, rounds=5, questions=10_000)
FREEZE = 0.1


@dataclass(slots=True, kw_only=True)
class Held:
    """What was measured with so many friends."""

    rows: list[Row]
    bytes_each: float
    segment: float
    freeze: float


def measured(count: int, size: Size, smaller: Held | None) -> Held:
    """Put so many friends in and measure."""
    with town() as here:
        moment, store = now(), people.opened(here.redis_url)
        people.publish(store, people.catalog(), moment)
        before = memory.used(here)
        people.put(store, people.friends(count, moment, due=people.seven_in_the_evening(moment)), moment)
        each = (memory.used(here) - before) / count
        configured = store.catalogs.current()
        mine = segments.typical(lambda: segments.ours(store, configured, moment))
        b12 = segments.b12(
            store,
            count,
            moment,
            here.folder,
            rounds=size.rounds,
            questions=size.questions if smaller else 0,
            small=smaller.segment if smaller else None,
        )
        freezes = [_frozen(store, number) for number in range(5)]
        b16 = memory.b16(
            here, bytes_each=each, count=count, now=moment, smaller=smaller.bytes_each if smaller else None
        )
    b8 = Row(
        id="B8",
        work=f"an order to {count:,} friends: frozen and durable before the first send",
        figures=(figure("to freeze", freezes, "s", most=FREEZE),),
        owner="「送る」と答えた瞬間の顔ぶれに届きます。あとから増えた人、減った人に左右されません。",
    )
    return Held(rows=[b12, b16, b8], bytes_each=each, segment=mine, freeze=median(freezes))


def _frozen(store: Store, number: int) -> float:
    moment = now()
    began = time.perf_counter()
    found = store.segments.members(Everyone(), store.catalogs.current(), moment)
    event = Ordered(at=moment, actions=(AddTag(name="タグ01"),))
    store.orders.give(f"bench-{number}", event, {shard: members.true for shard, members in found.items()}, moment)
    return time.perf_counter() - began


def held(size: Size) -> list[Row]:
    """B12, B16, B8 and B21."""
    small = measured(size.friends // 10, size, None)
    large = measured(size.friends, size, small)
    b21 = Row(
        id="B21",
        work=f"cost for a friend at {size.friends:,} ÷ at {size.friends // 10:,}",
        figures=(
            figure("memory", [large.bytes_each / small.bytes_each], "x", most=1.2),
            figure("segment", [large.segment / small.segment / 10], "x", most=1.2),
            figure("freeze", [large.freeze / small.freeze / 10], "x", most=1.2),
        ),
        owner="友だちが10倍になっても、1人あたりの手間は増えません。",
    )
    return [replace(row, id=row.id) for row in (*large.rows, b21)]
