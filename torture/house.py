"""The whole product in this one process, for bodies by the hundred thousand: a real Redis, a quick LINE, no HTTP server."""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

import app
from bench.machine import resident_mb
from bot import children, embedded, jobs, memory
from bot.clock import MovableClock
from bot.log import hide_private
from bot.settings import Settings
from bot.store.store import Store, open_store
from bot.wiring import Services, adorning, services_on
from bot.work import Workshop
from flows.catalog import Catalog
from simulator.world import FakeLine
from torture.town import SECRET, TOKEN

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]
READY_SECONDS = 20.0


@dataclass(slots=True)
class House:
    """Doors to knock at without a network between."""

    services: Services
    workshop: Workshop
    wsgi: Wsgi
    line_port: int
    log: Path
    moved: list[float] = field(default_factory=lambda: [0.0])
    cookies: list[str] = field(default_factory=list)
    """Every cookie that was ever set: there should be none."""

    @property
    def store(self) -> Store:
        """The record."""
        return self.services.store

    def now(self) -> datetime:
        """The house's moved time."""
        return self.services.clock.now()

    def move(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.moved[0] += seconds

    def install(self, catalog: Catalog) -> None:
        """Put a configuration in force."""
        expected = self.store.catalogs.current().revision
        assert self.store.catalogs.commit(catalog, expected=expected, by="torture", at=self.now())

    def settle(self) -> None:
        """What is loaded by now stays: settle as the product's own processes do when they are warm."""
        memory.settle()

    def knock(
        self, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> tuple[int, float]:
        """One request; its status, and the seconds of CPU that its own thread took for it."""
        environ = _environ(path, body, headers or {}, method)
        said: list[int] = []
        began = time.thread_time()

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            said.append(int(status[:3]))
            self.cookies += [value for name, value in headers if name.lower() == "set-cookie"]

        answer = self.wsgi(environ, start)
        for _ in answer:
            pass
        spent = time.thread_time() - began
        if close := getattr(answer, "close", None):
            close()
        return said[0], spent

    def work(self) -> None:
        """Let the workers do what is due."""
        self.services.waiting.settle()
        self.services.sender.settle()
        self.services.quota.forget()
        self.workshop.tick()
        self.services.queues.work_off()

    def rest(self, rounds: int = 200) -> bool:
        """Work until nothing is left to do; whether it came to that."""
        for _ in range(rounds):
            self.work()
            if not self.workshop.busy():
                return True
        return False

    def memory(self) -> float:
        """MB that this process keeps."""
        return resident_mb(os.getpid())


def _environ(path: str, body: bytes, headers: Mapping[str, str], method: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }


@contextlib.contextmanager
def house(configured: Catalog, *, fake: FakeLine | None = None) -> Iterator[House]:
    """A house of its own, with this configuration in force; `fake` is the LINE to use where talks are to be read."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        url = stack.enter_context(embedded.running_redis(folder / "redis"))
        port = int(fake.url.rpartition(":")[2]) if fake else _quick_line(stack, folder)
        log = folder / "house.log"
        stack.enter_context(_logging_to(log))
        settings = _settings(url, port)
        store = open_store(url, secret=b"torture", adorn=adorning(settings))
        moved = [0.0]
        services = services_on(settings, store, clock=MovableClock(lambda: moved[0]), first_pause=0.01)
        stack.callback(services.close)
        services.start_up()
        workshop = Workshop(services, draw=lambda _: b"")
        stack.callback(workshop.close)
        jobs.serve(workshop)
        stack.callback(jobs.serve, None)
        made = House(services, workshop, app.web(services).wsgi_app, port, log, moved)
        made.install(configured)
        stack.callback(gc.set_threshold, *gc.get_threshold())
        stack.callback(gc.unfreeze)
        made.settle()
        yield made


@contextlib.contextmanager
def _logging_to(log: Path) -> Iterator[None]:
    """Our lines go into a file, and not one logger remembers it afterwards."""
    before = structlog.get_config()
    with log.open("w", encoding="utf-8") as file:
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                hide_private,
                structlog.processors.JSONRenderer(default=repr),
            ],
            logger_factory=structlog.WriteLoggerFactory(file),
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            cache_logger_on_first_use=False,
        )
        try:
            yield
        finally:
            structlog.configure(**before)


def _settings(url: str, port: int) -> Settings:
    return Settings(
        line_api_url=f"http://127.0.0.1:{port}",
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        redis_url=url,
        owner_code="1234-5678",
        public_url="https://shop.example.com",
        metrics_token="m" * 20,
    )


def _quick_line(stack: contextlib.ExitStack, folder: Path) -> int:
    """The bench's LINE, in a process of its own: it answers at once and keeps little."""
    port = embedded.free_port()
    with (folder / "line.log").open("ab") as log:
        child = children.spawn(
            (sys.executable, "-m", "bench.line", str(port)), output=log, cwd=Path(__file__).parents[1]
        )
    stack.callback(children.stop, child, seconds=5)
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return port
        time.sleep(0.05)
    raise TimeoutError("the quick LINE did not start")
