"""`python -m bot.timer`: the clock process. It rings the tick every second and outlives a Redis that blinks."""

from __future__ import annotations

import signal
import sys
import threading
import time

from bot.judging import settings_or_exit
from bot.log import get_logger, set_up_logging
from bot.queues import POLL_SECONDS, AlarmClock, QueueAwayError, Queues
from bot.store import plain

log = get_logger(__name__)

LONGEST_PAUSE = 5.0


class Ringing:
    """The loop around the alarm clock: rq-scheduler's own would end at the first trouble with Redis."""

    def __init__(self, clock: AlarmClock, stop: threading.Event, *, poll: float = POLL_SECONDS) -> None:
        """Turns every `poll` seconds until `stop` is set."""
        self._clock = clock
        self._stop = stop
        self._poll = poll

    def run(self) -> None:
        """Ring until told to stop."""
        pause = self._poll
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._clock.turn()
                pause = self._poll
            except QueueAwayError as error:
                pause = min(LONGEST_PAUSE, pause * 2)
                log.warning("clock.redis_away", again_in=pause, reason=str(error))
            self._stop.wait(max(0.0, pause - (time.monotonic() - began)))


def main() -> int:
    """Ring until told to end by SIGTERM or SIGINT."""
    settings = settings_or_exit()
    set_up_logging(console=settings.is_practice)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("clock.ready")
    Ringing(Queues(plain.connect(settings.rq_redis_url), settings.namespace).clock(), stop).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
