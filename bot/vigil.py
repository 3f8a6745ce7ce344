"""Watches whether what is due is sent. When it is not, the owner is told: at her next word, and by one push a day."""

from __future__ import annotations

import threading
from concurrent.futures import TimeoutError as TooLate
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from bot.line import LineClient, push
from bot.log import get_logger
from bot.ports import Clock
from bot.quota import QuotaBook
from bot.store.entries import bubbles_json
from bot.store.errors import StoreAwayError
from bot.store.notices import Notice
from bot.store.store import Store
from flows.catalog import Role
from flows.desk import Health

log = get_logger(__name__)

OVERDUE: Final = timedelta(minutes=5).total_seconds()
"""Seconds after which something due counts as late, and the clock process as silent."""
EVERY_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 30.0
PUSH: Final = "⚠ {}。「状態」と送ると、いまのようすがわかります。（この知らせは1日1通までです）"


def trouble(health: Health) -> str:
    """What is wrong with the sending, in the owner's words; "" when all is well."""
    found = []
    if health.oldest_due > OVERDUE:
        found.append(f"配信が{_long(health.oldest_due)}遅れています")
    if health.tick_age is None or health.tick_age > OVERDUE:
        found.append("時計（配信を起こす係）が止まっています")
    if not health.workers:
        found.append("働き手（配信を送る係）が動いていません")
    return "。".join(found)


def _long(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes}分" if minutes < 120 else f"{minutes // 60}時間" if minutes < 48 * 60 else f"{minutes // 1440}日"


class Vigil:
    """Looks again and again, in the web process: workers and clock may be the ones who are gone."""

    def __init__(self, store: Store, line: LineClient, quota: QuotaBook, clock: Clock) -> None:
        """Nothing is watched until `start`."""
        self._store = store
        self._line = line
        self._quota = quota
        self._clock = clock
        self._stop = threading.Event()
        self._seen_before = False

    def start(self) -> None:
        """Look every minute from now on, the first time when everybody has had time to begin."""
        threading.Thread(target=self._watch, name="vigil", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self) -> None:
        """Look once. What is seen twice running is told: a clock that was moved on makes everything late for a moment."""
        now = self._clock.now()
        wrong = trouble(self._store.reports(now, None).health())
        if not wrong:
            self._seen_before = False
            self._store.heartbeat.well()
        elif not self._seen_before:
            self._seen_before = True
        elif self._store.heartbeat.alarm(now):
            log.error("vigil.trouble", trouble=wrong)
            self._store.notices.add(Notice(at=now, text=f"⚠ {wrong}", topic="heartbeat"))
            self._push(PUSH.format(wrong), now)

    def _push(self, text: str, now: datetime) -> None:
        """At most one a day, to owners, and only while the month has room."""
        catalog = self._store.catalogs.current()
        day = now.astimezone(catalog.account.tz).date().isoformat()
        owners = [friend for friend, staff in catalog.staff.items() if staff.role is Role.OWNER]
        if not owners or not self._store.heartbeat.push(day) or not self._quota.take([len(owners)], now):
            return
        for owner in owners:
            key = str(uuid5(NAMESPACE_URL, f"{self._store.keys.beat()}/{day}/{owner}"))
            call = push(owner, bubbles_json([{"type": "text", "text": text}]), key=key)
            try:
                outcome = self._line.send(call).result(ANSWER_SECONDS)
            except TooLate:
                outcome = None
            log.info("vigil.pushed", outcome=type(outcome).__name__)

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            try:
                self.look()
            except StoreAwayError as error:
                log.warning("vigil.store_away", reason=str(error))
