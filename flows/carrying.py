"""Carrying a body out, from top to bottom, and going on in the middle of it after a wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flows.facts import Asked
from flows.friend import Open
from flows.homes import Home
from flows.names import Key, StepId, fold
from flows.phase import By
from flows.press import Pressed, press_data
from flows.questions import Question
from flows.scenario import Ask, Body, Do, If, Item, Say, Split, Wait
from flows.turn import Turn
from flows.variants import variant_of

Place = tuple[int, ...]
"""Indexes from the outside in: an item of a body, then one of its branches, then an item of that branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The body stopped to wait for a reaction: how long at most, to which question or link, and where it goes on."""

    limit: timedelta
    question: Key = Key("")
    link: str = ""
    resume: Place


@dataclass(slots=True)
class Carrying:
    """What a body is carried out for: a step of a walk, or the end of a survey."""

    turn: Turn
    plan: Key
    version: int
    run: int
    step: StepId
    answers: Mapping[Key, str]
    variant: str = ""
    held: Stop | None = None

    @property
    def home(self) -> Home:
        """Where the messages of the body stand."""
        return Home(plan=self.plan, version=self.version, run=self.run, step=self.step)

    def carry(self, body: Body, start: Place = (), here: Place = ()) -> bool:
        """Carry the body out from `start` on; False if it stopped: to wait, or because a journey was wished for."""
        first = start[0] if start else 0
        for index in range(first, len(body)):
            inside = start[1:] if index == first else ()
            if not self._item(body[index], inside, (*here, index)):
                return False
        return True

    def _item(self, item: Item, inside: Place, here: Place) -> bool:
        match item:
            case Say(message=message):
                self.turn.say(message.bubble(self.turn.filler(self.answers, self.home)))
            case Do(actions=actions):
                self.turn.take(actions)
                return self.turn.wish is None
            case If() | Split():
                return self._branch(item, inside, here)
            case Ask(question=question):
                return self._ask(question, here)
            case Wait(limit=limit, link=link):
                self.held = Stop(limit=limit, link=link, resume=_beyond(here))
                return False
        return True

    def _branch(self, item: If | Split, inside: Place, here: Place) -> bool:
        bodies = branches(item)
        number = inside[0] if inside else self._choose(item, here)
        if number is None or number >= len(bodies):
            return True
        return self.carry(bodies[number], inside[1:], (*here, number))

    def _choose(self, item: If | Split, here: Place) -> int | None:
        if isinstance(item, Split):
            number = variant_of(item, self.turn.peek("id"), self.step, here)
            # A step is one test: of a second split nothing is counted.
            self.variant = self.variant or item.variants[number].name
            return number
        held = self.turn.holds(item.condition)
        if held is None:
            return 2 if item.unknown is not None else 1
        return 0 if held else 1

    def _ask(self, question: Question, here: Place) -> bool:
        key = fold(question.name)
        self.turn.say(self.question_bubble(question))
        self.turn.change(open=Open(plan=self.plan, version=self.version, step=self.step, question=key, at=self.turn.at))
        self.turn.move(By.ASK)
        self.turn.note(Asked(at=self.turn.now, field=question.name, origin=self.plan))
        if question.wait is None:
            return True
        self.held = Stop(limit=question.wait, question=key, resume=_beyond(here))
        return False

    def question_bubble(self, question: Question, *, chosen: tuple[int, ...] = (), page: int = 0) -> dict[str, object]:
        """The bubble that asks, for this friend."""
        text = self.turn.filler(self.answers).text(question.text)
        key = fold(question.name)

        def press(verb: str) -> str:
            return press_data(
                Pressed(plan=self.plan, version=self.version, run=self.run, step=self.step, question=key, verb=verb)
            )

        return dict(question.ask(text, press, chosen=chosen, page=page))


def branches(item: If | Split) -> tuple[Body, ...]:
    """The branches of an item by number: then, otherwise, unknown; or the variants. An unwritten one is empty."""
    if isinstance(item, Split):
        return tuple(variant.body for variant in item.variants)
    return item.then, item.otherwise or (), item.unknown or ()


def _beyond(here: Place) -> Place:
    """The place right behind this item."""
    return (*here[:-1], here[-1] + 1)


def item_before(body: Body, place: Place) -> Item | None:
    """The item right before a place; None where the body has no such item (any more)."""
    inner: Body = body
    for index, number in zip(place[:-1:2], place[1:-1:2], strict=False):
        item = inner[index] if index < len(inner) else None
        if not isinstance(item, If | Split) or number >= len(branches(item)):
            return None
        inner = branches(item)[number]
    last = place[-1] - 1 if place else -1
    return inner[last] if 0 <= last < len(inner) else None
