"""What LINE says of the account: where webhooks go, and whether LINE reaches us there. Asked once a minute at most."""

from __future__ import annotations

import threading
import time
from typing import Final

from bot.line import LineClient, LineRefusedError, LineUnavailableError
from bot.log import get_logger
from flows.desk import Channel

log = get_logger(__name__)

FRESH_SECONDS: Final = 60.0
"""LINE allows 60 calls of the test an hour (developers.line.biz, test-webhook-endpoint)."""
REFUSALS: Final = (401, 403)
"""LINE does not take the token, or not for this."""


class Checkup:
    """Asks LINE, and remembers the answer for a minute."""

    def __init__(self, line: LineClient) -> None:
        """`line` is the channel that is looked at."""
        self._line = line
        self._lock = threading.Lock()
        self._known: Channel | None = None
        self._good_until = 0.0

    def channel(self) -> Channel | None:
        """What LINE says; None while it cannot be asked."""
        with self._lock:
            if self._known is None or time.monotonic() >= self._good_until:
                self._known = self._ask()
                self._good_until = time.monotonic() + FRESH_SECONDS
            return self._known

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
