"""Performs what waits in the outboxes: many at once, but never two that concern the same person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from bot.log import get_logger
from bot.performers.base import Dead, Done, Hold, Later, Performed, Performer
from bot.performers.send import cost
from bot.ports import Clock
from bot.store.entries import Entry
from bot.store.keys import Shard
from bot.store.outbox import Outbox
from flows.effects import Send
from flows.names import FriendId

log = get_logger(__name__)

BATCH: Final = 200
"""So many are under way at once."""
MOST_ROUNDS: Final = 20
"""Then the flow ends for a moment, so that a job can."""
ANSWER_SECONDS: Final = 100.0
"""Longer than a send with all its attempts takes."""
AFTER_FAULT: Final = 30.0
"""Seconds to leave an entry alone whose performer failed by a fault of ours."""
MOST_FAULTS: Final = 12


class Purse(Protocol):
    """The month's messages, taken before they are sent."""

    def take(self, costs: Sequence[int], now: datetime) -> int:
        """Take for these sends, in order; how many of them there is enough for."""
        ...

    def give_back(self, messages: int, now: datetime) -> None:
        """So many were taken and not sent after all."""
        ...


GivenUp = Callable[[Entry, str, datetime], None]
"""Is told of a send that will never be performed, and why."""


class _Try(NamedTuple):
    """An entry under way, and how many messages of the month were taken for it."""

    entry: Entry
    future: Future[Performed]
    taken: int


class Draining:
    """Takes entries from the outbox, has them performed, and settles them."""

    def __init__(
        self, outbox: Outbox, performers: Mapping[str, Performer], clock: Clock, purse: Purse, given_up: GivenUp
    ) -> None:
        """`performers` by kind of effect."""
        self._outbox = outbox
        self._performers = performers
        self._clock = clock
        self._purse = purse
        self._tell_given_up = given_up
        self._begun: dict[Shard, datetime] = {}

    def flow(self, shard: Shard) -> int:
        """Perform what waits; where it is much, the next are begun as soon as half of those under way are answered."""
        under_way = self._open(shard, (), {})
        if len(under_way) < BATCH:
            return self._close(shard, under_way, {})
        settled = 0
        put_off: dict[str, Entry] = {}
        for _ in range(MOST_ROUNDS):
            first, under_way = under_way[: BATCH // 2], under_way[BATCH // 2 :]
            settled += self._close(shard, first, put_off)
            under_way += self._open(shard, under_way, put_off)
            if not under_way:
                break
        return settled + self._close(shard, under_way, put_off)

    def round(self, shard: Shard) -> int:
        """Perform all that may go now without overtaking; returns how many entries were settled."""
        return self._close(shard, self._open(shard, (), {}), {})

    def _open(self, shard: Shard, under_way: Sequence[_Try], put_off: Mapping[str, Entry]) -> list[_Try]:
        """Begin what may go beside what is under way; what was put off stays where it is, and its people with it."""
        now = self._clock.now()
        busy = {one.entry.id for one in under_way} | put_off.keys()
        waiting = self._outbox.waiting(shard, now, BATCH + len(put_off))
        free = [entry for entry in _free(waiting) if entry.id not in busy]
        costs = [cost(entry, now) for entry in free]
        paid = self._purse.take(costs, now) if any(costs) else len(free)
        if any(entry.kind == Send.kind for entry in free):
            self._begin_all(shard, max(entry.since for entry in free))
        return [
            _Try(entry, self._begin(entry, now), taken)
            if place < paid or not taken
            else _Try(entry, _answered(Hold()), 0)
            for place, (entry, taken) in enumerate(zip(free, costs, strict=True))
        ]

    def _close(self, shard: Shard, tries: Sequence[_Try], put_off: dict[str, Entry]) -> int:
        """Wait for these, settle them, and add those to `put_off` that are for later; how many were settled."""
        now = self._clock.now()
        ended = [(one.entry, self._end(one.entry, one.future)) for one in tries]
        back = sum(_refund(entry, performed, one.taken) for one, (entry, performed) in zip(tries, ended, strict=True))
        if back:
            self._purse.give_back(back, now)
        self._settle(shard, ended, now)
        put_off |= {entry.id: entry for entry, performed in ended if isinstance(performed, Later)}
        return sum(not isinstance(performed, Later) for _, performed in ended)

    def _begin_all(self, shard: Shard, until: datetime) -> None:
        """Keep how far this shard's sends have been tried; whoever dies now may leave some of unknown end."""
        if until > self._begun.get(shard, until - timedelta(seconds=1)):
            self._outbox.begin(shard, until)
            self._begun[shard] = until

    def _begin(self, entry: Entry, now: datetime) -> Future[Performed]:
        performer = self._performers.get(entry.kind)
        if performer is None:
            return _answered(Dead(reason=f"nobody performs {entry.kind}"))
        return performer.perform(entry, now)

    def _end(self, entry: Entry, future: Future[Performed]) -> Performed:
        try:
            return future.result(ANSWER_SECONDS)
        except TooLate:
            return Later(seconds=AFTER_FAULT, reason="no end")
        except Exception as error:
            log.exception("entry.failed", entry=entry.id, kind=entry.kind)
            if entry.tries >= MOST_FAULTS:
                return Dead(reason=repr(error))
            return Later(seconds=AFTER_FAULT, reason=type(error).__name__)

    def _settle(self, shard: Shard, ended: Iterable[tuple[Entry, Performed]], now: datetime) -> None:
        """Who was refused is told first, which may be told again; then what is sent is forgotten before all else."""
        outcomes = list(ended)
        for entry, performed in outcomes:
            if isinstance(performed, Done) and performed.failed:
                reason = f"refused for {len(performed.failed)} of {len(entry.to)}"
                self._given_up(replace(entry, to=performed.failed), reason, now)
        self._outbox.remove(shard, [entry for entry, performed in outcomes if isinstance(performed, Done)])
        held = [entry for entry, performed in outcomes if isinstance(performed, Hold)]
        if held:
            self._outbox.hold(shard, held)
            log.warning("outbox.held", shard=shard, entries=len(held))
        for entry, performed in outcomes:
            self._note(shard, entry, performed, now)

    def _note(self, shard: Shard, entry: Entry, performed: Performed, now: datetime) -> None:
        match performed:
            case Later(seconds=seconds, reason=reason) if seconds > 0:
                log.warning("entry.later", entry=entry.id, kind=entry.kind, seconds=seconds, reason=reason)
                self._outbox.postpone(shard, entry, now + timedelta(seconds=seconds))
            case Dead(reason=reason):
                self._given_up(entry, reason, now)
                self._outbox.give_up(shard, entry, now, reason)

    def _given_up(self, entry: Entry, reason: str, now: datetime) -> None:
        log.error("entry.given_up", entry=entry.id, kind=entry.kind, recipients=len(entry.to), reason=reason)
        if entry.kind == Send.kind:
            self._tell_given_up(entry, reason, now)


def _free(waiting: Iterable[Entry]) -> Iterator[Entry]:
    """Entries in front of which nothing stands for any of their people."""
    taken: set[FriendId] = set()
    for entry in waiting:
        if taken.isdisjoint(entry.to):
            yield entry
        taken.update(entry.to)


def _refund(entry: Entry, performed: Performed, taken: int) -> int:
    """Of the messages taken for an entry, those that were not sent and will not be under the same try."""
    match performed:
        case Done(counted=counted):
            return max(0, taken - counted)
        case Later():
            return 0
        case Hold() | Dead():
            return taken or (len(entry.to) if entry.kind == Send.kind and entry.tries else 0)


def _answered(performed: Performed) -> Future[Performed]:
    done: Future[Performed] = Future()
    done.set_result(performed)
    return done
