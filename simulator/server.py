"""LINE's HTTP door: reads a request off the wire, lets faults happen, writes the answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator.faults import AFTER, BEFORE, HANGS, Fault
from simulator.http import Answer, Request
from simulator.limits import REQUEST_BYTES
from simulator.line import ROUTES, Line

Page = Callable[[web.BaseRequest], Awaitable[web.StreamResponse] | None]


class Door:
    """Answers LINE's paths; `page` may take a request first."""

    def __init__(self, line: Line, page: Page | None = None) -> None:
        self.line = line
        self.page = page

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, or lose it if that is the fault drawn for it."""
        page = self.page(request) if self.page else None
        if page is not None:
            return await page
        asked = Request(
            method=request.method,
            path=request.path,
            query=dict(request.query) if request.query_string else {},
            headers={name.lower(): value for name, value in request.headers.items()},
            raw=await _body(request),
        )
        fault, delay = self._draw(asked)
        if delay:
            await asyncio.sleep(delay)
        if fault in BEFORE:
            return await self._lose(request, fault)
        answer = self.line.handle(asked, fault)
        if answer.later:
            given = answer.headers
            answer = await asyncio.to_thread(answer.later)
            answer.headers |= given
        return await self._lose(request, fault) if fault in AFTER else _response(answer)

    def _draw(self, asked: Request) -> tuple[Fault, float]:
        found = ROUTES.find(asked.method, asked.path)
        name = found[0].name if found else "?"
        with self.line.lock:
            return self.line.faults.draw(name), self.line.faults.delay(name)

    async def _lose(self, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        """Say nothing for long, or cut the connection at once."""
        if fault in HANGS:
            await asyncio.sleep(self.line.faults.hang_seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


async def _body(request: web.BaseRequest) -> bytes:
    """The body up to just above what LINE takes; the rest is not read."""
    if not request.body_exists:
        return b""
    if (request.content_length or 0) <= REQUEST_BYTES:
        return await request.read()
    return await request.content.readexactly(REQUEST_BYTES + 1)


def _response(answer: Answer) -> web.Response:
    headers = dict(answer.headers)
    headers["Content-Type"] = answer.content_type
    return web.Response(status=answer.status, body=answer.payload(), headers=headers)


class ThreadedServer:
    """A Door on 127.0.0.1 in a thread of its own, for tests and benchmarks."""

    def __init__(self, door: Door, port: int = 0) -> None:
        self._door = door
        self._port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="fake LINE", daemon=True)

    def start(self) -> int:
        """Serve from now on; the port."""
        self._thread.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self._port

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        runner = web.ServerRunner(web.Server(self._door.answer, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(runner.addresses[0][1])
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()
        # Connections that were cut close their sockets on the loop's next turn.
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Serve no more."""
        if self._loop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)
