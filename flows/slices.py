"""How sets of friends are named: one bitmap, or one for each bit of a number."""

from __future__ import annotations

from functools import lru_cache

DAY_BITS = 16
"""Days since 1970; 0 is never."""


@lru_cache(maxsize=8192)
def name(family: str, *keys: str) -> str:
    """A bitmap's name: its family and its keys, so written that no two lists of keys give the same name."""
    return ":".join((family, *(key.replace("%", "%25").replace(":", "%3a") for key in keys)))


@lru_cache(maxsize=1024)
def slices(prefix: str, width: int) -> tuple[str, ...]:
    """The names of the bit slices of one number, the lowest bit first."""
    return tuple(f"{prefix}:{j}" for j in range(width))


def day_slices(prefix: str) -> tuple[str, ...]:
    """The names of the slices of a day."""
    return slices(prefix, DAY_BITS)


@lru_cache(maxsize=8192)
def bits_of(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """The slices in which this number has a 1; below zero in two's complement."""
    return tuple(slice_name for j, slice_name in enumerate(names) if count >> j & 1)
