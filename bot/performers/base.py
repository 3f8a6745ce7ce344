"""What every performer answers: done, later, held for want of quota, or given up."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.store.entries import Entry
from flows.names import FriendId


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Performed (or needless by now). `failed` are recipients LINE refuses for good while it took the others."""

    failed: tuple[FriendId, ...] = ()
    counted: int = 0
    """Messages that LINE counts against the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Nothing came of it yet: try again after so many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """There is no quota for it: put it aside until there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """It will never be performed."""

    reason: str


Performed = Done | Later | Hold | Dead


class Performer(Protocol):
    """Performs entries of one kind."""

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Begin; may be called again for the same entry after any crash."""
        ...


def longer(tries: int, *, first: float = 2.0, longest: float = 300.0) -> float:
    """Seconds until the next round of attempts, doubled each time."""
    return float(min(longest, first * 2 ** min(tries, 20)))
