"""What the machinery says of itself: alive, ready, and in practice what time it is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from flask import Blueprint, Response, jsonify

from bot.ports import Clock
from bot.store.errors import StoreAwayError
from bot.store.store import Store
from flows.catalog import Role

STARTING_SECONDS: Final = 60.0
"""So long after its start a web process does not miss the others."""
TICK_SECONDS: Final = 60.0
WAITING_SECONDS: Final = 300.0
HINT: Final = (
    "Ayumi は動いています。Webhook URL には このアドレス + /callback を入れてください。\n"
    "(Ayumi is running. The webhook URL is this address + /callback. Health: /healthz)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How things stand; ages in seconds. `reasons` is empty when all is well."""

    redis: bool
    tick_age: float | None = None
    oldest_waiting: float = 0.0
    workers: int = 0
    owner: bool = False
    version: str
    reasons: tuple[str, ...] = ()


def blueprint(store: Store, clock: Clock, *, practice: bool, is_warm: Callable[[], bool] = lambda: True) -> Blueprint:
    """`/`, `/healthz`, `/readyz`, and while time can be moved `/clock`."""
    routes = Blueprint("health", __name__)
    began = time.monotonic()

    @routes.get("/")
    def hint() -> Response:
        """What this address is, for somebody who opens it."""
        return Response(HINT, content_type="text/plain; charset=utf-8")

    @routes.get("/healthz")
    def healthz() -> Response:
        """200 while it works; 503 with reasons when Redis is away or the clock stands still."""
        state = look(store, clock, missing_counts=time.monotonic() - began > STARTING_SECONDS)
        return _answer(state, good=not state.reasons)

    @routes.get("/readyz")
    def readyz() -> Response:
        """200 when everything a friend needs is at work, workers and clock too, and nobody waits for imports."""
        state = look(store, clock, missing_counts=True)
        return _answer(state, good=not state.reasons and state.workers > 0 and is_warm())

    if practice:

        @routes.get("/clock")
        def now() -> Response:
            """The moved time, and when the next thing is due (null: nothing)."""
            due = store.due.next_due()
            return jsonify(now=clock.now().isoformat(), next_due=due.isoformat() if due else None)

    return routes


def look(store: Store, clock: Clock, *, missing_counts: bool) -> State:
    """How things stand. `missing_counts`: a tick that never rang is a reason too."""
    try:
        now = clock.now()
        tick, oldest = store.heartbeat.last_tick(), store.outbox.oldest()
        overdue = store.due.oldest_due(now)
        staff = store.catalogs.current().staff.values()
        workers = store.heartbeat.workers(now)
        refusal = store.meta.refusal()
    except StoreAwayError as error:
        return State(redis=False, version=our_version(), reasons=(f"Redisにつながりません ({error})",))
    tick_age = _age(tick, now) if tick else None
    waiting = _age(oldest, now) if oldest else 0.0
    return State(
        redis=True,
        tick_age=tick_age,
        oldest_waiting=waiting,
        workers=workers,
        owner=any(one.role is Role.OWNER for one in staff),
        version=our_version(),
        reasons=(*_refused(refusal), *_reasons(tick_age, waiting, overdue, missing_counts=missing_counts)),
    )


def _reasons(tick_age: float | None, waiting: float, overdue: float, *, missing_counts: bool) -> list[str]:
    found = []
    if overdue > WAITING_SECONDS and missing_counts:
        found.append(f"配信が{overdue:.0f}秒遅れています (friends are due and nobody serves them)")
    if tick_age is None and missing_counts:
        found.append("時計がまだ一度も鳴っていません (the clock process has not rung)")
    if tick_age is not None and tick_age > TICK_SECONDS and missing_counts:
        found.append(f"時計が{tick_age:.0f}秒止まっています (the clock process is silent)")
    if waiting > WAITING_SECONDS:
        found.append(f"送信が{waiting:.0f}秒待っています (the outbox is not being served)")
    return found


def _refused(refusal: str) -> list[str]:
    if not refusal:
        return []
    return [
        f"Redisが書き込みを受けつけません。ディスクかメモリがいっぱいかもしれません (Redis takes no writes: {refusal})"
    ]


def our_version() -> str:
    """The version of this program."""
    try:
        return version("ayumi")
    except PackageNotFoundError:
        return "0.1.0"


def _age(moment: datetime, now: datetime) -> float:
    return round(max(0.0, (now - moment).total_seconds()), 3)


def _answer(state: State, *, good: bool) -> Response:
    # Somebody opens this in a browser to read the reasons.
    told = json.dumps(asdict(state), ensure_ascii=False)
    headers = {"Cache-Control": "no-store"}
    return Response(told, 200 if good else 503, headers, content_type="application/json; charset=utf-8")
