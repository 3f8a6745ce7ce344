"""The worker and the clock as processes of their own, and a Redis that is killed under them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot import children
from bot.embedded import free_port, real_server, running_redis
from bot.store.connection import connect
from bot.store.store import Store, store_on
from simulator.world import FakeLine

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"{what} did not happen in {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the server keeps its file."""
    return tmp_path / "redis"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], subprocess.Popen[bytes]]]:
    """Starts our processes, and ends them."""
    with ExitStack() as stack:

        def start(module: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
            log = stack.enter_context((tmp_path / f"{module}.log").open("wb"))
            child = subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=log
            )
            stack.callback(children.stop, child, seconds=10)
            return child

        yield start


def test_clock_and_worker_outlive_a_redis_that_is_killed(
    folder: Path, processes: Callable[[str, dict[str, str]], subprocess.Popen[bytes]]
) -> None:
    """Both would end at the first broken connection if they were left to their libraries."""
    program, port = real_server(), free_port()
    assert program is not None
    with FakeLine() as fake:
        environ = {
            "LINE_API_URL": fake.url,
            "LINE_CHANNEL_SECRET": fake.secret,
            "LINE_CHANNEL_ACCESS_TOKEN": fake.token,
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        }
        with running_redis(folder, port=port):
            clock, worker = processes("bot.timer", environ), processes("bot.worker", environ)
            with closing(connect(environ["REDIS_URL"])) as server:
                until(lambda: _ticks(store_on(server, secret=b"x")), 40, "the first tick")
        time.sleep(1.0)
        assert (clock.poll(), worker.poll()) == (None, None)
        with running_redis(folder, port=port), closing(connect(environ["REDIS_URL"])) as server:
            store = store_on(server, secret=b"x")
            before = store.heartbeat.last_tick()
            until(lambda: store.heartbeat.last_tick() != before, 40, "a tick after the restart")
            assert (clock.poll(), worker.poll()) == (None, None)
            for child in (clock, worker):
                child.send_signal(signal.SIGTERM)
            assert (clock.wait(20), worker.wait(20)) == (0, 0)


def _ticks(store: Store) -> bool:
    return store.heartbeat.last_tick() is not None
