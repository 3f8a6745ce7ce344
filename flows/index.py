"""Which bitmaps a friend stands in.

The record is the truth; everything here is derived from it, at every commit, by `changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, tzinfo
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

from flows import reaching
from flows.facts import Rule
from flows.friend import Entry, Friend
from flows.names import SHORT, Key, fold
from flows.pace import UNLIMITED, Limits
from flows.slices import DAY_BITS, bits_of, day_slices, name, slices
from flows.timing import local_day
from flows.values import NUMBER_BITS, TIME_BITS, Sort, day_of, value_of

SCORE_BITS = 20
SCORE_LOW, SCORE_HIGH = -(1 << (SCORE_BITS - 1)), (1 << (SCORE_BITS - 1)) - 1
"""A score never leaves these bounds."""

COUNT_BITS = 16
"""How often something occurred, up to this many bits."""

NAME_BITS = 32
"""A friend's name is kept as a number: a digest of its key. Of four thousand million names two have the same."""

FRIENDS = "friends"
"""Those who can be reached: following, and not staff."""

SHAPE = 2
"""To be raised whenever `marks` makes other bitmaps of the same friend: indexes of another shape are built anew."""

SHORT_OF_QUOTA = "held:quota"
"""Those for whom a step waits because the month's messages are used up."""

JOINED, ACTIVE, BOUGHT = "day:joined", "day:active", "day:bought"
PURCHASE = fold("購入")
OCCASION_DAYS: dict[Key, str] = {fold("予約"): "day:booked", fold("来店"): "day:visited", PURCHASE: BOUGHT}
"""Of which occasions the last day stands in slices."""
COUNTED = (fold("来店"), PURCHASE)
"""Of which occasions it stands there how often they occurred."""
TRIAL_OUTCOMES = ("reacted", "clicked", "goal", "left")
LISTED = "、"
"""What stands between the values of a multiple choice."""


HAS_NAME, HAS_ROUTE = name("field", "名前"), name("field", "経路")
"""No field of an owner's may be called so."""


def word_marks(field: Key, word: Key) -> tuple[str, ...]:
    """Where a freely written value stands: one bitmap for each hexadecimal digit of its 32-bit digest.

    Free words are as many as friends. A bitmap for each would cost a thousand times what 128 of them do, and two
    different words meet in all eight once in four thousand million.
    """
    return _word_marks(field, word) if len(word) <= SHORT else _word_marks.__wrapped__(field, word)


@lru_cache(maxsize=8192)
def _word_marks(field: Key, word: Key) -> tuple[str, ...]:
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return tuple(name("word", field, f"{place}{digit}") for place, digit in enumerate(digest))


def score_slices(score: Key) -> tuple[str, ...]:
    """The names of the slices of a score."""
    return slices(name("score", score), SCORE_BITS)


def count_slices(occasion: Key) -> tuple[str, ...]:
    """The names of the slices of how often something occurred."""
    return slices(name("count", occasion), COUNT_BITS)


def name_slices() -> tuple[str, ...]:
    """The names of the slices of the number that a name is kept as."""
    return slices("name", NAME_BITS)


NAME_BYTES = tuple(name_slices()[place : place + 8] for place in reversed(range(0, NAME_BITS, 8)))
"""The same by the bytes of that number, the highest first."""


def value_slices(sort: Sort, field: Key) -> tuple[str, ...]:
    """The names of the slices of a field that holds numbers, days or moments."""
    return slices(name(sort.value, field), NUMBER_BITS if sort is Sort.NUMBER else TIME_BITS)


def fingerprint(zone: tzinfo, limits: Limits = UNLIMITED) -> str:
    """What all bitmaps are derived with, in one line: where it differs from what they were made with, they are wrong."""
    return f"{SHAPE} {zone} {limits.per_day}/{limits.per_week}"


def marks(friend: Friend, zone: tzinfo, limits: Limits = UNLIMITED) -> frozenset[str]:
    """The names of all bitmaps in which this friend's bit is 1."""
    found = set(reaching.capped(friend, zone, limits))
    for _, made in _PARTS:
        found.update(made(friend, zone))
    return frozenset(found)


def changes(
    before: Friend | None, after: Friend, zone: tzinfo, limits: Limits = UNLIMITED
) -> tuple[frozenset[str], frozenset[str]]:
    """The bits to set and the bits to clear; what a decision did not touch is not even looked at."""
    if before is None:
        return marks(after, zone, limits), frozenset()
    on: set[str] = set()
    off: set[str] = set()
    for made in _touched(_values(before), _values(after)):
        old, new = frozenset(made(before, zone)), frozenset(made(after, zone))
        on |= new - old
        off |= old - new
    if before.sends is not after.sends:
        old, new = frozenset(reaching.capped(before, zone, limits)), frozenset(reaching.capped(after, zone, limits))
        on, off = on | (new - old), off | (old - new)
    return frozenset(on), frozenset(off)


def active(friend: Friend) -> datetime | None:
    """When the friend was last heard of: the last reaction, or else the day of joining."""
    return friend.reacted or friend.joined


def _waits_for_quota(friend: Friend) -> bool:
    return any(walk.held is not None and walk.held.rule == Rule.QUOTA for walk in friend.enrollments)


def listed(entry: Entry) -> frozenset[Key]:
    """The keys of the values an answer chosen from a list holds: the whole, and each of several; not own words."""
    if entry.own:
        parts = entry.value.removesuffix(f"{LISTED}{entry.own}").split(LISTED)
    else:
        parts = [entry.value, *entry.value.split(LISTED)]
    return frozenset(fold(part) for part in parts if 0 < len(part) <= SHORT) - {Key("")}


def day_number(moment: date | datetime | None, zone: tzinfo) -> int:
    """The number of its calendar day; 0 is never (and anything before 1970)."""
    return 0 if moment is None else min(day_of(local_day(moment, zone)), (1 << DAY_BITS) - 1)


def counted(times: int) -> int:
    """How often, as the slices can hold it."""
    return min(max(times, 0), (1 << COUNT_BITS) - 1)


def name_number(written: str) -> int:
    """The number that a name is kept as."""
    return int.from_bytes(_name_digest(written))


def _name_digest(written: str) -> bytes:
    return blake2b(fold(written).encode("utf-8", "surrogatepass"), digest_size=NAME_BITS // 8).digest()


def _day(prefix: str, moment: date | datetime | None, zone: tzinfo) -> Iterable[str]:
    return () if moment is None else bits_of(day_slices(prefix), day_number(moment, zone))


def _reach(friend: Friend, _: tzinfo) -> Iterable[str]:
    return (FRIENDS,) if friend.left is None and not friend.staff else ()


def _name(friend: Friend, _: tzinfo) -> Iterable[str]:
    if not fold(friend.name):
        return ()
    # Names are as many as friends: byte by byte, `bits_of` remembers all there can be without forgetting days and scores.
    digest = _name_digest(friend.name)
    return (HAS_NAME, *(one for names, byte in zip(NAME_BYTES, digest, strict=True) for one in bits_of(names, byte)))


def _route(friend: Friend, _: tzinfo) -> Iterable[str]:
    key = fold(friend.route)
    return (HAS_ROUTE, name("route", key)) if key else ()


def _occasions(friend: Friend, zone: tzinfo) -> Iterator[str]:
    for key, prefix in OCCASION_DAYS.items():
        yield from _day(prefix, friend.occasions.get(key), zone)


def _counts(friend: Friend, _: tzinfo) -> Iterator[str]:
    for key in COUNTED:
        yield from bits_of(count_slices(key), counted(friend.counts.get(key, 0)))


def _keyed(family: str, keys: Iterable[str]) -> Iterable[str]:
    return [name(family, key) for key in keys]


def _scores(friend: Friend, _: tzinfo) -> Iterator[str]:
    for key, points in friend.scores.items():
        yield from bits_of(score_slices(key), min(max(points, SCORE_LOW), SCORE_HIGH))


def _fields(friend: Friend, _: tzinfo) -> Iterator[str]:
    for key, entry in friend.fields.items():
        if entry.value:
            yield name("field", key)
            yield from _field_values(key, entry)


def _field_values(key: Key, entry: Entry) -> Iterable[str]:
    if entry.listed:
        yield from (name("ans", key, word) for word in listed(entry))
        if entry.own:
            yield from word_marks(key, fold(entry.own))
    value = value_of(entry.value)
    if value.sort is Sort.WORD:
        if not entry.listed:
            yield from word_marks(key, value.key)
        return
    yield name(value.sort.value, key)
    yield from bits_of(value_slices(value.sort, key), value.low)


def _presses(friend: Friend, zone: tzinfo) -> Iterator[str]:
    for key, moment in friend.pressed.items():
        pressed = name("pressed", key)
        yield pressed
        yield from _day(pressed, moment, zone)


def trial_mark(trial: str, variant: str, outcome: str) -> str:
    """The bitmap of those who got this variant of an A/B test (`got`), or of whom this came (`TRIAL_OUTCOMES`)."""
    return name("ab", trial, variant, outcome)


def _trials(friend: Friend, _: tzinfo) -> Iterator[str]:
    for key, trial in friend.trials.items():
        outcomes = ("got", *(one for one in TRIAL_OUTCOMES if getattr(trial, one)))
        yield from (trial_mark(key, trial.variant, one) for one in outcomes)


def _broadcasts(friend: Friend, _: tzinfo) -> Iterator[str]:
    for key, reacted in friend.broadcasts.items():
        yield name("got", key)
        if reacted:
            yield name("reacted", key)


_Marks = Callable[[Friend, tzinfo], Iterable[str]]

_PARTS: tuple[tuple[tuple[str, ...], _Marks], ...] = (
    (("left", "staff"), _reach),
    (("left", "staff"), reaching.gone),
    (("taken_over",), reaching.talking),
    (("pace", "sends"), reaching.paced),
    (("deliveries", "heeded"), reaching.delivered),
    (("tags",), lambda friend, _: _keyed("tag", friend.tags)),
    (("scores",), _scores),
    (("fields",), _fields),
    (("name",), _name),
    (("route",), _route),
    (("joined",), lambda friend, zone: _day(JOINED, friend.joined, zone)),
    (("reacted", "joined"), lambda friend, zone: _day(ACTIVE, active(friend), zone)),
    (("occasions",), _occasions),
    (("counts",), _counts),
    (("pressed",), _presses),
    (("broadcasts",), _broadcasts),
    (("trials",), _trials),
    (("enrollments",), lambda friend, _: _keyed("in", (one.scenario for one in friend.enrollments))),
    (("enrollments",), lambda friend, _: (SHORT_OF_QUOTA,) if _waits_for_quota(friend) else ()),
    (("past",), lambda friend, _: _keyed("done", friend.past)),
)
"""Which attributes each group of bitmaps is made from, and how: one line per group; the account's cap is apart."""

_SOURCES = sorted({source for sources, _ in _PARTS for source in sources})
_values = attrgetter(*_SOURCES)


def _touched(before: tuple[object, ...], after: tuple[object, ...]) -> tuple[_Marks, ...]:
    """The groups of bitmaps that another value of one of their sources may change."""
    return _of_sources(
        tuple([source for source, old, new in zip(_SOURCES, before, after, strict=True) if old is not new])
    )


@lru_cache(maxsize=256)
def _of_sources(touched: tuple[str, ...]) -> tuple[_Marks, ...]:
    return tuple(made for sources, made in _PARTS if not set(touched).isdisjoint(sources))
