"""A worker may die or be late anywhere between two portions of a broadcast: nobody is left out, nobody gets two."""

from __future__ import annotations

from bot.broadcasting import Broadcasting
from bot.store.friends import Change
from bot.store.keys import SHARDS, shard_of
from bot.store.records import Record
from flows.broadcast import Addressed
from flows.engine import decide
from flows.names import fold
from tests.broadcast.town import GRACE, arrivals, person, planned, progress, run, town


def test_two_workers_with_the_same_portion_serve_it_once() -> None:
    """The row's revision is checked in the commit of the friends it speaks of."""
    with town(40) as world:
        one = planned(world)
        world.now += GRACE
        world.workshop.tick()
        store = world.store
        shard = next(each for each in SHARDS if store.broadcasts.next(each, 5))
        portion = store.broadcasts.next(shard, 200)
        assert portion is not None
        event = Addressed(at=world.now, id=f"broadcast:{one.id}", broadcast=fold(one.name))
        records = [each for each in store.friends.load_many(shard, portion.friends) if isinstance(each, Record)]
        catalog = world.catalog()
        changes = [
            Change(
                before=each,
                decision=decide(each.friend, event, catalog, world.now),
                at=world.now,
                zone=catalog.account.tz,
            )
            for each in records
        ]
        after = portion.row.after(portion.after, {"": len(changes)}, {})
        checks, commands = store.broadcasts.moved(shard, portion.id, portion.row, after)
        assert store.friends.commit_with(shard, changes, checks, commands) is not None
        assert store.friends.commit_with(shard, changes, checks, commands) is None
        run(world)
        found = progress(world, one)
        assert set(arrivals(world).values()) == {1}
        assert found.accepted == found.planned == 40


def test_a_friend_who_speaks_meanwhile_has_the_portion_decided_again() -> None:
    """The whole portion goes into one commit, so whoever was quicker is read again with it."""
    with town(40) as world:
        one = planned(world)
        world.now += GRACE
        world.workshop.tick()
        busy = person(3, world.now)
        shard = shard_of(busy.id)
        portion = world.store.broadcasts.next(shard, 200)
        assert portion is not None
        before = world.store.friends.load_many(shard, portion.friends)
        world.fake.say(busy.id, "こんにちは")
        event = Addressed(at=world.now, id=f"broadcast:{one.id}", broadcast=fold(one.name))
        stale = [
            Change(
                before=each,
                decision=decide(each.friend, event, world.catalog(), world.now),
                at=world.now,
                zone=world.catalog().account.tz,
            )
            for each in before
            if isinstance(each, Record)
        ]
        after = portion.row.after(portion.after, {"": len(stale)}, {})
        checks, commands = world.store.broadcasts.moved(shard, portion.id, portion.row, after)
        assert world.store.friends.commit_with(shard, stale, checks, commands) is None
        run(world)
        assert set(arrivals(world).values()) == {1}
        assert progress(world, one).accepted == 40


def test_begun_half_way_it_is_begun_to_the_end() -> None:
    """The process that froze half of the shards is gone; the next tick freezes the others, none of them twice."""
    with town(60) as world:
        one = planned(world)
        members = world.store.segments.members(one.condition, world.catalog(), world.now)
        for shard in SHARDS[:7]:
            world.store.broadcasts._freeze(shard, one.id, members[shard].true)
        run(world)
        found = progress(world, one)
        assert set(arrivals(world).values()) == {1}
        assert found.accepted == found.planned == 60
        assert found.over


def test_beginning_again_changes_nothing() -> None:
    """Several processes may tick at once."""
    with town(20) as world:
        one = planned(world)
        world.now += GRACE
        working = Broadcasting(world.store, world.services.quota, world.services.clock)
        working.begin()
        working.begin()
        again = world.store.broadcasts.begin(one.id, {}, world.now)
        run(world)
        assert again == 20
        assert progress(world, one).accepted == 20


def test_a_row_that_cannot_be_read_stops_nobody_else() -> None:
    """Answers, steps and the other shards go on; what is broken shows in the log."""
    with town(60) as world:
        one = planned(world)
        world.now += GRACE
        world.workshop.tick()
        broken = world.workshop.busy()[0]
        row = world.store.keys.sending(broken, one.id)
        kept = world.store.server.execute_command("GET", row)
        world.store.server.execute_command("SET", row, b'{"rev":1,')
        world.workshop.tick()
        for shard in SHARDS:
            world.workshop.deliver(shard)
        others = len(arrivals(world))
        assert 0 < others < 60
        world.store.server.execute_command("SET", row, kept)
        run(world)
        assert len(arrivals(world)) == progress(world, one).accepted == 60
