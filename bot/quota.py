"""The month's messages: what decisions may count on, what sends take, and when LINE is asked for its own count."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.line import LineClient, LineRefusedError, LineUnavailableError
from bot.log import get_logger
from bot.ports import Clock
from bot.store.counters import Counters, Quotas
from bot.store.keys import SHARDS
from bot.store.notices import Notice, Notices
from bot.store.outbox import Outbox
from bot.store.reports import month_of
from flows.decision import Tally

log = get_logger(__name__)

FRESH_SECONDS: Final = 3.0
"""A tally this old still serves decisions: each send is paid for when it goes."""
ASK_EVERY: Final = timedelta(minutes=10)
ASK_WHEN_HELD: Final = timedelta(minutes=1)
ASK_FOR_OWNER: Final = timedelta(minutes=2)
"""So old a count is not shown to somebody who asks for it."""
SPENT: Final = (
    "今月の通数を使い切りました。届けられない分は、捨てずに待たせています（「通数」で数がわかります）。"
    "上限が増えれば続きから送ります。月が変わったら送るか飛ばすかは「設定 通数が足りないとき」で決められます。"
)


class QuotaBook:
    """One account's month."""

    def __init__(
        self, *, quotas: Quotas, counters: Counters, outbox: Outbox, notices: Notices, line: LineClient, clock: Clock
    ) -> None:
        """Everything it needs comes in here."""
        self._quotas = quotas
        self._counters = counters
        self._outbox = outbox
        self._notices = notices
        self._line = line
        self._clock = clock
        self._lock = threading.Lock()
        self._tally = Tally()
        self._good_until = 0.0
        self._told = ""
        self.is_spent = False
        """Whether LINE lately refused for want of quota, as far as this process knows."""

    def tally(self) -> Tally:
        """Messages left and sends so far, at most a few seconds old."""
        with self._lock:
            if time.monotonic() >= self._good_until:
                month = self._quotas.read(month_of(self._clock.now()))
                self._tally = Tally(left=month.left, sent=self._counters.sent())
                self._good_until = time.monotonic() + FRESH_SECONDS
            return self._tally

    def fresh(self) -> Tally:
        """The same, read now."""
        self.forget()
        return self.tally()

    def held(self, now: datetime) -> None:
        """A step was held for want of quota."""
        self._tell_spent(now)

    def forget(self) -> None:
        """Time or the month has moved: read anew."""
        with self._lock:
            self._good_until = 0.0

    def take(self, costs: Sequence[int], now: datetime) -> int:
        """Take for these sends, in order; how many of them there is enough for."""
        month = month_of(now)
        if self._quotas.reserve(month, sum(costs)):
            return len(costs)
        for place, messages in enumerate(costs):
            if messages and not self._quotas.reserve(month, messages):
                self._tell_spent(now)
                return place
        return len(costs)

    def give_back(self, messages: int, now: datetime) -> None:
        """So many were taken and not sent after all."""
        self._quotas.give_back(month_of(now), messages)

    def spent(self) -> None:
        """LINE refused for want of quota: whoever finds out first asks for the limit and has staff told."""
        now = self._clock.now()
        self.is_spent = True
        if self._quotas.exhaust(month_of(now), now):
            self.ask(now)
            self._quotas.exhaust(month_of(now), now)
            self._tell_spent(now)
        self.forget()

    def _tell_spent(self, now: datetime) -> None:
        """Once a month."""
        month = month_of(now)
        if self._told != month and self._quotas.tell(month, now):
            self._notices.add(Notice(at=now, text=SPENT, topic="quota"))
        self._told = month

    def look(self, now: datetime) -> int:
        """Ask LINE now and then, and let go what was held once there is room; returns the entries let go."""
        month = self._quotas.read(month_of(now))
        held = self._outbox.held_recipients()
        if month.asked is None or abs(now - month.asked) >= (ASK_WHEN_HELD if held else ASK_EVERY):
            self.ask(now)
            month = self._quotas.read(month_of(now))
        if not held or month.left == 0 or self.is_spent:
            return 0
        return self._release(month.left)

    def is_unknown(self, now: datetime) -> bool:
        """Whether LINE never told the limit of this month."""
        return self._quotas.read(month_of(now)).asked is None

    def is_stale(self, now: datetime) -> bool:
        """Whether LINE should be asked again before somebody reads the count: it is old, or we have sent since.

        The clock may have been moved either way.
        """
        month = self._quotas.read(month_of(now))
        return month.asked is None or month.ours != month.ours_then or abs(now - month.asked) >= ASK_FOR_OWNER

    def ask(self, now: datetime) -> None:
        """Learn LINE's limit and count."""
        try:
            told = self._line.quota()
        except (LineUnavailableError, LineRefusedError) as error:
            log.warning("quota.not_learnt", reason=str(error))
            return
        self._quotas.learned(month_of(now), limit=told.limit, at_line=told.used, at=now)
        self.is_spent = told.limit is not None and told.used >= told.limit
        self.forget()

    def _release(self, left: int | None) -> int:
        """Put held entries back, as many as there are messages for."""
        released = 0
        room = left
        for shard in SHARDS:
            while room is None or room > 0:
                held = self._outbox.held(shard, 1 if room is not None else 500)
                if not held or (room is not None and len(held[0].to) > room):
                    break
                back = self._outbox.release_held(shard, len(held))
                released += len(back)
                if room is not None:
                    room -= sum(len(entry.to) for entry in back)
        return released
