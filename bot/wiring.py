"""Builds the services of a process from the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.bucket import Bucket
from bot.capping import CapBook
from bot.clock import OFFSET_KEY, MovableClock, SystemClock
from bot.handling import Friendly, Handler
from bot.line import LineClient, connect
from bot.line.lane import FIRST_PAUSE
from bot.log import get_logger
from bot.metering import SendMeter
from bot.pacing import SharedPacing
from bot.ports import Clock
from bot.queues import QueueAwayError, Queues
from bot.quota import QuotaBook
from bot.sender import Sender
from bot.settings import Settings
from bot.shelf import Shelf
from bot.store import plain
from bot.store.errors import StoreAwayError
from bot.store.keys import Shard
from bot.store.store import Store, open_store
from bot.vigil import Vigil
from bot.waiting import WaitingRoom
from flows.catalog import Catalog
from flows.desk import Order

if TYPE_CHECKING:
    from bot.handling import Door

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What every process of one account is made of."""

    settings: Settings
    store: Store
    clock: Clock
    line: LineClient
    queues: Queues
    quota: QuotaBook
    friendly: Friendly
    sender: Sender
    waiting: WaitingRoom
    vigil: Vigil

    def start_up(self) -> tuple[str, ...]:
        """Look whether this Redis may hold a record; gives what is to be said about it. Raises StoreError."""
        return self.store.meta.start_up().notes

    def owner_code(self) -> str:
        """The code that makes the first owner."""
        return self.store.meta.owner_code(self.settings.owner_code)

    def order_many(self, order_id: str, order: Order, catalog: Catalog, now: datetime) -> None:
        """Freeze whom an order to many concerns; the workers carry it out."""
        assert order.everyone_who is not None
        found = self.store.segments.members(order.everyone_who, catalog, now)
        people = self.store.orders.give(
            order_id, order.event, {shard: members.true for shard, members in found.items()}, now
        )
        log.info("order.given", order=order_id, people=people)
        for shard, members in found.items():
            if members.true:
                self.ring(shard)

    def ring(self, shard: Shard) -> None:
        """Have the workers look at a shard; the next tick does so anyway."""
        try:
            self.queues.ring("deliver", shard, now=self.clock.now())
        except QueueAwayError as error:
            log.warning("queue.away", reason=str(error))

    def ring_all(self, shards: Sequence[Shard]) -> None:
        """The same for each of these."""
        try:
            self.queues.ring_all("deliver", shards, now=self.clock.now())
        except QueueAwayError as error:
            log.warning("queue.away", reason=str(error))

    def handler(self, *doors: Door) -> Handler:
        """What takes webhook events: what lacks something waits first, then the doors are asked."""
        handler = Handler(
            friendly=self.friendly,
            queue=self.waiting,
            doors=doors,
            sender=self.sender,
            line=self.line,
            clock=self.clock,
            ring=self.ring,
        )
        self.waiting.resume = lambda one: handler.take((one,))
        return handler

    def close(self) -> None:
        """Let go of every connection and thread."""
        self.vigil.close()
        self.waiting.close()
        self.sender.settle()
        self.line.close()
        self.store.close()


def services(settings: Settings) -> Services:
    """The services these settings ask for. Nothing is sent yet."""
    secret = settings.line_channel_secret.encode()
    store = open_store(
        settings.redis_url,
        secret=_seal(secret),
        namespace=settings.namespace,
        adorn=adorning(settings),
        media_budget=settings.media_budget,
        media_outside=_bucket(settings),
    )
    return services_on(settings, store)


def services_on(
    settings: Settings,
    store: Store,
    *,
    clock: Clock | None = None,
    queue: plain.Redis | None = None,
    first_pause: float = FIRST_PAUSE,
) -> Services:
    """The services on a store at hand, with a clock and a queue's server at hand if given."""
    time = clock or _clock(settings, store)
    line = connect(
        base=settings.line_api_url,
        token=settings.line_channel_access_token,
        channel_id=settings.line_channel_id,
        secret=settings.line_channel_secret,
        pacing=SharedPacing(store.pace),
        first_pause=first_pause,
    )
    line.lane.meter = SendMeter(store.sends)
    quota = QuotaBook(
        quotas=store.quotas, counters=store.counters, outbox=store.outbox, notices=store.notices, line=line, clock=time
    )
    friendly = Friendly(
        store.friends,
        store.catalogs,
        time,
        quota,
        caps=CapBook(store.caps, store.counters),
        spares=store.spares,
    )
    return Services(
        settings=settings,
        store=store,
        clock=time,
        line=line,
        queues=Queues(queue or plain.connect(settings.rq_redis_url), settings.namespace),
        quota=quota,
        friendly=friendly,
        sender=Sender(line, store.outbox, time),
        waiting=WaitingRoom(
            inbox=store.inbox, line=line, media=Shelf(store.media, time), friendly=friendly, quota=quota, clock=time
        ),
        vigil=Vigil(store, line, quota, time),
    )


def _clock(settings: Settings, store: Store) -> Clock:
    if settings.clock != "movable":
        return SystemClock()

    def offset() -> float:
        try:
            kept = store.server.execute_command("GET", OFFSET_KEY)
        except plain.TROUBLE as error:
            raise StoreAwayError(str(error)) from error
        return float(kept) if kept else 0.0

    return MovableClock(offset)


def adorning(settings: Settings) -> Callable[[Catalog], Catalog]:
    """Puts the public address into the configuration, and the time zone where the owner chose none."""

    def adorn(catalog: Catalog) -> Catalog:
        zone = catalog.account.own_zone or settings.timezone
        account = replace(catalog.account, base_url=settings.public_url or "", zone=zone)
        return replace(catalog, account=account)

    return adorn


def _bucket(settings: Settings) -> Bucket | None:
    """The bucket for media, None where they lie in the record."""
    if settings.media_s3_url is None:
        return None
    return Bucket(
        settings.media_s3_url,
        key=settings.media_s3_key or "",
        secret=settings.media_s3_secret or "",
        region=settings.media_s3_region or "",
        folder=settings.namespace,
    )


def _seal(secret: bytes) -> bytes:
    """What seals media ids: derived, so that the channel secret signs one thing only."""
    return sha256(b"media\0" + secret).digest()
