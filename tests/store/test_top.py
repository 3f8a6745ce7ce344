"""見込み客 from the indexes: those with the most points, however they are spread over the shards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.store.store import Store
from flows.bitsets import bit, highest, numbers
from flows.names import Key
from tests.store.test_reports import asked, keep, person, store

__all__ = ["store"]


def test_the_most_points_come_first_and_none_come_not_at_all(store: Store) -> None:
    """Ten names to call today; somebody below nothing is no prospect, nor is somebody who blocks us."""
    for number in range(60):
        keep(store, replace(person(number, f"p{number}"), scores={Key(""): number - 10, Key("美容"): 70 - number}))
    keep(store, replace(person(59, "p59"), scores={Key(""): 49}, left=person(59).joined))
    assert [view.friend.name for view in asked(store).top(Key(""), 3)] == ["p58", "p57", "p56"]
    assert [view.friend.scores[Key("美容")] for view in asked(store).top(Key("美容"), 2)] == [70, 69]
    assert asked(store).top(Key("無い"), 3) == []


def test_fewer_than_asked_for_are_all_there_are(store: Store) -> None:
    """A young shop."""
    keep(store, replace(person(1, "a"), scores={Key(""): 1}))
    keep(store, replace(person(2, "b"), scores={Key(""): -5}))
    assert [view.friend.name for view in asked(store).top(Key(""))] == ["a"]


@pytest.mark.parametrize("most", range(7))
def test_of_equal_points_any_are_taken(most: int) -> None:
    """Never more than asked for, and never somebody with fewer points before somebody with more."""
    points = [3, 3, 3, 1, 2, 0]
    bits = [sum(bit(no) for no, many in enumerate(points) if many >> place & 1) for place in range(3)]
    among = sum(bit(no) for no in range(len(points)))
    chosen = [points[no] for no in numbers(highest(bits, among, most))]
    assert sorted(chosen, reverse=True) == sorted(points, reverse=True)[:most]
