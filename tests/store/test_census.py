"""Head-counts and lists over the record against a look at every friend, who stand in all shards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.keys import shard_of
from bot.store.store import store_on
from flows.catalog import Account, Catalog
from flows.conditions import AllOf, Condition, Everyone, Except, Responds, Tagged, Top
from flows.conditions.compare import Bound
from flows.desk import Whom
from flows.facts import Rule
from flows.friend import Friend
from flows.names import FriendId, Key
from flows.standpoint import Standpoint
from tests.broadcast.pure import census
from tests.families.people import NAMES, NOW, friends
from tests.store.people import change, friend_id
from tests.store.slots import guarded_fake

ASKED: tuple[Condition, ...] = (
    Everyone(),
    Tagged(name=NAMES[0]),
    Top(most=2),
    Top(score="美容", most=1),
    Responds(percent=50, bound=Bound.AT_LEAST, last=3),
    Except(base=Top(most=4), less=Tagged(name=NAMES[0])),
    AllOf(of=(Responds(percent=20, bound=Bound.OVER, last=2), Top(most=5))),
)


@dataclass
class Town:
    """What the pure count looks at."""

    people: dict[FriendId, Friend]
    configured: Catalog
    now: datetime = NOW

    @property
    def friends(self) -> dict[FriendId, Friend]:
        return self.people

    def catalog(self) -> Catalog:
        return self.configured

    def reachable(self) -> list[Friend]:
        return [one for one in self.people.values() if one.joined and one.left is None and not one.staff]

    def sight(self) -> Standpoint:
        return Standpoint(self.now, self.configured)


def town(people: list[Friend], account: Account) -> tuple[Any, Town]:
    """The same friends in a record and in plain sight."""
    found = [replace(one, id=friend_id(number), joined=one.joined or NOW) for number, one in enumerate(people)]
    catalog = Catalog(account=account)
    store = store_on(guarded_fake(), secret=b"x", namespace="census")
    store.catalogs.commit(catalog, expected=0, by="test", at=NOW)
    assert store.catalogs.current().account.limits == account.limits
    for one in found:
        store.friends.commit(shard_of(one.id), [change(store.friends.load(one.id), one)])
    return store, Town({one.id: one for one in found}, catalog)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(friends, min_size=1, max_size=14),
    st.sampled_from(ASKED),
    st.sampled_from([Account(), Account(per_day=1), Account(per_week=2), Account(per_day=2, per_week=3)]),
    st.integers(0, 8),
)
def test_who_is_counted_and_listed_is_who_the_gate_lets_through(people, condition, account, days) -> None:
    """A number on the screen that is not the number of those who get it is worse than none."""
    store, plain = town(people, account)
    at = NOW + timedelta(days=days)
    found = store.reports(NOW).count(condition, plain.catalog(), NOW, at)
    expected: Any = census(plain, condition, at)  # type: ignore[arg-type]
    assert found.gets == len(expected[Whom.GETS])
    assert found.unknown == len(expected[Whom.UNKNOWN])
    for whom in (Whom.LEFT, Whom.PAUSED, Whom.PACE, Whom.CAP):
        assert found.left_out.get(Rule(whom), 0) == len(expected[whom])
    for whom in Whom:
        listed = store.reports(NOW).listed(condition, plain.catalog(), NOW, at, whom, 0, 50)
        assert {one.id for one in listed} == {one.id for one in expected[whom]}


def test_pages_hold_everybody_once() -> None:
    """［次の9人］ begins where the page before ended, over the edges of the shards."""
    people = [Friend(id=FriendId(""), name=f"友{number}", scores={Key(""): number}) for number in range(40)]
    store, plain = town(people, Account())
    reports = store.reports(NOW)
    pages = [reports.listed(Everyone(), plain.catalog(), NOW, None, Whom.GETS, start, 9) for start in range(0, 45, 9)]
    assert [len(page) for page in pages] == [9, 9, 9, 9, 4]
    assert len({one.id for page in pages for one in page}) == 40


@pytest.mark.parametrize(("most", "found"), [(1, 1), (3, 3), (40, 39), (99, 39)])
def test_the_top_is_of_all_shards_together(most: int, found: int) -> None:
    """Whoever has no points is never among the best, however few there are."""
    people = [Friend(id=FriendId(""), scores={Key(""): number}) for number in range(40)]
    store, plain = town(people, Account())
    assert store.reports(NOW).count(Top(most=most), plain.catalog(), NOW).gets == found
