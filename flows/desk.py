"""What both sides of the admin conversation share: the console's state, what it may ask, and what it decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from flows.broadcast import Broadcast, Progress
from flows.catalog import Catalog, Staff
from flows.conditions import Condition
from flows.effects import Bubble, Effect, Source
from flows.events import Event
from flows.facts import Fact, Rule
from flows.friend import Friend
from flows.names import FriendId, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where one member of staff stands in the conversation with us. Survives restarts and a week's pause.

    `wizard` names the open form ("" none), `form` holds its answers so far as plain JSON data,
    `screen` is a number that grows with each answer: a button carries it, so that a stale tap is known.
    """

    admin: FriendId
    screen: int = 0
    place: str = ""
    wizard: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    held: str = ""
    """Words kept while we ask what to do with them."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Parts of a long script that wait for the others."""
    taps: Sequence[str] = ()
    """The buttons of the present screen: what each one says when typed as a number."""
    labels: Sequence[str] = ()
    """The labels of those buttons, which say the same when typed."""
    shown: str = ""
    """The words of the present screen, to show it again when an old button is tapped."""
    aside: Sequence[Mapping[str, Any]] = ()
    """Forms put aside unfinished, the newest first: offered again, after a restart as well."""
    told: datetime | None = None
    seen: Mapping[str, datetime] = field(default_factory=dict)
    wrong_codes: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a member of staff sent: words, a tap's data, or a thing already kept (`media:…`)."""

    at: datetime
    event_id: str = ""
    text: str = ""
    data: str = ""
    picked: str = ""
    what: str = ""
    media: str = ""
    milliseconds: int = 0
    """How long a voice or film is, where LINE told."""
    refused: str = ""
    """Why a thing was not kept, in words for whoever sent it."""


ADMIN_MENU = "admin"
"""The rich menu that `LinkMenu` shows to staff: it opens on its first tab."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendView:
    """A friend as the console sees him: the record, and the facts of his history, oldest first."""

    friend: Friend
    past: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCount:
    """How many friends a condition is true for, for how many it is unknown, and a few names of those who would get a send.

    `left_out`: of those for whom it is true whom nothing would reach, by the first rule that says so; and, not among
    those for whom it is true, those who would pass but block us (`Rule.LEFT`).
    """

    true: int
    unknown: int = 0
    names: tuple[str, ...] = ()
    left_out: Mapping[Rule, int] = field(default_factory=dict)

    @property
    def gets(self) -> int:
        """How many would get a send."""
        return self.true - sum(many for rule, many in self.left_out.items() if rule is not Rule.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The month's messages. `limit` None: no limit. `at_line`: what LINE counted; `ours`: what we counted."""

    month: str
    limit: int | None = None
    at_line: int | None = None
    ours: int = 0
    held: int = 0
    asked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the machinery is: seconds since the last tick, age of the oldest waiting work, workers alive."""

    tick_age: float | None = None
    oldest_due: float = 0.0
    oldest_waiting: float = 0.0
    waiting: int = 0
    workers: int = 0
    durable: bool = True
    evicting: bool = False
    notes: tuple[str, ...] = ()
    indexed: float = 1.0
    """How much of the indexes is as it should be; below 1 they are being built anew, and head-counts are not to be
    trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where pictures, films, voices and files lie, and how much they take there, in bytes."""

    place: str = ""
    """Outside the record, as people call it; "" is the record."""
    used: int = 0
    budget: int = 0
    elsewhere: int = 0
    """What was kept before the setting changed, and lies where it lay."""
    lost: int = 0
    """Of it, what cannot be reached with the present settings."""
    trouble: str = ""
    """Why nothing new could be kept, with the mend; "" as far as is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that we hold: image, video, audio or file; `what` "": its keeping was cut short."""

    id: str
    what: str
    size: int
    at: datetime | None = None
    name: str = ""
    answer: bool = False
    """A friend's answer shows it."""
    draft: bool = False
    """It stands in something that a member of staff has not finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What LINE says of the account, a minute old at most: where webhooks go, and whether they arrive.

    `webhook` "": none is set. `trouble` is what LINE met when it called that address, "" if it was answered.
    `refused`: LINE does not take our token, and told nothing.
    """

    webhook: str = ""
    active: bool = False
    trouble: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One row of 履歴 as kept: who changed what, when, and the revision of the catalog it made."""

    at: datetime
    by: str
    words: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one variant of an A/B test: friends who got it, and of these who reacted, tapped a button or link,
    reached the goal, left."""

    got: int = 0
    reacted: int = 0
    clicked: int = 0
    goal: int = 0
    left: int = 0


class Whom(StrEnum):
    """Which of those who were counted are meant."""

    GETS = "gets"
    UNKNOWN = "unknown"
    LEFT = Rule.LEFT.value
    PAUSED = Rule.PAUSED.value
    PACE = Rule.PACE.value
    CAP = Rule.CAP.value


def unsaved_of(console: Console, now: datetime) -> tuple[Mapping[str, Any], ...]:
    """What this member of staff has not finished: the open form first, then those put aside."""
    kept = bool(console.wizard) and console.form.get("keep", True)
    present = ({"wizard": console.wizard, "form": dict(console.form), "at": now.isoformat()},) if kept else ()
    return (*present, *console.aside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A send that was decided and has not reached LINE: `held` for want of quota, or refused by LINE for good."""

    source: Source
    held: bool


class Reports(Protocol):
    """What the console may ask about the world. Answers come from indexes and counters, never from a scan."""

    def friend(self, friend: FriendId) -> FriendView | None: ...

    def named(self, words: str, limit: int = 10) -> Sequence[Friend]:
        """Friends whose display name holds these words, folded; the exact name first."""
        ...

    def known(self, friends: Collection[FriendId]) -> Sequence[Friend]:
        """The records of those of these ids of whom something is kept."""
        ...

    def newest(self, limit: int = 10) -> Sequence[Friend]: ...

    def count(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime | None = None) -> HeadCount:
        """The head-count as things are now; `at`: who would get what is sent at that moment (None: now)."""
        ...

    def listed(  # noqa: PLR0917 - the first four are those of `count`
        self,
        condition: Condition,
        catalog: Catalog,
        now: datetime,
        at: datetime | None = None,
        whom: Whom = Whom.GETS,
        start: int = 0,
        limit: int = 10,
    ) -> Sequence[Friend]:
        """Those who were counted, one after the other in an order that stays."""
        ...

    def indexed(self) -> float:
        """How much of the indexes is as it should be: below 1, head-counts are not to be trusted."""
        ...

    def following(self) -> int:
        """Friends who can be reached, staff not counted."""
        ...

    def in_scenario(self, scenario: Key) -> Mapping[int, int]:
        """How many friends walk on each version."""
        ...

    def facts(self, kind: str, day: str) -> Mapping[str, int]:
        """Counted facts of one day (`2026-11-20`): how often, by what they were about."""
        ...

    def quota(self) -> Quota: ...

    def scheduled(self, until: datetime) -> int:
        """Counted sends already due for known friends before that moment (an upper bound)."""
        ...

    def health(self) -> Health: ...

    def top(self, score: Key, limit: int = 10) -> Sequence[FriendView]:
        """Reachable friends with the most points of a score ("" is the main one), the most first; none without."""
        ...

    def channel(self) -> Channel | None:
        """What LINE says of the account now; None while LINE cannot be asked."""
        ...

    def download(self, what: str, staff: FriendId) -> str:
        """A link for this member of staff to a file (friends, answers, sends, all): it runs out, and counts once.

        "" while the account has no address that is seen from outside.
        """
        ...

    def room(self) -> Room:
        """Where pictures, films, voices and files lie, and how much they take."""
        ...

    def things(self, limit: int = 500) -> Sequence[Kept]:
        """What we hold, what takes most room first."""
        ...

    def missing(self, things: Collection[str]) -> Collection[str]:
        """Of these `media:…` references, those behind which there is nothing."""
        ...

    def notices(self, muted: Collection[str] = ()) -> Sequence[str]:
        """What staff should be told at the next word, less the `muted` kinds; who waits for an answer is in `awaiting`."""
        ...

    def undelivered(self, friend: FriendId) -> Sequence[Undelivered]:
        """Sends to this friend that were decided and have not gone: to tell them from those that LINE took."""
        ...

    def unsaved(self, staff: FriendId) -> Sequence[Mapping[str, Any]]:
        """Forms that another member of staff has open or put aside, the newest first, as `Console.aside` holds them."""
        ...

    def answerable(self, friend: FriendId) -> datetime | None:
        """Until when what staff say to this friend still goes as an answer, at no cost; None: it is a counted send."""
        ...

    def awaiting(self, limit: int = 10) -> Sequence[Friend]:
        """Friends who wait for an answer, the longest wait first."""
        ...

    def broadcast(self, broadcast: Broadcast) -> Progress | None:
        """How far a broadcast has got; None before it begins."""
        ...

    def trial(self, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
        """What came of each variant of an A/B test (`plan/step`, or a broadcast's key)."""
        ...

    def history(self, limit: int = 50) -> Sequence[Done]:
        """The last changes, the newest first."""
        ...

    def audited(self, words: str, limit: int = 50) -> Sequence[Done]:
        """The last changes by or about something: who did them or what they say holds these words; the newest first."""
        ...

    def undone(self, row: Done, catalog: Catalog) -> Catalog | None:
        """The catalog with what this row changed put back and nothing else, None where it cannot be."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something staff have happen to one friend, or to all who pass a condition."""

    event: Event
    friend: FriendId | None = None
    everyone_who: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of 履歴: what was changed, in words, and how to take it back."""

    words: str
    before: Catalog | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleDecision:
    """What the console answers: at most five bubbles (always a reply), and what should become so.

    `catalog` is the snapshot as it should become (None: unchanged); it is committed first, by compare-and-set
    on its revision, and the console second.
    """

    console: Console
    bubbles: tuple[Bubble, ...] = ()
    catalog: Catalog | None = None
    changes: tuple[Change, ...] = ()
    orders: tuple[Order, ...] = ()
    effects: tuple[Effect, ...] = ()
    """For the member of staff who spoke: LinkMenu …"""
    staff_effects: Mapping[FriendId, tuple[Effect, ...]] = field(default_factory=dict)


Decide = Callable[[Console, Staff, Heard, Catalog, Reports, datetime], ConsoleDecision]
"""The console's one door; `app.py` hands it to the adapters."""
