"""A broadcast as data: one message to all who pass a condition, at one moment; and how far it has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from flows.aims import Aim, Unclear
from flows.conditions import Condition, Rank
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
    OTHER = "other"
    EMPTY = "empty"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How it is decided what goes to those who got no variant: at the broadcast's moment, or earlier by staff."""

    unclear: Unclear = Unclear.ASK
    chosen: str = ""
    """The variant that goes to them; "" while that is open."""
    how: str = ""
    """What chose it: the numbers, what was agreed for that case, or the name of a member of staff."""
    asked: datetime | None = None
    """Since when staff know that it is theirs to decide."""


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
    aim: Aim | None = None
    """What decides it instead of a tag."""
    at: datetime
    made: datetime
    by: str = ""
    stopped: datetime | None = None
    """Since when nothing more of it is to go."""
    part_of: str = ""
    """The id of the broadcast whose test this goes on with; "" for one by itself."""
    arm: str = ""
    """The variant that alone is sent now, where variants go at different moments."""
    rest: Rest | None = None
    """Of the send to those for whom the better variant is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed(Event):
    """A broadcast has come to this friend; `broadcast` is its folded name.

    `lines`: how many points it takes to be one of the highest, where its condition asks for that.
    """

    broadcast: Key
    lines: Mapping[Rank, int] = field(default_factory=dict)


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


def is_here(one: Broadcast, variant: str) -> bool:
    """Whether this variant is sent with this broadcast: without an arm, all that have no moment of their own are."""
    split = splits(one.body)
    found = next((each for each in split.variants if each.name == variant), None) if split else None
    return found is None or (found.name == one.arm if one.arm else found.when is None)


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
