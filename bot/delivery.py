"""What came due, and what is still to be performed: shard by shard, at most one commit for two hundred friends."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.handling import Allowance, Friendly, is_nothing, lacks_quota
from bot.log import get_logger
from bot.ports import Clock
from bot.store.friends import Change
from bot.store.keys import Shard
from bot.store.records import Record, Unreadable
from bot.store.store import Store
from flows.catalog import Catalog
from flows.decision import Decision, Tally
from flows.effects import Send, Way
from flows.engine import decide
from flows.events import CameDue, Event
from flows.names import FriendId

log = get_logger(__name__)

BATCH: Final = 200
"""Friends of one commit: more would only keep Redis from answering webhooks for longer."""
LONGEST_SECONDS: Final = 15.0
"""A job ends after about so long and is rung for again: a worker that is told to end has 25 seconds."""
PARKED: Final = timedelta(minutes=10)
"""A friend whose decision fails is left alone so long, and must not stop his neighbours."""
RESTS: Final = timedelta(seconds=60)
"""A friend who is due though nothing is to be done is looked at again after so long."""


class Deciding:
    """Decides for many friends of one shard, each under his own guard."""

    def __init__(self, store: Store, friendly: Friendly, clock: Clock, allowance: Allowance) -> None:
        """Everything it needs comes in here."""
        self._store = store
        self._friendly = friendly
        self._clock = clock
        self._allowance = allowance

    def due(self, shard: Shard) -> int:
        """Carry the friends on who are due; returns how many were looked at. Who loses a race stays due."""
        now = self._clock.now()
        friends = self._store.due.due(shard, now, BATCH)
        if friends:
            self._many(shard, friends, CameDue(at=now), now)
        return len(friends)

    def orders(self, shard: Shard) -> int:
        """Carry the next portion of an order to many out; returns how many friends it concerned."""
        portion = self._store.orders.next(shard, BATCH)
        if portion is None:
            return 0
        # The order's id marks each record that has it, so that a portion done twice is done once.
        event = replace(portion.event, id=portion.order)
        for loser in self._many(shard, portion.friends, event, self._clock.now()):
            self._friendly.act(loser, event)
        self._store.orders.served(shard, portion)
        return len(portion.friends) or 1

    def _many(self, shard: Shard, friends: Sequence[FriendId], event: Event, now: datetime) -> frozenset[FriendId]:
        """The same event for these friends of one shard, in one commit; gives those who lost a race."""
        catalog = self._store.catalogs.current()
        tally = RunningTally(self._allowance.fresh())
        changes: list[Change] = []
        for friend, found in zip(friends, self._store.friends.load_many(shard, friends), strict=True):
            change = self._one(friend, found, event, catalog=catalog, tally=tally.now(), now=now)
            if change is not None:
                tally.add(change.decision)
                changes.append(change)
        if not changes:
            return frozenset()
        losers = self._store.friends.commit(shard, changes).losers
        if any(lacks_quota(change.decision) for change in changes):
            self._allowance.held(now)
        log.info("batch.decided", shard=shard, friends=len(changes), lost=len(losers), event_kind=type(event).__name__)
        return losers

    def _one(
        self,
        friend: FriendId,
        found: Record | Unreadable,
        event: Event,
        *,
        catalog: Catalog,
        tally: Tally,
        now: datetime,
    ) -> Change | None:
        if isinstance(found, Unreadable):
            log.error("friend.unreadable", friend=friend, reason=repr(found.error))
            self._store.due.park(friend, now + PARKED)
            return None
        try:
            decision = decide(found.friend, event, catalog, now, tally)
        except Exception:
            log.exception("friend.parked", friend=friend)
            self._store.due.park(friend, now + PARKED)
            return None
        if not is_nothing(decision, found):
            return Change(before=found, decision=decision, at=now, zone=catalog.account.tz)
        if isinstance(event, CameDue):
            self._store.due.park(friend, now + RESTS)
        return None


class RunningTally:
    """The tally as it shrinks while a batch is decided."""

    def __init__(self, before: Tally) -> None:
        """Begin with what is left."""
        self._left = before.left
        self._sent = dict(before.sent or {})

    def now(self) -> Tally:
        """What the next decision must know."""
        return Tally(left=self._left, sent=self._sent)

    def add(self, decision: Decision) -> None:
        """Its counted sends are taken."""
        for effect in decision.effects:
            if isinstance(effect, Send) and effect.way is Way.PUSH:
                self._left = None if self._left is None else max(0, self._left - 1)
                self._sent[effect.source.scenario] = self._sent.get(effect.source.scenario, 0) + 1


class Delivery:
    """What the workers' job does for one shard until nothing is left, or for so long as a job may last."""

    def __init__(self, *works: Callable[[Shard], int]) -> None:
        """Each does one round of its work for a shard and says how much that was."""
        self._works = works

    def deliver(self, shard: Shard, *, seconds: float = LONGEST_SECONDS) -> bool:
        """Work on the shard; False when time was up before the work was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not sum(work(shard) for work in self._works):
                return True
        return False
