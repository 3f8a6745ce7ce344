"""Sets of friends as Redis keeps them: a set is a Python int, a bit a friend, by his number in the shard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence


def place(number: int) -> int:
    """Which bit of the int is friend number n: Redis counts bits from the left of each byte."""
    return (number & ~7) | (7 - number % 8)


def bit(number: int) -> int:
    """The set that holds friend number n alone."""
    return 1 << place(number)


def from_bytes(bitmap: bytes | None) -> int:
    """A bitmap as Redis keeps it, as a set; an absent one is empty."""
    return int.from_bytes(bitmap or b"", "little")


def to_bytes(members: int) -> bytes:
    """A set as a bitmap for Redis."""
    return members.to_bytes((members.bit_length() + 7) // 8, "little")


def numbers(members: int) -> Iterator[int]:
    """The friends' numbers in a set, ascending."""
    for index, byte in enumerate(to_bytes(members)):
        for offset in range(8):
            if byte & (128 >> offset):
                yield index * 8 + offset


def at_least(bits: Sequence[int], count: int, among: int, *, signed: bool = False) -> int:
    """Those among whom the number in the slices (lowest bit first) is `count` or more."""
    low = -(1 << (len(bits) - 1)) if signed else 0
    if count <= low:
        return among
    if count >= low + (1 << len(bits)):
        return 0
    limit, found = count - low, among
    for j, members in enumerate(bits):
        shown = among & ~members if signed and j == len(bits) - 1 else members
        found = found & shown if limit >> j & 1 else found | shown
    return found & among


def highest(bits: Sequence[int], among: int, most: int) -> int:
    """So many of those among whom the number in the slices (lowest bit first, none negative) is greatest; of equal ones
    any."""
    sure, maybe = 0, among
    for members in reversed(bits):
        here = maybe & members
        if (sure | here).bit_count() > most:
            maybe = here
        else:
            sure, maybe = sure | here, maybe & ~members
    for number in numbers(maybe):
        if sure.bit_count() >= most:
            break
        sure |= bit(number)
    return sure


def read(bitmap: Callable[[str], int], names: Iterable[str]) -> list[int]:
    """The sets of these names, in order."""
    return [bitmap(one) for one in names]
