"""Answers from the web process while reply tokens live. It pushes back: an event waits when too many are under way."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from concurrent.futures import TimeoutError as TooLate
from typing import Final

from bot.line import Accepted, LineClient, Outcome, Refused, TokenSpent, Unknown, reply
from bot.log import get_logger
from bot.ports import Clock
from bot.store.entries import Entry
from bot.store.errors import StoreAwayError
from bot.store.keys import Shard
from bot.store.outbox import Outbox
from flows.effects import Way

log = get_logger(__name__)

MOST_UNDER_WAY: Final = 96
PATIENCE_SECONDS: Final = 1.0
"""How long an event waits for a place; then its answer is left to the workers."""
REMOVE_EVERY: Final = 0.02
ATTEMPTS: Final = 3


class Sender:
    """Sends replies and takes them out of the outbox; what it cannot settle stays there for the workers.

    Everything behind `answer` happens on the lane's loop: what an event costs is a turn of that loop, not of threads.
    """

    def __init__(self, line: LineClient, outbox: Outbox, clock: Clock, *, most: int = MOST_UNDER_WAY) -> None:
        """At most `most` replies are under way at once."""
        self._line = line
        self._outbox = outbox
        self._clock = clock
        self._room = threading.Semaphore(most)
        self._under_way = 0
        self._done: list[tuple[Shard, Entry]] = []

    def answer(self, shard: Shard, entries: tuple[Entry, ...]) -> None:
        """Send those of a commit's entries that have a reply token. Returns at once unless too many are under way."""
        for entry in entries:
            if entry.way is Way.REPLY and entry.reply_token:
                self._hand_over(shard, entry)

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until nothing is under way and everything answered is removed."""
        try:
            self._line.lane.run(self._quiet()).result(seconds)
        except TooLate:
            return False
        return True

    def _hand_over(self, shard: Shard, entry: Entry) -> None:
        if self._room.acquire(timeout=PATIENCE_SECONDS):
            self._line.lane.start(self._answer(shard, entry))
        else:
            log.warning("sender.full", entry=entry.id)

    async def _quiet(self) -> None:
        while self._under_way or self._done:  # noqa: ASYNC110 - waited for at the end only
            await asyncio.sleep(REMOVE_EVERY / 4)

    async def _answer(self, shard: Shard, entry: Entry) -> None:
        self._under_way += 1
        try:
            outcome = await self._reply(entry)
        finally:
            self._room.release()
            self._under_way -= 1
        if isinstance(outcome, Accepted):
            self._done.append((shard, entry))
            if len(self._done) == 1:
                await self._remove_soon()
            return
        log.warning("reply.left_to_workers", entry=entry.id, outcome=type(outcome).__name__)
        if isinstance(outcome, TokenSpent):
            await asyncio.to_thread(self._never_a_reply, shard, entry)

    async def _reply(self, entry: Entry) -> Outcome:
        """One reply with the attempts it takes. A token spent after an attempt of unknown end was spent by that one."""
        unsure = False

        def again(outcome: Outcome) -> bool:
            nonlocal unsure
            unsure = unsure or isinstance(outcome, Unknown)
            return not isinstance(outcome, Accepted | TokenSpent | Refused)

        outcome = await self._line.lane.deliver(reply(entry.reply_token, entry.bubbles), attempts=ATTEMPTS, again=again)
        return Accepted() if unsure and isinstance(outcome, TokenSpent) else outcome

    def _never_a_reply(self, shard: Shard, entry: Entry) -> None:
        """A first try found the token too old: from now on the entry can only be pushed."""
        try:
            self._outbox.postpone(shard, entry, self._clock.now())
        except StoreAwayError as error:
            log.warning("outbox.away", entries=1, reason=str(error))

    async def _remove_soon(self) -> None:
        """Remove what was answered, many at a time. A failed removal is harmless: the token is known to be spent."""
        while self._done:
            await asyncio.sleep(REMOVE_EVERY)
            done = list(self._done)
            try:
                await asyncio.to_thread(self._remove, done)
            except StoreAwayError as error:
                log.warning("outbox.away", entries=len(done), reason=str(error))
            del self._done[: len(done)]

    def _remove(self, done: list[tuple[Shard, Entry]]) -> None:
        by_shard: dict[Shard, list[Entry]] = defaultdict(list)
        for shard, entry in done:
            by_shard[shard].append(entry)
        self._outbox.remove_all(by_shard)
