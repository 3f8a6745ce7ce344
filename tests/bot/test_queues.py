"""The queue and the clock hold no truth: whatever is flushed, killed or doubled, no step is lost."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import fakeredis
import pytest

from bot import jobs
from bot.queues import FAILURE_SECONDS, MOST_WAITING, QueueAwayError, Queues
from bot.store import plain
from bot.store.keys import Shard
from bot.timer import Ringing
from tests.bot.test_delivery import open_shop, pushed
from tests.full_world import FullWorld
from tests.worlds import move

NOW = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)


class Rung:
    """Notes which jobs were run."""

    def __init__(self) -> None:
        self.work: list[str] = []

    def tick(self) -> None:
        self.work.append("tick")

    def deliver(self, shard: Shard) -> None:
        self.work.append(shard)


@pytest.fixture
def rung() -> Iterator[Rung]:
    """The jobs of this process, noted."""
    noted = Rung()
    jobs.serve(noted)
    yield noted
    jobs.serve(None)


@pytest.fixture(params=["fake", "real"])
def queues(request: pytest.FixtureRequest) -> Queues:
    """A queue of its own, on the fake and on a real server."""
    server = (
        fakeredis.FakeRedis(version=(7,))
        if request.param == "fake"
        else plain.connect(request.getfixturevalue("real_url"))
    )
    return Queues(server, f"t{secrets.token_hex(6)}")


def flush(queues: Queues) -> None:
    """Every key of RQ and of rq-scheduler is gone."""
    for key in queues.connection.keys("rq:*"):
        queues.connection.delete(key)


def test_the_same_work_waits_once(queues: Queues, rung: Rung) -> None:
    """Ten commits for one shard are one look at it."""
    assert [queues.ring("deliver", "7", now=NOW) for _ in range(10)] == [True, *[False] * 9]
    assert queues.ring("deliver", "8", now=NOW)
    assert (queues.work_off(), rung.work) == (2, ["7", "8"])
    assert queues.ring("deliver", "7", now=NOW)


def test_many_are_rung_for_at_once_and_none_of_them_twice(queues: Queues, rung: Rung) -> None:
    """The tick rings for every busy shard each second, while most of the rings before still wait."""
    queues.ring("deliver", "8", now=NOW)
    queues.ring_all("deliver", ["7", "8", "9"], now=NOW)
    queues.ring_all("deliver", ["7", "8", "9"], now=NOW)
    queues.ring_all("deliver", [], now=NOW)
    assert (queues.work_off(), rung.work) == (3, ["8", "7", "9"])


def test_a_ring_that_was_lost_with_its_worker_is_soon_repeated(queues: Queues, rung: Rung) -> None:
    """The job of a killed worker looks started for ever; its successor has another name."""
    queues.ring("deliver", "7", now=NOW)
    queues.queue.pop_job_id()
    assert not queues.ring("deliver", "7", now=NOW)
    assert queues.ring("deliver", "7", now=NOW + timedelta(seconds=5))
    assert (queues.work_off(), rung.work) == (1, ["7"])


def test_rings_do_not_pile_up_while_nobody_works(queues: Queues) -> None:
    """An hour without workers must not become an hour of useless looks."""
    for second in range(0, 4 * MOST_WAITING, 4):
        queues.ring("deliver", "7", now=NOW + timedelta(seconds=second))
    assert not queues.ring("deliver", "7", now=NOW + timedelta(hours=1))
    assert queues.queue.count <= MOST_WAITING


def test_the_clock_registers_its_tick_once_and_rings_it(queues: Queues, rung: Rung) -> None:
    """Two clocks, each restarted, are one tick."""
    for clock in (queues.clock(), queues.clock(), queues.clock()):
        clock.turn()
    assert queues.clock().count() == 1
    assert (queues.work_off(), rung.work) == (1, ["tick"])


def test_ticks_do_not_pile_up(queues: Queues) -> None:
    """The alarm clock rings on while the worker is busy; one ring waits, not thousands."""
    clock = queues.clock()
    for _ in range(5):
        clock.turn()
        queues.connection.zadd(clock.scheduled_jobs_key, {clock.tick_id: 0})
    assert queues.queue.count == 1


def test_the_tick_is_registered_anew_after_a_flush(queues: Queues, rung: Rung) -> None:
    """Nothing of it is kept anywhere else, and nothing needs to be."""
    clock = queues.clock()
    clock.turn()
    flush(queues)
    clock.turn()
    assert (queues.work_off(), rung.work) == (1, ["tick"])


def test_a_tick_lost_between_two_commands_is_registered_anew(queues: Queues) -> None:
    """rq-scheduler takes the entry out before it puts it back; a clock killed there loses it."""
    clock = queues.clock()
    clock.turn()
    queues.connection.delete(clock.scheduled_jobs_key)
    clock.turn()
    assert clock.count() == 1


def test_a_dead_clocks_lock_holds_the_others_up_for_seconds_only(queues: Queues) -> None:
    """rq-scheduler's own lock would be waited for eleven seconds."""
    dead = queues.clock()
    assert dead.acquire_lock()
    queues.clock().turn()
    assert queues.queue.count == 0
    assert 0 < queues.connection.ttl(dead.scheduler_lock_key) <= 3


def test_a_failed_job_is_kept_for_a_day(queues: Queues) -> None:
    """RQ's own year would fill a small Redis."""
    queues.ring("deliver", "7", now=NOW)
    job = queues.queue.jobs[0]
    assert (job.failure_ttl, job.result_ttl) == (FAILURE_SECONDS, 0)


def test_the_clock_survives_a_redis_that_is_away() -> None:
    """rq-scheduler's own loop ends at the first connection error, and nothing would ever be due again."""
    turns: list[str] = []
    stop = threading.Event()
    answers: list[Callable[[], None]] = [_away, _away, stop.set]

    class Blinking:
        def turn(self) -> None:
            turns.append("turn")
            answers[len(turns) - 1]()

    Ringing(Blinking(), stop, poll=0.001).run()  # type: ignore[arg-type]
    assert len(turns) == 3


def _away() -> None:
    raise QueueAwayError("gone")


def test_an_absent_server_has_one_name() -> None:
    """Those who ring need not know whose client it is."""
    queues = Queues(plain.connect("redis://127.0.0.1:1/0"), "t")
    with pytest.raises(QueueAwayError):
        queues.clock().turn()
    with pytest.raises(QueueAwayError):
        queues.ring("deliver", "7", now=NOW)
    with pytest.raises(QueueAwayError):
        queues.ring_all("deliver", ["7"], now=NOW)


def test_flushing_the_queue_at_any_moment_loses_no_step(world: FullWorld) -> None:
    """The record knows what is due; a ring is only a hint."""
    open_shop(world, "friend", "美咲")
    queues = world.services.queues
    queues.clock().turn()
    due = world.next_due()
    assert due is not None
    world.now = due
    world.workshop.tick()
    flush(queues)
    assert queues.work_off() == 0
    move(world, world.now)
    assert pushed(world) == ["1通目です", "2通目です"]


def test_a_job_without_services_says_so() -> None:
    """A worker started by hand must not seem to work."""
    with pytest.raises(jobs.NoServicesError):
        jobs.tick()
