"""Tells open pages what changed, as server-sent events; the pages then ask for it."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from simulator.line import Line

HEARTBEAT = 15.0


class Feed:
    """All open pages, each with what changed since it was last told."""

    def __init__(self, line: Line) -> None:
        self._pages: dict[asyncio.Event, set[str]] = {}
        self._loop = asyncio.get_running_loop()
        self._line = line
        self._open = True
        line.listeners.append(self.tell)

    def close(self) -> None:
        """Listen no more, and let every page go."""
        self._line.listeners.remove(self.tell)
        self._open = False
        for awake in self._pages:
            awake.set()

    @property
    def watched(self) -> bool:
        """Whether anybody has the page open."""
        return bool(self._pages)

    def tell(self, what: str) -> None:
        """Something changed; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._mark, what)

    def _mark(self, what: str) -> None:
        for awake, waiting in self._pages.items():
            waiting.add(what)
            awake.set()

    async def stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """Keep one page told until it closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        awake = asyncio.Event()
        self._pages[awake] = set()
        try:
            await response.write(b"retry: 1000\ndata: []\n\n")
            while self._open:
                await self._write(response, awake)
        except ConnectionResetError:
            pass  # The page was closed; there is nobody left to tell.
        finally:
            del self._pages[awake]
        return response

    async def _write(self, response: web.StreamResponse, awake: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(awake.wait(), HEARTBEAT)
        except TimeoutError:
            await response.write(b": still here\n\n")
            return
        awake.clear()
        waiting = self._pages[awake]
        changed = sorted(waiting)
        waiting.clear()
        await response.write(b"data: " + json.dumps(changed).encode() + b"\n\n")
