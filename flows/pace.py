"""How often a friend wants to hear from us: 通知を減らす, 配信停止, 配信再開.

Full: no rule of its own. Half: at most one counted send in any two calendar days running, in the account's zone.
None: nothing is sent of our own accord; places are kept until 配信再開. Replies and surveys go on in every pace.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from flows.friend import Friend, Pace, Sent
from flows.names import Key, fold

WORDS: dict[Key, Pace] = {
    fold("通知を減らす"): Pace.HALF,
    fold("配信停止"): Pace.NONE,
    fold("配信再開"): Pace.FULL,
}
"""What a friend types to choose."""

HALF_DAYS = 2
WEEK = 7


class Limits(NamedTuple):
    """How many counted sends one friend gets at most in a calendar day, and in any seven running; None: no limit."""

    per_day: int | None = None
    per_week: int | None = None


UNLIMITED = Limits()


def free_from(sends: tuple[Sent, ...], zone: tzinfo) -> date | None:
    """At half pace: the first day on which the next counted send may go. None: any day."""
    if not sends:
        return None
    return sends[-1].at.astimezone(zone).date() + timedelta(days=HALF_DAYS)


def sends_of_ours(friend: Friend) -> tuple[Sent, ...]:
    """What steps and broadcasts sent; what a person wrote to a person uses nothing up."""
    return tuple(sent for sent in friend.sends if sent.scenario or sent.broadcast)


def paced_until(friend: Friend, zone: tzinfo) -> date | None:
    """The first day on which the friend's own pace lets something through; `date.max` is never, None any day."""
    match friend.pace:
        case Pace.FULL:
            return None
        case Pace.NONE:
            return date.max
        case _:
            return free_from(sends_of_ours(friend), zone)


def capped_until(friend: Friend, limits: Limits, zone: tzinfo, wants: int = 1) -> date | None:
    """The first day on which these limits let so many more sends through; `date.max` is never, None any day."""
    if limits == UNLIMITED:
        return None
    days = local_days((sent.at for sent in sends_of_ours(friend)), zone)
    free = max(free_day(days, limits.per_day, 1, wants), free_day(days, limits.per_week, WEEK, wants))
    return None if free == date.min else free


def local_days(moments: Iterable[datetime], zone: tzinfo) -> list[date]:
    """The calendar days of these moments."""
    return [moment.astimezone(zone).date() for moment in moments]


def free_day(days: list[date], cap: int | None, span: int, wants: int) -> date:
    """The first day on which so many more fit into `cap` sends in any `span` calendar days running; days ascend.

    What takes more than the whole cap goes alone: waiting would not make it smaller.
    """
    if cap is None:
        return date.min
    if cap <= 0:
        return date.max
    room = cap - min(wants, cap) + 1
    return date.min if len(days) < room else days[-room] + timedelta(days=span)
