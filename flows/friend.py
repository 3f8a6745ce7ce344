"""The friend record: everything the engine knows about one person. Immutable; a change is a new record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flows.names import FriendId, Key, StepId

EMPTY: Mapping[Any, Any] = MappingProxyType({})


def require_aware(*moments: datetime | None) -> None:
    """Refuse a datetime without a zone: it would be read differently by different machines."""
    for moment in moments:
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {moment!r}")


class Phase(StrEnum):
    """What kind of words we expect from the person next. Legal moves stand in `phase.py`."""

    IDLE = "idle"
    ASKING = "asking"
    REVIEWING = "reviewing"
    TALKING = "talking"
    AWAY = "away"


class Pace(StrEnum):
    """How much the friend wants to hear from us: chosen with 通知を減らす, 配信停止, 配信再開."""

    FULL = "full"
    HALF = "half"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A tag on a friend: since when, why (the step, choice or person that put it there), and from which step of what."""

    at: datetime
    why: str = ""
    plan: Key = Key("")
    step: StepId = StepId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A field's value as text (dates in ISO form), and where it comes from: 本人回答, 手入力, 取込, 推定."""

    value: str
    at: datetime
    origin: str = ""
    listed: bool = False
    """One of the values an owner wrote (a choice, an effect), or several joined by 、: each is found by `=`."""
    own: str = ""
    """The last of several, where it is the person's own words and none of the choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one answer did, so that another answer to the same question can take it back: points by score, tags on, off."""

    value: str
    at: datetime
    points: Mapping[Key, int] = field(default_factory=dict)
    tags_on: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()
    chosen: tuple[int, ...] = ()
    """The numbers of the options behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A step that waits: by which rule, since when; `until` None means until something changes."""

    rule: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The friend is held at a reaction: until when, and where the body goes on afterwards."""

    until: datetime
    question: Key = Key("")
    link: str = ""
    resume: tuple[int, ...] = ()
    """Where in the step's body the walk goes on: indexes from the outside in."""
    over: bool = False
    """The reaction came; only what follows in the step is still to be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One friend's walk through one version of one scenario. Points at a step by id, never by position."""

    scenario: Key
    version: int
    run: int = 1
    """Which time the friend goes through this scenario, from 1."""
    rounds: int = 0
    """How often in this run a path was entered again, or yearly steps came round: its steps may then come again."""
    began: datetime
    line: Key = Key("")
    """"" is the main line, else the folded name of a path."""
    entered: datetime
    """When the friend entered that line: day counts start on this day."""
    step: StepId | None
    """The next step to take; while `waiting`, the step whose reaction is awaited."""
    due: datetime | None
    """When to look at this walk again. None: nothing to do until something changes (a base date, an answer)."""
    last_sent: datetime | None = None
    received: tuple[StepId, ...] = ()
    """Steps carried out or skipped in this run, in order: none of them comes again."""
    sent: int = 0
    waiting: Waiting | None = None
    held: Held | None = None
    paused: bool = False
    """A human has taken over the conversation."""
    baseless: tuple[StepId, ...] = ()
    """Steps that wait for their base date while the others go on."""
    answers: Mapping[Key, str] = field(default_factory=dict)
    by_day: tuple[datetime, ...] = ()
    """Real sends of the last days, for the scenario's own cap."""

    def __post_init__(self) -> None:
        require_aware(self.began, self.entered, self.due, self.last_sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A scenario the friend is through with: how it ended (end, goal, stopped, blocked), and where it was left."""

    version: int
    runs: int
    ended: datetime
    how: str
    received: tuple[StepId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The question that takes typed words until it is answered, left, or the next send comes."""

    plan: Key
    """The scenario or survey it belongs to."""
    version: int
    step: StepId | None = None
    """The scenario's step; None for a survey."""
    question: Key
    at: datetime
    chosen: tuple[int, ...] = ()
    """What a multiple choice holds so far."""
    page: int = 0
    own_words: int | None = None
    """The option that asked for the person's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A survey in progress: kept for days, so that the friend can go on where he stopped."""

    survey: Key
    version: int
    began: datetime
    order: tuple[Key, ...] = ()
    """Questions put so far, for 戻る."""
    given: Mapping[Key, Given] = field(default_factory=dict)
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One counted send (a push), for caps and for attributing a block."""

    at: datetime
    scenario: Key = Key("")
    version: int = 0
    step: StepId = StepId("")
    broadcast: str = ""
    late: bool = False
    """It came after its time: only one such is sent to a friend in each stretch of open hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the friend got of an A/B test, and what came of it: a reaction, a tap, the goal, a block."""

    variant: str
    at: datetime
    reacted: bool = False
    clicked: bool = False
    goal: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Friend:
    """One person at this account."""

    id: FriendId
    name: str = ""
    """LINE's display name; "" while unknown."""
    joined: datetime | None = None
    left: datetime | None = None
    """Since when the friend blocks us; None while we can reach him."""
    route: str = ""
    phase: Phase = Phase.IDLE
    pace: Pace = Pace.FULL
    tags: Mapping[Key, Label] = field(default_factory=dict)
    scores: Mapping[Key, int] = field(default_factory=dict)
    fields: Mapping[Key, Entry] = field(default_factory=dict)
    given: Mapping[Key, Given] = field(default_factory=dict)
    """The last answer to each question (`plan/question`), so that a new one replaces it."""
    occasions: Mapping[Key, date | datetime] = field(default_factory=dict)
    """Built-in base dates: 予約, 来店, 購入 (and any other event's last date)."""
    counts: Mapping[Key, int] = field(default_factory=dict)
    """How often: 来店, 購入 …"""
    enrollments: tuple[Enrollment, ...] = ()
    past: Mapping[Key, Past] = field(default_factory=dict)
    open: Open | None = None
    sitting: Sitting | None = None
    finished: Mapping[Key, int] = field(default_factory=dict)
    """How often each survey was answered to the end."""
    shelf: tuple[Sitting, ...] = ()
    """Surveys that wait for the one in progress, the next one first."""
    sends: tuple[Sent, ...] = ()
    """Counted sends of the last eight days, oldest first."""
    deliveries: int = 0
    """How many steps and broadcasts were sent to the friend, and of the last of them …"""
    heeded: int = 0
    """… those to which a reaction came, as bits of a ring (`flows/heeding.py`)."""
    reacted: datetime | None = None
    """The last word, tap or answer."""
    alarms: Mapping[str, datetime] = field(default_factory=dict)
    """Triggers that wait for time to pass (silence, absence), by name: when each rings."""
    pressed: Mapping[Key, datetime] = field(default_factory=dict)
    replied: Mapping[Key, datetime] = field(default_factory=dict)
    """When an auto-reply that rests between two answers was last given."""
    broadcasts: Mapping[Key, bool] = field(default_factory=dict)
    """The last broadcasts that reached the friend: True once he reacted."""
    trials: Mapping[str, Trial] = field(default_factory=dict)
    """The last A/B tests the friend was part of: `plan/step`, or the key of a broadcast."""
    menu: str = ""
    note: str = ""
    awaits_reply: datetime | None = None
    taken_over: datetime | None = None
    staff: bool = False
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """Hashes of recent webhook event ids, with LINE's timestamps: a known one changes nothing."""

    def __post_init__(self) -> None:
        require_aware(self.joined, self.left, self.reacted)
