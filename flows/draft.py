"""The workings of one decision in the making: the friend as he becomes, what is being said, what became true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from flows.catalog import Catalog
from flows.conditions import Condition, Rank
from flows.decision import Decision, Tally
from flows.effects import Bubble, Effect, Send, Source, Way
from flows.events import Event
from flows.facts import Fact, Noted
from flows.friend import Enrollment, Friend, Phase, Sent
from flows.gate import Asking, Refusal, refusal
from flows.heeding import delivered
from flows.homes import NO_HOME, Home
from flows.names import Key, StepId
from flows.phase import By, move
from flows.records import changed
from flows.requests import LATER, REASONS, Record, Request
from flows.words import Filler

BUBBLES = 5
"""One call takes at most five message objects (developers.line.biz, sending messages)."""

STEPS = 20
"""A turn takes at most so many steps; what is left is due at once and goes on in the next."""

NOWHERE = Source()
REMEMBERED = timedelta(days=8)
"""How long counted sends are kept on the record: a week's cap needs seven days."""


@dataclass(slots=True)
class _Saying:
    """A send in the making."""

    way: Way
    bubbles: list[Bubble]
    source: Source
    walk: Key
    due: datetime | None = None


class Mark(NamedTuple):
    """A place in the turn to which everything can be taken back."""

    friend: Friend
    walks: dict[Key, Enrollment]
    facts: int
    effects: int
    requests: int
    stirred: bool
    moved: frozenset[Key]


class Draft:
    """What `Turn` is built on, and the `Sight` of conditions. Mutable, lives for one decision, never shared."""

    def __init__(self, friend: Friend, event: Event, catalog: Catalog, now: datetime, tally: Tally) -> None:
        self.event = event
        self.catalog = catalog
        self.now = now
        self.tally = tally
        self.zone: tzinfo = catalog.account.tz
        self.walks = {walk.scenario: walk for walk in friend.enrollments}
        self.facts: list[Fact] = []
        self.requests: list[Request] = []
        self.buffer: list[Bubble] = []
        self.steps = 0
        self.lines: Mapping[Rank, int] = {}
        """How many points it takes to be one of the highest, where the event brings that with it."""
        self.stirred = False
        """A tag, score or field changed: goals are to be looked at."""
        self.moved: frozenset[Key] = frozenset()
        """Base dates that changed: steps bound to them move."""
        self.repaced = False
        """The friend chose another pace: walks held by it are to be looked at."""
        self.touched: set[Key] = set()
        """Walks that may go on in this turn."""
        self.started: set[Key] = set()
        self.asking: set[Key] = set()
        """Surveys that put a question in this turn."""
        self.entered: set[tuple[Key, Key]] = set()
        """Paths entered in this turn: going round in a circle needs time."""
        self.thanks = ""
        """What is said if the turn would otherwise leave a changed answer without a word."""
        self.why = ""
        self.by_hand = ""
        self._origin: Key = Key("")
        self.place = StepId("")
        """Its step, where there is one."""
        self.wish: str | None = None
        """The path to go to; "" is the end of the scenario."""
        self.jump: Key | None = None
        self.record: Record | None = None
        self._friend = friend
        self._changes: dict[str, Any] = {}
        self._walked = False
        self._sayings: list[_Saying] = []
        self._effects: list[Effect] = []
        self.bundles: list[Key] = []

    @property
    def origin(self) -> Key:
        """The scenario or survey whose effects are being carried out."""
        return self._origin

    @origin.setter
    def origin(self, plan: Key) -> None:
        self._origin, self.place = plan, StepId("")

    # -- the friend -----------------------------------------------------------------------------------------------

    @property
    def friend(self) -> Friend:
        """The friend as he is by now."""
        if self._walked:
            self._changes["enrollments"] = tuple(self.walks.values())
            self._walked = False
        if self._changes:
            self._friend = changed(self._friend, **self._changes)
            self._changes = {}
        return self._friend

    def change(self, **changes: object) -> None:
        """Put new values into the friend record."""
        self._changes.update(changes)

    def peek(self, name: str) -> Any:
        """One value of the record as it is by now, without building the record."""
        return self._changes[name] if name in self._changes else getattr(self._friend, name)

    def put_walk(self, walk: Enrollment) -> None:
        """Keep where the friend stands in a scenario now."""
        self.walks[walk.scenario] = walk
        self._walked = True

    def drop_walk(self, scenario: Key) -> None:
        """The friend is in that scenario no longer."""
        del self.walks[scenario]
        self._walked = True

    @property
    def at(self) -> datetime:
        """When the person did what he did, by LINE's clock; our own now where nobody did anything."""
        return self.event.at if self.event.can_reply or self.event.id else self.now

    def move(self, by: By) -> None:
        """Move the conversation on; where the table has no such move this is a mistake of ours."""
        phase: Phase = self.peek("phase")
        moved = move(phase, by)
        if moved is not phase:
            self.change(phase=moved)

    def note(self, fact: Fact) -> None:
        """Keep what became true."""
        self.facts.append(fact)

    def remark(self, words: str) -> None:
        """Keep something an owner may want to read back, in words."""
        self.facts.append(Noted(at=self.now, words=words))

    def effect(self, effect: Effect) -> None:
        """Ask something of the world."""
        self._effects.append(effect)

    # -- sight ----------------------------------------------------------------------------------------------------

    def segment(self, name: Key) -> Condition | None:
        """The saved segment of that name."""
        saved = self.catalog.segments.get(name)
        return saved.condition if saved else None

    def line(self, rank: Rank) -> int | None:
        """How many points it takes to be one of these; None: it cannot be told from one record."""
        return self.lines.get(rank)

    def holds(self, condition: Condition) -> bool | None:
        """Whether it is so for the friend as he is by now; None is unknown."""
        return condition.holds(self.friend, self)

    # -- taking back ----------------------------------------------------------------------------------------------

    def mark(self) -> Mark:
        """Remember this place."""
        return Mark(
            self.friend,
            dict(self.walks),
            len(self.facts),
            len(self._effects),
            len(self.requests),
            self.stirred,
            self.moved,
        )

    def back(self, mark: Mark) -> None:
        """Take back everything since the mark, what was about to be said included."""
        self._friend, self._changes = mark.friend, {}
        self.walks, self._walked = dict(mark.walks), False
        del self.facts[mark.facts :], self._effects[mark.effects :], self.requests[mark.requests :]
        self.stirred, self.moved = mark.stirred, mark.moved
        self.wish, self.buffer = None, []

    # -- speaking -------------------------------------------------------------------------------------------------

    def say(self, bubble: Bubble) -> None:
        """Add a bubble to what is about to be said."""
        self.buffer.append(bubble)

    def says(self, text: str) -> None:
        """Add words of ours to what is about to be said."""
        self.buffer.append({"type": "text", "text": text})

    def filler(self, answers: Any = None, home: Home = NO_HOME) -> Filler:
        """What fills this friend's words into bodies; `home`: where the message stands."""
        return Filler(self.friend, self.catalog, answers or {}, home=home)

    @property
    def can_reply(self) -> bool:
        """Whether what is about to be said still fits into the answer to the event, and nothing overtook it."""
        if not self.event.can_reply or len(self.buffer) > BUBBLES:
            return False
        if not self._sayings:
            return True
        first = self._sayings[0]
        return len(self._sayings) == 1 and first.way is Way.REPLY and len(first.bubbles) + len(self.buffer) <= BUBBLES

    def has_room(self, bubbles: int) -> bool:
        """Whether so many bubbles more still fit into the answer to the event, at no cost."""
        said = len(self.buffer) + sum(len(saying.bubbles) for saying in self._sayings)
        return self.can_reply and said + bubbles <= BUBBLES

    def can_join(self, walk: Key) -> bool:
        """Whether it fits into a counted send that this walk makes in this turn anyway."""
        if not self._sayings:
            return False
        last = self._sayings[-1]
        return last.way is Way.PUSH and last.walk == walk and len(last.bubbles) + len(self.buffer) <= BUBBLES

    def reply(self, source: Source) -> None:
        """Say it in the answer to the event."""
        if self._sayings:
            self._sayings[0].bubbles.extend(self.buffer)
        else:
            self._sayings.append(_Saying(Way.REPLY, self.buffer, source, Key(source.scenario)))
        self.buffer = []

    def join(self) -> None:
        """Say it in the last counted send of this turn."""
        self._sayings[-1].bubbles.extend(self.buffer)
        self.buffer = []

    def push(self, source: Source, *, due: datetime | None = None, late: bool = False) -> int:
        """Say it on our own, in counted sends of five bubbles; how many it took. `due`: what moment it had waited for."""
        walk = Key(source.scenario)
        parts = [self.buffer[start : start + BUBBLES] for start in range(0, len(self.buffer), BUBBLES)]
        self._sayings += [_Saying(Way.PUSH, part, source, walk, due) for part in parts]
        sent = Sent(
            at=self.now,
            scenario=walk,
            version=source.version,
            step=StepId(source.step),
            broadcast=source.broadcast,
            late=late,
        )
        since = self.now - REMEMBERED
        kept = tuple([old for old in self.peek("sends") if old.at > since])
        self.change(sends=kept + (sent,) * len(parts))
        if sent.scenario or sent.broadcast:
            deliveries, heeded = delivered(self.peek("deliveries"), self.peek("heeded"))
            self.change(deliveries=deliveries, heeded=heeded)
        self.buffer = []
        return len(parts)

    def pushed(self, walk: Key | None = None) -> int:
        """Counted sends of this turn so far, in all or of one walk."""
        return sum(saying.way is Way.PUSH and walk in (None, saying.walk) for saying in self._sayings)

    def speak(self, source: Source = NOWHERE, request: Request | None = None, *, person: bool = False) -> bool:
        """Say what belongs to no step: in the reply, in a send that goes anyway, or through the gate.

        False: the gate said no. If it did so until a certain moment, `request` is taken up again then.
        """
        if not self.buffer:
            return True
        if self.can_reply:
            self.reply(source)
        elif self.can_join(Key(source.scenario)):
            self.join()
        elif refused := refusal(self.friend, self._asking(person=person), self.catalog, self.now, self.tally):
            self.buffer = []
            self._later(refused, request)
            return False
        else:
            self.push(source)
        return True

    def _asking(self, *, person: bool) -> Asking:
        wants = -(-len(self.buffer) // BUBBLES)
        return Asking(wants=wants, pushed=self.pushed(), person=person)

    def _later(self, refused: Refusal, request: Request | None) -> None:
        words = REASONS[refused.rule]
        if request is None or refused.until is None:
            self.remark(f"{words}、送れなかった言葉があります")
            return
        name = f"{LATER}{request.verb}/{request.name}"
        self.change(alarms={**self.peek("alarms"), name: refused.until})
        self.remark(f"{words}、「{request.name}」はあとで送ります")

    @property
    def silent(self) -> bool:
        """Whether nothing is said to the friend in this turn so far."""
        return not self._sayings and not self.buffer

    def decision(self) -> Decision:
        """The outcome of the turn."""
        sends = [
            Send(bubbles=tuple(saying.bubbles), way=saying.way, source=saying.source, due=saying.due)
            for saying in self._sayings
        ]
        return Decision(friend=self.friend, effects=(*sends, *self._effects), facts=tuple(self.facts))
