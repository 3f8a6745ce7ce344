"""What a decision is: the friend as he should become, what to ask of the world, and what became true."""

from __future__ import annotations

from dataclasses import dataclass

from flows.effects import Effect
from flows.facts import Fact
from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a decision must know about everybody else: the month's messages left (None: no limit), sends so far by scenario."""

    left: int | None = None
    sent: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one event for one friend. Committed whole or not at all."""

    friend: Friend
    effects: tuple[Effect, ...] = ()
    facts: tuple[Fact, ...] = ()
