"""What LINE says of the account: where webhooks go, and whether LINE reaches us there; and what a bucket for media says.

Asked once a minute at most, and never inside a webhook request: LINE calls us back while we ask it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from threading import Lock
from typing import Final, Generic, TypeVar

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


_Said = TypeVar("_Said")


class Beside(Generic[_Said]):
    """A question to somebody outside, asked beside the requests; its answer is remembered for a minute."""

    def __init__(self, ask: Callable[[], _Said | None], *, wait: float = WAIT_SECONDS) -> None:
        """`ask` gives None where there was no answer; a request waits `wait` seconds at most."""
        self._ask = ask
        self._wait = wait
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkup")
        self._lock = Lock()
        self._asked: Future[_Said | None] | None = None
        self._good_until = 0.0

    def answer(self) -> _Said | None:
        """What was said; None while nobody can be asked, or has answered yet."""
        try:
            return self._asking().result(self._wait)
        except NotYetError:
            return None

    def _asking(self) -> Future[_Said | None]:
        with self._lock:
            if self._asked is None or (self._asked.done() and self._is_stale(self._asked)):
                self._asked = self._pool.submit(self._ask)
                self._good_until = time.monotonic() + FRESH_SECONDS
            return self._asked

    def _is_stale(self, answer: Future[_Said | None]) -> bool:
        return answer.result() is None or time.monotonic() >= self._good_until


class Checkup:
    """Asks LINE about the account, and the place of pictures and films whether it takes more."""

    def __init__(self, line: LineClient, media: Callable[[], str] = lambda: "", *, wait: float = WAIT_SECONDS) -> None:
        """`line` is the channel that is looked at, `media` tells what is wrong with that place."""
        self._line = line
        self._account = Beside(self._ask, wait=wait)
        self._media = Beside(media, wait=wait)

    def channel(self) -> Channel | None:
        """What LINE says; None while it cannot be asked, or has not answered yet."""
        return self._account.answer()

    def media_trouble(self) -> str:
        """Why no picture or film could be kept now, with the mend; "" as far as is known."""
        return self._media.answer() or ""

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
