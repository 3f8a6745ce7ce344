"""Everything a measurement needs, started as processes of their own and pinned to cores: Redis, LINE, both sides."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

from bench import machine
from bench.load import SECRET
from bot import children, embedded

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TOKEN = "t" * 172
READY_SECONDS = 40.0


class NotReadyError(Exception):
    """A process did not come up; its last words are in the message."""


@dataclass(slots=True)
class Town:
    """One Redis, one LINE, and whatever is started beside them. All end with it."""

    folder: Path
    stack: contextlib.ExitStack
    redis_url: str = ""
    line_port: int = 0
    logs: dict[int, Path] = field(default_factory=dict)

    @property
    def redis_port(self) -> int:
        """Redis's port."""
        return int(self.redis_url.rpartition(":")[2].partition("/")[0])

    def environment(self, **more: str) -> dict[str, str]:
        """What our processes and the baselines are told."""
        return (
            {name: value for name, value in os.environ.items() if name not in {"DYNO", "LINE_CHANNEL_ID"}}
            | {
                "LINE_CHANNEL_SECRET": SECRET,
                "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
                "LINE_API_URL": f"http://127.0.0.1:{self.line_port}",
                "REDIS_URL": self.redis_url,
                "OWNER_CODE": "1234-5678",
                "PYTHONPATH": str(ROOT),
                "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
            }
            | more
        )

    def start(self, words: Sequence[str | Path], *, core: int | None = None, **env: str) -> Popen[bytes]:
        """A process, on one core if asked for; ended with the town."""
        log = self.folder / f"{len(self.logs)}-{Path(str(words[-1])).name[:20].replace(' ', '-')}.log"
        output = self.stack.enter_context(log.open("wb"))
        command = [*_on(core), *words]
        child = children.spawn(command, env=self.environment(**env), output=output, cwd=ROOT)
        self.stack.callback(children.stop, child, seconds=5)
        self.logs[child.pid] = log
        return child

    def web(
        self, app: str, *, threads: int = 8, core: int | None = None, ours: bool = False
    ) -> tuple[int, Popen[bytes]]:
        """gunicorn with one process on a port of its own, answering before this returns; `ours` by our own settings."""
        port = embedded.free_port()
        settings: list[str | Path] = (
            ["-c", "gunicorn.conf.py"]
            if ours
            else [
                "-w",
                "1",
                "-k",
                "gthread",
                "--threads",
                str(threads),
                "-b",
                f"127.0.0.1:{port}",
                "--no-control-socket",
            ]
        )
        command: list[str | Path] = [BIN / "gunicorn", *settings, "--log-level", "warning", app]
        child = self.start(command, core=core, PORT=str(port))
        self.await_port(child, port)
        return port, child

    def await_port(self, child: Popen[bytes], port: int) -> float:
        """Wait until a child listens; the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < READY_SECONDS:
            if child.poll() is not None:
                raise NotReadyError(self.tail(child))
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
                connection.request("GET", "/callback")
                connection.getresponse().read()
                connection.close()
                return time.monotonic() - began
            time.sleep(0.01)
        raise NotReadyError(self.tail(child))

    def tail(self, child: Popen[bytes]) -> str:
        """The last lines that a child wrote."""
        return "\n".join(self.logs[child.pid].read_text(errors="replace").splitlines()[-15:])

    def line(self, words: str) -> Any:
        """Ask or tell the fake LINE."""
        return ask(self.line_port, f"/_/{words}")


def ask(port: int, path: str) -> Any:
    """The JSON at a path of this machine."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())


def is_ready(port: int) -> bool:
    """Whether everything a friend needs is at work there, and nothing is being loaded any more."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200


@contextlib.contextmanager
def town(*, redis: Mapping[str, str] | None = None, latency_ms: float = 0) -> Iterator[Town]:
    """A town with its Redis (these settings beside the usual ones) and its LINE, on the core the product does not use."""
    others = machine.cores().others
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        words = [word for name, value in (redis or {}).items() for word in (f"--{name}", value)]
        url = stack.enter_context(embedded.running_redis(folder / "redis", extra=words))
        here = Town(folder=folder, stack=stack, redis_url=url, line_port=embedded.free_port())
        machine.pin(redis_pid(here), others)
        speaker = here.start([sys.executable, "-m", "bench.line", str(here.line_port)], core=others)
        here.await_port(speaker, here.line_port)
        if latency_ms:
            here.line(f"latency/{latency_ms}")
        yield here


def redis_pid(here: Town) -> int:
    """The process that serves the town's Redis."""
    return int(redis_info(here)["process_id"])


def redis_info(here: Town) -> dict[str, Any]:
    """What Redis says of itself."""
    import redis

    with contextlib.closing(redis.Redis.from_url(here.redis_url)) as client:
        return dict(client.info())


def _on(core: int | None) -> list[str]:
    """A command's beginning that keeps it on a core from its first instruction, children included."""
    if core is None:
        return []
    script = f"import os,sys;os.sched_setaffinity(0,{{{core}}});os.execvp(sys.argv[1],sys.argv[1:])"
    return [sys.executable, "-c", script]
