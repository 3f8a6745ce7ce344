"""早送り: a scenario or survey lived through by a made-up friend, the clock jumping from one due moment to the next.

The same engine, another clock, nothing written: what a rehearsal shows is what will be. It is replayed from its
beginning for the choices made so far, so that all there is to keep of it is the list of those choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from flows.actions import OpenSurvey, StartScenario
from flows.catalog import Catalog, Entry
from flows.decision import Decision
from flows.effects import Bubble, Send
from flows.engine import decide, next_due
from flows.events import CameDue, Event, Ordered, Said, Tapped
from flows.facts import Fact, PathEntered, StepHeld, StepSkipped
from flows.friend import Entry as Value
from flows.friend import Friend, Label
from flows.homes import read_button
from flows.names import MAIN, FriendId, Key, StepId, fold
from flows.planning import base_name
from flows.press import read_press
from flows.records import changed
from flows.scenario import Plan, Scenario, Split, State, Survey
from flows.timing import local_day
from flows.triggers import ByHand, ScenarioDone, SilentDays, Something, TagGained, WithoutWithin
from flows.variants import times, variant_of

NOTHING = "押さない"
"""The choice of not reacting: the clock goes on."""

MOST_EVENTS = 200
_PEOPLE = 400
"""So many made-up people are asked for one who gets a variant."""
BASE_IN = timedelta(days=30)
"""Where a scenario goes by a base date, the made-up friend's lies so far ahead."""

_SILENT = (TagGained, ByHand, ScenarioDone, SilentDays, Something, WithoutWithin)
"""Triggers that bring no reply token: what they start is sent, not replied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One send of the rehearsal: when (「3日目 19:00」), what, and what is then true of the made-up friend."""

    at: datetime
    stamp: str
    bubbles: tuple[Bubble, ...]
    counted: bool
    """Whether it would cost one 通."""
    step: str = ""
    tags: tuple[str, ...] = ()
    scores: tuple[tuple[str, int], ...] = ()
    """By name, the main one under ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What has been shown for the choices made, and what can be chosen now."""

    shown: tuple[Shown, ...]
    choices: tuple[str, ...] = ()
    """What can be pressed (or typed) now, `押さない` last; empty when it is over."""
    free: bool = False
    """The open question takes free words."""
    seen: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    """Paths entered so far, and those not entered."""
    facts: tuple[Fact, ...] = ()
    friend: Friend
    now: datetime

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return not self.choices and not self.free

    @property
    def left_out(self) -> tuple[StepSkipped | StepHeld, ...]:
        """Steps that were skipped or held, with their rules."""
        return tuple(fact for fact in self.facts if isinstance(fact, StepSkipped | StepHeld))


def rehearse(
    plan: Plan, catalog: Catalog, now: datetime, choices: Sequence[str] = (), *, name: str = "山田", variant: str = ""
) -> Rehearsal:
    """Live through the plan from its start. `choices`: the words chosen at each question so far, `押さない` for none.
    `variant`: by somebody who gets this one in A/B tests.
    """
    play = _Play(plan, catalog, now, name, variant)
    play.begin()
    left = list(choices)
    while play.events < MOST_EVENTS:
        if play.offers():
            if not left:
                break
            play.choose(left.pop(0))
        elif not play.go_on():
            break
    return play.result()


class _Play:
    """One run of a rehearsal."""

    def __init__(self, plan: Plan, catalog: Catalog, now: datetime, name: str, variant: str) -> None:
        self.plan, self.now, self.began = plan, now, now
        self.catalog = _stage(plan, catalog)
        self.zone: tzinfo = catalog.account.tz
        self.friend = replace(_made_up(plan, now, name, self.zone), id=who_gets(plan, variant))
        self.shown: list[Shown] = []
        self.facts: list[Fact] = []
        self.events = 0
        self.passed = False
        """The open question was let pass."""

    def begin(self) -> None:
        action = (
            StartScenario(name=self.plan.name) if isinstance(self.plan, Scenario) else OpenSurvey(name=self.plan.name)
        )
        loud = not self.plan.starts or any(not isinstance(start.trigger, _SILENT) for start in self.plan.starts)
        self._happens(Ordered(at=self.now, actions=(action,), can_reply=loud, by="早送り"))

    def offers(self) -> bool:
        """Whether a choice is open: a question, a wait for any reaction, or a card that can be pressed."""
        return not self.passed and (
            self.friend.open is not None or any(walk.waiting for walk in self.friend.enrollments) or bool(self.cards())
        )

    def cards(self) -> dict[str, str]:
        """The buttons of the last send's cards: what each says, and its data."""
        return _card_buttons(self.shown[-1].bubbles) if self.shown else {}

    def choose(self, words: str) -> None:
        if words == NOTHING:
            self.passed = True
            return
        self.now += timedelta(minutes=1)
        about: dict[str, Any] = {"at": self.now, "id": f"rehearsal-{self.events}", "can_reply": True}
        data = self.cards().get(words)
        self.passed = data is not None
        self._happens(Tapped(data=data, **about) if data else Said(text=words, **about))

    def go_on(self) -> bool:
        """Jump to the next due moment; False if there is none."""
        due = next_due(self.friend)
        if due is None:
            return False
        self.now = max(self.now, due)
        self._happens(CameDue(at=self.now))
        return True

    def _happens(self, event: Event) -> None:
        self.events += 1
        asked = self.friend.open
        decision = decide(self.friend, event, self.catalog, self.now)
        self.friend = decision.friend
        self.facts += decision.facts
        self._show(decision)
        if self.friend.open != asked or any(isinstance(effect, Send) for effect in decision.effects):
            self.passed = False

    def _show(self, decision: Decision) -> None:
        for effect in decision.effects:
            if isinstance(effect, Send):
                self.shown.append(self._shown(effect))

    def _shown(self, send: Send) -> Shown:
        local = self.now.astimezone(self.zone)
        day = (local_day(self.now, self.zone) - local_day(self.began, self.zone)).days + 1
        return Shown(
            at=self.now,
            stamp=f"{day}日目 {local.hour}:{local.minute:02}",
            bubbles=send.bubbles,
            counted=send.way.value == "push",
            step=send.source.step,
            tags=tuple(self._tag(key) for key in self.friend.tags),
            scores=tuple((self._score(key), points) for key, points in self.friend.scores.items()),
        )

    def _tag(self, key: Key) -> str:
        return self.catalog.tags[key].name if key in self.catalog.tags else key

    def _score(self, key: Key) -> str:
        return self.catalog.scores[key].name if key in self.catalog.scores else key

    def result(self) -> Rehearsal:
        offers = self.offers()
        labels = (*_labels(self.shown[-1].bubbles), *self.cards()) if self.shown and offers else ()
        paths = [line.name for line in self.plan.lines if line.name] if isinstance(self.plan, Scenario) else []
        entered = {fact.path for fact in self.facts if isinstance(fact, PathEntered)}
        return Rehearsal(
            shown=tuple(self.shown),
            choices=(*labels, NOTHING) if offers else (),
            free=offers and not labels,
            seen=tuple(path for path in paths if path in entered),
            unseen=tuple(path for path in paths if path not in entered),
            facts=tuple(self.facts),
            friend=self.friend,
            now=self.now,
        )


def _labels(bubbles: tuple[Bubble, ...]) -> tuple[str, ...]:
    """What the buttons of the last bubble say when pressed."""
    items = bubbles[-1].get("quickReply", {}).get("items", ())
    actions = [item["action"] for item in items]
    return tuple(
        action.get("displayText", action["label"])
        for action in actions
        if action["type"] == "postback" and read_press(action["data"])
    )


def _card_buttons(bubbles: tuple[Bubble, ...]) -> dict[str, str]:
    """What the buttons of cards say, and their data; those that only open something are left out."""
    return {
        action["displayText"]: action["data"]
        for bubble in bubbles
        if bubble["type"] == "flex"
        for card in _drawn(bubble["contents"])
        for key in card.get("footer", {}).get("contents", ())
        if "data" in (action := key["action"]) and read_button(action["data"])
    }


def _drawn(contents: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = contents["contents"] if contents["type"] == "carousel" else [contents]
    return found


def _stage(plan: Plan, catalog: Catalog) -> Catalog:
    """The catalog in which only this plan is new: published, and no other plan started by a trigger of its own."""
    plans = {key: _quiet(entry) for key, entry in catalog.plans.items()}
    plans[fold(plan.name)] = Entry(name=plan.name, state=State.LIVE, versions={1: plan}, current=1)
    return changed(catalog, plans=plans, staff={}, autoreplies={})


def _quiet(entry: Entry) -> Entry:
    live = entry.versions.get(entry.current)
    if live is None:
        return entry
    return changed(entry, versions={**entry.versions, entry.current: changed(live, starts=())})


def _made_up(plan: Plan, now: datetime, name: str, zone: tzinfo) -> Friend:
    """Somebody with the tags and base dates that would have brought him here."""
    triggers = [start.trigger for start in plan.starts]
    tags = {fold(trigger.tag): Label(at=now) for trigger in triggers if isinstance(trigger, TagGained)}
    day = (local_day(now, zone) + BASE_IN).isoformat()
    bases = _bases(plan)
    fields = {fold(base): Value(value=day, at=now) for base in bases if base not in {"登録", "予約", "来店", "購入"}}
    occasions = {fold(base): now + BASE_IN for base in bases if base in {"予約", "来店", "購入"}}
    return Friend(
        id=FriendId("U" + "0" * 32),
        name=name,
        joined=now,
        tags=tags,
        scores={MAIN: 0},
        fields=fields,
        occasions=occasions,
    )


def tests_of(plan: Plan) -> tuple[tuple[StepId, Split, int], ...]:
    """The A/B tests of a plan: the step, the split, and where in the step's body it stands."""
    steps = plan.steps() if isinstance(plan, Scenario) else ()
    return tuple(
        (step.id, item, place) for _, step in steps for place, item in enumerate(step.body) if isinstance(item, Split)
    )


def gets(who: FriendId, test: tuple[StepId, Split, int]) -> str:
    """The variant that this person gets."""
    step, split, place = test
    return split.variants[variant_of(split, who, step, (place,))].name


def who_gets(plan: Plan, variant: str) -> FriendId:
    """A made-up person whom the hash gives this variant, in all of the plan's tests if such a one is found soon."""
    tests = [test for test in tests_of(plan) if variant in {one.name for one in test[1].variants}]
    people = [FriendId(f"U{number:032x}") for number in range(_PEOPLE if tests else 1)]
    return max(people, key=lambda who: sum(gets(who, test) == variant for test in tests))


def _bases(plan: Plan) -> set[str]:
    if isinstance(plan, Survey):
        return set()
    whens = [when for _, step in plan.steps() for _, when in times(step)]
    return {name for when in whens if (name := base_name(when, plan)) is not None}
