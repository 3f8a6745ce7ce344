"""Stands between one process and its Redis, counts commands, and lets something happen at the n-th of them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """Where in the life of the n-th command the thing happens."""

    BEFORE = "before it reaches Redis"
    AFTER = "after Redis carried it out, before the answer arrives"


@dataclass(slots=True)
class Trap:
    """What happens at the n-th command from now: something done in the proxy's thread; the connection is cut with it."""

    at: int
    when: When
    act: Callable[[], None]
    sprung: threading.Event


class Counter:
    """Reads a stream of RESP requests as it passes and knows where each command ends."""

    def __init__(self) -> None:
        self._rest = b""
        self._parts = 0
        self._skip = 0

    def ends(self, data: bytes) -> list[int]:
        """The positions in this data behind which a command is complete."""
        base = -len(self._rest)
        buffer, place, found = self._rest + data, 0, list[int]()
        while place < len(buffer):
            if self._skip:
                step = min(self._skip, len(buffer) - place)
                self._skip -= step
                place += step
                if self._skip:
                    break
                self._parts -= 1
                if not self._parts:
                    found.append(base + place)
                continue
            end = buffer.find(b"\r\n", place)
            if end < 0:
                break
            mark, number = buffer[place : place + 1], int(buffer[place + 1 : end])
            if mark == b"*":
                self._parts = number
            else:
                self._skip = number + 2
            place = end + 2
        self._rest = buffer[place:]
        return found


class Proxy:
    """One listening port in front of one Redis. Every connection through it counts together."""

    def __init__(self, target: Callable[[], int]) -> None:
        """`target` gives Redis's port, asked anew for each connection."""
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="counting proxy", daemon=True)
        self._trap: Trap | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.commands = 0
        self.latency = 0.0

    def start(self) -> Proxy:
        """Listen from now on."""
        self._thread.start()
        self._ready.wait()
        return self

    @property
    def url(self) -> str:
        """What the process is told instead of Redis's address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def trap(self, commands: int, act: Callable[[], None], when: When = When.BEFORE) -> threading.Event:
        """Let something happen at that command from now; the event is set when it has."""
        trap = Trap(at=self.commands + commands, when=when, act=act, sprung=threading.Event())
        self._trap = trap
        return trap.sprung

    def cut(self) -> None:
        """Drop all connections now."""
        self._loop.call_soon_threadsafe(self._cut)

    def stop(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target())
        except OSError:
            writer.close()
            return
        ends = (writer, far_writer)
        self._writers.update(ends)
        told = asyncio.create_task(_copy(far_reader, writer))
        asked = asyncio.create_task(self._ask(reader, far_writer, told))
        await asyncio.wait((asked,))
        for task in (asked, told):
            task.cancel()
        for one in ends:
            self._writers.discard(one)
            with contextlib.suppress(OSError, RuntimeError):
                one.close()

    async def _ask(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter, told: asyncio.Task[None]) -> None:
        counter = Counter()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if self.latency:
                    await asyncio.sleep(self.latency)
                passed = 0
                for end in counter.ends(data):
                    self.commands += 1
                    if self._trap is not None and self.commands >= self._trap.at:
                        await self._spring(self._trap, data[passed:end] if end > passed else b"", far, told)
                        return
                    if end > passed:
                        far.write(data[passed:end])
                        passed = end
                far.write(data[passed:])
                await far.drain()

    async def _spring(self, trap: Trap, command: bytes, far: asyncio.StreamWriter, told: asyncio.Task[None]) -> None:
        self._trap = None
        if trap.when is When.AFTER:
            told.cancel()
            far.write(command)
            await far.drain()
            await asyncio.sleep(0.01)
        trap.act()
        trap.sprung.set()
        self._cut()

    def _cut(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass answers on; when Redis ends the connection, so do we."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
