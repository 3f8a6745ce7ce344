"""Keys, addresses, and the guard that keeps both fit for a cluster."""

from __future__ import annotations

from collections import Counter

import pytest
from redis.cluster import RedisCluster
from redis.crc import key_slot

from bot.store.connection import _read
from bot.store.keys import SHARDS, Keys, shard_of
from bot.store.runners import SCRIPT, ScriptRunner, WatchRunner, runner_for
from tests.store.conftest import World, opened
from tests.store.people import SAKURA, SHARD, friend_id
from tests.store.slots import CrossSlotError, Guarded, guarded_fake


def test_all_keys_of_a_shard_lie_in_one_slot() -> None:
    """One commit covers them on a cluster, too."""
    keys = Keys()
    of_shard = [
        keys.friend(SAKURA),
        keys.console(SAKURA),
        keys.bitmap(SHARD, "tag:{x}"),
        keys.due(SHARD),
        keys.outbox(SHARD),
    ]
    assert len({key_slot(key.encode()) for key in of_shard}) == 1


def test_friends_spread_evenly_over_the_shards() -> None:
    """No shard carries much more than its sixteenth."""
    homes = Counter(shard_of(friend_id(number)) for number in range(16_000))
    assert set(homes) == set(SHARDS)
    assert max(homes.values()) < 1_150


def test_shards_spread_over_three_and_four_masters() -> None:
    """Obvious names would leave a master of four empty."""
    slots = [key_slot(f"lm:{{{shard}}}:x".encode()) for shard in SHARDS]
    for masters in (3, 4):
        owned = Counter(slot * masters // 16_384 for slot in slots)
        assert len(owned) == masters
        assert max(owned.values()) <= 6


@pytest.mark.parametrize(
    ("url", "plain", "cluster"),
    [
        ("redis://h:1/0", "redis://h:1/0", False),
        ("rediss://h:1?ssl_cert_reqs=none", "rediss://h:1?ssl_cert_reqs=none", False),
        ("redis+cluster://h:1", "redis://h:1", True),
        ("rediss+cluster://u:p%40@h:1?ssl_cert_reqs=none", "rediss://u:p%40@h:1?ssl_cert_reqs=none", True),
        ("redis://h:1?cluster=1", "redis://h:1", True),
        ("redis://h:1?cluster=0", "redis://h:1", False),
    ],
)
def test_addresses_name_a_server_or_a_cluster(url: str, plain: str, cluster: bool) -> None:
    """Growing into a cluster is a setting."""
    assert _read(url) == (plain, cluster)


def test_the_guard_sees_a_foreign_key_inside_the_script() -> None:
    """A cluster would not, while one node owns both slots."""
    runner = ScriptRunner(guarded_fake())
    with pytest.raises(CrossSlotError):
        runner.run([("a:{1}", b"")], [("SET", "a:{1}", "x"), ("SADD", "a:{2}", "y")])


def test_the_guard_sees_a_foreign_key_inside_a_transaction() -> None:
    """MULTI is as narrow as a script."""
    runner = WatchRunner(guarded_fake())
    with pytest.raises(CrossSlotError):
        runner.run([("a:{1}", b"")], [("SET", "a:{2}", "x")])


def test_the_script_stays_short() -> None:
    """It compares and runs; decisions are made elsewhere."""
    assert len(SCRIPT.splitlines()) < 20


def test_where_scripts_are_refused_watch_takes_over() -> None:
    """Some hosts allow no Lua."""
    import redis

    class Refusing(Guarded):
        def execute_command(self, *words: object) -> object:
            if words[0] in {"EVAL", "EVALSHA"}:
                raise redis.ResponseError("unknown command 'eval'")
            return super().execute_command(*words)

    server = Refusing(guarded_fake().client)
    assert isinstance(runner_for(server), WatchRunner)
    assert isinstance(runner_for(guarded_fake()), ScriptRunner)


def test_a_check_that_fails_is_named_and_nothing_is_written(world: World) -> None:
    """All or nothing, on every kind of server, by either way."""
    key, other = world.keys.friend(SAKURA), world.keys.due(SHARD)
    assert world.runner.run([(key, b"")], [("SET", key, '{"rev":1,"x"')]) == []
    assert world.runner.run([(key, b"")], [("SET", key, "new")]) == [key]
    assert world.runner.run([(key, b'{"rev":10,'), (other, b"")], [("SET", key, "ten")]) == [key]
    assert world.runner.run([(key, b'{"rev":1,'), (other, b"")], [("SET", key, '{"rev":2,')]) == []
    assert world.server.execute_command("GET", key) == b'{"rev":2,'


def test_a_cluster_address_gives_a_cluster(cluster_url: str, real_url: str) -> None:
    """And a plain one does not."""
    from bot.store.connection import connect, primaries

    cluster, single = connect(cluster_url), connect(real_url)
    assert isinstance(cluster, RedisCluster)
    assert len(primaries(cluster)) == 3
    assert primaries(single) == [single]
    cluster.close()
    single.close()


def test_worlds_do_not_meet() -> None:
    """Two accounts on one server are two namespaces."""
    server = guarded_fake()
    one, two = opened(server), opened(server)
    assert one.keys.friend(SAKURA) != two.keys.friend(SAKURA)
