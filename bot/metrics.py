"""`GET /metrics` for Prometheus, behind a token of its own; without one the page does not exist. No friend is named there."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.metering import BUCKETS
from bot.ports import Clock
from bot.store.errors import StoreAwayError
from bot.store.reports import month_of
from bot.store.store import Store

PREFIX: Final = "ayumi_"


def blueprint(store: Store, clock: Clock, token: str | None) -> Blueprint:
    """The page; `token` None: 404 for everybody. A wrong token gets 404, too."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def metrics() -> Response:
        """Everything as it stands now, read from Redis: any web process tells the same."""
        if not token or not _is_allowed(token):
            return Response(status=404)
        registry = CollectorRegistry()
        registry.register(_Page(store, clock.now()))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


def _is_allowed(token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())


class _Page:
    """Reads the figures when they are asked for."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """All of them, or only that Redis is away."""
        try:
            found = [*self._work(), *self._month(), *self._sends()]
        except StoreAwayError:
            return [_gauge("up", "Whether Redis answers.", 0)]
        return [_gauge("up", "Whether Redis answers.", 1), *found]

    def _work(self) -> Iterator[Metric]:
        store, now = self._store, self._now
        tick, oldest = store.heartbeat.last_tick(), store.outbox.oldest()
        yield _gauge("outbox_entries", "Effects not yet performed.", store.outbox.size())
        yield _gauge("outbox_oldest_seconds", "Age of the oldest of them.", _age(oldest, now))
        yield _gauge("outbox_held_messages", "Messages that wait for quota.", store.outbox.held_recipients())
        yield _gauge("due_friends", "Friends whose moment has come.", store.due.waiting_before(now))
        yield _gauge("due_late_seconds", "By how much the longest overdue friend is late.", store.due.oldest_due(now))
        yield _gauge("friends_parked", "Friends whose decision failed, put off.", len(store.due.parked(1000)))
        yield _gauge("workers", "Workers seen lately.", store.heartbeat.workers(now))
        yield _gauge("tick_age_seconds", "Since the clock last rang.", _age(tick, now))

    def _month(self) -> Iterator[Metric]:
        month = self._store.quotas.read(month_of(self._now))
        yield _gauge("quota_used_messages", "Messages of this month.", month.used)
        if month.limit is not None:
            yield _gauge("quota_limit_messages", "LINE's limit of this month.", month.limit)

    def _sends(self) -> Iterator[Metric]:
        outcomes = CounterMetricFamily(
            f"{PREFIX}line_requests", "Requests to LINE, by what came of them.", labels=("endpoint", "outcome")
        )
        took: dict[str, dict[str, int]] = defaultdict(dict)
        total: dict[str, int] = {}
        for name, times in sorted(self._store.sends.read().items()):
            kind, endpoint, *rest = name.split(" ")
            if kind == "outcome":
                outcomes.add_metric((endpoint, rest[0]), times)
            elif kind == "took":
                took[endpoint][rest[0]] = times
            else:
                total[endpoint] = times
        yield outcomes
        yield _histogram(took, total)


def _histogram(took: dict[str, dict[str, int]], milliseconds: dict[str, int]) -> Metric:
    found = HistogramMetricFamily(f"{PREFIX}line_seconds", "LINE's answer time.", labels=("endpoint",))
    for endpoint, counts in took.items():
        running, buckets = 0, list[tuple[str, float]]()
        for bound in (*(f"{one:g}" for one in BUCKETS), "+Inf"):
            running += counts.get(bound, 0)
            buckets.append((bound, running))
        found.add_metric((endpoint,), buckets=buckets, sum_value=milliseconds.get(endpoint, 0) / 1000)
    return found


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}{name}", says, value=value)


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
