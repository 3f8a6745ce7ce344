"""Send: a reply while its token lives, else a push or a multicast under the entry's retry key."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID, uuid5

from bot.line import (
    Accepted,
    AlreadyAccepted,
    Call,
    LineClient,
    Outcome,
    OverQuota,
    RateLimited,
    Refused,
    TokenSpent,
    TryAgain,
    Unknown,
    multicast,
    push,
    reply,
)
from bot.log import get_logger
from bot.performers.base import Dead, Done, Hold, Later, Performed, longer
from bot.store.entries import Entry
from bot.store.outbox import KEY_LIVES
from flows.effects import Send, Way
from flows.names import FriendId

log = get_logger(__name__)

OURS_TO_REPLY: Final = timedelta(seconds=10)
"""So long the process that holds the event has the reply token to itself."""
UNSURE: Final = "quarantine: no answer within 23 hours"
SETTLED: Final = (Accepted, AlreadyAccepted, Refused)
HOPELESS: Final = 4
"""When none of so many parts is taken, it is the message and not the people."""
OUR_FAULT: Final = frozenset({401, 403, 404, 405})
"""Answers about the channel, not about this message: nothing is given up for them."""


class Month(Protocol):
    """What the performer must know of the month's messages."""

    @property
    def is_spent(self) -> bool:
        """Whether LINE lately refused for want of quota. Asks nobody."""
        ...

    def spent(self) -> None:
        """LINE refused for want of quota."""
        ...


class SendPerformer:
    """Speaks to LINE. While the month is known to be spent, counted sends are held without asking."""

    def __init__(self, line: LineClient, month: Month) -> None:
        self._line = line
        self._month = month

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Send it."""
        return self._line.lane.run(self._perform(entry, now))

    async def _perform(self, entry: Entry, now: datetime) -> Performed:
        if may_reply(entry, now):
            if now - entry.since < OURS_TO_REPLY:
                return Later(seconds=0, reason="the web process has it")
            return await self._reply(entry)
        if entry.tries and now - entry.since > KEY_LIVES:
            return Dead(reason=UNSURE)
        return await self._push(entry)

    async def _reply(self, entry: Entry) -> Performed:
        """The process that held the token is gone. A spent token was spent by it: the answer has arrived."""
        outcome = await self._line.lane.deliver(reply(entry.reply_token, entry.bubbles))
        if isinstance(outcome, TokenSpent | Accepted):
            return Done()
        return self._read(outcome, entry)

    async def _push(self, entry: Entry) -> Performed:
        if self._month.is_spent:
            return Hold()
        outcome = await self._line.lane.deliver(_call(entry))
        if isinstance(outcome, OverQuota):
            await asyncio.to_thread(self._month.spent)
        if isinstance(outcome, Refused) and outcome.status not in OUR_FAULT and len(entry.to) > 1:
            return await self._apart(entry, outcome)
        return self._read(outcome, entry)

    def _read(self, outcome: Outcome, entry: Entry) -> Performed:
        match outcome:
            case Accepted():
                return Done(counted=len(entry.to))
            case AlreadyAccepted():
                # Whoever sent it has counted it.
                return Done()
            case OverQuota():
                return Hold()
            case RateLimited():
                return Later(seconds=1.0, reason="rate")
            case TryAgain(reason=reason) | Unknown(reason=reason):
                return Later(seconds=longer(entry.tries), reason=reason)
            case Refused(status=status) if status in OUR_FAULT:
                log.error("line.channel_trouble", status=status, entry=entry.id)
                return Later(seconds=longer(entry.tries, first=15.0), reason=str(status))
            case Refused(status=status, reason=reason, where=where):
                return Dead(reason=f"{status} {reason} {' '.join(where)}".strip())
            case TokenSpent():
                return Later(seconds=0, reason="token")

    async def _apart(self, entry: Entry, refused: Refused) -> Performed:
        """One recipient or the message itself is poison: halve, level by level, until it is known which."""
        if any(place.startswith("messages") for place in refused.where):
            return Dead(reason=f"{refused.status} {' '.join(refused.where)}")
        failed: list[FriendId] = []
        refusals, arrived = [entry], 0
        while refusals:
            parts = [half for one in refusals for half in _halves(one)]
            outcomes = [await self._line.lane.deliver(_call(part)) for part in parts]
            if (trouble := next((one for one in outcomes if not isinstance(one, SETTLED)), None)) is not None:
                # The parts' keys are fixed: what was accepted is told as accepted when this entry comes again.
                return self._read(trouble, entry)
            answered = list(zip(parts, outcomes, strict=True))
            arrived += sum(len(part.to) for part, one in answered if not isinstance(one, Refused))
            refusals = [part for part, one in answered if isinstance(one, Refused)]
            if not arrived and len(parts) >= HOPELESS:
                break
            failed += [part.to[0] for part in refusals if len(part.to) == 1]
            refusals = [part for part in refusals if len(part.to) > 1]
        if not arrived:
            return Dead(reason=f"{refused.status} {refused.reason}")
        return Done(failed=tuple(failed), counted=arrived)


def may_reply(entry: Entry, now: datetime) -> bool:
    """Whether the entry can still go as an answer: its token lives, and nobody found it spent."""
    if entry.way is not Way.REPLY or not entry.reply_token or entry.tries:
        return False
    return entry.token_until is not None and now < entry.token_until


def cost(entry: Entry, now: datetime) -> int:
    """How many messages of the month are to be taken for it now: all at the first try, none at later ones."""
    if entry.kind != Send.kind or may_reply(entry, now):
        return 0
    first = 1 if entry.way is Way.REPLY else 0
    return len(entry.to) if entry.tries <= first else 0


def _halves(entry: Entry) -> tuple[Entry, Entry]:
    middle = len(entry.to) // 2
    first, second = entry.to[:middle], entry.to[middle:]
    return replace(entry, to=first, id=_derived(entry, "a")), replace(entry, to=second, id=_derived(entry, "b"))


def _derived(entry: Entry, part: str) -> str:
    return f"{entry.id.partition('-')[0]}-{uuid5(UUID(entry.retry_key), part)}"


def _call(entry: Entry) -> Call:
    if len(entry.to) == 1:
        return push(entry.to[0], entry.bubbles, key=entry.retry_key)
    return multicast(entry.to, entry.bubbles, key=entry.retry_key)
