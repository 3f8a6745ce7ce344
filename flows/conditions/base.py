"""What every condition has: an answer for one friend, and for a whole shard of friends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from flows.names import Key
from flows.notation import Written

if TYPE_CHECKING:
    from flows.friend import Friend

Truth = bool | None
"""True, False, or None: unknown, because a value is missing."""


class Rank(NamedTuple):
    """So many friends with the most points of a score ("" is the main one)."""

    score: Key
    most: int


class Sight(Protocol):
    """What a condition may look at besides the friend."""

    @property
    def now(self) -> datetime: ...

    @property
    def zone(self) -> tzinfo: ...

    def segment(self, name: Key) -> Condition | None:
        """The saved segment of that name, None if there is none."""
        ...

    def line(self, rank: Rank) -> int | None:
        """How many points it takes to be one of these; None where not all friends were looked at."""
        ...


class Members(NamedTuple):
    """A set of friends of one shard as bits of two ints: those for whom it is true, and the unknown ones."""

    true: int
    unknown: int


class Index(Protocol):
    """One shard's bitmaps, already fetched: a set of friends is a Python int, bit n for friend number n.

    An absent bitmap is 0. `everyone` holds the shard's friends who can be reached (following, not staff).
    """

    @property
    def everyone(self) -> int: ...

    def bitmap(self, name: str) -> int: ...


def definite(index: Index, found: int, *, absent: bool = False) -> Members:
    """These friends, or with `absent` all but these; nobody is unknown."""
    return Members(index.everyone & (~found if absent else found), 0)


def opposite(index: Index, found: Members) -> Members:
    """Those for whom it is false; the unknown stay unknown."""
    return Members(index.everyone & ~found.true & ~found.unknown, found.unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Written, ABC):
    """A test on a friend. The two readers agree: `holds` for one friend, `members` for a shard."""

    kind: ClassVar[str]

    @abstractmethod
    def holds(self, friend: Friend, sight: Sight) -> Truth:
        """Whether this is so for the friend, now."""

    @abstractmethod
    def words(self) -> str:
        """The condition in normal form, as scripts and screens write it (without outer brackets)."""

    @abstractmethod
    def bitmaps(self, sight: Sight) -> Iterable[str]:
        """The names of the bitmaps that `members` will read (see `flows/index.py`)."""

    def ranks(self, sight: Sight) -> Iterable[Rank]:
        """What must be known of all friends together before anything can be said of one: `Sight.line` tells it."""
        return ()

    @abstractmethod
    def members(self, index: Index, sight: Sight) -> Members:
        """For whom this is so in the shard, and for whom it is unknown."""
