from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, NextWeekday, OnDate, OnDay, When, Window
from flows.timing import add_months, day_start, ever_open, in_year, instant, is_open, local_day, next_open, planned

ZONES = {"東京": ZoneInfo("Asia/Tokyo"), "NY": ZoneInfo("America/New_York"), "London": ZoneInfo("Europe/London")}
TOKYO = ZONES["東京"]


def at(words: str, zone: str = "東京", fold: int = 0) -> datetime:
    """A wall time such as 2026-11-20 19:00 as an instant."""
    return datetime.fromisoformat(words).replace(tzinfo=ZONES[zone], fold=fold).astimezone(UTC)


def wall(words: str) -> datetime:
    """A moment on the wall clock, without a zone."""
    return datetime.fromisoformat(words)


def on_day(days: int = 0, clock: str = "19:00", months: int = 0) -> OnDay:
    return OnDay(words="", days=days, months=months, clock=time.fromisoformat(clock))


def around(base: str, days: int, clock: str, *, yearly: bool = False) -> AroundDate:
    return AroundDate(words="", base=base, days=days, clock=time.fromisoformat(clock), yearly=yearly)


def hours(base: str, count: int, *, yearly: bool = False) -> AroundMoment:
    return AroundMoment(words="", base=base, offset=timedelta(hours=count), yearly=yearly)


@pytest.mark.parametrize(
    ("when", "entered", "last_sent", "base", "due"),
    [
        (AtOnce(words="すぐ"), "2026-11-20 10:12", None, None, "2026-11-20 10:12"),
        (AtOnce(words="すぐ"), "2026-11-20 10:12", "2026-11-22 19:00", None, "2026-11-22 19:00"),
        (AfterSend(words="", delay=timedelta(minutes=30)), "2026-11-20 10:00", None, None, "2026-11-20 10:30"),
        (
            AfterSend(words="", delay=timedelta(hours=2)),
            "2026-11-20 10:00",
            "2026-11-20 12:05",
            None,
            "2026-11-20 14:05",
        ),
        (
            AfterSend(words="", delay=timedelta(hours=2)),
            "2026-11-22 10:00",
            "2026-11-20 12:05",
            None,
            "2026-11-22 12:00",
        ),
        (on_day(2), "2026-11-20 23:59", None, None, "2026-11-22 19:00"),
        (on_day(2), "2026-11-21 00:00", None, None, "2026-11-23 19:00"),
        (on_day(0, "08:00"), "2026-11-20 10:00", None, None, "2026-11-20 08:00"),
        (on_day(months=1), "2026-01-31 10:00", None, None, "2026-02-28 19:00"),
        (on_day(months=1), "2028-01-31 10:00", None, None, "2028-02-29 19:00"),
        (on_day(months=13), "2026-12-31 10:00", None, None, "2028-01-31 19:00"),
        (NextWeekday(words="", weekday=5, clock=time(10)), "2026-11-20 10:00", None, None, "2026-11-21 10:00"),
        (
            NextWeekday(words="", weekday=5, clock=time(10)),
            "2026-11-14 08:00",
            "2026-11-21 09:00",
            None,
            "2026-11-28 10:00",
        ),
        (OnDate(words="", date=date(2026, 12, 24), clock=time(10)), "2026-11-20 10:00", None, None, "2026-12-24 10:00"),
        (around("予約", -1, "18:00"), "2026-11-20 10:00", None, date(2026, 12, 1), "2026-11-30 18:00"),
        (
            around("予約", 0, "08:00"),
            "2026-11-20 10:00",
            None,
            datetime(2026, 11, 30, 15, tzinfo=UTC),
            "2026-12-01 08:00",
        ),
        (around("予約", 1, "12:00"), "2026-11-20 10:00", None, wall("2026-12-31 10:00"), "2027-01-01 12:00"),
        (around("予約", -1, "18:00"), "2026-11-20 10:00", None, None, None),
        (hours("予約", -2), "2026-11-20 10:00", None, wall("2026-12-01 10:00"), "2026-12-01 08:00"),
        (hours("予約", 3), "2026-11-20 10:00", None, datetime(2026, 12, 1, 1, tzinfo=UTC), "2026-12-01 13:00"),
        (hours("予約", -2), "2026-11-20 10:00", None, date(2026, 12, 1), None),
        (around("誕生日", 0, "10:00", yearly=True), "2026-11-20 10:00", None, date(1990, 11, 20), "2026-11-20 10:00"),
        (around("誕生日", 0, "10:00", yearly=True), "2026-11-20 10:01", None, date(1990, 11, 20), "2027-11-20 10:00"),
        (around("誕生日", -7, "10:00", yearly=True), "2026-12-28 10:00", None, date(1990, 1, 3), "2027-12-27 10:00"),
        (around("誕生日", 7, "10:00", yearly=True), "2027-01-02 10:00", None, date(1990, 12, 28), "2027-01-04 10:00"),
        (around("誕生日", 0, "10:00", yearly=True), "2026-11-20 10:00", None, date(1992, 2, 29), "2027-02-28 10:00"),
        (around("誕生日", 0, "10:00", yearly=True), "2027-11-20 10:00", None, date(1992, 2, 29), "2028-02-29 10:00"),
        (hours("開店", -1, yearly=True), "2026-11-20 10:00", None, wall("2020-05-01 10:00"), "2027-05-01 09:00"),
    ],
)
def test_every_rule_of_the_calendar(
    when: When, entered: str, last_sent: str | None, base: date | datetime | None, due: str | None
) -> None:
    """Days are days on the shop's calendar; hours count from what was really sent."""
    found = planned(when, entered=at(entered), last_sent=at(last_sent) if last_sent else None, base=base, zone=TOKYO)
    assert found == (at(due) if due else None)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("東京", "2026-03-29", "02:30", "2026-03-28 17:30"),
        ("NY", "2026-03-08", "01:59", "2026-03-08 06:59"),
        ("NY", "2026-03-08", "02:00", "2026-03-08 07:00"),
        ("NY", "2026-03-08", "02:30", "2026-03-08 07:00"),
        ("NY", "2026-03-08", "03:00", "2026-03-08 07:00"),
        ("NY", "2026-11-01", "01:30", "2026-11-01 05:30"),
        ("NY", "2026-11-01", "02:00", "2026-11-01 07:00"),
        ("London", "2026-03-29", "01:15", "2026-03-29 01:00"),
        ("London", "2026-03-29", "02:00", "2026-03-29 01:00"),
        ("London", "2026-10-25", "01:15", "2026-10-25 00:15"),
        ("London", "2026-10-25", "02:00", "2026-10-25 02:00"),
    ],
)
def test_a_clock_time_that_is_missing_or_doubled(zone: str, day: str, clock: str, utc: str) -> None:
    """Where the clock jumps, the first instant after the gap; where it repeats, the first of the two."""
    found = instant(date.fromisoformat(day), time.fromisoformat(clock), ZONES[zone])
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_day_may_begin_at_one_in_the_morning() -> None:
    """There are zones whose clocks are put forward at midnight."""
    assert day_start(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["NY", "London"])
def test_days_are_calendar_days_over_a_change_of_the_clock(zone: str) -> None:
    """19:00 is 19:00 on both sides of summer time."""
    for entered in ("2026-03-07 12:00", "2026-03-28 12:00", "2026-10-24 12:00", "2026-10-31 12:00"):
        due = planned(on_day(1), entered=at(entered, zone), last_sent=None, base=None, zone=ZONES[zone])
        assert due is not None
        assert due.astimezone(ZONES[zone]).time() == time(19)


def window(days: str, opens: str, closes: str) -> Window:
    weekdays = tuple("月火水木金土日".index(day) for day in days)
    return Window(weekdays=weekdays, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), words="")


DAILY = [window("月火水木金土日", "09:00", "20:00")]
WEEK = [window("月火水木金", "09:00", "20:00"), window("土日", "10:00", "18:00")]
NIGHT = [window("金", "22:00", "02:00")]
ROUND_THE_CLOCK = [window("土", "00:00", "00:00")]
TWICE_A_DAY = [window("月火水木金土日", "09:00", "12:00"), window("月火水木金土日", "17:00", "20:00")]


@pytest.mark.parametrize(
    ("windows", "quiet", "moment", "opening"),
    [
        ([], ("21:00", "08:00"), "2026-11-20 20:59", "2026-11-20 20:59"),
        ([], ("21:00", "08:00"), "2026-11-20 21:00", "2026-11-21 08:00"),
        ([], ("21:00", "08:00"), "2026-11-21 07:59", "2026-11-21 08:00"),
        ([], ("21:00", "08:00"), "2026-11-21 08:00", "2026-11-21 08:00"),
        ([], ("00:00", "00:00"), "2026-11-21 03:00", "2026-11-21 03:00"),
        ([], ("01:00", "06:00"), "2026-11-21 03:00", "2026-11-21 06:00"),
        (DAILY, ("21:00", "08:00"), "2026-11-20 19:59", "2026-11-20 19:59"),
        (DAILY, ("21:00", "08:00"), "2026-11-20 20:00", "2026-11-21 09:00"),
        (DAILY, ("18:00", "10:00"), "2026-11-20 18:30", "2026-11-21 10:00"),
        (WEEK, ("21:00", "08:00"), "2026-11-20 20:30", "2026-11-21 10:00"),
        (WEEK, ("21:00", "08:00"), "2026-11-22 18:00", "2026-11-23 09:00"),
        (WEEK[:1], ("21:00", "08:00"), "2026-11-20 20:30", "2026-11-23 09:00"),
        (NIGHT, ("00:00", "00:00"), "2026-11-21 01:59", "2026-11-21 01:59"),
        (NIGHT, ("00:00", "00:00"), "2026-11-21 02:00", "2026-11-27 22:00"),
        (NIGHT, ("00:00", "00:00"), "2026-11-20 01:00", "2026-11-20 22:00"),
        (ROUND_THE_CLOCK, ("21:00", "08:00"), "2026-11-20 12:00", "2026-11-21 08:00"),
        (ROUND_THE_CLOCK, ("21:00", "08:00"), "2026-11-21 21:00", "2026-11-28 08:00"),
        (TWICE_A_DAY, ("21:00", "08:00"), "2026-11-20 12:00", "2026-11-20 17:00"),
        (TWICE_A_DAY, ("21:00", "08:00"), "2026-11-20 20:00", "2026-11-21 09:00"),
        (NIGHT, ("21:00", "08:00"), "2026-11-20 22:30", "2026-11-21 08:00"),
    ],
)
def test_a_step_waits_for_the_next_opening(
    windows: list[Window], quiet: tuple[str, str], moment: str, opening: str
) -> None:
    """Nobody is woken at night by a campaign, and no step is held for ever."""
    quiet_from, quiet_until = map(time.fromisoformat, quiet)
    assert next_open(at(moment), windows, quiet_from, quiet_until, TOKYO) == at(opening)


@pytest.mark.parametrize(
    ("zone", "until", "moment", "opening"),
    [
        ("NY", "02:30", "2026-03-08 06:30", "2026-03-08 07:00"),
        ("NY", "01:30", "2026-11-01 04:30", "2026-11-01 05:30"),
        ("NY", "01:30", "2026-11-01 06:00", "2026-11-01 06:30"),
        ("London", "02:30", "2026-03-29 00:30", "2026-03-29 01:30"),
        ("London", "01:30", "2026-03-29 00:30", "2026-03-29 01:00"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(zone: str, until: str, moment: str, opening: str) -> None:
    """Where the end of the night is skipped, from the jump on; where it comes twice, the night does, too. (UTC)"""
    found = next_open(wall(moment).replace(tzinfo=UTC), [], time(0), time.fromisoformat(until), ZONES[zone])
    assert found == wall(opening).replace(tzinfo=UTC)


def test_windows_within_the_quiet_hours_are_told() -> None:
    """A draft whose windows never meet the open hours is to be pointed out before it is published."""
    assert not ever_open(NIGHT, time(21), time(8))
    assert ever_open(NIGHT, time(23), time(8))
    assert ever_open(NIGHT, time(0), time(0))
    assert ever_open([], time(21), time(8))


_clocks = st.times().map(lambda clock: clock.replace(minute=clock.minute // 30 * 30, second=0, microsecond=0))
_windows = st.lists(
    st.builds(
        Window,
        weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        opens=_clocks,
        closes=_clocks,
        words=st.just(""),
    ),
    max_size=3,
)
_instants = st.datetimes(wall("2026-03-01"), wall("2026-11-30"), timezones=st.just(UTC))


@settings(max_examples=150, deadline=None)
@given(_instants, _windows, _clocks, _clocks, st.sampled_from(sorted(ZONES)))
def test_the_next_opening_is_open_and_nothing_before_it_is(moment, windows, quiet_from, quiet_until, zone) -> None:
    """Never early, never later than needed: compared with looking at every half hour."""
    hours = windows if ever_open(windows, quiet_from, quiet_until) else []
    found = next_open(moment, windows, quiet_from, quiet_until, ZONES[zone])
    assert found >= moment
    assert is_open(found, hours, quiet_from, quiet_until, ZONES[zone])
    step = moment
    while step < found:
        assert not is_open(step, hours, quiet_from, quiet_until, ZONES[zone])
        step += timedelta(minutes=30)


def test_months_and_years_keep_to_the_calendar() -> None:
    """The 31st of a shorter month is its last day."""
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert in_year(date(1992, 2, 29), 2026) == date(2026, 2, 28)
    assert in_year(date(1992, 2, 29), 2028) == date(2028, 2, 29)
    assert local_day(datetime(2026, 11, 19, 15, tzinfo=UTC), TOKYO) == date(2026, 11, 20)
