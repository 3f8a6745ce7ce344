"""The load: signed webhooks over kept connections, as fast as answers come, or at random moments of a given rate."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

SECRET = "0123456789abcdef0123456789abcdef"
SLOW = 1.0


@dataclass(slots=True)
class Heard:
    """What came of a load: one line for each webhook, in the order of the answers."""

    seconds: float = 0.0
    answered: list[tuple[str, int, float, float]] = field(default_factory=list)
    """Reply token, status (0: none), when it was to be sent, how long the answer took from then."""

    @property
    def rate(self) -> float:
        """Answered with 200, by second."""
        return sum(status == 200 for _, status, _, _ in self.answered) / self.seconds

    @property
    def waits(self) -> list[float]:
        """Seconds until each 200."""
        return [wait for _, status, _, wait in self.answered if status == 200]

    @property
    def refused(self) -> int:
        """Webhooks without a 200."""
        return sum(status != 200 for _, status, _, _ in self.answered)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One signed request, ready to be written."""

    token: str
    request: bytes


def text_event(friend: str, text: str, number: int, at_ms: int) -> dict[str, Any]:
    """A friend's words as LINE sends them."""
    return {
        "type": "message",
        "mode": "active",
        "timestamp": at_ms,
        "source": {"type": "user", "userId": friend},
        "webhookEventId": f"{number:026d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032x}",
        "message": {"type": "text", "id": str(400_000_000_000_000_000 + number), "text": text, "quoteToken": "q"},
    }


def sign(body: bytes, secret: str = SECRET) -> str:
    """LINE's signature of these bytes."""
    return base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()


def webhook(events: Sequence[dict[str, Any]], *, path: str = "/callback", secret: str = SECRET) -> Webhook:
    """The events in one signed request."""
    body = json.dumps({"destination": "U" + "0" * 32, "events": list(events)}, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"X-Line-Signature: {sign(body, secret)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Webhook(token=str(events[0].get("replyToken", "")), request=head.encode() + body)


def as_fast_as_answered(port: int, webhooks: Iterable[Webhook], *, connections: int = 8) -> Heard:
    """Each connection sends its next webhook when its last one is answered."""
    return asyncio.run(_closed(port, iter(webhooks), connections))


def at_random(port: int, webhooks: Sequence[Webhook], *, rate: float, seed: int = 1, connections: int = 64) -> Heard:
    """Webhooks arrive at random moments, so many by second on average, whether or not earlier ones are answered."""
    return asyncio.run(_open(port, webhooks, rate, seed, connections))


async def _closed(port: int, webhooks: Iterable[Webhook], connections: int) -> Heard:
    heard = Heard()
    source = iter(webhooks)
    lines = [_Line(port) for _ in range(connections)]
    await asyncio.gather(*(line.open() for line in lines))
    began = time.monotonic()

    async def work(line: _Line) -> None:
        for one in source:
            sent = time.monotonic()
            status = await line.ask(one.request)
            heard.answered.append((one.token, status, sent, time.monotonic() - sent))

    await asyncio.gather(*map(work, lines))
    heard.seconds = time.monotonic() - began
    for line in lines:
        line.close()
    return heard


async def _open(port: int, webhooks: Sequence[Webhook], rate: float, seed: int, connections: int) -> Heard:
    dice = random.Random(seed)
    heard = Heard()
    free: asyncio.LifoQueue[_Line] = asyncio.LifoQueue()
    # Opened by the first webhook that needs it, as LINE does: gunicorn lets a thread wait for an opened line's first word.
    lines = [_Line(port) for _ in range(connections)]
    for line in lines:
        free.put_nowait(line)
    began = moment = time.monotonic()

    async def one(asked: Webhook, due: float) -> None:
        line = await free.get()
        status = await line.ask(asked.request)
        heard.answered.append((asked.token, status, due, time.monotonic() - due))
        free.put_nowait(line)

    async with asyncio.TaskGroup() as group:
        for asked in webhooks:
            moment += dice.expovariate(rate)
            if (wait := moment - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(asked, moment))
    heard.seconds = time.monotonic() - began
    for line in lines:
        line.close()
    return heard


class _Line:
    """One kept connection; opened anew when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, request: bytes) -> int:
        """The status; 0 when nobody answers within ten seconds."""
        for _ in range(2):
            try:
                if self._writer is None:
                    await self.open()
                return await asyncio.wait_for(self._once(request), 10)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.close()
        return 0

    async def _once(self, request: bytes) -> int:
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        size = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                size = int(line[15:])
        if size:
            await self._reader.readexactly(size)
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
