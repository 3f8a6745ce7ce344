"""The month to come: what known friends will get, what new ones will, and when the messages run out."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta

from admin_commands.costs import sends_each
from admin_commands.desk import Desk, local
from flows.catalog import Catalog
from flows.desk import Quota
from flows.scenario import Scenario
from flows.triggers import FriendAdded
from flows.words import day_words

WINDOW = 14
"""Days looked back to learn how many friends come."""
LEAST = 7
"""A young account's first days are spread over so many: one busy day is no pace."""


def used_this_month(month: Quota) -> int:
    """Messages used: LINE's own number, unless ours has run ahead of it."""
    return max(month.at_line or 0, month.ours)


def month_end(now: datetime, catalog: Catalog) -> datetime:
    """The first moment of next month in the account's zone."""
    here = local(now, catalog)
    last = calendar.monthrange(here.year, here.month)[1]
    return datetime.combine(here.date().replace(day=last) + timedelta(days=1), time(0), tzinfo=catalog.account.tz)


def forecast(desk: Desk, month: Quota) -> str:
    """To the end of the month, in words."""
    today = local(desk.now, desk.catalog).date()
    end = month_end(desk.now, desk.catalog)
    due = max(0, desk.reports.scheduled(end) - month.held)
    a_day = _joins_a_day(desk, today)
    days = (end.date() - today).days
    new = round(a_day * days * _each_new(desk.catalog))
    coming = f"、これから増える友だちに約{new:,}通（1日に約{a_day:.1f}人として）" if new else ""
    known = f"月末までの予定：いまの友だちに{due:,}通{coming}"
    if month.limit is None:
        return known
    left = max(0, month.limit - used_this_month(month))
    rest = left - due - new
    if rest >= 0:
        return f"{known} → 残る見込み {rest:,}通"
    return f"⚠ {known} → {-rest:,}通足りなくなりそうです{_when(today, left, due + new, days)}。足りない分は捨てずに待たせます。"


def _when(today: date, left: int, wanted: int, days: int) -> str:
    """The day on which it runs out, if sends are spread evenly."""
    if not left:
        return "（もう残っていません）"
    return f"（{day_words(today + timedelta(days=left * days // wanted))}ごろになくなります）"


def _joins_a_day(desk: Desk, today: date) -> float:
    """How many friends came a day of late."""
    days = [today - timedelta(days=back) for back in range(WINDOW)]
    counts = [sum(desk.reports.facts("joined", day.isoformat()).values()) for day in days]
    first = max((back for back, count in enumerate(counts) if count), default=0)
    return sum(counts) / max(LEAST, first + 1)


def _each_new(catalog: Catalog) -> int:
    """The counted sends that a new friend gets at most."""
    live = (entry.live for entry in catalog.plans.values())
    greeting = (
        plan
        for plan in live
        if isinstance(plan, Scenario) and any(isinstance(start.trigger, FriendAdded) for start in plan.starts)
    )
    return sum(sends_each(plan)[1] for plan in greeting)
