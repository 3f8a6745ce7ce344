"""The short way to Redis answers as the client's own does, and survives what that survives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from bot.store.connection import connect
from bot.store.trips import Trips


@pytest.fixture
def short(real_url: str) -> Iterator[Trips]:
    """The way under test, on an empty server."""
    server = connect(real_url)
    assert isinstance(server, Trips)
    server.execute_command("FLUSHALL")
    yield server
    server.close()


@pytest.fixture
def usual(real_url: str) -> Iterator[redis.Redis]:
    """The client's own way, on the same server."""
    with redis.Redis.from_url(real_url) as server:
        yield server


FILLED = (
    ("SET", "text", "あ\r\n$3"),
    ("HSET", "hash", "a", "1", "b", b"\x00\xff"),
    ("ZADD", "sorted", 1.5, "one", 7, "two"),
    ("SADD", "set", "x", "y"),
    ("RPUSH", "list", "p", "q"),
    ("SETBIT", "bits", 9, 1),
)
ASKED = (
    ("GET", "text"),
    ("GET", "nothing"),
    ("MGET", "text", "nothing"),
    ("GETRANGE", "text", 0, 2),
    ("HGETALL", "hash"),
    ("HGET", "hash", "b"),
    ("HLEN", "hash"),
    ("ZRANGE", "sorted", 0, -1),
    ("ZRANGE", "sorted", 0, -1, "WITHSCORES"),
    ("ZSCORE", "sorted", "one"),
    ("ZCARD", "sorted"),
    ("SMEMBERS", "set"),
    ("LRANGE", "list", 0, -1),
    ("GETBIT", "bits", 9),
    ("EXISTS", "text"),
    ("PING",),
    ("EVAL", "return {1, 'a', false}", 1, "{any}"),
    ("INFO", "server"),
    ("CONFIG GET", "maxmemory-policy"),
)


def _told(answer: Any) -> Any:
    return sorted(answer) if isinstance(answer, dict) and "redis_version" in answer else answer


@pytest.mark.parametrize("words", ASKED, ids=lambda words: " ".join(map(str, words))[:24])
def test_every_answer_is_the_clients_own(short: Trips, usual: redis.Redis, words: tuple[Any, ...]) -> None:
    """Dictionaries, sets, numbers and bytes come as they would from redis-py; alone and in company."""
    for command in FILLED:
        short.execute_command(*command)
    expected = _told(usual.execute_command(*words))
    assert _told(short.execute_command(*words)) == expected
    if " " not in words[0]:
        with short.pipeline(transaction=False) as pipe:
            pipe.execute_command("PING")
            pipe.execute_command(*words)
            assert _told(pipe.execute()[1]) == expected


def test_an_error_in_the_middle_leaves_the_next_answers_in_their_places(short: Trips) -> None:
    """An answer read by the wrong question would be somebody else's record."""
    short.execute_command("SET", "text", "1")
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        short.together([("GET", "text"), ("HGET", "text", "a"), ("SET", "after", "2")])
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        short.execute_command("HGET", "text", "a")
    assert short.execute_command("GET", "after") == b"2"


def test_an_unknown_script_keeps_its_name(short: Trips) -> None:
    """The runner sends the text of a script only when the server says that it does not know it."""
    with pytest.raises(redis.exceptions.NoScriptError):
        short.execute_command("EVALSHA", "0" * 40, 1, "a")


def test_a_broken_connection_is_mended_on_the_way(short: Trips, usual: redis.Redis) -> None:
    """Servers close what was idle; whoever asks next does not notice."""
    short.execute_command("SET", "text", "1")
    usual.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert short.execute_command("GET", "text") == b"1"
    usual.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    with short.pipeline(transaction=False) as pipe:
        pipe.execute_command("GET", "text")
        pipe.execute_command("PING")
        assert pipe.execute()[0] == b"1"


def test_what_cannot_be_sent_leaves_nothing_on_the_wire(short: Trips) -> None:
    """A value of no kind that Redis knows is our fault, and the next command is not to suffer."""
    with pytest.raises(TypeError):
        short.execute_command("SET", "text", object())
    assert short.execute_command("PING") in {True, b"PONG"}


def test_many_threads_get_their_own_answers(short: Trips) -> None:
    """No connection is in two hands, and no more are open than hands at once."""
    hands = 8
    together = threading.Barrier(hands)

    def work(number: int) -> bool:
        together.wait()
        return all(
            short.execute_command("INCRBY", f"count{number}", 1) == turn
            and short.execute_command("ECHO", f"{number}") == str(number).encode()
            for turn in range(1, 200)
        )

    with ThreadPoolExecutor(hands) as pool:
        assert all(pool.map(work, range(hands)))
    assert len(short._kept) <= hands


def test_close_gives_every_connection_back(short: Trips) -> None:
    """A closed client holds nothing."""
    short.execute_command("PING")
    assert short._kept
    short.close()
    assert not short._kept
