"""What became true, for history, counting and 「なぜ」. A fact never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Rule(StrEnum):
    """The rules of the one gate, in the order they are asked, and the other reasons not to send."""

    GOAL = "goal"
    CONDITION = "condition"
    LEFT = "left"
    PACE = "pace"
    CAP = "cap"
    SCENARIO_CAP = "scenario_cap"
    HOURS = "hours"
    QUOTA = "quota"
    PAUSED = "paused"
    PAST = "past"
    LATE = "late"
    NO_BASE = "no_base"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is so since `at`. `kind` is also the name under which it is counted per day."""

    kind: ClassVar[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Fact):
    kind: ClassVar[str] = "joined"
    route: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Fact):
    kind: ClassVar[str] = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Fact):
    """The friend blocked us; attributed to the last send within 24 hours, if there was one."""

    kind: ClassVar[str] = "blocked"
    scenario: str = ""
    version: int = 0
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAdded(Fact):
    kind: ClassVar[str] = "tag_added"
    tag: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRemoved(Fact):
    kind: ClassVar[str] = "tag_removed"
    tag: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChanged(Fact):
    kind: ClassVar[str] = "score_changed"
    score: str = ""
    points: int
    total: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSet(Fact):
    kind: ClassVar[str] = "field_set"
    field: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    kind: ClassVar[str] = "answered"
    field: str
    origin: str = ""
    step: str = ""
    choice: str = ""
    first: bool = False
    """Never before has this friend answered this question there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Fact):
    """The friend tapped a card's button; `origin` is the plan, broadcast, part or auto-reply that it stood in."""

    kind: ClassVar[str] = "pressed"
    button: str
    origin: str = ""
    step: str = ""
    first: bool = False
    """Never before has this friend tapped it there: people are counted by this, not thumbs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    kind: ClassVar[str] = "asked"
    field: str
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Fact):
    kind: ClassVar[str] = "enrolled"
    scenario: str
    version: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Fact):
    """A step was carried out; `pushed` tells whether it cost one 通."""

    kind: ClassVar[str] = "step_taken"
    scenario: str
    version: int
    step: str
    pushed: bool = False
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(Fact):
    kind: ClassVar[str] = "step_skipped"
    scenario: str
    version: int
    step: str
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHeld(Fact):
    """A step waits: by which rule, and until when (None: until something changes)."""

    kind: ClassVar[str] = "step_held"
    scenario: str
    version: int
    step: str
    rule: Rule
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEntered(Fact):
    kind: ClassVar[str] = "path_entered"
    scenario: str
    path: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioEnded(Fact):
    """The friend's walk is over: reached the `end`, the `goal`, was `stopped`, `left` or `replaced`."""

    kind: ClassVar[str] = "scenario_ended"
    scenario: str
    version: int
    how: str
    step: str = ""
    """The last step that was carried out or skipped before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFinished(Fact):
    kind: ClassVar[str] = "survey_finished"
    survey: str
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSent(Fact):
    """A broadcast went to the friend as one counted send; `variant` in an A/B test."""

    kind: ClassVar[str] = "broadcast_sent"
    broadcast: str
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSkipped(Fact):
    """A broadcast did not go to the friend; `why` is a rule of the gate or one of `flows.broadcast.Missed`."""

    kind: ClassVar[str] = "broadcast_skipped"
    broadcast: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastAnswered(Fact):
    """The friend spoke or tapped in the days after a broadcast, for the first time since."""

    kind: ClassVar[str] = "broadcast_answered"
    broadcast: str
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Fact):
    """予約, 来店, 購入, キャンセル or a named event of the shop's life; `on` is its date or moment in ISO form."""

    kind: ClassVar[str] = "happened"
    what: str
    on: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """Anything else an owner may want to read back, in words (a pace chosen, a date moved, a walk moved on)."""

    kind: ClassVar[str] = "noted"
    words: str


FACTS: tuple[type[Fact], ...] = (
    Joined,
    Returned,
    Blocked,
    TagAdded,
    TagRemoved,
    ScoreChanged,
    FieldSet,
    Answered,
    Pressed,
    Asked,
    Enrolled,
    StepTaken,
    StepSkipped,
    StepHeld,
    PathEntered,
    ScenarioEnded,
    SurveyFinished,
    BroadcastSent,
    BroadcastSkipped,
    BroadcastAnswered,
    Happened,
    Noted,
)
