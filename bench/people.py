"""Friends, plans and questions to measure with: the same for every side, drawn from a seed."""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bench.telling import Shown
from bot.moving_parts import patient
from bot.side_by_side import Told, hands, side_by_side
from bot.store import past
from bot.store.bulk import Bulk, Newcomer
from bot.store.keys import Shard, shard_of
from bot.store.store import Store, open_store
from flows.actions import AddScore, AddTag
from flows.catalog import Account, Catalog, Entry, Score, Tag
from flows.catalog import Field as FieldName
from flows.engine import decide
from flows.events import Followed
from flows.facts import Enrolled, Fact, ScoreChanged, TagAdded
from flows.friend import Enrollment, Friend, Label
from flows.friend import Entry as FieldEntry
from flows.messages.text import Text
from flows.moments import OnDay
from flows.names import FriendId, Key, StepId, fold
from flows.questions import Choice
from flows.questions.base import Option
from flows.scenario import Line, Say, Scenario, Start, State, Step, Survey
from flows.triggers import ByHand, FriendAdded

TOKYO = ZoneInfo("Asia/Tokyo")
TAGS = tuple(f"タグ{number:02d}" for number in range(60))
AXES = ("", "関心度", "来店意欲")
PLACES = ("東京", "神奈川", "埼玉", "千葉", "大阪", "京都", "兵庫", "愛知", "福岡", "北海道")
WORRIES = ("乾燥", "しみ", "毛穴", "くすみ")
PLAN = "歩み"
HISTORY = 20
BATCH = 500
DRAWN_TOGETHER = 1000
TO_FUTURE = timedelta(days=400)


def friend_id(number: int) -> FriendId:
    """An id as LINE writes them, no two alike and spread over the shards."""
    return FriendId(f"U{number * 0x9E3779B97F4A7C15F39CC0605CEDC834 % (1 << 128):032x}")


def friends(
    count: int, now: datetime, *, due: datetime, seed: int = 1, first: int = 0
) -> Iterator[tuple[Friend, tuple[Fact, ...]]]:
    """Friends with ten tags, three scores, two answers, one walk whose next step is due then, and twenty facts."""
    for friend, tags in drawn(count, now, due=due, seed=seed, first=first):
        yield friend, history(tags, joined_of(friend))


def drawn(
    count: int, now: datetime, *, due: datetime, seed: int = 1, first: int = 0
) -> Iterator[tuple[Friend, list[str]]]:
    """The same friends with the names of their tags, and nothing that they remember."""
    dice = random.Random()
    for number in range(first, first + count):
        if number % DRAWN_TOGETHER == 0 or number == first:
            # Whoever draws a part draws the same friends.
            dice.seed(f"{seed}/{number // DRAWN_TOGETHER}")
        joined = now - timedelta(seconds=dice.randrange(400 * 86_400))
        tags = dice.sample(TAGS, 10)
        label = Label(at=joined, why=PLAN)
        walk = Enrollment(
            scenario=Key(fold(PLAN)),
            version=1,
            began=joined,
            entered=due - timedelta(days=1),
            step=StepId("s1"),
            due=due,
        )
        friend = Friend(
            id=friend_id(number),
            name=f"さくら{number}",
            joined=joined,
            reacted=max(joined, now - timedelta(seconds=dice.randrange(100 * 86_400))),
            tags={fold(tag): label for tag in tags},
            scores={fold(axis): dice.randrange(-20, 120) for axis in AXES},
            fields={
                fold("地域"): FieldEntry(value=dice.choice(PLACES), at=joined, origin="本人回答", listed=True),
                fold("悩み"): FieldEntry(value=dice.choice(WORRIES), at=joined, origin="本人回答", listed=True),
            },
            enrollments=(walk,),
        )
        yield friend, tags


def joined_of(friend: Friend) -> datetime:
    """When somebody joined of whom that is known."""
    assert friend.joined is not None
    return friend.joined


def history(tags: Iterable[str], joined: datetime) -> tuple[Fact, ...]:
    """Twenty facts: the tags came, one score moved, a walk began."""
    moments = (joined + timedelta(minutes=10 * number) for number in range(HISTORY))
    tagged = [TagAdded(at=next(moments), tag=tag, why=PLAN) for tag in tags]
    scored = [ScoreChanged(at=moment, score="関心度", points=1, total=n, why=PLAN) for n, moment in enumerate(moments)]
    return (*tagged, *scored[:-1], Enrolled(at=scored[-1].at, scenario=PLAN, version=1))


def remembered(tags: Sequence[str], joined: datetime) -> str:
    """`past.appended` of that history, for a million friends: only its moments and tags differ from friend to friend."""
    words, *lines = _pattern().split(";")
    began = int(joined.timestamp())
    said = [line.partition("|")[2] for line in lines]
    for number, tag in enumerate(tags):
        said[number] = said[number].replace(TAGS[number], tag)
    moments = (_base_36(began + 600 * number) for number in range(HISTORY))
    return ";".join((words, *(f"{moment}|{what}" for moment, what in zip(moments, said, strict=True))))


@lru_cache(maxsize=1)
def _pattern() -> str:
    return past.appended("", history(TAGS[:10], datetime(2026, 1, 1, tzinfo=UTC)))


def _base_36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits


def catalog(*, steps: int = 30, body: str = "こんにちは。今日のお知らせです。", joins: bool = False) -> Catalog:
    """An account that answers every word, with one plan of so many days; each day's step at 19:00."""
    days = tuple(_step(number, body) for number in range(1, steps + 1))
    plan = Scenario(
        name=PLAN,
        starts=(Start(trigger=FriendAdded() if joins else ByHand()),),
        lines=(Line(steps=days),),
    )
    entry = Entry(name=PLAN, state=State.LIVE, versions={1: plan}, current=1)
    return Catalog(
        account=Account(
            name="花", fallback="ありがとうございます。担当者が読みます。", quiet_from=time(0), quiet_until=time(0)
        ),
        plans={fold(PLAN): entry},
        tags={fold(tag): Tag(name=tag) for tag in TAGS},
        scores={fold(axis): Score(name=axis) for axis in AXES},
        fields={fold(name): FieldName(name=name, holds="1つ") for name in ("地域", "悩み")},
    )


def _step(number: int, body: str) -> Step:
    when = OnDay(days=number, clock=time(19), words=f"{number}日後 19:00")
    return Step(id=StepId(f"s{number}"), when=when, body=(Say(message=Text(body=f"{body}（{number}）")),))


def seven_in_the_evening(now: datetime, *, days: int = 1) -> datetime:
    """19:00 in Tokyo, so many days on."""
    day = (now.astimezone(TOKYO) + timedelta(days=days)).replace(hour=19, minute=0, second=0, microsecond=0)
    return day.astimezone(UTC)


def opened(url: str, namespace: str = "lm") -> Store:
    """The product's store, started up."""
    store = open_store(patient(url), secret=b"bench", namespace=namespace)
    store.meta.start_up()
    return store


def publish(store: Store, configured: Catalog, now: datetime) -> None:
    """Put this configuration in force."""
    assert store.catalogs.commit(configured, expected=store.catalogs.current().revision, by="bench", at=now)
    if not store.lookup.count():
        # Whoever comes from now on stands in the indexes as they should be: no worker looks through them again.
        assert store.reindexing.step(configured.account.tz, configured.account.limits)


def put(store: Store, people: Iterable[tuple[Friend, tuple[Fact, ...]]], now: datetime) -> int:
    """Write friends as the product's import does, some hundred of a shard at a time; how many."""
    # What is long past was counted on its own days: here it is only remembered.
    return _put(store, ((friend, past.appended("", facts)) for friend, facts in people))


def put_many(url: str, count: int, now: datetime, *, due: datetime, first: int = 0, namespace: str = "lm") -> int:
    """Write so many of `drawn`, in as many processes as there are cores; how many."""
    share = DRAWN_TOGETHER * -(-count // (DRAWN_TOGETHER * hands()))
    spans = [(start, min(share, first + count - start)) for start in range(first, first + count, share)]

    def fill(span: tuple[int, int], told: Told) -> int:
        store = opened(url, namespace)
        with contextlib.closing(store):
            people = drawn(span[1], now, due=due, first=span[0])
            return _put(store, ((friend, remembered(tags, joined_of(friend))) for friend, tags in people), told)

    return sum(side_by_side(fill, spans, Shown(count)))


def _put(store: Store, people: Iterable[tuple[Friend, str]], told: Told = lambda _: None) -> int:
    bulk, count = Bulk(store), 0
    waiting: dict[Shard, list[Newcomer]] = defaultdict(list)
    for friend, remembers in people:
        shard = shard_of(friend.id)
        waiting[shard].append(Newcomer(friend, remembers))
        count += 1
        if len(waiting[shard]) >= BATCH:
            told(len(waiting[shard]))
            bulk.add(shard, waiting.pop(shard), (), TOKYO)
    for shard, newcomers in waiting.items():
        bulk.add(shard, newcomers, (), TOKYO)
        told(len(newcomers))
    return count


def bare(count: int, now: datetime, *, first: int = 0) -> Iterator[tuple[Friend, tuple[Fact, ...]]]:
    """Friends with a name and nothing else."""
    for number in range(first, first + count):
        yield replace(Friend(id=friend_id(number)), name=f"さくら{number}", joined=now), ()


QUESTIONS = 20


def asking(configured: Catalog) -> Catalog:
    """The account with a survey of many questions beside it, which new friends are asked; each answer tags and scores."""
    options = tuple(
        Option(label=worry, effects=(AddTag(name=TAGS[number]), AddScore(points=number + 1)))
        for number, worry in enumerate(WORRIES)
    )
    questions = tuple(
        Choice(name=f"悩み{number}", text=f"{number}番目にお困りなのは？", options=options)
        for number in range(QUESTIONS)
    )
    survey = Survey(name="肌診断", starts=(Start(trigger=FriendAdded()),), questions=questions)
    entry = Entry(name="肌診断", state=State.LIVE, versions={1: survey}, current=1)
    fields = {fold(one.name): FieldName(name=one.name, holds="1つ") for one in questions}
    return replace(
        configured, plans={**configured.plans, fold("肌診断"): entry}, fields={**configured.fields, **fields}
    )


def asked(count: int, configured: Catalog, now: datetime, *, first: int) -> Iterator[tuple[Friend, tuple[Fact, ...]]]:
    """Friends who joined just now and have the first question before them."""
    for number in range(first, first + count):
        nobody = Friend(id=friend_id(number))
        joined = Followed(at=now, name=f"さくら{number}", can_reply=True)
        decision = decide(nobody, joined, configured, now)
        yield decision.friend, decision.facts
