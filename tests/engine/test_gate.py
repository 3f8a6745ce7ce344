"""The one gate: each rule alone, and their order."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.catalog import Account, Catalog, Role, Staff
from flows.decision import Tally
from flows.facts import Rule
from flows.friend import Friend, Pace, Sent
from flows.gate import Asking, opened_at, opening_after, refusal
from flows.moments import Caps, Window
from flows.names import FriendId, Key

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 20, 12, tzinfo=TOKYO).astimezone(UTC)
ME = Friend(id=FriendId("U1"), name="さくら")
NIGHT = {"quiet_from": time(11), "quiet_until": time(13)}


def tokyo(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=TOKYO).astimezone(UTC)


def sends(*moments: str) -> tuple[Sent, ...]:
    return tuple(Sent(at=tokyo(each), scenario=Key("あ")) for each in moments)


def ask(friend=ME, tally=None, now=NOON, asking=None, staff=None, **account):
    catalog = Catalog(account=Account(**account), staff=staff or {})
    return refusal(friend, asking or Asking(), catalog, now, tally or Tally())


def test_nothing_stands_in_the_way():
    assert ask() is None


@pytest.mark.parametrize(
    ("friend", "more", "rule", "until"),
    [
        ({"left": NOON}, {}, Rule.LEFT, None),
        ({"staff": True}, {}, Rule.STAFF, None),
        ({"pace": Pace.NONE}, {}, Rule.PACE, None),
        ({"pace": Pace.HALF, "sends": sends("2026-11-19 20:00")}, {}, Rule.PACE, "2026-11-21 08:00"),
        ({"pace": Pace.HALF, "sends": sends("2026-11-20 09:00")}, {}, Rule.PACE, "2026-11-22 08:00"),
        ({"pace": Pace.HALF, "sends": sends("2026-11-18 23:59")}, {}, None, None),
        ({"sends": sends("2026-11-20 00:00")}, {"per_day": 1}, Rule.CAP, "2026-11-21 08:00"),
        ({"sends": sends("2026-11-19 23:59")}, {"per_day": 1}, None, None),
        ({"sends": sends("2026-11-14 09:00", "2026-11-19 09:00")}, {"per_week": 2}, Rule.CAP, "2026-11-21 08:00"),
        ({"sends": sends("2026-11-13 09:00", "2026-11-19 09:00")}, {"per_week": 2}, None, None),
        ({"sends": sends("2026-11-20 09:00")}, {"per_day": 1, "per_week": 1}, Rule.CAP, "2026-11-27 08:00"),
        ({}, {"per_day": 0}, Rule.CAP, None),
        ({}, NIGHT, Rule.HOURS, "2026-11-20 13:00"),
        ({}, {"tally": Tally(left=0)}, Rule.QUOTA, "2026-12-01 08:00"),
        ({}, {"tally": Tally(left=1)}, None, None),
        ({}, {"tally": Tally(left=1), "asking": Asking(pushed=1)}, Rule.QUOTA, "2026-12-01 08:00"),
        (
            {},
            {"asking": Asking(scenario=Key("あ"), caps=Caps(in_all=3)), "tally": Tally(sent={"あ": 3})},
            Rule.SCENARIO_CAP,
            None,
        ),
        ({}, {"asking": Asking(scenario=Key("あ"), caps=Caps(in_all=3)), "tally": Tally(sent={"い": 3})}, None, None),
        (
            {},
            {"asking": Asking(caps=Caps(per_day=1), by_day=(NOON - timedelta(hours=1),))},
            Rule.SCENARIO_CAP,
            "2026-11-21 08:00",
        ),
        ({}, {"asking": Asking(caps=Caps(per_day=1), by_day=(NOON - timedelta(hours=13),))}, None, None),
    ],
)
def test_each_rule_alone(friend, more, rule, until):
    refused = ask(replace(ME, **friend), **more)
    if rule is None:
        assert refused is None
        return
    assert refused.rule is rule
    assert refused.until == (tokyo(until) if until else None)


ORDER: tuple[tuple[dict[str, Any], dict[str, Any], Rule], ...] = (
    ({"left": NOON}, {}, Rule.LEFT),
    ({"pace": Pace.NONE}, {}, Rule.PACE),
    ({"sends": sends("2026-11-20 09:00")}, {"per_day": 1}, Rule.CAP),
    ({}, {"asking": Asking(caps=Caps(in_all=0))}, Rule.SCENARIO_CAP),
    ({}, NIGHT, Rule.HOURS),
    ({}, {"tally": Tally(left=0)}, Rule.QUOTA),
)


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_rule_that_says_no_is_named(first):
    friend: dict[str, Any] = {}
    more: dict[str, Any] = {}
    for one, other, _ in ORDER[first:]:
        friend |= one
        more |= other
    refused = ask(replace(ME, **friend), **more)
    assert refused.rule is ORDER[first][2]


def test_staff_in_friend_mode_can_be_reached():
    member = Staff(role=Role.OWNER, since=NOON, as_friend=NOON)
    assert ask(replace(ME, staff=True), staff={ME.id: member}) is None


def test_a_person_writing_to_a_person_is_held_only_by_what_cannot_be_helped():
    person = Asking(person=True)
    quiet = replace(ME, pace=Pace.NONE, sends=sends("2026-11-20 09:00"))
    assert ask(quiet, asking=person, per_day=1, **NIGHT) is None
    assert ask(replace(quiet, left=NOON), asking=person).rule is Rule.LEFT
    assert ask(quiet, asking=person, tally=Tally(left=0)).rule is Rule.QUOTA


def test_what_a_person_wrote_uses_up_no_cap():
    friend = replace(ME, sends=(Sent(at=NOON - timedelta(hours=1)),))
    assert ask(friend, per_day=1) is None


WEEKDAYS = (Window(weekdays=(0, 1, 2, 3, 4), opens=time(9), closes=time(12), words=""),)


@pytest.mark.parametrize(
    ("windows", "now", "began", "after"),
    [
        ((), "2026-11-20 12:00", "2026-11-20 08:00", "2026-11-21 08:00"),
        (WEEKDAYS, "2026-11-20 10:00", "2026-11-20 09:00", "2026-11-23 09:00"),
        (WEEKDAYS, "2026-11-19 11:59", "2026-11-19 09:00", "2026-11-20 09:00"),
    ],
)
def test_a_stretch_of_open_hours(windows, now, began, after):
    assert opened_at(tokyo(now), windows, Account()) == tokyo(began)
    assert opening_after(tokyo(now), windows, Account()) == tokyo(after)


def test_where_nothing_ever_closes_a_stretch_is_a_day():
    always = Account(quiet_from=time(8), quiet_until=time(8))
    assert opened_at(NOON, (), always) == tokyo("2026-11-20 00:00")
    assert opening_after(NOON, (), always) == tokyo("2026-11-21 00:00")
