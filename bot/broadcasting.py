"""Broadcasts: begun at their moment, carried out friend by friend in commits of two hundred, stopped between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.delivery import BATCH, RunningTally
from bot.handling import Allowance
from bot.log import get_logger
from bot.ports import Clock
from bot.store.broadcasts import Portion
from bot.store.entries import Entry
from bot.store.errors import StoreAwayError
from bot.store.friends import Change
from bot.store.keys import Shard
from bot.store.notices import Notice
from bot.store.records import Unreadable
from bot.store.store import Store
from flows.audience import audience
from flows.broadcast import TOO_LATE, Addressed, Broadcast, Missed
from flows.catalog import Account, Catalog
from flows.decision import Decision
from flows.engine import decide
from flows.facts import BroadcastSent, BroadcastSkipped
from flows.names import Key, fold
from flows.timing import next_open

log = get_logger(__name__)

ATTEMPTS: Final = 20
"""A portion in which somebody was quicker is decided again as a whole; so many times in a row do not happen."""
MISSED: Final = (
    "一斉配信「{name}」は、予定の時刻に送れませんでした（まだ誰にも送っていません）。「予定」で決め直してください。"
)
HALTED: Final = "一斉配信「{name}」を途中で止めました（送った人 {sent}人・送らなかった人 {stopped}人）。「予定」から結果を見られます。"
OVER: Final = "一斉配信「{name}」を送り終えました（{sent}人）。「予定」から結果を見られます。"


@dataclass(slots=True)
class _Decided:
    """What became of the friends of a portion."""

    changes: list[Change] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def take(self, decision: Decision) -> bool:
        """Count it; False for one that has no word about the broadcast: the friend had it already."""
        for fact in decision.facts:
            if isinstance(fact, BroadcastSent):
                self.sent[fact.variant] += 1
                return True
            if isinstance(fact, BroadcastSkipped):
                self.skipped[fact.why] += 1
                return True
        self.skipped[Missed.FAULT] += 1
        return False


class Broadcasting:
    """What the workers do for broadcasts."""

    def __init__(self, store: Store, allowance: Allowance, clock: Clock) -> None:
        """Everything it needs comes in here."""
        self._store = store
        self._allowance = allowance
        self._clock = clock

    def begin(self) -> None:
        """Freeze whom the broadcasts are for whose moment has come."""
        now = self._clock.now()
        catalog = self._store.catalogs.current()
        due = [one for one in catalog.broadcasts.values() if is_ready(one) and starts(one, catalog) <= now]
        for one in self._store.broadcasts.not_begun(due):
            try:
                self._take_up(one, catalog, now)
            except StoreAwayError:
                raise
            except Exception:
                # Its neighbours, and every step that is due, wait for the same tick.
                log.exception("broadcast.not_begun", broadcast=one.id)

    def _take_up(self, one: Broadcast, catalog: Catalog, now: datetime) -> None:
        if now - starts(one, catalog) > TOO_LATE:
            self._missed(one, now)
        elif not is_quiet(now, catalog.account):
            self._begin(one, catalog, now)

    def _begin(self, one: Broadcast, catalog: Catalog, now: datetime) -> None:
        found = self._store.segments.members(audience(one, catalog), catalog, now)
        people = self._store.broadcasts.begin(one.id, {shard: members.true for shard, members in found.items()}, now)
        log.info("broadcast.begun", broadcast=one.id, people=people)
        self._tell_over(one, now)

    def _missed(self, one: Broadcast, now: datetime) -> None:
        if self._store.broadcasts.tell_missed(one.id, one.at):
            self._store.notices.add(Notice(at=now, text=MISSED.format(name=one.name), topic="broadcast"))

    def busy(self) -> tuple[Shard, ...]:
        """The shards in which a broadcast is under way and may go on now."""
        shards = self._store.broadcasts.busy()
        if not shards or is_quiet(self._clock.now(), self._store.catalogs.current().account):
            return ()
        return shards

    def round(self, shard: Shard) -> int:
        """Carry the next portion of a broadcast out; returns how many friends it concerned."""
        try:
            return self._round(shard)
        except StoreAwayError:
            raise
        except Exception:
            # What else is to be done in this shard must not stand still for it.
            log.exception("broadcast.failed", shard=shard)
            return 0

    def _round(self, shard: Shard) -> int:
        for _ in range(ATTEMPTS):
            now, catalog = self._clock.now(), self._store.catalogs.current()
            portion = self._store.broadcasts.next(shard, BATCH)
            if portion is None or is_quiet(now, catalog.account):
                return 0
            one = next((each for each in catalog.broadcasts.values() if each.id == portion.id), None)
            stopped = one is None or one.stopped is not None
            if stopped or not portion.friends:
                if self._end(shard, portion, one, now, stopped=stopped):
                    return 1
            elif one is not None and self._serve(shard, portion, one, catalog, now):
                return len(portion.friends)
        log.error("broadcast.contended", shard=shard)
        return 0

    def _end(self, shard: Shard, portion: Portion, one: Broadcast | None, now: datetime, *, stopped: bool) -> bool:
        moved = self._store.broadcasts.move(shard, portion.id, portion.row, portion.row.ended(stopped=stopped))
        if moved and one is not None:
            self._tell_over(one, now)
        return moved

    def _tell_over(self, one: Broadcast, now: datetime) -> None:
        if self._store.broadcasts.tell_over(one.id, now):
            found = self._store.broadcasts.progress(one)
            sent, stopped = (found.ready, found.stopped) if found else (0, 0)
            text = (HALTED if stopped else OVER).format(name=one.name, sent=sent, stopped=stopped)
            self._store.notices.add(Notice(at=now, text=text, topic="broadcast"))
            log.info("broadcast.over", broadcast=one.id)

    def _serve(self, shard: Shard, portion: Portion, one: Broadcast, catalog: Catalog, now: datetime) -> bool:
        """Decide for these friends and commit it all with the row; False when somebody was quicker."""
        found = self._decided(shard, portion, one, catalog, now)
        row = portion.row.after(portion.after, found.sent, found.skipped)
        if not found.changes:
            return self._store.broadcasts.move(shard, portion.id, portion.row, row)
        checks, commands = self._store.broadcasts.moved(shard, portion.id, portion.row, row)
        committed = self._store.friends.commit_with(shard, found.changes, checks, commands)
        if committed is not None:
            log.info("broadcast.portion", broadcast=one.id, shard=shard, friends=len(found.changes))
        return committed is not None

    def _decided(self, shard: Shard, portion: Portion, one: Broadcast, catalog: Catalog, now: datetime) -> _Decided:
        lines = self._store.segments.lines(one.condition, catalog, now)
        event = Addressed(at=now, id=f"broadcast:{one.id}", broadcast=fold(one.name), lines=lines)
        tally = RunningTally(self._allowance.tally())
        found = _Decided()
        for friend, record in zip(portion.friends, self._store.friends.load_many(shard, portion.friends), strict=True):
            try:
                if isinstance(record, Unreadable):
                    raise record.error
                decision = decide(record.friend, event, catalog, now, tally.now())
            except Exception:
                log.exception("broadcast.fault", friend=friend, broadcast=one.id)
                found.skipped[Missed.FAULT] += 1
                continue
            if found.take(decision):
                tally.add(decision)
                found.changes.append(Change(before=record, decision=decision, at=now, zone=catalog.account.tz))
        return found

    def refused(self, entry: Entry) -> None:
        """LINE will never take this send: the report of its broadcast says so."""
        one = self._store.catalogs.current().broadcasts.get(Key(entry.source.broadcast))
        if one is not None:
            self._store.broadcasts.refused(one.id, entry.to)


def is_ready(one: Broadcast) -> bool:
    """Whether it is to go at its moment: not stopped, and known what it says."""
    return one.stopped is None and (one.rest is None or bool(one.rest.chosen))


def starts(one: Broadcast, catalog: Catalog) -> datetime:
    """When it begins, unless it is stopped by then: its moment and the seconds of grace."""
    return one.at + timedelta(seconds=catalog.account.grace_seconds)


def is_quiet(now: datetime, account: Account) -> bool:
    """Whether nothing is sent at this hour."""
    return next_open(now, (), account.quiet_from, account.quiet_until, account.tz) > now
