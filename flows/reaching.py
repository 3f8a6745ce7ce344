"""Which bitmaps tell whether something may be sent to a friend, and what came of what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo

from flows.friend import Friend, Pace
from flows.heeding import COUNTED, RING
from flows.pace import Limits, capped_until, paced_until
from flows.slices import DAY_BITS, bits_of, day_slices, slices
from flows.values import day_of

BLOCKED, OPTED_OUT, TALKING = "blocked", "opted_out", "talking"
"""Those who block us; those who want nothing of our own accord; those with whom a person talks. None of them staff."""

PACED, CAPPED = "day:paced", "day:capped"
"""The first day on which pace or cap lets something through; the last day there is means never."""

DELIVERED_BITS = COUNTED.bit_length() - 1
"""How many deliveries a friend got, as `flows/heeding.py` counts them."""


def delivered_slices() -> tuple[str, ...]:
    """The names of the slices of how many deliveries a friend got."""
    return slices("delivered", DELIVERED_BITS)


def heeded_ring() -> tuple[str, ...]:
    """The names of the bitmaps of those who reacted to the delivery that stands in each place of the ring."""
    return slices("heeded", RING)


def gone(friend: Friend, _: tzinfo) -> Iterable[str]:
    """Where somebody stands who blocks us."""
    return (BLOCKED,) if friend.left is not None and not friend.staff else ()


def talking(friend: Friend, _: tzinfo) -> Iterable[str]:
    """Where somebody stands with whom a person talks."""
    return (TALKING,) if friend.taken_over is not None else ()


def paced(friend: Friend, zone: tzinfo) -> Iterator[str]:
    """Where the friend's own pace puts her."""
    if friend.pace is Pace.NONE:
        yield OPTED_OUT
    yield from _first_day(PACED, paced_until(friend, zone))


def capped(friend: Friend, zone: tzinfo, limits: Limits) -> Iterable[str]:
    """Where the account's limits put the friend."""
    return _first_day(CAPPED, capped_until(friend, limits, zone))


def _first_day(prefix: str, first: date | None) -> Iterable[str]:
    return () if first is None else bits_of(day_slices(prefix), min(day_of(first), (1 << DAY_BITS) - 1))


def delivered(friend: Friend, _: tzinfo) -> Iterator[str]:
    """What the friend got, and to what of it she reacted."""
    yield from bits_of(delivered_slices(), friend.deliveries)
    yield from bits_of(heeded_ring(), friend.heeded)
