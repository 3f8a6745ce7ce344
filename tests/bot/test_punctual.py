"""A step comes at its moment, not at the tick's."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from bot.store.keys import SHARDS, Shard, shard_of
from bot.worker import ring_later
from tests.bot.test_delivery import SAKURA, open_shop
from tests.full_world import FullWorld


def test_what_is_due_before_the_next_tick_is_rung_for_at_its_moment(world: FullWorld) -> None:
    """「19:00に」 is not half a second later because the tick rang just before."""
    open_shop(world, "friend")
    due = world.next_due()
    assert due is not None
    rung: list[tuple[Shard, float]] = []
    world.workshop.ring_later = lambda shard, seconds: rung.append((shard, seconds))
    world.now = due - timedelta(seconds=3)
    world.workshop.tick()
    assert rung == []
    world.now = due - timedelta(seconds=0.4)
    world.workshop.tick()
    ((shard, seconds),) = rung
    assert shard == shard_of(SAKURA)
    assert seconds == pytest.approx(0.4, abs=0.002)


def test_a_worker_rings_again_after_so_many_seconds() -> None:
    """A moment too early would find nobody due, and the next tick is a second away."""
    heard = threading.Event()
    began = time.monotonic()
    ring_later(lambda shard: heard.set(), SHARDS[0], 0.01)
    assert heard.wait(10)
    assert time.monotonic() - began > 0.01
