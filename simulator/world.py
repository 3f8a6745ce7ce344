"""A whole LINE for tests: the HTTP API on a free port, people to act, and everything to look at afterwards.

with FakeLine() as fake:
    fake.webhook_url = "http://127.0.0.1:5000/callback"
    sakura = fake.add_person(user_id("さくら"), "さくら")
    fake.follow(sakura)
    fake.say(sakura, "こんにちは")
    fake.wait_for(sakura, 2)
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulator.acts import Acts, Opened
from simulator.clock import Clock, Seconds, real_seconds
from simulator.faults import Faults
from simulator.http import Answer, Body, Request
from simulator.ids import user_id
from simulator.line import Line
from simulator.memory import Memory
from simulator.people import People
from simulator.richmenus import menu_of
from simulator.sending import used_this_month
from simulator.server import Door, ThreadedServer
from simulator.state import Anomaly, Bubble, Call, Delivery
from simulator.webhook import Outcome, Receiver, Webhook

__all__ = ["FakeLine", "user_id"]

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - opens nothing but this fake
TOKEN = "simulator-channel-access-token"  # noqa: S105
CHANNEL_ID = "2000000001"
Wanted = int | Callable[[list[Bubble]], bool]


class FakeLine(People):
    """LINE as a test sees it. Acts return how the product took their webhook."""

    def __init__(
        self,
        *,
        clock: Seconds = real_seconds,
        directory: Path | None = None,
        secret: str = SECRET,
        token: str = TOKEN,
        channel_id: str = CHANNEL_ID,
        stored_base: str = "",
        checking: bool = True,
        keeping_talks: bool = True,
        serving: bool = True,
        port: int = 0,
    ) -> None:
        """`clock` gives seconds since 1970. `directory` keeps the state there.

        `stored_base` is a plain http address whose media count as https. `checking=False` and
        `keeping_talks=False` make it fast for benchmarks. Without `serving` there is no socket; use `call`.
        """
        self.clock = clock if isinstance(clock, Clock) else Clock(clock)
        self.line = Line(
            secret=secret,
            token=token,
            channel_id=channel_id,
            clock=self.clock,
            directory=directory,
            checking=checking,
            keeping_talks=keeping_talks,
            stored_base=stored_base,
        )
        self.webhook = Webhook(self.line)
        self.line.probe = self.webhook.probe
        self.acts = Acts(self.line, self.webhook)
        self._server = ThreadedServer(Door(self.line), port) if serving else None
        self.port = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Serve LINE's API from now on."""
        if self._server:
            self.port = self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving and keep the state."""
        if self._server:
            self._server.stop()
        self.line.close()

    def reset(self) -> None:
        """Forget everything and everybody; faults off."""
        with self.line.lock:
            self.line.memory.shelf.clear()
            self.line.memory = Memory(self.line.memory.shelf)
            self.line.faults.reset()
            self.webhook.failed.clear()
            self.webhook.outcomes.clear()
            self.acts.opened.clear()
            self.acts.mode = "active"

    # The channel

    @property
    def url(self) -> str:
        """LINE's API; one base for messages and media."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def secret(self) -> str:
        """The channel secret."""
        return self.line.secret

    @property
    def token(self) -> str:
        """The long-lived channel access token."""
        return self.line.token

    @property
    def channel_id(self) -> str:
        """The channel id, good for issuing stateless tokens."""
        return self.line.channel_id

    @property
    def webhook_url(self) -> str:
        """Where events go."""
        return self.webhook.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self.webhook.url = url

    def receive_with(self, receiver: Receiver) -> None:
        """Give events to a function instead of an address: (body, headers) to status, in the caller's thread."""
        self.webhook.receiver = receiver

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.line.faults

    def limit(self, messages: int | None) -> None:
        """The monthly limit; None for none."""
        self.line.memory.set("limit", messages)

    def verified(self, yes: bool = True) -> None:
        """Whether the account may list its friends."""
        self.line.memory.set("verified", yes)

    def call(self, method: str, path: str, body: Body | None = None, **headers: str) -> Answer:
        """Ask LINE something in this process, as the product would over HTTP with its token."""
        query = dict(pair.split("=", 1) for pair in path.partition("?")[2].split("&") if "=" in pair)
        given = {"authorization": "Bearer " + self.token, "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = b"" if body is None else Answer(body=body).payload()
        asked = Request(method=method, path=path.partition("?")[0], query=query, headers=given, raw=raw)
        answer = self.line.handle(asked)
        return answer.later() if answer.later else answer

    # Webhooks as they also come

    def gathering(self) -> AbstractContextManager[list[Body]]:
        """Gather the events of the acts inside in a list; `deliver` brings them."""
        return self.acts.gathering()

    def deliver(self, events: list[Body]) -> Outcome:
        """Bring events in one webhook, in this order; the same one may be in it twice."""
        return self.webhook.deliver(events)

    def redeliver(self) -> list[Outcome]:
        """Bring again all that failed, marked as redelivered."""
        return self.webhook.redeliver()

    def again(self, events: list[Body]) -> Outcome:
        """Bring events once more, marked as redelivered, whether they had failed or not."""
        return self.webhook.again(events)

    def standby(self, yes: bool = True) -> None:
        """Let events come in standby mode, without reply tokens."""
        self.acts.mode = "standby" if yes else "active"

    # What came of it

    def talk(self, user: str) -> list[Bubble]:
        """The whole talk as that person sees it: both sides and the app's notes."""
        with self.line.lock:
            return list(self.person(user).talk)

    def received(self, user: str) -> list[Bubble]:
        """What the account sent to that person; `how` is reply, push, multicast or broadcast."""
        return [bubble for bubble in self.talk(user) if bubble.side == "account"]

    def wait_for(self, user: str, wanted: Wanted, timeout: float = 5.0) -> list[Bubble]:
        """What the account sent, once there are so many bubbles or `wanted` says yes; AssertionError if late."""

        def enough() -> bool:
            received = self.received(user)
            return len(received) >= wanted if isinstance(wanted, int) else wanted(received)

        with self.line.changed:
            if not self.line.changed.wait_for(enough, timeout):
                seen = "\n".join(f"{each.side} ({each.how}) {each.type}: {each.text}" for each in self.talk(user))
                raise AssertionError(f"{self.person(user).name} still waits after {timeout} s; the talk is:\n{seen}")
            return self.received(user)

    def menu(self, user: str) -> dict[str, Any] | None:
        """The rich menu that person sees, as it was created, or none."""
        with self.line.lock:
            menu = menu_of(self.line, self.person(user))
            return menu.body if menu else None

    @property
    def ledger(self) -> list[Delivery]:
        """Everything accepted, one entry per recipient."""
        return self.line.memory.ledger

    @property
    def used(self) -> int:
        """Counted messages of this month."""
        return used_this_month(self.line)

    @property
    def anomalies(self) -> list[Anomaly]:
        """What a correct product never does; a good test ends with none."""
        return self.line.memory.anomalies

    @property
    def calls(self) -> list[Call]:
        """The last requests of the product with their answers."""
        with self.line.lock:
            return list(self.line.memory.calls)

    @property
    def opened(self) -> list[Opened]:
        """Links followed and texts copied."""
        return self.acts.opened
