"""The bitmaps built anew while everything else goes on."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.store import reindexing
from bot.store.audit import Audit
from bot.store.friends import Friends
from bot.store.keys import SHARDS, shard_of
from bot.store.reindexing import Reindexing
from bot.store.runners import Check, Command, Runner
from flows.friend import Friend, Sent
from flows.names import FriendId, Key
from flows.pace import UNLIMITED, Limits
from tests.store.conftest import World
from tests.store.people import NOW, SAKURA, SHARD, TOKYO, change, friend_id, ids_of_shard, tagged

NEW_YORK = ZoneInfo("America/New_York")
LATE = NOW.replace(hour=20)
"""Another day in Tokyo than in New York."""


def come(world: World, friends: Sequence[FriendId], limits: Limits = UNLIMITED) -> None:
    """These friends are there, with a tag and a send."""
    rooms = Friends(world.server, world.keys, world.runner, limits=lambda: limits)
    for one in friends:
        record = rooms.load(one)
        friend: Friend = replace(
            tagged(record.friend, "VIP"), joined=LATE, sends=(Sent(at=LATE, scenario=Key("新規様")),), deliveries=1
        )
        rooms.commit(shard_of(one), [change(record, friend)])


def built(world: World, zone: ZoneInfo = TOKYO, limits: Limits = UNLIMITED) -> Reindexing:
    """The bitmaps after building until there is nothing left to do."""
    building = Reindexing(world.server, world.keys, world.runner)
    while not building.step(zone, limits):
        pass
    return building


def test_another_zone_or_cap_has_the_bitmaps_built_anew(world: World) -> None:
    """A day begins elsewhere, and who has had enough is somebody else; nobody has to stop for it."""
    come(world, [friend_id(number) for number in range(40)])
    plain = world.server.client if hasattr(world.server, "client") else world.server
    audit = Audit(plain, world.keys)
    building = built(World(plain, world.keys, world.runner))
    assert building.stands(TOKYO, UNLIMITED).right
    assert not building.stands(NEW_YORK, UNLIMITED).right
    built(World(plain, world.keys, world.runner), NEW_YORK, Limits(1, 3))
    assert audit.differences(NEW_YORK, Limits(1, 3)) == []
    assert audit.differences(TOKYO) != []


@pytest.mark.parametrize(
    "damage",
    [("DEL", "tag:VIP"), ("SETBIT", "tag:gone", 3, 1), ("SETBIT", "friends", 0, 0), ("SETBIT", "opted_out", 9000, 0)],
)
def test_what_an_older_version_left_out_or_left_behind_is_mended(fake: World, damage: tuple[str | int, ...]) -> None:
    """A mark that is new has no bits yet; one that is no more has bits that nobody clears."""
    come(fake, ids_of_shard(SHARD, 20))
    name, key, *rest = damage
    fake.server.execute_command(name, fake.keys.bitmap(SHARD, str(key)), *rest)
    built(fake)
    assert Audit(fake.server, fake.keys).differences(TOKYO) == []


def test_an_account_without_friends_is_right_at_once(fake: World) -> None:
    """The first count of a new shop must not wait for anything."""
    assert Reindexing(fake.server, fake.keys, fake.runner).stands(TOKYO, UNLIMITED).right


def test_it_goes_on_where_it_stopped_and_says_how_far_it_is(fake: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million friends take minutes, and a dyno may be restarted in between."""
    monkeypatch.setattr(reindexing, "STRETCH", 8)
    come(fake, ids_of_shard(SHARDS[0], 20) + ids_of_shard(SHARDS[9], 20))
    shares = []
    while not Reindexing(fake.server, fake.keys, fake.runner).step(TOKYO, UNLIMITED, seconds=0.002):
        shares.append(Reindexing(fake.server, fake.keys, fake.runner).stands(TOKYO, UNLIMITED).share)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert Audit(fake.server, fake.keys).differences(TOKYO) == []


class Racing:
    """A runner between whose reading and writing somebody else is quick, a few times."""

    def __init__(self, world: World, meanwhile: Sequence[FriendId]) -> None:
        self._world, self._meanwhile = world, list(meanwhile)

    def run(self, checks: Sequence[Check], commands: Sequence[Command]) -> list[str]:
        if self._meanwhile:
            come(self._world, [self._meanwhile.pop()])
        return self._world.runner.run(checks, commands)


def test_who_is_quicker_is_not_overwritten(fake: World) -> None:
    """A friend joins, or gets a tag, between our look at his neighbours and our writing."""
    first, *others = ids_of_shard(SHARD, 6)
    come(fake, [first, *others[:3]])
    fake.server.execute_command("DEL", fake.keys.bitmap(SHARD, "tag:VIP"))
    racing: Runner = Racing(fake, [*others[3:], first])
    building = Reindexing(fake.server, fake.keys, racing)
    while not building.step(TOKYO, UNLIMITED):
        pass
    assert Audit(fake.server, fake.keys).differences(TOKYO) == []


def test_who_cannot_be_read_keeps_his_bits(fake: World) -> None:
    """A record that a newer version wrote is not lost for the counts as soon as the old one looks."""
    come(fake, [SAKURA])
    fake.server.execute_command("SET", fake.keys.friend(SAKURA), "?")
    built(fake, NEW_YORK)
    assert fake.server.execute_command("GETBIT", fake.keys.bitmap(SHARD, "tag:VIP"), 0) == 1
