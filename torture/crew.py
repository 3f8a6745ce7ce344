"""The product's processes, each behind a counting proxy of its own, killed by plan and started again like a dyno does."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from bot import children, embedded
from torture.proxy import Proxy, When
from torture.servers import RedisServer

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
AGAIN_SECONDS = 0.2
READY_SECONDS = 60.0


@dataclass(slots=True)
class Member:
    """One process: how it is started, and through which proxy it meets Redis."""

    name: str
    command: tuple[str, ...]
    proxy: Proxy
    log: Path
    child: Popen[bytes] | None = None
    kills: int = 0
    resting: bool = False
    """It was told to stay away."""

    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@dataclass(slots=True)
class Crew:
    """Web, workers and clocks. Who falls is started again, unless told to rest."""

    folder: Path
    server: RedisServer
    environment: dict[str, str]
    root: Path = ROOT
    members: dict[str, Member] = field(default_factory=dict)
    port: int = 0
    roots: dict[str, Path] = field(default_factory=dict)
    """Where another version of the product lies, for those who run it."""
    outputs: dict[str, Path] = field(default_factory=dict)
    """Where what they say goes, for those whose log is not kept."""
    past_proxies: Mapping[str, str] = field(default_factory=dict)
    """Addresses for those who cannot be sent through a proxy: a cluster's nodes name each other."""

    def hire(self, name: str) -> Member:
        """A new process: `web`, `worker…` or `clock…`."""
        proxy = Proxy(lambda: self.server.port).start()
        member = Member(name=name, command=self._command(name), proxy=proxy, log=self.folder / f"{name}.log")
        self.members[name] = member
        self._start(member)
        return member

    def _command(self, name: str) -> tuple[str, ...]:
        if name == "web":
            self.port = self.port or embedded.free_port()
            return (str(BIN / "gunicorn"), "-c", "gunicorn.conf.py", "app:create_app()")
        module = "bot.worker" if name.startswith("worker") else "bot.timer"
        return (sys.executable, "-m", module)

    def _start(self, member: Member) -> None:
        env = {**self.environment, "REDIS_URL": member.proxy.url, "RQ_REDIS_URL": member.proxy.url}
        env |= self.past_proxies
        root = self.roots.get(member.name, self.root)
        env |= {"PORT": str(self.port or 1), "PYTHONPATH": str(root)}
        with self.outputs.get(member.name, member.log).open("ab") as log:
            member.child = children.spawn(member.command, env=env, output=log, cwd=root)

    def watch(self) -> None:
        """Start the fallen again. Runs in the main thread of whoever owns the crew: children die with that thread."""
        for member in self.members.values():
            if member.child is not None and member.child.poll() is not None and not member.resting:
                self._start(member)

    def dismiss_for_good(self, name: str) -> None:
        """This one does not come again."""
        self.members[name].resting = True
        child = self.members[name].child
        if child is not None:
            children.stop(child, seconds=8)

    def kill(self, name: str) -> None:
        """SIGKILL to a process and its children, at once."""
        member = self.members[name]
        if member.child is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(member.child.pid, signal.SIGKILL)
            member.kills += 1

    def kill_at(self, name: str, commands: int, when: When) -> threading.Event:
        """SIGKILL at that Redis command of the process from now."""
        return self.members[name].proxy.trap(commands, lambda: self.kill(name), when)

    def are_ready(self) -> bool:
        """Whether all processes are at work."""
        logs = {name: member.said() for name, member in self.members.items()}
        said = all(".ready" in log for name, log in logs.items() if name != "web")
        return said and ("web" not in self.members or self.answers())

    def answers(self) -> bool:
        """Whether the web process does."""
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)) as connection:
                connection.request("GET", "/callback")
                return connection.getresponse().status == 405
        except (OSError, http.client.HTTPException):
            return False

    def until(self, done: object, what: str, seconds: float) -> None:
        """Wait for something while starting the fallen again; TimeoutError with the last log lines if it does not come."""
        end = time.monotonic() + seconds
        while not done():  # type: ignore[operator]
            self.watch()
            if time.monotonic() > end:
                raise TimeoutError(f"no {what} within {seconds:.0f} s\n{self.tails()}")
            time.sleep(0.05)

    def tails(self, lines: int = 6) -> str:
        """The last words of each process."""
        return "\n".join(
            f"[{member.name}] " + "\n    ".join(member.said().splitlines()[-lines:]) for member in self.members.values()
        )

    def dismiss(self) -> None:
        """Everybody goes home."""
        for member in self.members.values():
            if member.child is not None:
                children.stop(member.child, seconds=8)
            member.proxy.stop()


@contextlib.contextmanager
def crew(
    folder: Path,
    server: RedisServer,
    environment: Mapping[str, str],
    *names: str,
    past_proxies: Mapping[str, str] | None = None,
    roots: Mapping[str, Path] | None = None,
    outputs: Mapping[str, Path] | None = None,
) -> Iterator[Crew]:
    """These processes, running."""
    here = Crew(
        folder=folder,
        server=server,
        environment=dict(environment),
        roots=dict(roots or {}),
        outputs=dict(outputs or {}),
        past_proxies=past_proxies or {},
    )
    try:
        for name in names:
            here.hire(name)
        here.until(here.are_ready, "ready processes", READY_SECONDS)
        yield here
    finally:
        here.dismiss()
