"""How often a friend wants to hear from us: 通知を減らす, 配信停止, 配信再開.

Full: no rule of its own. Half: at most one counted send in any two calendar days running, in the account's zone.
None: nothing is sent of our own accord; places are kept until 配信再開. Replies and surveys go on in every pace.
"""

from __future__ import annotations

from datetime import date, timedelta, tzinfo

from flows.friend import Pace, Sent
from flows.names import Key, fold

WORDS: dict[Key, Pace] = {
    fold("通知を減らす"): Pace.HALF,
    fold("配信停止"): Pace.NONE,
    fold("配信再開"): Pace.FULL,
}
"""What a friend types to choose."""

HALF_DAYS = 2


def free_from(sends: tuple[Sent, ...], zone: tzinfo) -> date | None:
    """At half pace: the first day on which the next counted send may go. None: any day."""
    if not sends:
        return None
    return sends[-1].at.astimezone(zone).date() + timedelta(days=HALF_DAYS)
