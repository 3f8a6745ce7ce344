"""What can go wrong on LINE's side, on purpose, for tests.

Faults are drawn from a seeded dice or taken from a script, per endpoint. The endpoint "*" means every one.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One way of going wrong. `before` and `after` are relative to LINE's accepting the request."""

    NONE = "none"
    ERROR_BEFORE = "500 before accepting"
    ERROR_AFTER = "500 after accepting"
    HANG_BEFORE = "silence before accepting"
    HANG_AFTER = "silence after accepting"
    RESET_BEFORE = "connection lost before accepting"
    RESET_AFTER = "connection lost after accepting"
    RATE = "429 rate"
    QUOTA = "429 quota"
    REFUSED = "400"


BEFORE = frozenset({Fault.HANG_BEFORE, Fault.RESET_BEFORE})
AFTER = frozenset({Fault.HANG_AFTER, Fault.RESET_AFTER})
HANGS = frozenset({Fault.HANG_BEFORE, Fault.HANG_AFTER})


@dataclass(slots=True)
class Bucket:
    """A token bucket: so many a second, bursts of so many."""

    per_second: float
    burst: float
    seconds: Callable[[], float]
    level: float = field(init=False)
    filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.burst
        self.filled_at = self.seconds()

    def take(self) -> bool:
        """Take one token if there is one."""
        now = self.seconds()
        self.level = min(self.burst, self.level + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Faults:
    """The faults in force. Everything off until asked for."""

    def __init__(self, seed: int = 0) -> None:
        self.hang_seconds = 60.0
        self.reset(seed)

    def reset(self, seed: int = 0) -> None:
        """Everything off; the dice start again from the seed."""
        self.dice = random.Random(seed)
        self.chances: dict[str, list[tuple[Fault, float]]] = defaultdict(list)
        self.scripts: dict[str, deque[Fault]] = {}
        self.latencies: dict[str, tuple[float, float]] = {}
        self.buckets: dict[str, Bucket] = {}
        self.poisoned_users: set[str] = set()
        self.poisoned_texts: set[str] = set()

    def chance(self, fault: Fault, probability: float, endpoint: str = "*") -> None:
        """Let a share of the requests of an endpoint meet a fault."""
        self.chances[endpoint].append((fault, probability))

    def script(self, endpoint: str, faults: Iterable[Fault]) -> None:
        """Let the next requests of an endpoint meet these faults, in order; then none."""
        self.scripts.setdefault(endpoint, deque()).extend(faults)

    def latency(self, seconds: float, endpoint: str = "*", *, spread: float = 0.0) -> None:
        """Answer after so many real seconds, give or take the spread."""
        self.latencies[endpoint] = (seconds, spread)

    def limit(
        self,
        endpoint: str,
        per_second: float,
        burst: float | None = None,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Answer 429 above a rate, as a token bucket of real seconds (or those of `seconds`)."""
        self.buckets[endpoint] = Bucket(per_second, per_second if burst is None else burst, seconds)

    def poison(self, *, user: str = "", text: str = "") -> None:
        """Refuse with 400 whatever goes to this user, or whose body holds this text."""
        if user:
            self.poisoned_users.add(user)
        if text:
            self.poisoned_texts.add(text)

    def delay(self, endpoint: str) -> float:
        """How long to wait before answering this request, in real seconds."""
        if not self.latencies:
            return 0.0
        seconds, spread = self.latencies.get(endpoint) or self.latencies.get("*") or (0.0, 0.0)
        return max(0.0, seconds + self.dice.uniform(-spread, spread))

    def draw(self, endpoint: str) -> Fault:
        """What happens to this request."""
        for name in (endpoint, "*"):
            if self.scripts.get(name):
                return self.scripts[name].popleft()
        if not self.allowed(endpoint):
            return Fault.RATE
        for name in (endpoint, "*"):
            for fault, probability in self.chances.get(name, ()):
                if self.dice.random() < probability:
                    return fault
        return Fault.NONE

    def allowed(self, endpoint: str) -> bool:
        """Whether the rate limits in force let this request in."""
        names = [name for name in (endpoint, "*") if name in self.buckets]
        return all(self.buckets[name].take() for name in names)

    def is_poisoned(self, users: Iterable[str], messages: object) -> bool:
        """Whether a sending holds something that was declared poison."""
        if self.poisoned_users and not self.poisoned_users.isdisjoint(users):
            return True
        if not self.poisoned_texts:
            return False
        written = json.dumps(messages, ensure_ascii=False)
        return any(text in written for text in self.poisoned_texts)
