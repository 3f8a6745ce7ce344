"""What LINE says of the account: where webhooks go, and whether LINE reaches us there. Asked once a minute at most,
and never inside a webhook request: LINE calls us back while we ask it."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from threading import Lock
from typing import Final

from bot.line import LineClient, LineRefusedError, LineUnavailableError
from bot.log import get_logger
from flows.desk import Channel

log = get_logger(__name__)

FRESH_SECONDS: Final = 60.0
"""LINE allows 60 calls of the test an hour (developers.line.biz, test-webhook-endpoint)."""
WAIT_SECONDS: Final = 0.8
"""So long a request waits for the answer; LINE wants its 200 within two seconds."""
REFUSALS: Final = (401, 403)
"""LINE does not take the token, or not for this."""


class Checkup:
    """Asks LINE beside the requests, and remembers the answer for a minute."""

    def __init__(self, line: LineClient, *, wait: float = WAIT_SECONDS) -> None:
        """`line` is the channel that is looked at; a request waits `wait` seconds at most."""
        self._line = line
        self._wait = wait
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkup")
        self._lock = Lock()
        self._asked: Future[Channel | None] | None = None
        self._good_until = 0.0

    def channel(self) -> Channel | None:
        """What LINE says; None while it cannot be asked, or has not answered yet."""
        try:
            return self._asking().result(self._wait)
        except NotYetError:
            return None

    def _asking(self) -> Future[Channel | None]:
        with self._lock:
            if self._asked is None or (self._asked.done() and self._is_stale(self._asked)):
                self._asked = self._pool.submit(self._ask)
                self._good_until = time.monotonic() + FRESH_SECONDS
            return self._asked

    def _is_stale(self, answer: Future[Channel | None]) -> bool:
        return answer.result() is None or time.monotonic() >= self._good_until

    def _ask(self) -> Channel | None:
        try:
            endpoint = self._line.webhook_endpoint()
            if endpoint is None:
                return Channel()
            told = self._line.test_webhook_endpoint()
        except LineRefusedError as error:
            log.warning("channel.refused", reason=str(error))
            return Channel(refused=True) if error.status in REFUSALS else None
        except LineUnavailableError as error:
            log.warning("channel.not_asked", reason=str(error))
            return None
        trouble = "" if told.success else f"{told.reason} {told.status or ''}".strip()
        return Channel(webhook=endpoint.url, active=endpoint.active, trouble=trouble)
