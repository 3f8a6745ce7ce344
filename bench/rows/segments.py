"""B12: whom a question of seven clauses finds, against SQLite, a scan of the records, and brute force."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from bench import people
from bench.baselines import sql
from bench.judging import Row, alternating, figure, ratios
from bench.telling import say
from bot.store import records
from bot.store.keys import SHARDS
from bot.store.store import Store
from flows import bitsets, index
from flows.catalog import Catalog
from flows.conditions import AllOf, AnyOf, Condition, Everyone, Except, FieldIs, JoinedDays, ScoreIs, SilentFor, Tagged
from flows.conditions.compare import Bound, Comparison
from flows.friend import Friend
from flows.names import fold
from flows.standpoint import Standpoint

WITHIN = 200
QUESTION = AllOf(
    of=(
        AnyOf(of=(Tagged(name="タグ01"), Tagged(name="タグ02"))),
        Tagged(name="タグ03", absent=True),
        FieldIs(field="地域", value="東京", op=Comparison.EQUAL),
        ScoreIs(score="関心度", points=10, bound=Bound.AT_LEAST),
        ScoreIs(score="関心度", points=79, bound=Bound.AT_MOST),
        JoinedDays(days=WITHIN, bound=Bound.WITHIN),
    )
)
REPEATS = 7


def b12(store: Store, count: int, now: datetime, folder: Path, *, rounds: int, questions: int, small: float) -> Row:
    """The row, on a store that holds `count` friends of `people.friends`; `small` is our time at a tenth of them."""
    configured = store.catalogs.current()
    drawn = people.drawn(count, now, due=people.seven_in_the_evening(now))
    base = sql.filled(folder / "friends.sqlite", (friend for friend, _ in drawn))
    say("the same friends are in SQLite")
    given = _given(now)
    fastest = min(range(len(sql.PLANS)), key=lambda plan: timed(lambda: sql.count(base, plan, given)))
    found = alternating(
        {
            "ours": lambda: typical(lambda: ours(store, configured, now)),
            "sqlite": lambda: typical(lambda: sql.count(base, fastest, given)),
        },
        rounds,
    )
    difference = abs(ours(store, configured, now) - sql.count(base, fastest, given))
    base.close()
    scan = timed(lambda: scanned(store, configured, now)) if count <= 100_000 else None
    milliseconds = [value * 1000 for value in found["ours"]]
    return Row(
        id="B12",
        work=f"segment of 7 clauses, {count:,} friends",
        figures=(
            figure("SQLite's time ÷ ours", ratios(found["sqlite"], found["ours"]), "x", least=20),
            figure("ours", milliseconds, "ms", most=10),
            *([figure("scan of the records ÷ ours", [scan / median(found["ours"])], "x")] if scan else []),
            figure("growth from a tenth", [median(found["ours"]) / small], "x", most=6),
            figure("friends in whom the two differ", [difference], most=0),
            figure(f"disagreements with brute force, {questions:,} questions", [disagreements(questions)], most=0),
        ),
        owner="「だれに届くか」は、友だちが100万人いても一瞬で数えられます。",
    )


def _given(now: datetime) -> dict[str, object]:
    day = now.astimezone(people.TOKYO).date() - timedelta(days=WITHIN)
    since = (day - date(1970, 1, 1)).days
    return {
        "one": fold("タグ01"),
        "other": fold("タグ02"),
        "without": fold("タグ03"),
        "question": fold("地域"),
        "value": fold("東京"),
        "axis": fold("関心度"),
        "low": 10,
        "high": 79,
        "since": since,
    }


def ours(store: Store, configured: Catalog, now: datetime) -> int:
    """How many friends it finds."""
    return sum(found.true.bit_count() for found in store.segments.members(QUESTION, configured, now).values())


def scanned(store: Store, configured: Catalog, now: datetime) -> int:
    """The same by reading every record."""
    sight, hits = Standpoint(now, configured), 0
    for shard in SHARDS:
        known = store.segments.bitmaps((index.FRIENDS,))[shard][index.FRIENDS]
        ids = list(store.segments.ids(shard, known))
        for start in range(0, len(ids), people.BATCH):
            found = store.friends.load_many(shard, ids[start : start + people.BATCH])
            hits += sum(isinstance(one, records.Record) and QUESTION.holds(one.friend, sight) is True for one in found)
    return hits


def timed(work: Callable[[], object]) -> float:
    """Seconds for doing it once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def typical(work: Callable[[], object]) -> float:
    """Seconds for doing it, the median of some."""
    return median(timed(work) for _ in range(REPEATS))


class _Some:
    """A shard in memory: bitmaps made from friends, as the store would have them."""

    def __init__(self, friends: list[Friend]) -> None:
        self.friends = friends
        self._bitmaps: dict[str, int] = {}
        for number, friend in enumerate(friends):
            for name in index.marks(friend, people.TOKYO):
                self._bitmaps[name] = self._bitmaps.get(name, 0) | bitsets.bit(number)

    @property
    def everyone(self) -> int:
        return self._bitmaps.get(index.FRIENDS, 0)

    def bitmap(self, name: str) -> int:
        return self._bitmaps.get(name, 0)


def disagreements(questions: int, *, seed: int = 1, friends: int = 200) -> int:
    """How many of so many random questions the sets answer otherwise than asking each friend does."""
    dice = random.Random(seed)
    now = datetime.fromisoformat("2026-11-20T03:00:00+00:00")
    drawn = people.friends(friends, now, due=people.seven_in_the_evening(now), seed=seed)
    some, sight = _Some([friend for friend, _ in drawn]), Standpoint(now, people.catalog())
    wrong = 0
    for _ in range(questions):
        asked = condition(dice)
        found = asked.members(some, sight).true
        truth = sum(bitsets.bit(no) for no, one in enumerate(some.friends) if asked.holds(one, sight) is True)
        wrong += found != truth
    return wrong


def condition(dice: random.Random, depth: int = 3) -> Condition:
    """A random question."""
    if depth and dice.random() < 0.6:
        parts = tuple(condition(dice, depth - 1) for _ in range(dice.randrange(2, 4)))
        match dice.randrange(3):
            case 0:
                return AllOf(of=parts)
            case 1:
                return AnyOf(of=parts)
            case _:
                return Except(base=parts[0], less=parts[1])
    return LEAVES[dice.randrange(len(LEAVES))](dice)


POINT_BOUNDS = (Bound.AT_LEAST, Bound.AT_MOST, Bound.UNDER, Bound.OVER)
DAY_BOUNDS = (Bound.AT_LEAST, Bound.WITHIN, Bound.UNDER)
LEAVES: tuple[Callable[[random.Random], Condition], ...] = (
    lambda dice: Tagged(name=dice.choice(people.TAGS), absent=dice.random() < 0.3),
    lambda dice: FieldIs(
        field="地域", value=dice.choice(people.PLACES), op=dice.choice((Comparison.EQUAL, Comparison.UNEQUAL))
    ),
    lambda dice: FieldIs(field="悩み", value=dice.choice(people.WORRIES), op=Comparison.EQUAL),
    lambda dice: ScoreIs(
        score=dice.choice(people.AXES), points=dice.randrange(-30, 130), bound=dice.choice(POINT_BOUNDS)
    ),
    lambda dice: JoinedDays(days=dice.randrange(420), bound=dice.choice(DAY_BOUNDS)),
    lambda dice: SilentFor(days=dice.randrange(110)),
    lambda _: Everyone(),
)
