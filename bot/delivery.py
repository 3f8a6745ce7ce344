"""What came due, and what is still to be performed: shard by shard, at most one commit for two hundred friends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
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

    def __init__(self, store: Store, friendly: Friendly, clock: Clock, allowance: Allowance, helper: Executor) -> None:
        """Everything it needs comes in here; `helper` runs one of two batches, so that neither waits for Redis alone."""
        self._store = store
        self._friendly = friendly
        self._clock = clock
        self._allowance = allowance
        self._helper = helper
        self._one_at_a_time = threading.Lock()

    def due(self, shard: Shard) -> int:
        """Carry the friends on who are due; returns how many were looked at. Who loses a race stays due."""
        now = self._clock.now()
        friends = self._store.due.due(shard, now, 2 * BATCH)
        if not friends:
            return 0
        event, tally = CameDue(at=now), self._tally()
        ahead, behind = friends[:BATCH], friends[BATCH:]
        beside = self._helper.submit(self._many, shard, behind, event, now, tally) if behind else None
        try:
            self._many(shard, ahead, event, now, tally)
        finally:
            if beside is not None:
                beside.result()
        return len(friends)

    def orders(self, shard: Shard) -> int:
        """Carry the next portion of an order to many out; returns how many friends it concerned."""
        portion = self._store.orders.next(shard, BATCH)
        if portion is None:
            return 0
        # The order's id marks each record that has it, so that a portion done twice is done once.
        event = replace(portion.event, id=portion.order)
        for loser in self._many(shard, portion.friends, event, self._clock.now(), self._tally()):
            self._friendly.act(loser, event)
        self._store.orders.served(shard, portion)
        return len(portion.friends) or 1

    def _tally(self) -> RunningTally:
        return RunningTally(self._allowance.fresh())

    def _many(
        self, shard: Shard, friends: Sequence[FriendId], event: Event, now: datetime, tally: RunningTally
    ) -> frozenset[FriendId]:
        """The same event for these friends of one shard, in one commit; gives those who lost a race."""
        catalog = self._store.catalogs.current()
        found = self._store.friends.load_many(shard, friends)
        # Two batches share a tally: the second decides once the first has taken its share of it.
        with self._one_at_a_time:
            changes = self._decided(friends, found, event, catalog=catalog, now=now, tally=tally)
        if not changes:
            return frozenset()
        losers = self._store.friends.commit(shard, changes).losers
        for change in changes:
            if change.before.friend.id in losers:
                self._friendly.caps.give_back(change.before.friend, change.decision, catalog)
        if any(lacks_quota(change.decision) for change in changes):
            self._allowance.held(now)
        log.info("batch.decided", shard=shard, friends=len(changes), lost=len(losers), event_kind=type(event).__name__)
        return losers

    def _decided(
        self,
        friends: Sequence[FriendId],
        found: Sequence[Record | Unreadable],
        event: Event,
        *,
        catalog: Catalog,
        now: datetime,
        tally: RunningTally,
    ) -> list[Change]:
        changes: list[Change] = []
        for friend, record in zip(friends, found, strict=True):
            change = self._one(friend, record, event, catalog=catalog, tally=tally.now(), now=now)
            if change is not None:
                tally.add(change.decision)
                changes.append(change)
        return changes

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
            decision = self._friendly.caps.decide(found, event, catalog, now, tally)
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
        self._now = Tally(left=before.left, sent=dict(before.sent or {}))

    def now(self) -> Tally:
        """What the next decision must know."""
        return self._now

    def add(self, decision: Decision) -> None:
        """Its counted sends are taken."""
        pushed = [effect for effect in decision.effects if isinstance(effect, Send) and effect.way is Way.PUSH]
        if not pushed:
            return
        left, sent = self._now.left, dict(self._now.sent or {})
        for effect in pushed:
            sent[effect.source.scenario] = sent.get(effect.source.scenario, 0) + 1
        self._now = Tally(left=None if left is None else max(0, left - len(pushed)), sent=sent)


class Delivery:
    """What the workers' job does for one shard until nothing is left, or for so long as a job may last."""

    def __init__(self, *works: Callable[[Shard], int], send: Callable[[Shard], int], helper: Executor) -> None:
        """Each does one round of its work for a shard and says how much that was; `send` sends what came of it."""
        self._works = works
        self._send = send
        self._helper = helper

    def deliver(self, shard: Shard, *, seconds: float = LONGEST_SECONDS) -> bool:
        """Work on the shard; False when time was up before the work was."""
        end = time.monotonic() + seconds
        on_the_wire: Future[int] | None = None
        while time.monotonic() < end:
            done = sum(work(shard) for work in self._works)
            settled = on_the_wire.result() if on_the_wire else 0
            # A full batch is sent while the next is decided; of less there is nothing to gain.
            on_the_wire = self._helper.submit(self._send, shard) if done >= BATCH else None
            if on_the_wire is None and not done + settled + self._send(shard):
                return True
        if on_the_wire is not None:
            on_the_wire.result()
        return False
