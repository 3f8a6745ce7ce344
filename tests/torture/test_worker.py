import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.queues import Queues
from bot.store import plain
from torture.servers import RedisServer

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from bot import jobs
from bot.queues import Queues
from bot.store import plain
from datetime import datetime, UTC
class Work:
    def tick(self): print("worked", flush=True)
    def deliver(self, shard): print("delivered", flush=True)
jobs.serve(Work())
Queues(plain.connect(sys.argv[1]), "t").work(on_heartbeat=lambda: print("alive", flush=True))
print("ended", flush=True)
"""


@pytest.mark.slow
def test_a_worker_outlives_a_redis_that_dies_and_ends_when_told(tmp_path: Path) -> None:
    """Starting a process anew takes seconds in which nobody is served."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    log = (tmp_path / "worker.log").open("w+b")
    worker = subprocess.Popen([sys.executable, "-c", PROGRAM, server.url], cwd=ROOT, stdout=log, env=dict(os.environ))

    def said(word: str, times: int) -> None:
        end = time.monotonic() + 30
        while (tmp_path / "worker.log").read_text().count(word) < times:
            assert time.monotonic() < end, (tmp_path / "worker.log").read_text()
            assert worker.poll() is None
            time.sleep(0.05)

    try:
        said("alive", 1)
        for life in range(1, 4):
            Queues(plain.connect(server.url), "t").ring("deliver", f"{life}", now=SystemClock().now())
            said("delivered", life)
            server.kill()
            time.sleep(0.3)
            server.start()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
        assert "ended" in (tmp_path / "worker.log").read_text()
    finally:
        worker.kill()
        server.stop()
        log.close()
