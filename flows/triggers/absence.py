"""What did not happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from flows.triggers.base import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentDays(Trigger):
    """反応なし 30日: once per silence, when so many days have passed since the last word, tap or answer."""

    kind: ClassVar[str] = "silent_days"
    title: ClassVar[str] = "反応なし"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutWithin(Trigger):
    """カートのあと60分以内に購入なし: A occurred and B did not within the time (`after`, `without`, `within`)."""

    kind: ClassVar[str] = "without_within"
    title: ClassVar[str] = "起きなかった"
    after: str
    without: str
    within: timedelta
    words_within: str
