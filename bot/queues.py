"""The queue of work and its alarm clock: hints that there is something to do, never the record of it.

Every key of RQ and of rq-scheduler may be flushed at any moment: what is due stands in the store, and the clock
registers its ring anew.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError, StopRequested
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq_scheduler import Scheduler

from bot.store.plain import TROUBLE, Redis

TICK_SECONDS: Final = 1
POLL_SECONDS: Final = 0.2
LOCK_SECONDS: Final = 3
"""A clock that died keeps the others waiting so long; two at once do no harm."""
JOB_SECONDS: Final = 60
FAILURE_SECONDS: Final = 86_400
WINDOW_SECONDS: Final = 4
"""The same work is rung for once in such a window, so that a ring lost with a killed worker is soon repeated."""
MOST_WAITING: Final = 128
"""With more rings than this nobody is working; more of them would help nobody."""

AGAIN_SECONDS: Final = 0.5

TICK: Final = "bot.jobs.tick"

log = logging.getLogger(__name__)


class QueueAwayError(Exception):
    """The Redis of the queue did not answer."""


class Queues:
    """The one queue of this account. `ring` raises QueueAwayError."""

    def __init__(self, connection: Redis, namespace: str) -> None:
        """`namespace` keeps two accounts on one server apart."""
        self.connection = connection
        self.namespace = namespace
        self.queue = Queue(f"{namespace}-work", connection=connection)

    def ring(self, work: str, *args: str, now: datetime) -> bool:
        """Have `bot.jobs.<work>` run with these arguments soon, unless that is going to happen anyway."""
        name = self._name(work, *args, now=now)
        try:
            if self.queue.count >= MOST_WAITING:
                return False
            self.queue.enqueue(
                f"bot.jobs.{work}",
                *args,
                job_id=name,
                unique=True,
                ttl=JOB_SECONDS,
                job_timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=FAILURE_SECONDS,
                description=name,
            )
        except DuplicateJobError:
            return False
        except TROUBLE as error:
            raise QueueAwayError(str(error)) from error
        return True

    def ring_all(self, work: str, many: Sequence[str], *, now: datetime) -> None:
        """Ring for each of many; which of them are rung for already is asked in one trip, where a ring takes several."""
        try:
            with self.connection.pipeline(transaction=False) as pipe:
                for one in many:
                    pipe.exists(Job.key_for(self._name(work, one, now=now)))
                there = pipe.execute()
        except TROUBLE as error:
            raise QueueAwayError(str(error)) from error
        for one, waits in zip(many, there, strict=True):
            if not waits:
                self.ring(work, one, now=now)

    def _name(self, work: str, *args: str, now: datetime) -> str:
        window = int(now.timestamp()) // WINDOW_SECONDS
        return "-".join((self.namespace, work, *args, str(window)))

    def clock(self) -> AlarmClock:
        """The alarm clock of this queue."""
        return AlarmClock(self)

    def work(self, *, on_heartbeat: Callable[[], None] | None = None) -> None:
        """Work on this queue and no other until told to end: a worker on several loses the job it holds when killed.

        RQ's own loop ends when Redis goes away in the middle of a job; ours begins it again.
        """
        with contextlib.suppress(StopRequested):
            while not self._begin(on_heartbeat):
                log.warning("queue.worker_begins_again")
                time.sleep(AGAIN_SECONDS)

    def _begin(self, on_heartbeat: Callable[[], None] | None) -> bool:
        """One life of RQ's worker; whether it was told to end."""
        try:
            worker = _Worker(
                [self.queue], connection=self.connection, log_job_description=False, maintenance_interval=60
            )
            worker.on_heartbeat = on_heartbeat
            worker.work(logging_level="WARNING")
        except TROUBLE as error:
            log.warning("queue.away: %s", type(error).__name__)
        return _Worker.told_to_end

    def work_off(self) -> int:
        """Run everything that waits, in this thread; returns how many jobs were run."""
        done = 0
        while self.queue.count:
            job_id = self.queue.pop_job_id()
            if job_id and Job.exists(job_id, connection=self.connection):
                job = Job.fetch(job_id, connection=self.connection)
                job.perform()
                job.delete()
                done += 1
        return done

    def failed(self) -> Sequence[str]:
        """Ids of jobs that raised within the last day."""
        return FailedJobRegistry(queue=self.queue).get_job_ids()


class _Worker(SimpleWorker):
    """Tells somebody each time it says that it is alive."""

    on_heartbeat: Callable[[], None] | None = None
    told_to_end: ClassVar[bool] = False
    max_connection_wait_time = 1.0
    """Seconds between looks for a Redis that is away; RQ's own are up to a minute."""

    def request_stop(self, signum: Any, frame: Any) -> None:
        """The process is to end, whatever Redis does."""
        type(self).told_to_end = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say that we live."""
        super().heartbeat(timeout, pipeline)
        if self.on_heartbeat is not None:
            self.on_heartbeat()


class AlarmClock(Scheduler):  # type: ignore[misc]
    """rq-scheduler, ringing the tick. Its own loop would end at the first trouble with Redis; ours is in `timer`."""

    def __init__(self, queues: Queues) -> None:
        """Keys of its own for each account."""
        super().__init__(queue=queues.queue, connection=queues.connection, interval=TICK_SECONDS)
        self.tick_id = f"{queues.namespace}-tick"
        self.scheduled_jobs_key = f"rq:scheduler:scheduled_jobs:{queues.namespace}"
        self.scheduler_lock_key = f"rq:scheduler_lock:{queues.namespace}"
        self.log = logging.getLogger("rq_scheduler")

    def turn(self) -> None:
        """Register the tick if it is not there, then ring what is due. Raises QueueAwayError."""
        try:
            if not self.acquire_lock():
                return
            self.assert_tick()
            self.enqueue_jobs()
            self.remove_lock()
        except TROUBLE as error:
            raise QueueAwayError(f"{type(error).__name__}: {error}") from error

    def assert_tick(self) -> None:
        """Register the repeating tick under its fixed id, once."""
        if self.tick_id in self and Job.exists(self.tick_id, connection=self.connection):
            return
        self.schedule(
            datetime.fromtimestamp(0, UTC),
            TICK,
            interval=TICK_SECONDS,
            id=self.tick_id,
            timeout=JOB_SECONDS,
            description=self.tick_id,
        )

    def enqueue_job(self, job: Job) -> None:
        """Ring, unless the last ring has not been heard yet: rings that pile up help nobody."""
        queue = self.get_queue_for_job(job)
        if job.meta.get("interval") and queue.get_job_position(job.id) is not None:
            self.connection.zadd(self.scheduled_jobs_key, {job.id: _seconds() + int(job.meta["interval"])})
            return
        super().enqueue_job(job)

    def acquire_lock(self) -> bool:
        """Be the only clock for a moment."""
        self._lock_acquired = bool(self.connection.set(self.scheduler_lock_key, self.name, ex=LOCK_SECONDS, nx=True))
        return self._lock_acquired


def _seconds() -> int:
    from rq.utils import now  # noqa: PLC0415

    return int(now().timestamp())
