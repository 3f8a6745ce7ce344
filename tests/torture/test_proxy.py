import contextlib
import threading
from collections.abc import Iterator

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot import embedded
from torture.proxy import Counter, Proxy, When


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with embedded.running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield int(url.rpartition(":")[2].partition("/")[0])


@contextlib.contextmanager
def through(server: int) -> Iterator[tuple[Proxy, "redis.Redis"]]:
    proxy = Proxy(lambda: server).start()
    client = redis.Redis(port=proxy.port, retry=Retry(NoBackoff(), 0))
    try:
        yield proxy, client
    finally:
        client.close()
        proxy.stop()


def test_commands_are_counted_wherever_the_stream_is_cut() -> None:
    """A command that arrives in pieces is one command."""
    stream = b"*2\r\n$3\r\nGET\r\n$4\r\n*1\r\n\r\n" * 3
    for size in range(1, len(stream)):
        counter = Counter()
        pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert sum(len(counter.ends(piece)) for piece in pieces) == 3


@pytest.mark.parametrize(("when", "kept"), [(When.BEFORE, b"2"), (When.AFTER, b"3")])
def test_the_trap_springs_at_exactly_that_command(server: int, when: When, kept: bytes) -> None:
    """Otherwise a window between two commands would never be met."""
    with through(server) as (proxy, client):
        client.set("n", 0)
        happened = threading.Event()
        proxy.trap(3, happened.set, when)
        assert [client.incr("n"), client.incr("n")] == [1, 2]
        with pytest.raises(redis.ConnectionError):
            client.incr("n")
        assert happened.is_set()
        assert client.get("n") == kept
