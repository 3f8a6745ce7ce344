import asyncio
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import metrics
from bot.embedded import running_redis
from bot.line import Accepted, Endpoint, RateLimited
from bot.metering import FLUSH_SECONDS, SendMeter, bucket
from bot.store.store import Store, open_store

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TOKEN = "a-token-for-the-test"


class Still:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    opened = open_store(server, secret=b"", namespace=f"t{secrets.token_hex(4)}")
    yield opened
    opened.close()


def page(store: Store, token: str | None = TOKEN) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(metrics.blueprint(store, Still(), token))
    return app.test_client()


def told(store: Store) -> str:
    return page(store).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(as_text=True)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", TOKEN, f"bearer {TOKEN}", f"Bearer {TOKEN} "])
def test_without_the_token_there_is_no_such_page(store: Store, header: str | None) -> None:
    """How busy a shop is concerns nobody else."""
    headers = {} if header is None else {"Authorization": header}
    assert page(store).get("/metrics", headers=headers).status_code == 404


def test_an_owner_who_set_no_token_has_no_page(store: Store) -> None:
    """Nothing is public by default, not even to an empty token."""
    assert page(store, None).get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert page(store, "").get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_it_tells_how_work_stands(store: Store) -> None:
    """Depth and age are what an operator is woken for."""
    store.heartbeat.tick(datetime(2026, 11, 20, 2, 59, 30, tzinfo=UTC))
    said = told(store)
    for line in ("ayumi_up 1.0", "ayumi_tick_age_seconds 30.0", "ayumi_outbox_entries 0.0", "ayumi_due_friends 0.0"):
        assert line in said.splitlines()


def test_it_tells_how_requests_to_line_went(store: Store) -> None:
    """By outcome and time, over all processes."""
    meter = SendMeter(store.sends)

    async def three() -> None:
        meter.note(Endpoint.PUSH, Accepted(), 0.03)
        meter.note(Endpoint.PUSH, Accepted(), 0.3)
        meter._begun -= FLUSH_SECONDS
        meter.note(Endpoint.PUSH, RateLimited(), 20.0)
        await asyncio.get_running_loop().shutdown_default_executor()

    asyncio.run(three())
    said = told(store).splitlines()
    assert 'ayumi_line_requests_total{endpoint="push",outcome="Accepted"} 2.0' in said
    assert 'ayumi_line_requests_total{endpoint="push",outcome="RateLimited"} 1.0' in said
    assert 'ayumi_line_seconds_bucket{endpoint="push",le="0.05"} 1.0' in said
    assert 'ayumi_line_seconds_bucket{endpoint="push",le="0.5"} 2.0' in said
    assert 'ayumi_line_seconds_bucket{endpoint="push",le="+Inf"} 3.0' in said


def test_it_says_when_redis_is_away(tmp_path: Path) -> None:
    """The page itself stays up: that is what tells the two apart."""
    with running_redis(tmp_path) as url:
        left = open_store(url, secret=b"")
    assert "ayumi_up 0.0" in told(left).splitlines()
    left.close()


@pytest.mark.parametrize(
    ("seconds", "bound"), [(0.0, "0.05"), (0.05, "0.05"), (0.051, "0.1"), (10.0, "10"), (11, "+Inf")]
)
def test_a_time_falls_under_one_bound(seconds: float, bound: str) -> None:
    """Bounds belong to what is below them."""
    assert bucket(seconds) == bound
