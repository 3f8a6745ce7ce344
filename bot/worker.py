"""`python -m bot.worker`: performs what is due. The product is loaded before the first job, not for each."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable

from bot import jobs, memory
from bot.inbound import Incoming
from bot.judging import settings_or_exit
from bot.log import get_logger, set_up_logging
from bot.store.keys import Shard
from bot.waiting import NotYetError
from bot.wiring import Services, services
from bot.work import Workshop

A_LITTLE = 0.002
"""Clocks that differ by less would find nobody due yet."""

log = get_logger(__name__)


def main() -> int:
    """Work until told to end; what is under way is finished first."""
    settings = settings_or_exit()
    set_up_logging(console=settings.is_practice)
    made = services(settings)
    shop = workshop(made)
    jobs.serve(shop)
    memory.settle()
    log.info("worker.ready", pid=os.getpid())
    made.queues.work(on_heartbeat=lambda: beat(made))
    shop.close()
    made.close()
    return 0


def workshop(made: Services) -> Workshop:
    """The work of this process on these services."""
    made.line.warm()
    made.waiting.resume = friends_only(made)
    shop = Workshop(made)
    shop.ring_later = lambda shard, seconds: ring_later(made.ring, shard, seconds)
    shop.prepare()
    return shop


def ring_later(ring: Callable[[Shard], None], shard: Shard, seconds: float) -> None:
    """Ring for the shard after so many seconds: the tick alone would let a step be late by half a second."""
    timer = threading.Timer(seconds + A_LITTLE, ring, (shard,))
    timer.daemon = True
    timer.start()


def friends_only(made: Services) -> Callable[[Incoming], None]:
    """Takes what a web process left behind when it died. The console lives there: staff are served by the next one."""
    handler = made.handler()

    def resume(one: Incoming) -> None:
        staff = made.friendly.staff_now().get(one.friend)
        if staff is not None and staff.as_friend is None:
            raise NotYetError
        handler.take((one,))

    return resume


def beat(made: Services) -> None:
    """Say that this worker lives."""
    made.store.heartbeat.worker(made.clock.now(), f"{socket.gethostname()}-{os.getpid()}")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # All of ours is closed. A library's thread inside C code would be torn down with the interpreter, and crash it.
    os._exit(code)
