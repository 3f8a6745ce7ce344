"""Signs events and brings them to the product, as LINE does: once, with two seconds to answer.

Source: https://developers.line.biz/en/docs/messaging-api/receiving-messages/ and
https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.clock import iso, real_seconds
from simulator.events import redelivered
from simulator.http import Answer, Body

if TYPE_CHECKING:
    from simulator.line import Line

Receiver = Callable[[bytes, dict[str, str]], int]

TIMEOUT = 2.0
TROUBLES = {
    "request_timeout": "まだ返事がありません（LINEは2秒で打ち切ります）",
    "could_not_connect": "製品が動いていません。ターミナルを見てください",
    "no_address": "Webhook URL がまだ設定されていません",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the product took a webhook. `reason` is one of LINE's words, or OK; `milliseconds` until its answer."""

    status: int
    reason: str
    milliseconds: float

    @property
    def good(self) -> bool:
        """Whether the answer was a 2xx."""
        return 200 <= self.status < 300

    @property
    def trouble(self) -> str:
        """What a person at the screen is told; empty if all is well."""
        if self.good:
            return ""
        return TROUBLES.get(self.reason, f"製品が {self.status} を返しました")


@dataclass(slots=True)
class Webhook:
    """The way from LINE to the product.

    Events go to the address set as `url`. `receiver`, if given, takes body and headers in the caller's thread
    instead and returns the status. `redelivery` are the real seconds after which a webhook that failed
    is brought again; empty means never by itself.
    """

    line: Line
    receiver: Receiver | None = None
    redelivery: tuple[float, ...] = ()
    failed: list[list[Body]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    on_redelivered: Callable[[list[Body], Outcome], None] | None = None

    @property
    def url(self) -> str:
        """The product's address."""
        return str(self.line.memory.settings.get("webhook", ""))

    @url.setter
    def url(self, url: str) -> None:
        with self.line.lock:
            self.line.memory.set("webhook", url)
            self.line.memory.commit()

    def sign(self, body: bytes) -> str:
        """The value of X-Line-Signature for these bytes."""
        return base64.b64encode(hmac.new(self.line.secret.encode(), body, hashlib.sha256).digest()).decode()

    def deliver(self, events: list[Body]) -> Outcome:
        """Bring events in one webhook."""
        outcome = self.post({"destination": self.line.bot_id, "events": events})
        self.outcomes.append(outcome)
        if not outcome.good and events:
            self.failed.append(events)
            self._again_later(events, 0)
        return outcome

    def redeliver(self) -> list[Outcome]:
        """Bring everything that failed once more, now."""
        waiting, self.failed = self.failed, []
        return [self.again(events) for events in waiting]

    def again(self, events: list[Body]) -> Outcome:
        """Bring events once more, marked as redelivered."""
        with self.line.lock:
            marked = [redelivered(self.line, each) for each in events]
            self.line.memory.commit()
        outcome = self.post({"destination": self.line.bot_id, "events": marked})
        self.outcomes.append(outcome)
        if not outcome.good:
            self.failed.append(events)
        if self.on_redelivered:
            self.on_redelivered(events, outcome)
        return outcome

    def _again_later(self, events: list[Body], attempt: int) -> None:
        if attempt < len(self.redelivery):
            timer = threading.Timer(self.redelivery[attempt], self._retry, (events, attempt))
            timer.daemon = True
            timer.start()

    def _retry(self, events: list[Body], attempt: int) -> None:
        if events not in self.failed:
            return
        self.failed.remove(events)
        if not self.again(events).good:
            self._again_later(events, attempt + 1)

    def post(self, body: Body) -> Outcome:
        """Sign a body and bring it."""
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return self.post_raw(raw, self.sign(raw))

    def post_raw(self, raw: bytes, signature: str) -> Outcome:
        """Bring any bytes under any signature."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": signature,
        }
        began = real_seconds()
        if self.receiver:
            status, reason = self.receiver(raw, headers), ""
        elif self.url:
            status, reason = _post(self.url, raw, headers)
        else:
            status, reason = 0, "no_address"
        word = reason or ("OK" if 200 <= status < 300 else "error_status_code")
        return Outcome(status=status, reason=word, milliseconds=(real_seconds() - began) * 1000)

    def probe(self, url: str) -> Answer:
        """What LINE's webhook test answers for an address."""
        raw = json.dumps({"destination": self.line.bot_id, "events": []}, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "x-line-signature": self.sign(raw)}
        status, reason = _post(url, raw, headers)
        good = 200 <= status < 300
        return Answer(
            body={
                "success": good,
                "timestamp": iso(self.line.clock()),
                "statusCode": status,
                "reason": "OK" if good else reason or "error_status_code",
                "detail": str(status) if status else reason,
            }
        )


def _post(url: str, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """The status, or 0 and LINE's word for why there is none."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        connection.request("POST", parts.path or "/", raw, headers)
        return connection.getresponse().status, ""
    except TimeoutError:
        return 0, "request_timeout"
    except ConnectionRefusedError:
        return 0, "could_not_connect"
    except (OSError, http.client.HTTPException):
        return 0, "could_not_connect"
    finally:
        connection.close()
