"""What the tests of the simulator share: a moment, a friend, a product that only listens."""

from __future__ import annotations

import json
from typing import Any

from simulator.world import user_id

NOON = 1_795_143_600.0
"""2026-11-20 12:00 in Japan."""
SAKURA = user_id("さくら")
MOMO = user_id("もも")
STRANGE = user_id("だれか")


class Product:
    """What the webhooks bring; answers the status it is told to."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.raw = b""
        self.status = 200

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        self.raw, self.headers = body, headers
        if self.status == 200:
            self.events += json.loads(body)["events"]
        return self.status

    @property
    def reply_token(self) -> str:
        """The reply token of the latest event."""
        return str(self.events[-1]["replyToken"])


def text(words: str = "こんにちは", **more: Any) -> dict[str, Any]:
    """A text message."""
    return {"type": "text", "text": words, **more}


def key(number: int = 1) -> str:
    """A retry key."""
    return f"00000000-0000-4000-8000-{number:012d}"
