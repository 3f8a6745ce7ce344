"""The channel access token: a long-lived one as given, or stateless ones issued and renewed in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

RENEW_BEFORE = 120.0
"""Seconds before its end at which a token is replaced; stateless ones live 15 minutes."""


class Tokens(Protocol):
    """Gives the token for the next request."""

    def at_hand(self) -> str:
        """The token if none has to be asked for, else ""."""
        ...

    def current(self) -> str:
        """A token that is good now. May take one request to LINE."""
        ...

    def refuse(self, token: str) -> None:
        """LINE answered 401 to this one."""
        ...


@dataclass(frozen=True, slots=True)
class LongLived:
    """The token from the settings."""

    token: str

    def at_hand(self) -> str:
        """The token as given."""
        return self.token

    def current(self) -> str:
        """The token as given."""
        return self.token

    def refuse(self, token: str) -> None:
        """Nothing else to offer: the owner has to give a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What LINE issued, and how many seconds it lives."""

    token: str
    seconds: float


class Stateless:
    """Tokens of 15 minutes, issued when needed (developers.line.biz: basics, channel-access-token)."""

    def __init__(self, issue: Callable[[], Issued], *, seconds: Callable[[], float] = time.monotonic) -> None:
        """`issue` asks LINE; `seconds` counts time without regard to the calendar."""
        self._issue = issue
        self._seconds = seconds
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def at_hand(self) -> str:
        """The token while it lives long enough, else ""."""
        return self._token if self._seconds() < self._until else ""

    def current(self) -> str:
        """The token at hand, or a new one when its end is near."""
        with self._lock:
            if not self.at_hand():
                issued = self._issue()
                self._token = issued.token
                self._until = self._seconds() + max(issued.seconds - RENEW_BEFORE, issued.seconds / 2)
            return self._token

    def refuse(self, token: str) -> None:
        """Forget a token LINE no longer takes."""
        with self._lock:
            if token == self._token:
                self._until = 0.0
