"""The one gate of everything that is sent on our own and counted: may this go now, and if not, why and until when.

The rules are asked in this order: goal, condition, left, staff, pace, cap, scenario cap, hours, quota. The first two
are the walk's (`flows/walking.py`), because they hold for free replies too; the others are here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from flows.catalog import Account, Catalog
from flows.decision import Tally
from flows.facts import Rule
from flows.friend import Friend
from flows.moments import Caps, Window
from flows.names import Key
from flows.pace import capped_until, free_day, local_days, paced_until
from flows.timing import day_start, instant, next_open


class Refusal(NamedTuple):
    """The rule that says no, and until when; `until` None: until something changes."""

    rule: Rule
    until: datetime | None = None


class Asking(NamedTuple):
    """What wants to go: for which scenario (None: a broadcast or a word of staff), with its own hours and caps."""

    scenario: Key = Key("")
    windows: tuple[Window, ...] = ()
    caps: Caps | None = None
    by_day: tuple[datetime, ...] = ()
    """The scenario's own sends to this friend in the last days."""
    wants: int = 1
    """Counted sends it would take."""
    pushed: int = 0
    """Counted sends of this very turn: the quota does not know of them yet."""
    pushed_here: int = 0
    person: bool = False
    """A member of staff writes in person: pace, caps and hours are his to judge."""


def refusal(friend: Friend, asking: Asking, catalog: Catalog, now: datetime, tally: Tally) -> Refusal | None:
    """Why this may not go to the friend now; None: it may."""
    account = catalog.account
    if asking.person:
        return reach(friend, catalog) or _quota(asking, now, account.tz, tally)
    refused = (
        reach(friend, catalog)
        or _pace(friend, now, account.tz)
        or _cap(friend, now, account, asking.wants)
        or _scenario_cap(asking, now, account.tz, tally)
        or _hours(asking, now, account)
        or _quota(asking, now, account.tz, tally)
    )
    return _in_open_hours(refused, asking, account)


def reach(friend: Friend, catalog: Catalog) -> Refusal | None:
    """Whether the friend can be reached at all: he blocks us, or is staff and not in 友だちモード."""
    if friend.left is not None:
        return Refusal(Rule.LEFT)
    if friend.staff and not walks_as_friend(friend, catalog):
        return Refusal(Rule.STAFF)
    return None


def walks_as_friend(friend: Friend, catalog: Catalog) -> bool:
    """Whether this member of staff is in 友だちモード."""
    member = catalog.staff.get(friend.id)
    return member is not None and member.as_friend is not None


def _in_open_hours(refused: Refusal | None, asking: Asking, account: Account) -> Refusal | None:
    """The refusal until the first moment at which it may really go: the day that frees it begins at midnight."""
    if refused is None or refused.until is None:
        return refused
    opens = _hours(asking, refused.until, account)
    return refused._replace(until=opens.until) if opens else refused


def _pace(friend: Friend, now: datetime, zone: tzinfo) -> Refusal | None:
    return _until(Rule.PACE, paced_until(friend, zone), now, zone)


def _cap(friend: Friend, now: datetime, account: Account, wants: int) -> Refusal | None:
    return _until(Rule.CAP, capped_until(friend, account.limits, account.tz, wants), now, account.tz)


def _scenario_cap(asking: Asking, now: datetime, zone: tzinfo, tally: Tally) -> Refusal | None:
    caps = asking.caps
    if caps is None:
        return None
    if (
        caps.in_all is not None
        and (tally.sent or {}).get(asking.scenario, 0) + asking.pushed_here + asking.wants > caps.in_all
    ):
        return Refusal(Rule.SCENARIO_CAP)
    free = free_day(local_days(asking.by_day, zone), caps.per_day, 1, asking.wants)
    return _until(Rule.SCENARIO_CAP, free, now, zone)


def _until(rule: Rule, free: date | None, now: datetime, zone: tzinfo) -> Refusal | None:
    if free is None or now.astimezone(zone).date() >= free:
        return None
    return Refusal(rule, None if free == date.max else day_start(free, zone))


@lru_cache(maxsize=256)
def _opening(now: datetime, windows: tuple[Window, ...], quiet_from: time, quiet_until: time, zone: tzinfo) -> datetime:
    # Asked in the same words for each friend of a batch.
    return next_open(now, windows, quiet_from, quiet_until, zone)


def _hours(asking: Asking, now: datetime, account: Account) -> Refusal | None:
    opens = _opening(now, asking.windows, account.quiet_from, account.quiet_until, account.tz)
    return Refusal(Rule.HOURS, opens.astimezone(UTC)) if opens > now else None


def _quota(asking: Asking, now: datetime, zone: tzinfo, tally: Tally) -> Refusal | None:
    if tally.left is None or asking.pushed + asking.wants <= tally.left:
        return None
    first = now.astimezone(zone).date().replace(day=1)
    return Refusal(Rule.QUOTA, day_start((first + timedelta(days=32)).replace(day=1), zone))


def opening_after(now: datetime, windows: tuple[Window, ...], account: Account) -> datetime:
    """When the next stretch of open hours begins, the present one not counted."""
    zone = account.tz
    clocks = {account.quiet_until, *(window.opens for window in windows)}
    today = now.astimezone(zone).date()
    edges = sorted(instant(today + timedelta(days=days), clock, zone) for days in range(9) for clock in clocks)
    for edge in edges:
        if edge > now and _opens_at(edge, windows, account):
            return edge
    return day_start(today + timedelta(days=1), zone)


def opened_at(now: datetime, windows: tuple[Window, ...], account: Account) -> datetime:
    """When the present stretch of open hours began; the last midnight where nothing ever closes."""
    zone = account.tz
    clocks = {account.quiet_until, *(window.opens for window in windows)}
    today = now.astimezone(zone).date()
    edges = sorted(
        (instant(today - timedelta(days=days), clock, zone) for days in range(9) for clock in clocks),
        reverse=True,
    )
    for edge in edges:
        if edge <= now and _opens_at(edge, windows, account):
            return edge
    return day_start(today, zone)


def _opens_at(edge: datetime, windows: tuple[Window, ...], account: Account) -> bool:
    """Whether it is open at this moment and was closed just before."""

    def is_open(at: datetime) -> bool:
        return next_open(at, windows, account.quiet_from, account.quiet_until, account.tz) <= at

    return is_open(edge) and not is_open(edge - timedelta(minutes=1))
