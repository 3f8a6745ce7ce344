"""Bits of new friends. Their numbers follow one another and were nobody's before, so a bitmap takes them as whole bytes.

One by one, two hundred bits of a batch are eight hundred words of a command; as a stretch they are 25 bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from bot.store.runners import Command

SHORTEST = 8
"""A shorter stretch has no whole byte to gain."""


class Stretches:
    """The numbers given to new friends in one commit, and the bitmaps in which they stand."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._members: dict[str, list[int]] = defaultdict(list)

    def add(self, no: int, names: Iterable[str]) -> None:
        """Friend number `no` is new and stands in these bitmaps."""
        self._numbers.append(no)
        for name in names:
            self._members[name].append(no)

    def commands(self, key_of: Callable[[str], str]) -> Iterator[Command]:
        """What writes all of them. A bit that none of them has was 0 before and stays so."""
        runs = list(runs_of(self._numbers))
        for name, members in self._members.items():
            for first, end in runs:
                inside = members if len(runs) == 1 else [no for no in members if first <= no < end]
                if inside:
                    yield from _bits(key_of(name), first, end, inside)


def runs_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches that these numbers form: each the first, and the one after the last."""
    ordered = sorted(numbers)
    if not ordered:
        return
    first = ordered[0]
    for one, following in pairwise(ordered):
        if following != one + 1:
            yield first, one + 1
            first = following
    yield first, ordered[-1] + 1


def _bits(key: str, first: int, end: int, members: Sequence[int]) -> Iterator[Command]:
    if end - first < SHORTEST:
        yield from (("SETBIT", key, no, 1) for no in members)
        return
    base, whole, rest = first >> 3, -(-first // 8), end // 8
    row = bytearray(-(-end // 8) - base)
    for no in members:
        row[(no >> 3) - base] |= 128 >> (no & 7)
    # The bytes at both ends are shared with neighbours, who may be changing at this moment.
    if whole * 8 > first:
        yield ("BITFIELD", key, "SET", f"u{whole * 8 - first}", first, row[0] & (0xFF >> (first & 7)))
    if rest > whole:
        yield ("SETRANGE", key, whole, bytes(row[whole - base : rest - base]))
    if end > rest * 8:
        yield ("BITFIELD", key, "SET", f"u{end - rest * 8}", rest * 8, row[-1] >> (-end % 8))
