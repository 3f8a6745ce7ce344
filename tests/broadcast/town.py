"""Many friends in the full world, and the audit of what a broadcast did among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.store.friends import Change
from bot.store.keys import SHARDS, shard_of
from bot.store.records import Record
from flows.broadcast import Broadcast, Progress
from flows.conditions import Everyone
from flows.decision import Decision
from flows.friend import Friend
from flows.messages import Text
from flows.names import FriendId, fold
from flows.scenario import Say
from simulator.world import user_id
from tests.full_world import FullWorld, full_world

WORDS = "秋の保湿フェア、今週末まで"
GRACE = timedelta(seconds=60)


@contextmanager
def town(people: int, **all_alike: Any) -> Iterator[FullWorld]:
    """A world with so many friends who joined ten days ago."""
    with full_world() as world:
        settle(world, [person(number, world.now, **all_alike) for number in range(people)])
        yield world


def person(number: int, now: datetime, **more: Any) -> Friend:
    """One friend."""
    given = {"joined": now - timedelta(days=10), "reacted": now - timedelta(days=10)} | more
    return Friend(id=FriendId(user_id(f"人{number}")), name=f"人{number}", **given)


def settle(world: FullWorld, friends: list[Friend]) -> None:
    """Have them live here, and at LINE."""
    for one in friends:
        world.fake.add_person(one.id, one.name, friend=True)
    for shard in SHARDS:
        here = [one for one in friends if shard_of(one.id) == shard]
        for start in range(0, len(here), 500):
            batch = here[start : start + 500]
            known = world.store.friends.load_many(shard, [one.id for one in batch])
            changes = [
                Change(before=record, decision=Decision(friend=one), at=world.now, zone=world.catalog().account.tz)
                for record, one in zip(known, batch, strict=True)
                if isinstance(record, Record)
            ]
            assert not world.store.friends.commit(shard, changes).losers


def planned(world: FullWorld, name: str = "秋のフェア", **more: Any) -> Broadcast:
    """A broadcast of now to everybody, planned by the configuration alone."""
    given: dict[str, Any] = {
        "id": f"id-{name}",
        "name": name,
        "condition": Everyone(),
        "body": (Say(message=Text(body=WORDS)),),
        "at": world.now,
        "made": world.now,
    }
    one = Broadcast(**given | more)
    put(world, one)
    return one


def put(world: FullWorld, one: Broadcast) -> None:
    """Have this broadcast stand in the configuration as it is."""
    catalog = world.catalog()
    world.install(replace(catalog, broadcasts={**catalog.broadcasts, fold(one.name): one}))


def run(world: FullWorld, *, minutes: int = 1) -> None:
    """Let the grace pass, and everything be done that can be done; then let put-off sends come round again."""
    world.now += GRACE
    world.work()
    for _ in range(minutes):
        world.now += timedelta(minutes=1)
        world.work()


def arrivals(world: FullWorld, words: str = WORDS) -> Counter[str]:
    """How often these words were taken by LINE for each person."""
    return Counter(one.user for one in world.fake.ledger if words in str(one.messages))


def progress(world: FullWorld, one: Broadcast) -> Progress:
    """The report."""
    found = world.store.broadcasts.progress(one)
    assert found is not None
    return found
