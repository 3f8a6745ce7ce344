"""A fake LINE made to be fast: answers the sends and remembers when each came. It checks nothing; the simulator does.

Run by `python -m bench.line PORT`. `/_/latency/MS` sets how long an answer takes, `/_/reset` forgets, `/_/log` tells all.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

SEND = "/v2/bot/message/"
SMALL: dict[str, Any] = {
    "/v2/bot/message/quota": {"type": "none"},
    "/v2/bot/message/quota/consumption": {"totalUsage": 0},
    "/v2/bot/info": {
        "userId": "U" + "0" * 32,
        "basicId": "@bench",
        "displayName": "bench",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    },
    "/v2/bot/channel/webhook/endpoint": {"endpoint": "https://example.com/callback", "active": True},
    "/v2/bot/richmenu/list": {"richmenus": []},
    "/v2/bot/richmenu/alias/list": {"aliases": []},
}


class Ledger:
    """What was sent, and when, on the clock that all processes of this machine share."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget everything but the latency."""
        self.sends: list[tuple[float, str, int, str]] = []
        """When, by which way, to how many, and to whom first (or under which reply token)."""
        self.keys: set[str] = set()
        self.again = 0
        self.others = 0

    def take(self, how: str, body: bytes, key: str) -> tuple[int, bytes]:
        """One send; a retry key seen before answers 409."""
        if key in self.keys:
            self.again += 1
            return 409, b'{"message":"The retry key is already accepted"}'
        if key:
            self.keys.add(key)
        said = json.loads(body)
        whom = said.get("to") or said.get("replyToken") or ""
        count, first = (len(whom), whom[0]) if isinstance(whom, list) else (1, whom)
        self.sends.append((time.monotonic(), how, count, first))
        return 200, b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'


class Speaker(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._got = b""
        self._busy = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request in what has come so far."""
        self._got += data
        while True:
            head, found, rest = self._got.partition(b"\r\n\r\n")
            if not found:
                return
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            size = int(headers.get("content-length", 0))
            if len(rest) < size:
                return
            self._got = rest[size:]
            method, path, _ = lines[0].split(" ", 2)
            self._answer(method, path.partition("?")[0], headers, rest[:size])

    def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        if path.startswith("/_/"):
            return self._say(200, self._control(path[3:]))
        how = path.removeprefix(SEND)
        if method == "POST" and how in {"reply", "push", "multicast"}:
            status, said = self._ledger.take(how, body, headers.get("x-line-retry-key", ""))
        else:
            self._ledger.others += 1
            status, said = 200, json.dumps(_small(method, path)).encode()
        if self._ledger.latency:
            asyncio.get_running_loop().call_later(self._ledger.latency, self._say, status, said)
            return None
        return self._say(status, said)

    def _control(self, words: str) -> bytes:
        name, _, value = words.partition("/")
        if name == "latency":
            self._ledger.latency = float(value) / 1000
        elif name == "reset":
            self._ledger.reset()
        elif name == "count":
            return json.dumps([len(self._ledger.sends), sum(send[2] for send in self._ledger.sends)]).encode()
        elif name == "log":
            return json.dumps({"sends": self._ledger.sends, "again": self._ledger.again}).encode()
        return b"{}"

    def _say(self, status: int, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = (
                f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nx-line-request-id: b\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            self._transport.write(head.encode() + body)


def _small(method: str, path: str) -> Any:
    if path.startswith("/v2/bot/profile/"):
        return {"userId": path.rpartition("/")[2], "displayName": "さくら", "language": "ja"}
    if path.startswith(("/oauth2", "/v2/oauth")):
        return {"access_token": "t" * 120, "expires_in": 900, "token_type": "Bearer"}
    if path == "/v2/bot/richmenu" and method == "POST":
        return {"richMenuId": "richmenu-" + "0" * 32}
    return SMALL.get(path, {})


async def serve(port: int) -> None:
    """Answer until ended."""
    ledger = Ledger()
    server = await asyncio.get_running_loop().create_server(lambda: Speaker(ledger), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
