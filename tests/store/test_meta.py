"""Start-up care, on real servers."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.embedded import running_redis
from bot.store.connection import Redis, connect
from bot.store.errors import EvictingServerError, NewerDataError, OtherShardsError, StoreAwayError
from bot.store.keys import SHARDS, Keys
from bot.store.meta import Meta
from bot.store.store import store_on
from flows.names import FriendId
from tests.store.conftest import opened
from tests.store.slots import guarded_fake


def fresh() -> Keys:
    """A namespace nobody else has."""
    return Keys(f"t{secrets.token_hex(6)}")


@pytest.fixture(params=["real_url", "cluster_url"])
def server(request: pytest.FixtureRequest) -> Iterator[Redis]:
    """A real server, and a real cluster."""
    with contextlib.closing(connect(request.getfixturevalue(request.param))) as found:
        yield found


def test_a_sound_server_starts_without_a_word(server: Redis) -> None:
    """Nothing to mend, nothing to say; and again at the next start."""
    meta = Meta(server, fresh())
    for _ in range(2):
        standing = meta.start_up()
        assert (standing.durable, standing.evicting, standing.notes) == (True, False, ())


def test_the_number_of_shards_and_the_schema_are_settled_at_the_first_start(server: Redis) -> None:
    """Another number would look for friends in the wrong place."""
    keys = fresh()
    Meta(server, keys).start_up()
    assert server.execute_command("HGET", keys.meta(), "shards") == b"16"
    server.execute_command("HSET", keys.meta(), "shards", 64)
    with pytest.raises(OtherShardsError, match="64"):
        Meta(server, keys).start_up()


def test_data_of_a_newer_program_is_not_touched(server: Redis) -> None:
    """An older program would write back records without what it does not know."""
    keys = fresh()
    server.execute_command("HSET", keys.meta(), "schema", 99)
    with pytest.raises(NewerDataError, match="99"):
        Meta(server, keys).start_up()
    assert server.execute_command("HGET", keys.meta(), "schema") == b"99"


def test_data_of_an_older_program_is_taken_over(server: Redis) -> None:
    """Records upgrade as they are read; the number moves at once, so that the older program stays away."""
    keys = fresh()
    server.execute_command("HSET", keys.meta(), "schema", 0)
    Meta(server, keys).start_up()
    assert server.execute_command("HGET", keys.meta(), "schema") == b"1"


def test_an_evicting_server_is_refused_with_its_mend(tmp_path: Path) -> None:
    """A cache throws records away when it is full."""
    with (
        running_redis(tmp_path, extra=("--maxmemory-policy", "allkeys-lru")) as url,
        contextlib.closing(connect(url)) as server,
    ):
        with pytest.raises(EvictingServerError, match="noeviction"):
            Meta(server, fresh()).start_up()
        assert server.execute_command("DBSIZE") == 0


def test_a_server_without_an_append_only_file_is_warned_about(tmp_path: Path) -> None:
    """One kill of such a server once lost 183,000 of 200,000 steps."""
    with running_redis(tmp_path, appendonly=False) as url, contextlib.closing(connect(url)) as server:
        standing = Meta(server, fresh()).start_up()
        assert not standing.durable
        assert "AOF" in standing.notes[0]


def test_a_freshly_started_server_rewrites_its_file_once(tmp_path: Path) -> None:
    """A half transaction at the end of the file must not be carried out at the next start."""

    def rewrites(server: Redis) -> int:
        # A rewrite runs in a child; the counter moves when it is started, the flag falls when it is done.
        while server.execute_command("INFO", "persistence")["aof_rewrite_in_progress"]:
            time.sleep(0.01)
        calls = server.execute_command("INFO", "commandstats").get("cmdstat_bgrewriteaof", {"calls": 0})
        return int(calls["calls"])

    keys = fresh()
    for _ in range(2):
        with running_redis(tmp_path) as url, contextlib.closing(connect(url)) as server:
            meta = Meta(server, keys)
            meta.start_up()
            assert rewrites(server) == 1
            assert meta.meet() == ()
            assert rewrites(server) == 1


def test_where_a_rewrite_is_forbidden_it_goes_on_and_says_so(tmp_path: Path) -> None:
    """Managed servers forbid many commands."""
    extra = ("--rename-command", "BGREWRITEAOF", "")
    with running_redis(tmp_path, extra=extra) as url, contextlib.closing(connect(url)) as server:
        standing = Meta(server, fresh()).start_up()
        assert "BGREWRITEAOF" in standing.notes[0]


def test_where_config_is_forbidden_nothing_is_missed(tmp_path: Path) -> None:
    """Everything is read from INFO."""
    with (
        running_redis(tmp_path, extra=("--rename-command", "CONFIG", "")) as url,
        contextlib.closing(connect(url)) as server,
    ):
        assert Meta(server, fresh()).start_up().notes == ()


def test_the_fake_says_that_it_keeps_nothing() -> None:
    """A loud note, every start."""
    world = opened(guarded_fake())
    standing = Meta(world.server, world.keys).start_up()
    assert not standing.durable
    assert "何も残りません" in standing.notes[0]


def test_the_owners_code_is_made_once_and_a_given_one_holds(server: Redis) -> None:
    """The code on the terminal stays the same over restarts."""
    keys = fresh()
    code = Meta(server, keys).owner_code(None)
    assert len(code) == 9
    assert Meta(server, keys).owner_code(None) == code
    assert Meta(server, keys).owner_code("given-code") == "given-code"


def test_a_server_that_is_away_is_named_as_such(tmp_path: Path) -> None:
    """The webhook answers 503, so that LINE brings the events again; a generator tells it as well."""
    with running_redis(tmp_path) as url:
        server = connect(url)
    store = store_on(server, secret=b"x")
    with contextlib.closing(server):
        for ask in (
            lambda: store.friends.load(FriendId("U1")),
            store.catalogs.current,
            store.outbox.size,
            lambda: list(store.segments.ids(SHARDS[0], 1)),
        ):
            with pytest.raises(StoreAwayError):
                ask()
