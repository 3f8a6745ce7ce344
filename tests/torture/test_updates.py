"""In the minutes of an update both versions are at work: the older one leaves alone what it cannot read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import records
from bot.store.errors import NewerRecordError
from bot.store.keys import shard_of
from bot.store.meta import SCHEMA
from tests.full_world import FullWorld, full_world
from tests.worlds import id_of

SAKURA = id_of("friend")
STRANGE = b'{"rev":7,"by":"x","z":99,"no":0,"out":0}what a later program writes'


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """The whole stack, with one friend."""
    with full_world() as made:
        made.act("friend", "follows", "")
        made.store.server.execute_command("SET", made.store.keys.friend(SAKURA), STRANGE)
        yield made


def update(world: FullWorld) -> None:
    """A newer program has started on the same record."""
    world.store.server.execute_command("HSET", world.store.keys.meta(), "schema", SCHEMA + 1)


def test_what_a_friend_says_comes_again_until_the_newer_one_hears_it(world: FullWorld) -> None:
    """An apology with 200 would be the end of it: LINE brings again only what we could not take."""
    update(world)
    with world.fake.gathering() as events:
        world.fake.say(SAKURA, "ポイント")
    world.fake.deliver(events)
    assert not [call for call in world.fake.calls if call.path.endswith("push")]
    assert world.store.server.execute_command("GET", world.store.keys.friend(SAKURA)) == STRANGE
    with pytest.raises(NewerRecordError):
        world.store.friends.load(SAKURA)


def test_a_field_that_is_not_known_is_a_newer_programs_whatever_the_schema(world: FullWorld) -> None:
    """Somebody forgot to count the schema up; the words are still not ours to throw away."""
    friend = b'{"id":"%s","unheard_of":1}' % SAKURA.encode()
    plain = b'{"rev":7,"by":"x","no":0,"out":0,"past":"","friend":' + friend + b"}"
    world.store.server.execute_command("SET", world.store.keys.friend(SAKURA), plain)
    with pytest.raises(NewerRecordError):
        world.store.friends.load(SAKURA)


def test_an_older_worker_steps_back(world: FullWorld) -> None:
    """A friend put aside for ten minutes by the older worker would get his step late from the newer one, too."""
    due = world.store.keys.due(shard_of(SAKURA))
    world.store.server.execute_command("ZADD", due, 1, SAKURA)
    update(world)
    world.workshop.deliver(shard_of(SAKURA))
    assert world.store.due.parked() == ()
    assert world.store.server.execute_command("ZSCORE", due, SAKURA) == 1


def test_a_record_that_is_merely_broken_is_put_aside_as_ever(world: FullWorld) -> None:
    """Nobody else could read it either."""
    world.store.server.execute_command("ZADD", world.store.keys.due(shard_of(SAKURA)), 1, SAKURA)
    world.workshop.deliver(shard_of(SAKURA))
    assert world.store.due.parked() == (SAKURA,)
    (found,) = world.store.friends.load_many(shard_of(SAKURA), [SAKURA])
    assert isinstance(found, records.Unreadable)
