"""Who stands at a number."""

from __future__ import annotations

import pytest

from bot.store.fanning import friends_at
from tests.store.conftest import World
from tests.store.people import SHARD, change, ids_of_shard


@pytest.mark.parametrize(
    "numbers",
    [[0, 1, 2, 3], [3, 4, 6, 7], [0, 39], [5], [7, 2, 9], [3, 3], [38, 39, 40, 41], []],
    ids=["neighbours", "close", "far apart", "one", "in disorder", "twice", "beyond the last", "nobody"],
)
def test_neighbours_are_read_as_one_stretch_and_are_the_same_people(world: World, numbers: list[int]) -> None:
    """A broadcast asks for two hundred neighbours at a time; whoever asks for others gets the right ones as well."""
    friends = ids_of_shard(SHARD, 40)
    world.friends.commit(SHARD, [change(world.friends.load(friend)) for friend in friends])
    by_number = {world.friends.load(friend).no: friend for friend in friends}
    found = friends_at(world.server, world.keys, [(SHARD, number) for number in numbers])
    assert found == [by_number.get(number, "") for number in numbers]
