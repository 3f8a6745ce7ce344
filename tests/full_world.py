"""The full world: signed webhooks in, LINE's fake behind a socket, a fake or real Redis between, RQ carrying the work."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import fakeredis
from PIL import Image

import app
from bot import jobs
from bot.menus.panel import HEIGHT, WIDTH
from bot.settings import Settings
from bot.store.connection import Redis, connect
from bot.store.store import Store, store_on
from bot.wiring import Services, adorning, services_on
from bot.work import Workshop
from flows.catalog import Catalog
from flows.friend import Friend
from simulator.faults import Fault
from simulator.world import FakeLine
from tests.things import THINGS
from tests.worlds import NAMES, OWNER_CODE, START, Bubble, id_of, shop

ROUNDS = 50


def blank(_tab: int) -> bytes:
    """A stand-in for a panel's picture, quick to make."""
    out = io.BytesIO()
    Image.new("1", (WIDTH, HEIGHT)).save(out, "PNG")
    return out.getvalue()


class WorldClock:
    """The time of one world."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        """The present moment of this world."""
        return self.time

    def seconds(self) -> float:
        """The same as seconds since 1970."""
        return self.time.timestamp()


class FullWorld:
    """The product with everything it is made of, seen from LINE's side."""

    def __init__(self, fake: FakeLine, services: Services, clock: WorldClock) -> None:
        """`clock` is the one that the services and LINE go by."""
        self.fake = fake
        self.services = services
        self.clock = clock
        self.workshop = Workshop(services, draw=blank)
        self.client = app.web(services).test_client()
        self._people: list[str] = []
        self._told: dict[str, int] = {}
        self._last: list[Any] = []
        self._rests = False
        fake.receive_with(self._receive)
        self.install(shop())

    def _receive(self, body: bytes, headers: dict[str, str]) -> int:
        return self.client.post("/callback", data=body, headers=headers).status_code

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.time

    @now.setter
    def now(self, moment: datetime) -> None:
        self.clock.time = moment

    @property
    def store(self) -> Store:
        """The record."""
        return self.services.store

    def install(self, catalog: Catalog) -> None:
        """Put a configuration in force."""
        current = self.store.catalogs.current()
        assert self.store.catalogs.commit(catalog, expected=current.revision, by="test", at=self.now)

    def catalog(self) -> Catalog:
        """The configuration in force."""
        return self.store.catalogs.current()

    def act(self, who: str, verb: str, text: str) -> None:
        """Have somebody do something on his phone, and wait for what comes of it."""
        me = self._person(who)
        with self.fake.gathering() as self._last:
            self._act(me, verb, text)
        self.fake.deliver(self._last)
        self.work()

    def _act(self, me: str, verb: str, text: str) -> None:
        match verb:
            case "follows":
                self.fake.follow(me)
            case "comes back":
                self.fake.follow(me, unblocked=True)
            case "blocks":
                self.fake.block(me)
            case "says":
                self.fake.say(me, text)
            case "sends":
                self._send(me, text)
            case "taps":
                self.fake.tap(me, text)
            case "picks":
                label, _, picked = text.rpartition(" ")
                self.fake.tap(me, label, picked)

    def again(self) -> None:
        """LINE brings the last webhook once more."""
        self.fake.again(self._last)
        self.work()

    def limit(self, messages: int | None) -> None:
        """LINE's monthly limit from now on, known to us at once."""
        self.fake.limit(messages)
        self.services.quota.ask(self.now)
        self.work()

    def unsure(self, yes: bool) -> None:
        """Whether LINE accepts what is pushed and then fails, half of the time."""
        self.fake.faults.reset(1)
        if yes:
            for endpoint in ("push", "multicast"):
                self.fake.faults.chance(Fault.ERROR_AFTER, 0.5, endpoint)

    def rest(self, yes: bool) -> None:
        """Whether workers and clock are down."""
        self._rests = yes
        self.work()

    def _send(self, me: str, what: str) -> None:
        thing = THINGS[what]
        match thing.what:
            case "image":
                self.fake.send_image(me, thing.blob, thing.type)
            case "sticker":
                self.fake.send_sticker(me, *thing.sticker.split("/"))
            case "audio":
                self.fake.send_audio(me, thing.blob, duration=thing.milliseconds)
            case "video":
                self.fake.send_video(me, thing.blob, duration=thing.milliseconds)
            case "file":
                self.fake.send_file(me, thing.name, thing.blob)

    def work(self) -> None:
        """Let the web process finish, then the workers do all that is due."""
        self.services.quota.forget()
        before = None
        for _ in range(ROUNDS):
            assert self.services.waiting.settle()
            assert self.services.sender.settle()
            if self._rests:
                self._look()
                return
            self.workshop.tick()
            self.services.queues.work_off()
            after = (self.workshop.busy(), self.store.outbox.size(), len(self.fake.calls), self.next_due())
            # What is put off keeps its shard busy, and there is nothing to do about it now.
            if not after[0] or after == before:
                self._look()
                return
            before = after
        raise AssertionError(f"there is no end to the work in {self.workshop.busy()}")

    def _look(self) -> None:
        """Have the watch look twice, as it does within two minutes."""
        if not self._rests:
            self.store.heartbeat.worker(self.now, "worker")
        self.services.vigil.look()
        self.services.vigil.look()

    def next_due(self) -> datetime | None:
        """When the next thing is due."""
        return self.store.due.next_due()

    def heard(self) -> list[Bubble]:
        """What the bot said since the last time this was asked."""
        found: list[tuple[str, Bubble]] = []
        for who in self._people:
            received = self.fake.received(id_of(who))
            new = received[self._told.get(who, 0) :]
            self._told[who] = len(received)
            how = {"reply": "reply", "push": "push", "multicast": "push"}
            found += [(one.id, Bubble(who=who, how=how[one.how], message=one.message)) for one in new]
        return [bubble for _, bubble in sorted(found, key=lambda pair: pair[0])]

    def friend(self, who: str) -> Friend:
        """Somebody's record."""
        return self.store.friends.load(id_of(who)).friend

    def pushes(self) -> int:
        """Counted messages so far."""
        return sum(one.how != "reply" for one in self.fake.ledger)

    def _person(self, who: str) -> str:
        if who not in self._people:
            self._people.append(who)
            self.fake.add_person(id_of(who), NAMES.get(who, who))
        return id_of(who)


@contextmanager
def full_world(url: str | None = None) -> Iterator[FullWorld]:
    """A world of its own: on a fake Redis in this process, or in a namespace of its own on a real one."""
    clock = WorldClock()
    with FakeLine(clock=clock.seconds) as fake:
        settings = settings_for(fake)
        server: Redis = connect(url) if url else fakeredis.FakeRedis(version=(7,))
        store = store_on(server, secret=b"test", namespace=settings.namespace, adorn=_zoned(settings))
        services = services_on(settings, store, clock=clock, queue=fakeredis.FakeRedis(version=(7,)), first_pause=0.001)
        world = FullWorld(fake, services, clock)
        jobs.serve(world.workshop)
        try:
            yield world
            assert fake.anomalies == []
        finally:
            jobs.serve(None)
            world.workshop.close()
            services.close()


def _zoned(settings: Settings) -> Callable[[Catalog], Catalog]:
    """The server's time zone as the product puts it in; the public address is the test's own."""

    def adorn(catalog: Catalog) -> Catalog:
        return replace(catalog, account=replace(catalog.account, zone=adorning(settings)(catalog).account.zone))

    return adorn


def settings_for(fake: FakeLine, url: str = "redis://127.0.0.1:1/0") -> Settings:
    """The settings that lead to this fake LINE."""
    return Settings(
        line_api_url=fake.url,
        line_channel_secret=fake.secret,
        line_channel_access_token=fake.token,
        redis_url=url,
        owner_code=OWNER_CODE,
        namespace=f"t{secrets.token_hex(6)}",
    )
