"""What the machinery says of itself, and what it hands out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import health
from bot.store.errors import StoreAwayError
from tests.bot.test_delivery import open_shop
from tests.full_world import FullWorld


def test_healthz_is_well_while_the_clock_rings(world: FullWorld) -> None:
    """The one page a host looks at."""
    world.workshop.tick()
    answer = world.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json | {"version": "", "tick_age": 0} == {
        "redis": True,
        "tick_age": 0,
        "oldest_waiting": 0.0,
        "workers": 0,
        "owner": False,
        "version": "",
        "reasons": [],
    }


def test_a_silent_clock_is_a_reason(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commonest complaint about such systems is a cron that died in silence."""
    monkeypatch.setattr(health, "STARTING_SECONDS", 0)
    answer = world.client.get("/healthz")
    assert answer.status_code == 503
    world.workshop.tick()
    assert world.client.get("/healthz").status_code == 200
    world.now += timedelta(minutes=3)
    answer = world.client.get("/healthz")
    assert answer.status_code == 503
    assert "180秒" in answer.text


def test_ready_means_that_somebody_works(world: FullWorld) -> None:
    """Alive is not ready."""
    world.workshop.tick()
    assert world.client.get("/readyz").status_code == 503
    world.store.heartbeat.worker(world.now, "w1")
    assert world.client.get("/readyz").status_code == 200


def test_an_absent_redis_is_said(world: FullWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with a reason, not a traceback; and a webhook is not swallowed."""

    def away(*_: object) -> None:
        raise StoreAwayError("gone")

    monkeypatch.setattr(type(world.store.heartbeat), "last_tick", away)
    answer = world.client.get("/healthz")
    assert (answer.status_code, answer.json and answer.json["redis"]) == (503, False)


def test_the_page_at_the_root_says_where_the_webhook_is(world: FullWorld) -> None:
    """Somebody pasted the address without its end."""
    assert "/callback" in world.client.get("/").text


def test_the_clock_is_shown_only_where_it_can_be_moved(world: FullWorld) -> None:
    """In practice the simulator jumps to the next thing due; in earnest nobody needs to know."""
    open_shop(world, "friend")
    assert world.client.get("/clock").status_code == 404
    from flask import Flask

    app = Flask("practice")
    app.register_blueprint(health.blueprint(world.store, world.clock, practice=True))
    told = app.test_client().get("/clock").json
    assert told == {"now": world.now.isoformat(), "next_due": "2026-11-21T01:00:00+00:00"}


def test_media_are_cacheable_and_can_be_fetched_in_parts(world: FullWorld) -> None:
    """Phones fetch films in ranges, and pictures again and again."""
    about = world.store.media.put(bytes(range(256)) * 5000, "video/mp4")
    whole = world.client.get(f"/media/{about.id}")
    assert (whole.status_code, len(whole.data)) == (200, 1_280_000)
    assert "immutable" in whole.headers["Cache-Control"]
    part = world.client.get(f"/media/{about.id}", headers={"Range": "bytes=600000-600009"})
    assert (part.status_code, part.data) == (206, whole.data[600_000:600_010])
    assert part.headers["Content-Range"] == "bytes 600000-600009/1280000"
    tail = world.client.get(f"/media/{about.id}", headers={"Range": "bytes=-5"})
    assert tail.data == whole.data[-5:]
    beyond = world.client.get(f"/media/{about.id}", headers={"Range": "bytes=2000000-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("name", ["x", "0" * 40, "../secret", "%2e%2e"])
def test_guessed_media_are_not_there(world: FullWorld, name: str) -> None:
    """An id is sealed with our secret."""
    assert world.client.get(f"/media/{name}").status_code == 404


def test_what_a_sender_calls_html_is_handed_out_as_bytes(world: FullWorld) -> None:
    """A page made by a friend must not run in our name."""
    about = world.store.media.put(b"<script>alert(1)</script>", "text/html")
    page = world.client.get(f"/media/{about.id}")
    assert (page.content_type, page.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
