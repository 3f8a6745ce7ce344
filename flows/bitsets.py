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
    limit, found, before = count - low, among, (among, 1)
    for j, members in enumerate(bits):
        shown = among & ~members if signed and j == len(bits) - 1 else members
        # The upper slices of small numbers are one and the same set; twice the same changes nothing.
        if shown is not before[0] or (limit >> j & 1) != before[1]:
            found, before = (found & shown if limit >> j & 1 else found | shown), (shown, limit >> j & 1)
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


def added(sets: Iterable[int]) -> list[int]:
    """In how many of these sets each friend stands, as slices of a number (lowest bit first)."""
    total: list[int] = []
    for members in sets:
        carry = members
        for place, bits in enumerate(total):
            total[place], carry = bits ^ carry, bits & carry
        if carry:
            total.append(carry)
    return total


def turned(ring: Sequence[int], by: Sequence[int]) -> list[int]:
    """Each friend's ring of bits turned back by her own number (slices), so that place 0 is where it pointed.

    The ring has two to the power of something many places; of a greater number the rest counts.
    """
    found, size = list(ring), len(ring)
    for power in range(size.bit_length() - 1):
        moves, step = by[power], 1 << power
        found = [(here & ~moves) | (found[(place + step) % size] & moves) for place, here in enumerate(found)]
    return found


def line(shards: Iterable[tuple[Sequence[int], int]], most: int) -> int:
    """How many it takes to be among so many highest: slices of a number without its sign, and who is looked at, for
    each shard. Fewer than `most` have more than that; at least 1."""
    parts = [(list(bits), among) for bits, among in shards]
    left, found = most, 0
    for place in reversed(range(max((len(bits) for bits, _ in parts), default=0))):
        high = [among & bits[place] for bits, among in parts]
        many = sum(members.bit_count() for members in high)
        if many >= left:
            found |= 1 << place
            parts = [(bits, members) for (bits, _), members in zip(parts, high, strict=True)]
        else:
            left -= many
            parts = [(bits, among & ~members) for (bits, among), members in zip(parts, high, strict=True)]
    return max(found, 1)


def read(bitmap: Callable[[str], int], names: Iterable[str]) -> list[int]:
    """The sets of these names, in order."""
    return [bitmap(one) for one in names]
