"""A friend's life in the pure core: scripts in, a clock to move, what is said and shown out."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.catalog import Account, Catalog, Entry
from flows.decision import Decision, Tally
from flows.effects import Effect, Send, TellStaff, Way
from flows.engine import decide, next_due
from flows.events import (
    CameDue,
    Event,
    Followed,
    Left,
    Occurred,
    Ordered,
    Rebased,
    Said,
    Showed,
    Tapped,
)
from flows.facts import Fact, StepHeld, StepSkipped, StepTaken
from flows.friend import Friend
from flows.names import FriendId, Key, fold
from flows.scenario import Plan, State
from flows.script import Problems, read, with_new_names

ME = FriendId("U" + "1" * 32)


def plan_of(text: str, catalog: Catalog = Catalog(), now: datetime | None = None) -> Plan:  # noqa: B008
    script = read(text.strip() + "\n", catalog, now or datetime(2026, 11, 20, tzinfo=UTC))
    assert not isinstance(script, Problems), script
    return script.plan


def published(catalog: Catalog, text: str, now: datetime | None = None) -> Catalog:
    """The catalog with this script published as the next version of its name."""
    script = read(text.strip() + "\n", catalog, now or datetime(2026, 11, 20, tzinfo=UTC))
    assert not isinstance(script, Problems), script
    catalog = with_new_names(catalog, script.new_names)
    key = fold(script.plan.name)
    old = catalog.plans.get(key)
    versions = dict(old.versions) if old else {}
    number = max(versions, default=0) + 1
    versions[number] = script.plan
    entry = Entry(name=script.plan.name, state=State.LIVE, versions=versions, current=number)
    return replace(catalog, plans={**catalog.plans, key: entry}, revision=catalog.revision + 1)


@dataclass
class Life:
    """One friend, one catalog, one clock. `heard` is what the last event brought: the words of each bubble."""

    scripts: tuple[str, ...]
    zone: str = "Asia/Tokyo"
    start: str = "2026-11-20 12:00"
    account: Account | None = None
    tally: Tally = field(default_factory=Tally)
    catalog: Catalog = field(init=False)
    friend: Friend = field(init=False)
    now: datetime = field(init=False)
    effects: list[Effect] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    last: Decision | None = None
    buttons: dict[str, str] = field(default_factory=dict)
    number: int = 0
    pushes: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.local(self.start)
        self.catalog = Catalog(account=replace(self.account or Account(), zone=self.zone))
        for script in self.scripts:
            self.catalog = published(self.catalog, script, self.now)
        self.friend = Friend(id=ME)

    # -- the clock ------------------------------------------------------------------------------------------------

    def local(self, words: str) -> datetime:
        return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def clock(self) -> str:
        return self.now.astimezone(ZoneInfo(self.zone)).strftime("%m-%d %H:%M")

    @property
    def due(self) -> str | None:
        at = next_due(self.friend)
        return at.astimezone(ZoneInfo(self.zone)).strftime("%m-%d %H:%M") if at else None

    def until(self, words: str) -> list[str]:
        """Live until that moment, every due thing at its time; what was said."""
        end, said = self.local(words), []
        while (at := next_due(self.friend)) is not None and at <= end:
            self.now = max(self.now, at)
            said += [f"{self.clock} {each}" for each in self.ring()]
        self.now = end
        return said

    def sleep(self, words: str) -> None:
        """Nothing runs until that moment."""
        self.now = self.local(words)

    def ring(self) -> list[str]:
        return self.happens(CameDue(at=self.now))

    def next(self) -> list[str]:
        """Move to the next due moment and look."""
        at = next_due(self.friend)
        assert at is not None, "nothing is due"
        self.now = max(self.now, at)
        return self.ring()

    # -- what happens ---------------------------------------------------------------------------------------------

    def happens(self, event: Event) -> list[str]:
        decision = decide(self.friend, event, self.catalog, self.now, self.tally)
        self.last, self.friend = decision, decision.friend
        self.effects += decision.effects
        self.facts += decision.facts
        sends = [effect for effect in decision.effects if isinstance(effect, Send)]
        for send in sends:
            assert 1 <= len(send.bubbles) <= 5
            self.pushes += [(self.now, send.source.step)] if send.way is Way.PUSH else []
            for bubble in send.bubbles:
                self._remember_buttons(bubble)
        assert sum(send.way is Way.REPLY for send in sends) <= (1 if event.can_reply else 0)
        return [said(bubble) for send in sends for bubble in send.bubbles]

    def _remember_buttons(self, bubble) -> None:
        for item in bubble.get("quickReply", {}).get("items", ()):
            action = item["action"]
            if action["type"] == "postback":
                assert len(action["data"]) <= 300
                self.buttons[action["label"]] = action["data"]
        for action in card_actions(bubble):
            if action["type"] == "postback":
                assert len(action["data"]) <= 300
                self.buttons[action["label"]] = action["data"]

    def _id(self) -> str:
        self.number += 1
        return f"event-{self.number}"

    def follow(self, name: str = "さくら", **more) -> list[str]:
        return self.happens(Followed(at=self.now, id=self._id(), can_reply=True, name=name, **more))

    def block(self) -> list[str]:
        return self.happens(Left(at=self.now, id=self._id()))

    def says(self, text: str) -> list[str]:
        return self.happens(Said(at=self.now, id=self._id(), can_reply=True, text=text))

    def shows(self, what: str, **more) -> list[str]:
        return self.happens(Showed(at=self.now, id=self._id(), can_reply=True, what=what, **more))

    def taps(self, label: str, picked: str = "") -> list[str]:
        data = self.buttons[label]
        return self.happens(Tapped(at=self.now, id=self._id(), can_reply=True, data=data, picked=picked))

    def order(self, *actions, by: str = "鈴木") -> list[str]:
        return self.happens(Ordered(at=self.now, actions=actions, by=by))

    def occurs(self, what: str, on=None) -> list[str]:
        return self.happens(Occurred(at=self.now, what=what, on=on))

    def rebase(self, scenario: str, version: int) -> list[str]:
        return self.happens(Rebased(at=self.now, scenario=fold(scenario), to_version=version))

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    # -- what can be seen -----------------------------------------------------------------------------------------

    @property
    def tags(self) -> set[str]:
        return set(self.friend.tags)

    @property
    def score(self) -> int:
        return self.friend.scores.get(Key(""), 0)

    @property
    def counted(self) -> int:
        return len(self.pushes)

    @property
    def told(self) -> list[str]:
        return [effect.text for effect in self.effects if isinstance(effect, TellStaff)]

    def ways(self) -> list[str]:
        assert self.last is not None
        return [effect.way.value for effect in self.last.effects if isinstance(effect, Send)]

    def taken(self) -> list[str]:
        return [fact.step for fact in self.facts if isinstance(fact, StepTaken)]

    def skipped(self) -> list[str]:
        return [fact.rule.value for fact in self.facts if isinstance(fact, StepSkipped)]

    def held(self) -> list[str]:
        return [fact.rule.value for fact in self.facts if isinstance(fact, StepHeld)]

    def kinds(self) -> list[str]:
        return [fact.kind for fact in self.facts]

    def edit(self, text: str) -> None:
        self.catalog = published(self.catalog, text, self.now)

    def state(self, scenario: str, state: State) -> None:
        key = fold(scenario)
        entry = replace(self.catalog.plans[key], state=state)
        self.catalog = replace(self.catalog, plans={**self.catalog.plans, key: entry})


def card_actions(bubble):
    """What the buttons of a card, or of several, do."""
    contents = bubble.get("contents", {})
    cards = contents["contents"] if contents.get("type") == "carousel" else [contents]
    return [key["action"] for card in cards for key in card.get("footer", {}).get("contents", ())]


def said(bubble) -> str:
    return bubble["text"] if bubble["type"] == "text" else f"<{bubble['type']}>"
