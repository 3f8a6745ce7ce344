"""Friends made of random parts, and one shard of them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from flows import bitsets, index
from flows.conditions import Condition, Rank
from flows.friend import Enrollment, Entry, Friend, Label, Pace, Past, Sent
from flows.heeding import COUNTED, RING
from flows.names import FriendId, Key, fold
from flows.pace import UNLIMITED, Limits

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NAMES = ("VIP", "乾燥", "ｱﾚﾙｷﾞｰ", "a:b", "100%")
VALUES = (
    *(
        "乾燥",
        "しみ",
        "乾燥、しみ",
        "はい、そうです",
        "20代",
        "25",
        "２５",
        "-3",
        "0",
        "2.5",
        "1,000",
        "099",
        "99999999999",
    ),
    *("2026-11-25", "2026/11/25", "2026-11-25T10:00", "1990-04-01", "2026-02-30", "", "あ" * 100),
)


def friend(number: int = 0, **parts: Any) -> Friend:
    """A friend with these parts and nothing else."""
    return Friend(id=FriendId(f"U{number:032x}"), **parts)


def tagged(*names: str) -> dict[Key, Label]:
    return {fold(name): Label(at=NOW) for name in names}


def entry(value: str, *, listed: bool = False, own: str = "") -> Entry:
    return Entry(value=value, at=NOW, listed=listed, own=own)


def walk(scenario: str) -> Enrollment:
    return Enrollment(scenario=fold(scenario), version=1, began=NOW, entered=NOW, step=None, due=None)


@dataclass(frozen=True)
class View:
    """What conditions see besides the friend."""

    now: datetime = NOW
    zone: tzinfo = TOKYO
    segments: Mapping[Key, Condition] = field(default_factory=dict)
    lines: Mapping[Rank, int] = field(default_factory=dict)

    def segment(self, name: Key) -> Condition | None:
        return self.segments.get(name)

    def line(self, rank: Rank) -> int | None:
        return self.lines.get(rank)


class Shard(NamedTuple):
    """The bitmaps of some friends: the index as a store would hold it."""

    bitmaps: Mapping[str, int]

    @property
    def everyone(self) -> int:
        return self.bitmap(index.FRIENDS)

    def bitmap(self, name: str) -> int:
        return self.bitmaps.get(name, 0)

    @classmethod
    def of(cls, friends: Sequence[Friend], zone: tzinfo = TOKYO, limits: Limits = UNLIMITED) -> Shard:
        bitmaps: dict[str, int] = {}
        for number, one in enumerate(friends):
            for mark in index.marks(one, zone, limits):
                bitmaps[mark] = bitmaps.get(mark, 0) | bitsets.bit(number)
        return cls(bitmaps)


class Asked(NamedTuple):
    """A shard that gives out nothing but what a condition said it would read."""

    shard: Shard
    named: frozenset[str]

    @property
    def everyone(self) -> int:
        return self.shard.everyone

    def bitmap(self, name: str) -> int:
        assert name in self.named, f"read without being named: {name}"
        return self.shard.bitmap(name)


_moments = st.timedeltas(min_value=timedelta(days=-8), max_value=timedelta(hours=20)).map(lambda ago: NOW + ago)
_names = st.sampled_from(NAMES)
_keys = _names.map(fold)
_days = st.dates(min_value=date(2026, 11, 10), max_value=date(2026, 11, 24))
_occasions = st.one_of(_moments, _days, st.sampled_from([date(1969, 7, 20), date(9999, 12, 31)]))

friends = st.builds(
    Friend,
    id=st.just(FriendId("U0")),
    name=st.sampled_from(["", " ", "さくら", "サクラ", "さくら🌸"]),
    joined=st.none() | _moments,
    left=st.none() | st.none() | _moments,
    staff=st.sampled_from([False, False, False, True]),
    route=st.just("") | _names,
    tags=st.dictionaries(_keys, st.just(Label(at=NOW)), max_size=3),
    scores=st.dictionaries(
        st.sampled_from([Key(""), fold("美容")]), st.integers(-600_000, 600_000) | st.integers(-5, 20)
    ).map(lambda scores: {key: min(max(points, index.SCORE_LOW), index.SCORE_HIGH) for key, points in scores.items()}),
    fields=st.dictionaries(
        _keys,
        st.builds(Entry, value=st.sampled_from(VALUES), at=st.just(NOW), listed=st.booleans())
        | st.sampled_from(["しみ", "25", "い、ろ", "あ" * 100]).map(
            lambda own: entry(f"乾燥、{own}", listed=True, own=own)
        ),
    ),
    occasions=st.dictionaries(st.sampled_from([fold("購入"), fold("来店"), fold("予約")]), _occasions),
    counts=st.dictionaries(st.sampled_from([fold("購入"), fold("来店")]), st.integers(0, 4) | st.just(70_000)),
    enrollments=st.lists(_names.map(walk), max_size=2).map(tuple),
    past=st.dictionaries(_keys, st.just(Past(version=1, runs=1, ended=NOW, how="end")), max_size=2),
    deliveries=st.integers(0, 40) | st.integers(0, COUNTED - 1),
    heeded=st.integers(0, (1 << RING) - 1),
    pace=st.sampled_from(Pace),
    taken_over=st.none() | _moments,
    sends=st.lists(st.builds(Sent, at=_moments, scenario=st.sampled_from([Key(""), Key("a")])), max_size=4).map(
        lambda sends: tuple(sorted(sends, key=lambda one: one.at))
    ),
    reacted=st.none() | _moments,
    pressed=st.dictionaries(_keys, _moments, max_size=2),
    broadcasts=st.dictionaries(_keys, st.booleans(), max_size=2),
)
