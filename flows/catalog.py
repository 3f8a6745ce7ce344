"""What admins configured: one immutable snapshot that every decision of a moment sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.actions import Action
from flows.aims import Aim, Unclear
from flows.broadcast import Broadcast
from flows.conditions import Condition
from flows.messages import Message
from flows.moments import Window
from flows.names import FriendId, Key, StepId
from flows.pace import Limits
from flows.scenario import Plan, Scenario, State, Survey
from flows.triggers import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Settings of the whole account, in the zone of the shop."""

    name: str = ""
    zone: str = "Asia/Tokyo"
    """The zone in force; where the owner chose none, the adapters put in the server's when they load the catalog."""
    own_zone: str = ""
    """The zone the owner chose; "" for the server's."""
    quiet_from: time = time(21)
    """送らない時間帯: from this clock time …"""
    quiet_until: time = time(8)
    """… until this one. Equal times: no such hours."""
    per_day: int | None = None
    """Counted sends to one friend in a calendar day, over everything. None: no cap."""
    per_week: int | None = None
    after_reset: str = "送る"
    """What becomes of steps held for want of quota when the month turns: 送る or 飛ばす."""
    grace_seconds: int = 60
    count_confirm_from: int = 100
    base_url: str = ""
    """Where the product is reached from outside; set by the adapters when they load the catalog."""
    fallback: str = ""
    """What answers words that nothing else answers; "" stays silent."""

    @property
    def tz(self) -> ZoneInfo:
        """The account's time zone."""
        return _zone(self.zone)

    @property
    def limits(self) -> Limits:
        """How much one friend gets at most, over everything."""
        return Limits(self.per_day, self.per_week)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    # Asked for several times in every decision, and a tenth of the price.
    return ZoneInfo(name)


class Role(StrEnum):
    """What a member of staff may do; each role may do all that the ones after it may."""

    OWNER = "所有者"
    EDITOR = "編集者"
    SENDER = "送信者"
    VIEWER = "閲覧者"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff; `as_friend` while 友だちモード makes every word a friend's."""

    role: Role
    name: str = ""
    since: datetime
    as_friend: datetime | None = None
    muted: tuple[str, ...] = ()
    """Kinds of notices (`TellStaff.topic`) that this person does not want to hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag as first written, and the folder it lies in."""

    name: str
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score as first written; the main one has the key ""."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field as first written; `holds` is the title of the question kind that fills it (文字, 日付 …), "" if any."""

    name: str
    holds: str = ""
    formerly: tuple[Key, ...] = ()
    """Keys it had before: buttons in old messages still carry them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A scenario or survey over its life: its draft, its published versions (from 1), and where it stands.

    `current` is the version new friends get; older ones stay as long as friends walk on them.
    """

    name: str
    state: State = State.DRAFT
    draft: Plan | None = None
    versions: Mapping[int, Plan] = field(default_factory=dict)
    current: int = 0
    changed: datetime | None = None
    changed_by: str = ""
    archived: datetime | None = None

    @property
    def live(self) -> Plan | None:
        """The version that takes in friends now, None unless published."""
        return self.versions.get(self.current) if self.state is State.LIVE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A saved condition."""

    name: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A saved message of one to five bubbles."""

    name: str
    messages: tuple[Message, ...]
    formerly: tuple[Key, ...] = ()
    """Keys it had before: buttons in old messages still carry them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """アクション: effects under a name."""

    name: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReply:
    """What answers a keyword; where several match the lowest `rank` wins, then the one that asks for most."""

    name: str
    trigger: Trigger
    messages: tuple[Message, ...] = ()
    actions: tuple[Action, ...] = ()
    rank: int = 0
    hours: tuple[Window, ...] = ()
    """When it answers; () is always."""
    rest: timedelta | None = None
    """So long it does not answer the same friend again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """An A/B test on a step: its variants, the tag that decides it ("" is any reaction), and since when it runs."""

    id: str
    """Never used again, so that an earlier test on the same step does not count."""
    scenario: Key
    step: StepId
    variants: tuple[str, ...]
    goal: str = ""
    aim: Aim | None = None
    """What decides it instead of a tag."""
    began: datetime
    over: datetime | None = None
    decide_at: datetime | None = None
    """When the better variant is made the only one by itself; None: whenever an owner says so."""
    unclear: Unclear = Unclear.ASK
    """What happens then if nobody can say which is better."""
    asked: datetime | None = None
    """Since when staff know that it is theirs to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code that makes its sender a member of staff, until it expires."""

    role: Role
    expires: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything configured. Keys are folded names."""

    revision: int = 0
    account: Account = Account()
    plans: Mapping[Key, Entry] = field(default_factory=dict)
    """Scenarios and surveys: they share one namespace."""
    tags: Mapping[Key, Tag] = field(default_factory=dict)
    scores: Mapping[Key, Score] = field(default_factory=dict)
    fields: Mapping[Key, Field] = field(default_factory=dict)
    segments: Mapping[Key, Segment] = field(default_factory=dict)
    parts: Mapping[Key, Part] = field(default_factory=dict)
    bundles: Mapping[Key, Bundle] = field(default_factory=dict)
    autoreplies: Mapping[Key, AutoReply] = field(default_factory=dict)
    broadcasts: Mapping[Key, Broadcast] = field(default_factory=dict)
    """What is going to be sent to many, and the last ones that were."""
    contests: Mapping[str, Contest] = field(default_factory=dict)
    """A/B tests on steps, by `plan/step`."""
    staff: Mapping[FriendId, Staff] = field(default_factory=dict)
    invitations: Mapping[str, Invitation] = field(default_factory=dict)

    def scenario(self, key: Key, version: int) -> Scenario | None:
        """That version of a scenario, None if there is no such."""
        plan = self.plans[key].versions.get(version) if key in self.plans else None
        return plan if isinstance(plan, Scenario) else None

    def survey(self, key: Key, version: int) -> Survey | None:
        """That version of a survey, None if there is no such."""
        plan = self.plans[key].versions.get(version) if key in self.plans else None
        return plan if isinstance(plan, Survey) else None
