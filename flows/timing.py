"""The calendar: from a step's `When` to an instant, and from an instant to the next moment at which we may send.

Every rule is about the clock on the shop's wall. Where summer time makes a clock time missing, the first instant
after the gap is meant; where it comes twice, the first of the two.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, NextWeekday, OnDate, OnDay, When, Window

Base = date | datetime
"""A friend's base date: a day, an instant, or a moment on the wall clock (a datetime without a zone)."""

_SEARCH_DAYS = 16
_SECOND = timedelta(seconds=1)


def planned(
    when: When, *, entered: datetime, last_sent: datetime | None, base: Base | None, zone: tzinfo
) -> datetime | None:
    """When a step is due, as an instant in UTC; None where the friend lacks the base date (or, for hours before it,
    its time of day). `entered` is when the line was entered, `last_sent` the previous step's real send.

    A yearly base comes first at or after `entered`; on 2/28 where 2/29 is missing.
    """
    since = entered if last_sent is None else max(entered, last_sent)
    match when:
        case AtOnce():
            return since
        case AfterSend():
            return since + when.delay
        case OnDay():
            day = add_months(local_day(entered, zone), when.months) + timedelta(days=when.days)
            return instant(day, when.clock, zone)
        case NextWeekday():
            today = local_day(since, zone)
            ahead = (when.weekday - today.weekday() - 1) % 7 + 1
            return instant(today + timedelta(days=ahead), when.clock, zone)
        case OnDate():
            return instant(when.date, when.clock, zone)
        case AroundDate():
            return None if base is None else _around_date(when, base, entered, zone)
        case AroundMoment():
            return _around_moment(when, base, entered, zone) if isinstance(base, datetime) else None
        case _:
            raise TypeError(f"no calendar rule for {when.kind!r}")


def _around_date(when: AroundDate, base: Base, entered: datetime, zone: tzinfo) -> datetime:
    def at(day: date) -> datetime:
        return instant(day + timedelta(days=when.days), when.clock, zone)

    day = local_day(base, zone)
    if not when.yearly:
        return at(day)
    return next(moment for moment in map(at, _yearly(day, entered, zone)) if moment >= entered)


def _around_moment(when: AroundMoment, base: datetime, entered: datetime, zone: tzinfo) -> datetime:
    wall = local(base, zone)
    if not when.yearly:
        return (instant(wall.date(), wall.time(), zone) if base.tzinfo is None else base.astimezone(UTC)) + when.offset
    moments = (instant(day, wall.time(), zone) + when.offset for day in _yearly(wall.date(), entered, zone))
    return next(moment for moment in moments if moment >= entered)


def _yearly(day: date, entered: datetime, zone: tzinfo) -> Iterator[date]:
    first = local_day(entered, zone).year - 1
    return (in_year(day, year) for year in range(first, first + 5))


# -- days and clocks ----------------------------------------------------------------------------------------------


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The clock on the wall at that moment; a datetime without a zone is one already."""
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def local_day(moment: Base, zone: tzinfo) -> date:
    """The calendar day of a moment in this zone; a day is itself."""
    return local(moment, zone).date() if isinstance(moment, datetime) else moment


def instant(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (in UTC) at which the clock on the wall shows this."""
    return _instant(day, clock if clock.tzinfo is None and not clock.fold else clock.replace(tzinfo=None, fold=0), zone)


@lru_cache(maxsize=4096)
def _instant(day: date, clock: time, zone: tzinfo) -> datetime:
    wall = datetime.combine(day, clock)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if local(found, zone) == wall:
        return found
    return _after_gap(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)


def _after_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The instant at which the clock is put forward, between one before it and one not before it."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first instant of a calendar day."""
    return instant(day, time(), zone)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_year(day: date, year: int) -> date:
    """The same day in another year; 2/29 is 2/28 where there is none."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


# -- hours in which steps may go ----------------------------------------------------------------------------------


def is_open(moment: datetime, windows: Sequence[Window], quiet_from: time, quiet_until: time, zone: tzinfo) -> bool:
    """Whether a step may go at this moment: inside one of the windows (none: always) and outside the quiet hours."""
    wall = local(moment, zone)
    return not _is_quiet(wall, quiet_from, quiet_until) and _in_windows(wall, windows)


def next_open(
    moment: datetime, windows: Sequence[Window], quiet_from: time, quiet_until: time, zone: tzinfo
) -> datetime:
    """The first moment at or after this one at which a step may go: the moment itself if it may go now.

    Windows that lie wholly in the quiet hours (`ever_open` tells) would hold a step for ever: then only the quiet
    hours are kept.
    """
    if not ever_open(windows, quiet_from, quiet_until):
        windows = ()
    if is_open(moment, windows, quiet_from, quiet_until, zone):
        return moment
    clocks = {quiet_until, *(window.opens for window in windows)}
    today = local_day(moment, zone)
    edges = (
        edge
        for ahead in range(_SEARCH_DAYS)
        for edge in sorted(_edges(today + timedelta(days=ahead), clocks, zone))
        if edge > moment and is_open(edge, windows, quiet_from, quiet_until, zone)
    )
    return next(edges)


def ever_open(windows: Sequence[Window], quiet_from: time, quiet_until: time) -> bool:
    """Whether the windows leave any moment of a week outside the quiet hours."""
    if not windows:
        return True
    clocks = {quiet_until, *(window.opens for window in windows)}
    monday = date(2024, 1, 1)
    walls = (datetime.combine(monday + timedelta(days=ahead), clock) for ahead in range(8) for clock in clocks)
    return any(not _is_quiet(wall, quiet_from, quiet_until) and _in_windows(wall, windows) for wall in walls)


def _edges(day: date, clocks: set[time], zone: tzinfo) -> Iterator[datetime]:
    for clock in clocks:
        yield instant(day, clock, zone)
        # The second of two equal clock times, where summer time ends.
        yield datetime.combine(day, clock.replace(fold=1), tzinfo=zone).astimezone(UTC)


def _is_quiet(wall: datetime, quiet_from: time, quiet_until: time) -> bool:
    clock = wall.time()
    if quiet_from <= quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def _in_windows(wall: datetime, windows: Sequence[Window]) -> bool:
    return not windows or any(_in_window(wall, window) for window in windows)


def _in_window(wall: datetime, window: Window) -> bool:
    clock, weekday = wall.time(), wall.weekday()
    if window.opens < window.closes:
        return weekday in window.weekdays and window.opens <= clock < window.closes
    # Over midnight, or round the clock where both are equal: the night belongs to the day on which it began.
    began_yesterday = (weekday - 1) % 7 in window.weekdays and clock < window.closes
    return began_yesterday or (weekday in window.weekdays and clock >= window.opens)
