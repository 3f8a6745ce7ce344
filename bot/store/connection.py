"""Connecting to the Redis that holds the record: a single server or a cluster."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.cluster import RedisCluster
from redis.retry import Retry

from bot.store.trips import Trips


class Pipeline(Protocol):
    """Commands that travel together."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def execute_command(self, *words: Any) -> Any: ...

    def watch(self, *keys: str) -> Any: ...

    def multi(self) -> None: ...

    def execute(self) -> list[Any]: ...


class Redis(Protocol):
    """As much of a client as the store uses; a single server's and a cluster's both fit."""

    def execute_command(self, *words: Any) -> Any: ...

    def pipeline(self, *, transaction: bool) -> Pipeline: ...

    def close(self) -> None: ...


MAX_CONNECTIONS = 16
"""Per process and node. Eight web threads and their sender need fewer; small plans allow 20 to 40 in all."""

ANSWER_SECONDS = 1.5
"""LINE waits two seconds for our 200: a Redis that takes longer is a Redis that is away."""


def connect(url: str, *, max_connections: int = MAX_CONNECTIONS) -> Redis:
    """A client with a bounded pool; nothing is sent yet, except that a cluster is asked for its nodes.

    `redis://` and `rediss://` name a single server, `redis+cluster://`, `rediss+cluster://` or `?cluster=1` a cluster.
    Raises redis.RedisError when a cluster cannot be reached.
    """
    plain, is_cluster = _read(url)
    retry = Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), 2)
    if is_cluster:
        cluster = RedisCluster.from_url(
            plain,
            max_connections=max_connections,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
        )
        return cast("Redis", cluster)
    pool = redis.BlockingConnectionPool.from_url(
        plain,
        max_connections=max_connections,
        timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=retry,
    )
    return cast("Redis", Trips(connection_pool=pool))


def _read(url: str) -> tuple[str, bool]:
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = ("cluster", "1") in query or parts.scheme.endswith("+cluster")
    kept = urlencode([(name, value) for name, value in query if name != "cluster"])
    return urlunsplit(parts._replace(scheme=parts.scheme.removesuffix("+cluster"), query=kept)), asked


def primaries(server: Redis) -> list[Redis]:
    """The servers that hold data: one, or a cluster's masters."""
    if isinstance(server, RedisCluster):
        nodes = server.get_primaries()  # type: ignore[no-untyped-call]
        return [cast("Redis", server.get_redis_connection(node)) for node in nodes]
    return [server]
