"""All rooms of the store for one account, opened together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.store import media
from bot.store.broadcasts import Broadcasts
from bot.store.caps import Caps
from bot.store.catalogs import Catalogs, as_it_is
from bot.store.connection import Redis, connect
from bot.store.consoles import Consoles
from bot.store.counters import Counters, Quotas
from bot.store.due import Due
from bot.store.friends import Friends
from bot.store.heartbeat import Heartbeat
from bot.store.holdings import Holdings
from bot.store.inbox import Inbox
from bot.store.keys import Keys
from bot.store.lookup import Lookup
from bot.store.media import Media
from bot.store.media_places import Place
from bot.store.meta import Meta
from bot.store.notices import Notices
from bot.store.orders import Orders
from bot.store.outbox import Outbox
from bot.store.pace import Pace
from bot.store.reindexing import Reindexing
from bot.store.reports import RedisReports
from bot.store.runners import Runner, runner_for
from bot.store.segments import Segments
from bot.store.sends import Sends
from bot.store.spares import Spares
from flows.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One account's record. Safe to share between threads."""

    server: Redis
    keys: Keys
    runner: Runner
    friends: Friends
    outbox: Outbox
    inbox: Inbox
    orders: Orders
    broadcasts: Broadcasts
    pace: Pace
    due: Due
    catalogs: Catalogs
    consoles: Consoles
    lookup: Lookup
    segments: Segments
    reindexing: Reindexing
    counters: Counters
    quotas: Quotas
    heartbeat: Heartbeat
    notices: Notices
    media: Media
    meta: Meta
    sends: Sends
    spares: Spares
    caps: Caps

    def reports(self, now: datetime, told: datetime | None = None) -> RedisReports:
        """What the console may ask at this moment; `told` is up to when this member of staff knows the notices."""
        return RedisReports(
            friends=self.friends,
            lookup=self.lookup,
            spares=self.spares,
            segments=self.segments,
            reindexing=self.reindexing,
            broadcasts=self.broadcasts,
            catalogs=self.catalogs,
            consoles=self.consoles,
            counters=self.counters,
            quotas=self.quotas,
            outbox=self.outbox,
            due=self.due,
            heartbeat=self.heartbeat,
            notes=self.notices,
            meta=self.meta,
            media=self.media,
            holdings=self.holdings,
            now=now,
            told=told,
        )

    @property
    def holdings(self) -> Holdings:
        """What we hold of pictures and films, and who needs it."""
        return Holdings(self.media, self.catalogs, self.consoles, self.friends)

    def close(self) -> None:
        """Let go of all connections."""
        self.server.close()


def open_store(
    url: str,
    *,
    secret: bytes,
    namespace: str = "lm",
    adorn: Callable[[Catalog], Catalog] = as_it_is,
    media_budget: int = media.BUDGET,
    media_outside: Place | None = None,
) -> Store:
    """The store at this address; `secret` seals media ids, whose bytes go to `media_outside` if given. Look at `meta.start_up()` before anything else."""
    return store_on(
        connect(url),
        secret=secret,
        namespace=namespace,
        adorn=adorn,
        media_budget=media_budget,
        media_outside=media_outside,
    )


def store_on(
    server: Redis,
    *,
    secret: bytes,
    namespace: str = "lm",
    adorn: Callable[[Catalog], Catalog] = as_it_is,
    media_budget: int = media.BUDGET,
    media_outside: Place | None = None,
) -> Store:
    """The store on a client at hand, such as the fake's."""
    keys, runner = Keys(namespace), runner_for(server)
    catalogs = Catalogs(server, keys, runner, adorn=adorn)
    return Store(
        server=server,
        keys=keys,
        runner=runner,
        friends=Friends(server, keys, runner, limits=catalogs.limits),
        outbox=Outbox(server, keys, runner),
        inbox=Inbox(server, keys),
        orders=Orders(server, keys, runner),
        broadcasts=Broadcasts(server, keys, runner),
        pace=Pace(server, keys),
        due=Due(server, keys, runner),
        catalogs=catalogs,
        consoles=Consoles(server, keys, runner),
        lookup=Lookup(server, keys),
        segments=Segments(server, keys),
        reindexing=Reindexing(server, keys, runner),
        counters=Counters(server, keys),
        quotas=Quotas(server, keys),
        heartbeat=Heartbeat(server, keys),
        notices=Notices(server, keys),
        media=Media(server, keys, secret, budget=media_budget, outside=media_outside),
        meta=Meta(server, keys),
        sends=Sends(server, keys),
        spares=Spares(server, keys),
        caps=Caps(server, keys),
    )
