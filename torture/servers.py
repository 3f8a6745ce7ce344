"""A Redis of our own that can be killed, cut and started again on the same port and folder."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from subprocess import Popen

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot import append_only, children, embedded

READY_SECONDS = 30.0


class RedisServer:
    """A real server. `mends`: a torn file is mended before the start, as our own start-up does; hosts' servers do not."""

    def __init__(self, folder: Path, *, fsync: str = "everysec", mends: bool = True) -> None:
        program = embedded.real_server()
        if program is None:
            raise embedded.EmbeddedRedisError("a real redis-server is needed")
        self.folder = folder
        self.port = embedded.free_port()
        self.mends = mends
        self._program = program
        self._fsync = fsync
        self._child: Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._child is not None
        return self._child.pid

    @property
    def url(self) -> str:
        """Its address."""
        return embedded.url_of(self.port)

    def client(self) -> redis.Redis:
        """A connection that tries once."""
        return redis.Redis(port=self.port, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def start(self) -> None:
        """Start, and wait until it answers."""
        if self.mends:
            append_only.mend(self.folder, self._program)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self.folder.resolve()),
            "appendonly": "yes",
            "appendfsync": self._fsync,
            "aof-load-truncated": "yes",
            "save": "",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        with (self.folder / "redis.log").open("ab") as log:
            # A file that may not grow is to be an error to Redis, as a full disk is, and not its end.
            ignoring = ("sh", "-c", 'trap "" XFSZ; exec "$0" "$@"', self._program)
            self._child = children.spawn([*ignoring, *words], output=log)
        end = time.monotonic() + READY_SECONDS
        with contextlib.closing(self.client()) as client:
            while time.monotonic() < end:
                with contextlib.suppress(redis.ConnectionError, redis.BusyLoadingError, redis.TimeoutError):
                    client.ping()
                    return
                time.sleep(0.01)
        raise embedded.EmbeddedRedisError("Redis did not start again")

    def kill(self) -> None:
        """SIGKILL; what was not written is lost as with any crash."""
        if self._child is not None:
            os.kill(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None

    def stop(self) -> None:
        """End it for good."""
        if self._child is not None:
            children.stop(self._child, seconds=5)
            self._child = None
