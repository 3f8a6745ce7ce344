"""A broadcast as data: one message to all who pass a condition, at one moment; and how far it has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from flows.conditions import Condition
from flows.events import Event
from flows.names import Key
from flows.scenario import Body, Purpose, Say, Split

REST = "残り"
"""The name of the variant that says nothing: those who wait until it is known which variant is better."""

TOO_LATE = timedelta(hours=1)
"""A broadcast that could not begin for so long is not begun any more: staff decide anew."""


class Walkers(StrEnum):
    """What becomes of those who are in the middle of a scenario."""

    SEND = "そのまま送る"
    SKIP = "除く"


class Missed(StrEnum):
    """Why a friend did not get a broadcast, beside the rules of the gate (`flows.facts.Rule`)."""

    WALKING = "walking"
    WAITS = "waits"
    EMPTY = "empty"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One message to many. It begins at `at` and the seconds of grace, unless it is `stopped` by then."""

    id: str
    """Never used again, whatever the name."""
    name: str
    purpose: Purpose | None = None
    condition: Condition
    walkers: Walkers = Walkers.SEND
    body: Body
    """One to five bubbles; a split among them makes it an A/B test."""
    goal: str = ""
    """The tag that decides which variant is better; "" is any reaction."""
    at: datetime
    made: datetime
    by: str = ""
    stopped: datetime | None = None
    """Since when nothing more of it is to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed(Event):
    """A broadcast has come to this friend; `broadcast` is its folded name."""

    broadcast: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a broadcast has got. While it runs, `planned` is more than the others add up to by `left`."""

    planned: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)
    """Friends for whom it was made ready to go, by variant ("" without an A/B test)."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """By rule of the gate, or by `Missed`."""
    stopped: int = 0
    """Those who were still to come when it was stopped."""
    waiting: int = 0
    held: int = 0
    failed: int = 0
    """Of those made ready: on their way, held for want of quota, refused by LINE for good."""
    over: bool = False

    @property
    def ready(self) -> int:
        """Friends for whom it was made ready to go."""
        return sum(self.sent.values())

    @property
    def accepted(self) -> int:
        """Friends for whom LINE has taken it."""
        return self.ready - self.waiting - self.held - self.failed

    @property
    def left(self) -> int:
        """Friends who are still to come."""
        return self.planned - self.ready - sum(self.skipped.values()) - self.stopped


def splits(body: Body) -> Split | None:
    """The split that makes it an A/B test, None if it is none."""
    return next((item for item in body if isinstance(item, Split)), None)


def bubbles(body: Body) -> int:
    """How many bubbles one friend gets at most."""
    total = 0
    for item in body:
        match item:
            case Say():
                total += 1
            case Split(variants=variants):
                total += max(bubbles(variant.body) for variant in variants)
            case _:
                pass
    return total
