"""New friends' bits written as bytes: what stands there afterwards is what one bit after another would have left."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.keys import Shard
from bot.store.stretches import Stretches, runs_of
from flows import bitsets
from tests.store.conftest import World

NUMBERS = st.sets(st.integers(0, 90), min_size=1)


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], []), ([7], [(7, 8)]), ([3, 4, 5], [(3, 6)]), ([9, 1, 2, 4], [(1, 3), (4, 5), (9, 10)])],
)
def test_numbers_that_follow_one_another_are_one_stretch(numbers: list[int], runs: list[tuple[int, int]]) -> None:
    """A number burnt in a lost race cuts it."""
    assert list(runs_of(numbers)) == runs


@given(NUMBERS, NUMBERS, st.integers(0, 2**32))
def test_each_bit_lands_and_no_neighbour_changes(new: set[int], others: set[int], seed: int) -> None:
    """The bytes at a stretch's ends hold other people too."""
    dice = random.Random(seed)
    stretches, row = Stretches(), bytearray(16)
    for no in others - new:
        row[no >> 3] |= 128 >> (no & 7)
    expected = bitsets.from_bytes(bytes(row))
    for no in sorted(new):
        named = [name for name in ("tag:a",) if dice.random() < 0.6]
        stretches.add(no, named)
        expected |= bitsets.bit(no) if named else 0
    for command in stretches.commands(lambda name: name):
        _apply(row, command)
    assert bitsets.from_bytes(bytes(row)) == expected


def _apply(row: bytearray, command: tuple[object, ...]) -> None:
    match command:
        case ("SETBIT", _, int(no), 1):
            row[no >> 3] |= 128 >> (no & 7)
        case ("SETRANGE", _, int(start), bytes(written)):
            row[start : start + len(written)] = written
        case ("BITFIELD", _, "SET", str(kind), int(start), int(value)):
            width = int(kind[1:])
            for place in range(width):
                mask = 128 >> (start + place & 7)
                on = value >> (width - 1 - place) & 1
                row[start + place >> 3] = row[start + place >> 3] & ~mask | (mask if on else 0)
        case _:
            raise AssertionError(command)


def test_redis_reads_the_commands_as_they_are_meant(world: World) -> None:
    """The same on a real server, beside neighbours that are there already."""
    shard = Shard("3")
    key = world.keys.bitmap(shard, "tag:VIP")
    world.server.execute_command("SETBIT", key, 4, 1)
    world.server.execute_command("SETBIT", key, 30, 1)
    stretches = Stretches()
    for no in range(5, 29):
        stretches.add(no, ["tag:VIP"] if no % 3 else [])
    for command in stretches.commands(lambda name: world.keys.bitmap(shard, name)):
        world.server.execute_command(*command)
    found = bitsets.from_bytes(world.server.execute_command("GET", key))
    assert list(bitsets.numbers(found)) == [4, *(no for no in range(5, 29) if no % 3), 30]
