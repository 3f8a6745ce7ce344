"""Who is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.store.keys import shard_of
from flows.names import FriendId
from tests.store.conftest import World
from tests.store.people import HANAKO, NOW, SAKURA, SHARD, change, enrolled, friend_id


def enroll(world: World, friend: FriendId, due: datetime | None) -> None:
    """The friend waits for this moment, and for nothing else."""
    record = world.friends.load(friend)
    after = enrolled(replace(record.friend, enrollments=()), due=due)
    assert not world.friends.commit(shard_of(friend), [change(record, after)]).losers


def test_nobody_is_handed_out_before_his_moment(world: World) -> None:
    """A score rounded down would hand him out early, again and again."""
    due = NOW.replace(microsecond=500_001)
    enroll(world, SAKURA, due)
    assert world.due.due(SHARD, due - timedelta(microseconds=1)) == ()
    assert world.due.due(SHARD, due) == ()
    assert world.due.due(SHARD, due + timedelta(milliseconds=1)) == (SAKURA,)


def test_the_longest_overdue_come_first_and_no_more_than_asked(world: World) -> None:
    """After a standstill the oldest steps go first."""
    enroll(world, SAKURA, NOW)
    enroll(world, HANAKO, NOW - timedelta(hours=1))
    assert world.due.due(SHARD, NOW + timedelta(seconds=1)) == (HANAKO, SAKURA)
    assert world.due.due(SHARD, NOW + timedelta(seconds=1), limit=1) == (HANAKO,)


def test_a_friend_who_waits_for_nothing_leaves_the_index(world: World) -> None:
    """He must not be looked at for ever."""
    enroll(world, SAKURA, NOW)
    enroll(world, SAKURA, None)
    assert world.due.due(SHARD, NOW + timedelta(days=1)) == ()
    assert world.due.next_due() is None


def test_shards_are_asked_in_one_trip(world: World) -> None:
    """The tick finds the shards with work without visiting each."""
    for number in range(40):
        enroll(world, friend_id(number), NOW + timedelta(minutes=number))
    homes = {shard_of(friend_id(number)) for number in range(3)}
    assert set(world.due.shards_due(NOW + timedelta(minutes=2, seconds=1))) == homes
    assert world.due.next_due() == NOW.replace(microsecond=124_000)
    assert 59.9 < world.due.oldest_due(NOW + timedelta(minutes=1)) <= 60
    assert world.due.oldest_due(NOW) == 0
    assert world.due.waiting_before(NOW + timedelta(minutes=10)) == 10


def test_what_is_due_before_the_next_tick_is_known_by_the_moment(world: World) -> None:
    """The tick comes once a second; whoever is due in between would be late by half of one."""
    enroll(world, SAKURA, NOW + timedelta(seconds=0.4))
    enroll(world, HANAKO, NOW + timedelta(seconds=3))
    moment = world.due.next_due()
    assert moment is not None
    assert world.due.coming(NOW, NOW + timedelta(seconds=1)) == {SHARD: moment}
    assert world.due.due(SHARD, moment) == (SAKURA,)
    assert world.due.coming(moment, moment + timedelta(seconds=1)) == {}


def test_a_parked_friend_is_left_alone_until_then(world: World) -> None:
    """One friend whose decision fails must not stop his shard."""
    enroll(world, SAKURA, NOW)
    world.due.park(SAKURA, NOW + timedelta(hours=1))
    assert world.due.due(SHARD, NOW + timedelta(minutes=59)) == ()
    assert world.due.parked() == (SAKURA,)
    assert world.due.due(SHARD, NOW + timedelta(minutes=61)) == (SAKURA,)


def test_whatever_is_committed_next_brings_a_parked_friend_back(world: World) -> None:
    """A new word of his may be all that was missing."""
    enroll(world, SAKURA, NOW)
    world.due.park(SAKURA, NOW + timedelta(hours=1))
    enroll(world, SAKURA, NOW)
    assert world.due.parked() == ()
    assert world.due.due(SHARD, NOW + timedelta(seconds=1)) == (SAKURA,)


def test_parking_somebody_who_is_not_due_plans_nothing(world: World) -> None:
    """He left the index meanwhile: he stays out."""
    world.due.park(SAKURA, NOW)
    assert world.due.due(SHARD, NOW + timedelta(days=1)) == ()
