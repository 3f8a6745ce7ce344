"""A phone for staff in the pure world: what is said goes to `decide`, what comes back is kept as the console would be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from admin_commands.console import decide
from flows.broadcast import Broadcast, Progress
from flows.catalog import Catalog, Role, Staff
from flows.conditions import Condition
from flows.desk import (
    Channel,
    Console,
    ConsoleDecision,
    Done,
    FriendView,
    HeadCount,
    Health,
    Heard,
    Kept,
    Order,
    Outcome,
    Quota,
    Room,
    Undelivered,
    Whom,
)
from flows.effects import Bubble, Effect
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId, Key, fold, utf16_length

OWNER = FriendId("U" + "a" * 32)
START = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
"""10:12 on a Friday in Tokyo."""
GOLDEN = Path(__file__).parent.parent / "script" / "golden"


def golden(name: str) -> str:
    """A script that is in normal form."""
    return (GOLDEN / f"{name}.md").read_text(encoding="utf-8")


@dataclass
class FakeReports:
    """What the console may ask about the world, held in memory."""

    friends: list[Friend] = field(default_factory=list)
    pasts: dict[FriendId, tuple[Fact, ...]] = field(default_factory=dict)
    people: int = 412
    walking: dict[Key, dict[int, int]] = field(default_factory=dict)
    counted: dict[str, dict[str, int]] = field(default_factory=dict)
    month: Quota = field(
        default_factory=lambda: Quota(month="2026-11", limit=5000, at_line=1580, ours=1578, asked=START)
    )
    due: int = 520
    well: Health = field(default_factory=lambda: Health(tick_age=3.0, workers=2))
    progress: dict[str, Progress] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    waiting_at_line: list[Undelivered] = field(default_factory=list)
    left_undone: dict[FriendId, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    answerable_until: dict[FriendId, datetime] = field(default_factory=dict)
    line: Channel | None = field(default_factory=Channel)
    rows: list[tuple[Done, Catalog]] = field(default_factory=list)
    held: list[Kept] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def friend(self, friend: FriendId) -> FriendView | None:
        found = next((one for one in self.friends if one.id == friend), None)
        return FriendView(friend=found, past=self.pasts.get(friend, ())) if found else None

    def named(self, words: str, limit: int = 10) -> Sequence[Friend]:
        found = [one for one in self.friends if fold(words) in fold(one.name)]
        return sorted(found, key=lambda one: fold(one.name) != fold(words))[:limit]

    def known(self, friends: Collection[FriendId]) -> Sequence[Friend]:
        return [one for one in self.friends if one.id in friends]

    def newest(self, limit: int = 10) -> Sequence[Friend]:
        return self.friends[:limit]

    def count(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime | None = None) -> HeadCount:
        return HeadCount(true=128, unknown=54, names=("山田", "佐藤", "田中"))

    def listed(  # noqa: PLR0917 - the port's signature
        self,
        condition: Condition,
        catalog: Catalog,
        now: datetime,
        at: datetime | None = None,
        whom: Whom = Whom.GETS,
        start: int = 0,
        limit: int = 10,
    ) -> Sequence[Friend]:
        return self.friends[start : start + limit]

    def indexed(self) -> float:
        return self.well.indexed

    def following(self) -> int:
        return self.people

    def in_scenario(self, scenario: Key) -> Mapping[int, int]:
        return self.walking.get(scenario, {})

    def facts(self, kind: str, day: str) -> Mapping[str, int]:
        return self.counted.get(kind, {})

    def quota(self) -> Quota:
        return self.month

    def scheduled(self, until: datetime) -> int:
        return self.due

    def health(self) -> Health:
        return self.well

    def top(self, score: Key, limit: int = 10) -> Sequence[FriendView]:
        some = [one for one in self.friends if one.scores.get(score, 0) > 0]
        best = sorted(some, key=lambda one: -one.scores[score])[:limit]
        return [FriendView(friend=one, past=self.pasts.get(one.id, ())) for one in best]

    def channel(self) -> Channel | None:
        return self.line

    def download(self, what: str, staff: FriendId) -> str:
        return f"https://shop.example.com/export/{what}"

    def room(self) -> Room:
        return Room(used=sum(one.size for one in self.held), budget=64 * 1024 * 1024)

    def things(self, limit: int = 500) -> Sequence[Kept]:
        return sorted(self.held, key=lambda one: -one.size)[:limit]

    def missing(self, things: Collection[str]) -> Collection[str]:
        return [one for one in things if one in self.gone]

    def notices(self, muted: Collection[str] = ()) -> Sequence[str]:
        return self.told

    def undelivered(self, friend: FriendId) -> Sequence[Undelivered]:
        return self.waiting_at_line

    def unsaved(self, staff: FriendId) -> Sequence[Mapping[str, object]]:
        return self.left_undone.get(staff, ())

    def answerable(self, friend: FriendId) -> datetime | None:
        return self.answerable_until.get(friend)

    def awaiting(self, limit: int = 10) -> Sequence[Friend]:
        return [one for one in self.friends if one.awaits_reply][:limit]

    def broadcast(self, broadcast: Broadcast) -> Progress | None:
        return self.progress.get(broadcast.name)

    def trial(self, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
        return {one: self.outcomes.get(one, Outcome()) for one in variants}

    def history(self, limit: int = 50) -> Sequence[Done]:
        return [row for row, _ in reversed(self.rows)][:limit]

    def audited(self, words: str, limit: int = 50) -> Sequence[Done]:
        return [row for row, _ in reversed(self.rows) if fold(words) in fold(f"{row.by} {row.words}")][:limit]

    def undone(self, row: Done, catalog: Catalog) -> Catalog | None:
        before = next((before for one, before in self.rows if one == row), None)
        return replace(before, revision=catalog.revision) if before else None


@dataclass
class Phone:
    """One member of staff's phone. `say` and `tap` give back what the phone then shows."""

    me: FriendId = OWNER
    role: Role = Role.OWNER
    name: str = "花"
    catalog: Catalog = field(default_factory=Catalog)
    reports: FakeReports = field(default_factory=FakeReports)
    now: datetime = START
    console: Console = field(default_factory=lambda: Console(admin=OWNER))
    shown: tuple[Bubble, ...] = ()
    orders: list[Order] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    last: ConsoleDecision | None = None
    events: int = 0

    def __post_init__(self) -> None:
        self.console = replace(self.console, admin=self.me)
        if self.me not in self.catalog.staff:
            me = Staff(role=self.role, name=self.name, since=self.now)
            self.catalog = replace(self.catalog, staff={**self.catalog.staff, self.me: me})

    def say(self, text: str) -> str:
        """Type these words."""
        return self.hear(Heard(at=self.now, event_id=self._event(), text=text))

    def send(self, what: str, media: str) -> str:
        """Send a photo, film, voice or sticker."""
        return self.hear(Heard(at=self.now, event_id=self._event(), what=what, media=media))

    def tap(self, label: str) -> str:
        """Tap the button with this label on what is shown now."""
        return self.press(self.data_of(label))

    def press(self, data: str) -> str:
        """Tap a button that carries this data, wherever it stands."""
        return self.hear(Heard(at=self.now, event_id=self._event(), data=data))

    def hear(self, heard: Heard) -> str:
        """Decide, and make it so."""
        staff = self.catalog.staff[self.me]
        decision = decide(self.console, staff, heard, self.catalog, self.reports, self.now)
        check_limits(decision.bubbles)
        if decision.catalog is not None:
            self._commit(decision, staff)
        self.console, self.last = decision.console, decision
        self.orders += decision.orders
        self.effects += decision.effects
        if decision.bubbles:
            self.shown = decision.bubbles
        self.now += timedelta(seconds=20)
        return self.text

    def _commit(self, decision: ConsoleDecision, staff: Staff) -> None:
        assert decision.catalog is not None
        revision = self.catalog.revision + 1
        for change in decision.changes:
            row = Done(at=self.now, by=staff.name or staff.role.value, words=change.words, revision=revision)
            self.reports.rows.append((row, change.before or self.catalog))
        self.catalog = replace(decision.catalog, revision=revision)

    def _event(self) -> str:
        self.events += 1
        return f"01EVENT{self.events:04d}"

    @property
    def text(self) -> str:
        """Everything on the phone, bubble by bubble."""
        return "\n／\n".join(words_of(bubble) for bubble in self.shown)

    @property
    def labels(self) -> list[str]:
        """The buttons on the phone."""
        return [label for label, _ in self._buttons()]

    def data_of(self, label: str) -> str:
        """The data of the button with this label."""
        found = [data for name, data in self._buttons() if name == label]
        assert found, f"no button 「{label}」 among {self.labels}"
        return found[0]

    def _buttons(self) -> list[tuple[str, str]]:
        actions = [action for bubble in self.shown[-1:] for action in actions_of(bubble)]
        return [(one["label"], one["data"]) for one in actions]


def words_of(bubble: Bubble) -> str:
    """What a person reads of a bubble."""
    match bubble["type"]:
        case "text":
            return str(bubble["text"])
        case "flex":
            return str(bubble["altText"])
        case kind:
            return f"［{kind}］"


def actions_of(bubble: Bubble) -> list[Mapping[str, str]]:
    """Every action in a bubble, wherever it stands."""
    if bubble["type"] == "text":
        return [item["action"] for item in bubble.get("quickReply", {}).get("items", ())]
    found: list[Mapping[str, str]] = []
    queue = [bubble.get("contents")]
    while queue:
        one = queue.pop(0)
        if isinstance(one, Mapping):
            if "action" in one:
                found.append(one["action"])
            queue[:0] = [value for key, value in one.items() if key != "action"]
        elif isinstance(one, (list, tuple)):
            queue[:0] = list(one)
    return found


def check_limits(bubbles: Sequence[Bubble]) -> None:
    """LINE's limits for what a console says."""
    assert len(bubbles) <= 5
    for bubble in bubbles:
        if bubble["type"] == "text":
            assert 1 <= utf16_length(bubble["text"]) <= 5000
            assert len(bubble.get("quickReply", {}).get("items", ())) <= 13
        if bubble["type"] == "flex":
            assert 1 <= utf16_length(bubble["altText"]) <= 1500
        for action in actions_of(bubble):
            assert 1 <= len(action["label"]) <= 40
            assert len(action.get("data", "")) <= 300


def friend(name: str, **more: object) -> Friend:
    """A friend of that name, added at the start."""
    number = format(sum(map(ord, name)) % 16**8, "032x")
    return Friend(id=FriendId("U" + number), name=name, joined=START, **more)  # type: ignore[arg-type]
