"""Decisions under a cap for all friends together: what they would send is granted before it is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from bot.store.caps import Caps
from bot.store.counters import Counters
from bot.store.records import Record
from flows.catalog import Catalog
from flows.decision import Decision, Tally
from flows.effects import Send, Source, Way
from flows.engine import decide
from flows.events import Event
from flows.friend import Friend
from flows.names import Key


class Capped(NamedTuple):
    """A scenario of which only so many may be sent in all."""

    scenario: str
    cap: int


Grants = Mapping[Capped, list[str]]
"""By scenario, the names of the counted sends."""


class CapBook:
    """Decides; where a scenario has a cap in all, only what is granted stays in the decision."""

    def __init__(self, caps: Caps, counters: Counters) -> None:
        """`counters` know what was sent before a cap was set."""
        self._caps = caps
        self._counters = counters

    def decide(self, record: Record, event: Event, catalog: Catalog, now: datetime, tally: Tally) -> Decision:
        """The decision, anew without what a full cap leaves no room for."""
        full: set[Capped] = set()
        while True:
            decision = decide(record.friend, event, catalog, now, tally)
            refused = self._take(grants(record.friend, decision, catalog))
            if refused is None or refused in full:
                return decision
            full.add(refused)
            tally = replace(tally, sent={**(tally.sent or {}), refused.scenario: refused.cap})

    def give_back(self, friend: Friend, decision: Decision, catalog: Catalog) -> None:
        """The decision lost a race: nothing of it was sent."""
        for capped, names in grants(friend, decision, catalog).items():
            self._caps.give_back(capped.scenario, names)

    def _take(self, wanted: Grants) -> Capped | None:
        """Take all of these; else the cap that leaves no room, and nothing is taken."""
        for place, (capped, names) in enumerate(wanted.items()):
            if self._caps.take(capped.scenario, names, cap=capped.cap, before=self._sent):
                continue
            for other, taken in list(wanted.items())[:place]:
                self._caps.give_back(other.scenario, taken)
            return capped
        return None

    def _sent(self, scenario: str) -> int:
        return self._counters.sent().get(scenario, 0)


def grants(friend: Friend, decision: Decision, catalog: Catalog) -> Grants:
    """The counted sends of scenarios with a cap in all: whose, of which run, and the how many-th of it."""
    found: dict[Capped, list[str]] = defaultdict(list)
    for effect in decision.effects:
        if not isinstance(effect, Send) or effect.way is not Way.PUSH:
            continue
        scenario = catalog.scenario(Key(effect.source.scenario), effect.source.version)
        if scenario is not None and scenario.caps is not None and scenario.caps.in_all is not None:
            names = found[Capped(effect.source.scenario, scenario.caps.in_all)]
            names.append(_name(friend, effect.source, len(names)))
    return found


def _name(friend: Friend, source: Source, number: int) -> str:
    """The name of a grant: always the same for the same send, and nothing from which a person could be told."""
    whole = f"{friend.id}/{source.scenario}/{source.run}/{_before(friend, source) + number}"
    return blake2b(whole.encode("utf-8", "replace"), digest_size=9).hexdigest()


def _before(friend: Friend, source: Source) -> int:
    """How many counted sends of this run went before."""
    walks = (walk for walk in friend.enrollments if walk.scenario == source.scenario and walk.run == source.run)
    return next((walk.sent for walk in walks), 0)
