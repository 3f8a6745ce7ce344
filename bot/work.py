"""The services of a worker: what the tick looks at, and what is done for a shard."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.broadcasting import Broadcasting
from bot.choosing import Choosing
from bot.delivery import Deciding, Delivery
from bot.draining import Draining
from bot.erasing import sweep
from bot.line import LineRefusedError, LineUnavailableError
from bot.log import get_logger
from bot.menus.admin import AdminMenus, Draw
from bot.menus.drawing import picture
from bot.performers import LearnNamePerformer, LinkMenuPerformer, Performer, SendPerformer, TellStaffPerformer
from bot.performers.send import UNSURE
from bot.store.errors import NewerRecordError
from bot.store.keys import SHARDS, Shard
from bot.store.notices import Notice
from flows.effects import LearnName, LinkMenu, Send, TellStaff

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.store.entries import Entry
    from bot.wiring import Services

log = get_logger(__name__)

SDK_THREADS: Final = 8
HANDS: Final = 2
"""Beside the job's own thread: one sends what the last round decided, one decides a second batch."""
SELDOM_SECONDS: Final = 30.0
"""Between looks at what seldom changes."""
UNTIL_THE_NEXT: Final = timedelta(seconds=1.2)
"""The tick comes once a second: what is due before the next one is rung for at its moment."""
JUMP: Final = timedelta(minutes=5)
DOUBTFUL: Final = "長く止まっていたため、届いたかどうかわからない配信があります（{people}人）。二重に届かないよう、送り直していません。"
GIVEN_UP: Final = "届けられなかった配信があります（{people}人）。LINEの返事：{reason}"


class Workshop:
    """What one worker process does."""

    def __init__(self, services: Services, *, draw: Draw = picture) -> None:
        """Everything it needs is among the services; `draw` makes the pictures of the admins' panels."""
        self._services = services
        self._pool = ThreadPoolExecutor(max_workers=SDK_THREADS, thread_name_prefix="sdk")
        self._hands = ThreadPoolExecutor(max_workers=HANDS, thread_name_prefix="hand")
        self.ring_later: Callable[[Shard, float], None] | None = None
        """Rings for a shard after so many seconds; set where time is real."""
        self._seldom_at = 0.0
        self._looked: datetime | None = None
        line, store = services.line, services.store
        self._menus = AdminMenus(line, draw)
        performers: dict[str, Performer] = {
            Send.kind: SendPerformer(line, services.quota),
            LinkMenu.kind: LinkMenuPerformer(self._pool, line, self._menus),
            TellStaff.kind: TellStaffPerformer(store.notices),
            LearnName.kind: LearnNamePerformer(self._pool, line, services.friendly),
        }
        draining = Draining(store.outbox, performers, services.clock, services.quota, self._given_up)
        deciding = Deciding(store, services.friendly, services.clock, services.quota, self._hands)
        self._choosing = Choosing(store, services.clock)
        self._broadcasting = Broadcasting(store, services.quota, services.clock)
        self._delivery = Delivery(
            deciding.due,
            deciding.orders,
            self._broadcasting.round,
            services.waiting.sweep,
            send=draining.flow,
            helper=self._hands,
        )

    def prepare(self) -> None:
        """Bring the admins' panels to LINE before the first owner asks for them: drawing takes seconds."""
        self._pool.submit(self._prepare)

    def _prepare(self) -> None:
        try:
            self._menus.first()
        except (LineUnavailableError, LineRefusedError) as error:
            log.warning("menus.not_ready", reason=str(error))

    def tick(self) -> None:
        """Say that time goes on, and ring for every shard with something to do."""
        services = self._services
        now = services.clock.now()
        services.store.heartbeat.tick(now)
        # At every tick: what a power loss tore must be rewritten before the next one makes the server carry out half of it.
        for note in services.store.meta.meet():
            log.warning("redis.note", note=note)
        if time.monotonic() >= self._seldom_at or self._has_jumped(now):
            self._seldom_at, self._looked = time.monotonic() + SELDOM_SECONDS, now
            self._look_around(now)
        self._choosing.look()
        if self._indexed():
            self._broadcasting.begin()
        services.ring_all(self.busy())
        if self.ring_later is not None:
            for shard, moment in services.store.due.coming(now, now + UNTIL_THE_NEXT).items():
                self.ring_later(shard, (moment - now).total_seconds())

    def _indexed(self) -> bool:
        """Whether sets of friends can be trusted; where not, they are built on for a while."""
        account = self._services.store.catalogs.current().account
        try:
            return self._services.store.reindexing.step(account.tz, account.limits)
        except TimeoutError as error:
            log.warning("index.contended", reason=str(error))
            return False

    def _has_jumped(self, now: datetime) -> bool:
        """Whether the clock was moved: what is looked at by the minute is then old."""
        return self._looked is None or abs(now - self._looked) > JUMP

    def busy(self) -> tuple[Shard, ...]:
        """The shards with something to do now."""
        store = self._services.store
        found = {
            *store.due.shards_due(self._services.clock.now()),
            *store.outbox.busy(),
            *store.inbox.busy(),
            *store.orders.busy(),
            *self._broadcasting.busy(),
        }
        return tuple(shard for shard in SHARDS if shard in found)

    def deliver(self, shard: Shard) -> None:
        """Work on one shard; when time is up before the work is, ring again."""
        try:
            if not self._delivery.deliver(shard):
                self._services.ring(shard)
        except NewerRecordError as error:
            # In an update both versions are at work for a while: what the newer one wrote is left to its own workers.
            log.warning("delivery.left_to_newer", shard=shard, reason=str(error))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _look_around(self, now: datetime) -> None:
        self._services.quota.look(now)
        # A bucket that is slow must not hold up the tick.
        self._pool.submit(sweep, self._services.store)

    def _given_up(self, entry: Entry, reason: str, now: datetime) -> None:
        if entry.source.broadcast:
            self._broadcasting.refused(entry)
        text = (DOUBTFUL if reason == UNSURE else GIVEN_UP).format(people=len(entry.to), reason=reason)
        self._services.store.notices.add(Notice(at=entry.since, text=text, topic="failed"))
