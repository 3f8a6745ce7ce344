"""One event: load, decide, commit; what is to be said is handed over, and said after the 200."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, Protocol

from bot.capping import CapBook
from bot.inbound import Incoming
from bot.line import LineClient, reply
from bot.log import get_logger
from bot.ports import Clock
from bot.sender import Sender
from bot.store.catalogs import Catalogs
from bot.store.entries import Entry, bubbles_json
from bot.store.errors import StoreAwayError
from bot.store.friends import Change, Friends
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from bot.store.spares import Spares
from flows.catalog import Catalog, Staff
from flows.decision import Decision, Tally
from flows.effects import Bubble, Send, TellStaff, Way
from flows.events import Event
from flows.facts import Rule, StepHeld
from flows.names import FriendId
from flows.scenario import Scenario
from flows.way_back import with_way_back

log = get_logger(__name__)

ATTEMPTS: Final = 20
"""A lost race is decided again; so many in a row for one friend do not happen."""
TOKEN_LIVES: Final = timedelta(seconds=50)
"""LINE says a minute from receipt, without a promise beyond (developers.line.biz: send-reply-message)."""
FAULT: Final = "ただいま、うまく受け取れませんでした。少し待ってから、もう一度お送りください。"
SCARCE: Final = 500
"""So few messages left are counted anew for each decision."""


class ContendedError(Exception):
    """One friend's record changed under us each time we tried."""


class Allowance(Protocol):
    """Knows how many counted messages may still be sent."""

    def tally(self) -> Tally:
        """What a decision must know about everybody else, a few seconds old at most."""
        ...

    def fresh(self) -> Tally:
        """The same, read now."""
        ...

    def held(self, now: datetime) -> None:
        """A step was held for want of quota: staff are told, once a month."""
        ...


class Door(Protocol):
    """Takes an event that is not simply a friend's; says whether it did."""

    def take(self, one: Incoming, record: Record, catalog: Catalog, now: datetime) -> bool:
        """True: the event is dealt with (or safely kept). False: it is a friend's event."""
        ...


class Queue(Protocol):
    """Keeps events that cannot be decided as they came, and those of the same friend behind them."""

    def take(self, one: Incoming, record: Record, catalog: Catalog, now: datetime, *, crowded: bool) -> bool:
        """True: the event is safely kept. `crowded`: something waits in the inbox of the friend's shard."""
        ...


class Friendly:
    """Decides and commits friends' events."""

    def __init__(
        self,
        friends: Friends,
        catalogs: Catalogs,
        clock: Clock,
        allowance: Allowance,
        *,
        caps: CapBook,
        spares: Spares,
    ) -> None:
        """Everything it needs comes in here."""
        self._spares = spares
        self.caps = caps
        self._friends = friends
        self._catalogs = catalogs
        self._clock = clock
        self._allowance = allowance

    def load(self, friend: FriendId) -> tuple[Record, Catalog]:
        """The record and the configuration of this moment, in one trip."""
        record, catalog, _ = self.meet(friend)
        return record, catalog

    def meet(self, friend: FriendId) -> tuple[Record, Catalog, bool]:
        """The same, and whether an earlier event may still wait in the inbox of the friend's shard."""
        met = self._friends.meet(friend)
        return met.record, self._catalogs.at(met.revision), met.waiting

    def staff_now(self) -> Mapping[FriendId, Staff]:
        """Who is staff at this moment."""
        return self._catalogs.current().staff

    def act(
        self, friend: FriendId, event: Event, *, token: str = "", known: tuple[Record, Catalog] | None = None
    ) -> tuple[Entry, ...]:
        """Decide and commit, again after each lost race; gives what is now in the outbox.

        `known` is what was loaded a moment ago. Raises StoreAwayError, and ContendedError.
        """
        entries = self._settle(friend, event, token, known, room=0)[0]
        if token and _waits_for_a_person(entries):
            self._spares.keep(friend, token, self._clock.now() + TOKEN_LIVES)
        return entries

    def act_in_person(self, friend: FriendId, event: Event) -> tuple[Entry, ...]:
        """As `act`, for what a member of staff says: an answer while the token of the friend's last words is good."""
        token = self._spares.take(friend, self._clock.now())
        return self.act(friend, replace(event, can_reply=bool(token)), token=token)

    def act_aside(self, friend: FriendId, event: Event, *, room: int) -> tuple[Bubble, ...]:
        """As `act`, inside somebody's own answer: up to `room` bubbles come back, to be said in it at no cost."""
        return self._settle(friend, replace(event, can_reply=room > 0), "", None, room)[1]

    def _settle(
        self, friend: FriendId, event: Event, token: str, known: tuple[Record, Catalog] | None, room: int
    ) -> tuple[tuple[Entry, ...], tuple[Bubble, ...]]:
        now = self._clock.now()
        for _ in range(ATTEMPTS):
            record, catalog = known or self.load(friend)
            known = None
            decision = self.caps.decide(record, event, catalog, now, self._tally(catalog))
            if is_nothing(decision, record):
                return (), ()
            change, aside = _aside(_change(record, decision, catalog, now, token), room)
            committed = self._friends.commit(shard_of(friend), [change])
            if not committed.losers:
                log.info("event.decided", friend=friend, event_kind=type(event).__name__, facts=len(decision.facts))
                if lacks_quota(decision):
                    self._allowance.held(now)
                return committed.entries, aside
            self.caps.give_back(record.friend, decision, catalog)
        raise ContendedError(friend)

    def _tally(self, catalog: Catalog) -> Tally:
        """A count a few seconds old will do, unless little is left or a scenario has a cap for all friends together."""
        tally = self._allowance.tally()
        scarce = tally.left is not None and tally.left < SCARCE
        return self._allowance.fresh() if scarce or is_capped(catalog) else tally


class Handler:
    """Every event of a webhook, one after the other; a failing one does not block its neighbours."""

    def __init__(
        self,
        *,
        friendly: Friendly,
        queue: Queue,
        doors: Sequence[Door],
        sender: Sender,
        line: LineClient,
        clock: Clock,
        ring: Callable[[Shard], None],
    ) -> None:
        """`queue`, then `doors` are asked before an event counts as a friend's; `ring` has the workers look."""
        self._friendly = friendly
        self._queue = queue
        self._doors = tuple(doors)
        self._sender = sender
        self._line = line
        self._clock = clock
        self._ring = ring

    def take(self, batch: Sequence[Incoming]) -> None:
        """Commit what follows from these events. Raises StoreAwayError when that could not be done."""
        for one in batch:
            try:
                self.one(one)
            except StoreAwayError:
                raise
            except Exception:
                receipt = receipt_number(one.event.id)
                log.exception("event.failed", receipt=receipt, friend=one.friend, event_kind=type(one.event).__name__)
                self._apologise(one, receipt)

    def one(self, one: Incoming) -> None:
        """Commit what follows from one event, and hand over what is to be said."""
        record, catalog, crowded = self._friendly.meet(one.friend)
        now = self._clock.now()
        if self._queue.take(one, record, catalog, now, crowded=crowded):
            return
        if any(door.take(one, record, catalog, now) for door in self._doors):
            return
        entries = self._friendly.act(one.friend, one.event, token=one.token, known=(record, catalog))
        shard = shard_of(one.friend)
        self._sender.answer(shard, entries)
        # Word for staff is read at their next visit: the tick is soon enough, and a ring costs more than all the rest.
        if any(not entry.reply_token and entry.kind != TellStaff.kind for entry in entries):
            self._ring(shard)

    def _apologise(self, one: Incoming, receipt: str) -> None:
        """Our fault: the receipt number for staff, and one neutral line for a friend who waits for an answer."""
        if one.token:
            words = f"内部エラーです（受付番号 {receipt}）" if self._is_staff(one.friend) else FAULT
            self._line.send(reply(one.token, bubbles_json([{"type": "text", "text": words}])))

    def _is_staff(self, friend: FriendId) -> bool:
        staff = self._friendly.staff_now().get(friend)
        return staff is not None and staff.as_friend is None


def is_capped(catalog: Catalog) -> bool:
    """Whether any published scenario may be sent only so often to all friends together."""
    live = (entry.live for entry in catalog.plans.values())
    return any(isinstance(plan, Scenario) and plan.caps and plan.caps.in_all is not None for plan in live)


def lacks_quota(decision: Decision) -> bool:
    """Whether a step was held because the month's messages are used up."""
    return any(isinstance(fact, StepHeld) and fact.rule is Rule.QUOTA for fact in decision.facts)


def _waits_for_a_person(entries: tuple[Entry, ...]) -> bool:
    """Whether staff were told of these words, and nothing was answered."""
    told = any(entry.kind == TellStaff.kind for entry in entries)
    return told and not any(entry.reply_token for entry in entries)


def is_nothing(decision: Decision, record: Record) -> bool:
    """Whether there is nothing to commit."""
    return not decision.effects and not decision.facts and decision.friend == record.friend


def receipt_number(event_id: str) -> str:
    """Four signs that name one failure, in the log as well as to the person."""
    return blake2b(event_id.encode("utf-8", "replace"), digest_size=2).hexdigest().upper()


def token_end(token: str, now: datetime) -> datetime | None:
    """Until when a reply token is surely good."""
    return now + TOKEN_LIVES if token else None


def _change(record: Record, decision: Decision, catalog: Catalog, now: datetime, token: str) -> Change:
    return Change(
        before=record,
        decision=with_way_back(decision, record.friend.id, catalog),
        at=now,
        zone=catalog.account.tz,
        reply_token=token,
        token_until=token_end(token, now),
    )


def _aside(change: Change, room: int) -> tuple[Change, tuple[Bubble, ...]]:
    """The change without the replies that find room elsewhere, and their bubbles."""
    replies = [each for each in change.decision.effects if isinstance(each, Send) and each.way is Way.REPLY]
    bubbles = tuple(bubble for each in replies for bubble in each.bubbles)
    if not bubbles or len(bubbles) > room:
        return change, ()
    left = tuple(each for each in change.decision.effects if each not in replies)
    return replace(change, decision=replace(change.decision, effects=left)), bubbles
