"""Brings webhooks as LINE does: two seconds to answer, and what got no 200 comes again, marked, until it has one."""

from __future__ import annotations

import base64
import contextlib
import hmac
import http.client
import json
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from simulator.events import redelivered
from torture.town import SECRET, Town

ANSWER_SECONDS = 2.0
AGAIN_SECONDS = 0.25
GIVE_UP_SECONDS = 90.0

Event = dict[str, Any]


@dataclass(slots=True)
class Knocks:
    """What was answered."""

    good: int = 0
    again: int = 0
    """Webhooks that had to come again."""
    refused: dict[int, int] = field(default_factory=dict)
    """Status (0: none in time) → how often."""
    never: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds until each 200."""


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """LINE's headers for these bytes."""
    signature = base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()
    return {"Content-Type": "application/json; charset=utf-8", "X-Line-Signature": signature}


def post(port: int, body: bytes, headers: dict[str, str], seconds: float = ANSWER_SECONDS) -> int:
    """One request; 0 when there is no answer in time."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        try:
            connection.request("POST", "/callback", body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def body_of(town: Town, events: Sequence[Event]) -> bytes:
    """The events in one webhook."""
    return json.dumps({"destination": town.line.bot_id, "events": list(events)}, ensure_ascii=False).encode()


def knock(
    town: Town,
    batches: Sequence[Sequence[Event]],
    *,
    hands: int = 8,
    meanwhile: Callable[[], None] | None = None,
    rate: float = 0,
) -> Knocks:
    """Bring every batch until it is answered with 200, several at a time, in order of the sequence at first.

    `meanwhile` runs in this thread again and again until all are brought. `rate` limits batches a second.
    """
    waiting: queue.Queue[tuple[float, Sequence[Event]]] = queue.Queue()
    began = time.monotonic()
    for number, batch in enumerate(batches):
        waiting.put((began + number / rate if rate else 0.0, batch))
    found, lock = Knocks(), threading.Lock()
    threads = [threading.Thread(target=_hand, args=(town, waiting, found, lock), daemon=True) for _ in range(hands)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        town.crew.watch()
        if meanwhile:
            meanwhile()
        time.sleep(0.02)
    return found


def _hand(town: Town, waiting: queue.Queue[tuple[float, Sequence[Event]]], found: Knocks, lock: threading.Lock) -> None:
    while True:
        try:
            moment, batch = waiting.get_nowait()
        except queue.Empty:
            return
        time.sleep(max(0.0, moment - time.monotonic()))
        _bring(town, batch, found, lock)


def _bring(town: Town, batch: Sequence[Event], found: Knocks, lock: threading.Lock) -> None:
    began, events = time.monotonic(), list(batch)
    while time.monotonic() - began < GIVE_UP_SECONDS:
        asked = time.monotonic()
        body = body_of(town, events)
        status = post(town.crew.port, body, signed(body))
        with lock:
            if status == 200:
                found.good += 1
                found.waits.append(time.monotonic() - asked)
                return
            found.again += 1
            found.refused[status] = found.refused.get(status, 0) + 1
        time.sleep(AGAIN_SECONDS)
        with town.line.lock:
            events = [redelivered(town.line, one) for one in events]
    with lock:
        found.never += 1


def shuffled(batches: Sequence[Sequence[Event]], dice: random.Random, *, times: int) -> list[Sequence[Event]]:
    """Every batch so many times, in any order."""
    many = [batch for batch in batches for _ in range(times)]
    dice.shuffle(many)
    return many
