"""Friends, plans and questions to measure with: the same for every side, drawn from a seed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.store import past
from bot.store.friends import Change
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from bot.store.store import Store, open_store
from flows.actions import AddScore, AddTag
from flows.catalog import Account, Catalog, Entry, Score, Tag
from flows.catalog import Field as FieldName
from flows.decision import Decision
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
BATCH = 200
TO_FUTURE = timedelta(days=400)


def friend_id(number: int) -> FriendId:
    """An id as LINE writes them, no two alike and spread over the shards."""
    return FriendId(f"U{number * 0x9E3779B97F4A7C15F39CC0605CEDC834 % (1 << 128):032x}")


def friends(count: int, now: datetime, *, due: datetime, seed: int = 1) -> Iterator[tuple[Friend, tuple[Fact, ...]]]:
    """Friends with ten tags, three scores, two answers, one walk whose next step is due then, and twenty facts."""
    dice = random.Random(seed)
    for number in range(count):
        joined = now - timedelta(seconds=dice.randrange(400 * 86_400))
        tags = dice.sample(TAGS, 10)
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
            tags={fold(tag): Label(at=joined, why=PLAN) for tag in tags},
            scores={fold(axis): dice.randrange(-20, 120) for axis in AXES},
            fields={
                fold("地域"): FieldEntry(value=dice.choice(PLACES), at=joined, origin="本人回答", listed=True),
                fold("悩み"): FieldEntry(value=dice.choice(WORRIES), at=joined, origin="本人回答", listed=True),
            },
            enrollments=(walk,),
        )
        yield friend, _history(tags, joined)


def _history(tags: Iterable[str], joined: datetime) -> tuple[Fact, ...]:
    moments = (joined + timedelta(minutes=10 * number) for number in range(HISTORY))
    tagged = [TagAdded(at=next(moments), tag=tag, why=PLAN) for tag in tags]
    scored = [ScoreChanged(at=moment, score="関心度", points=1, total=n, why=PLAN) for n, moment in enumerate(moments)]
    return (*tagged, *scored[:-1], Enrolled(at=scored[-1].at, scenario=PLAN, version=1))


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
    store = open_store(url, secret=b"bench", namespace=namespace)
    store.meta.start_up()
    return store


def publish(store: Store, configured: Catalog, now: datetime) -> None:
    """Put this configuration in force."""
    assert store.catalogs.commit(configured, expected=store.catalogs.current().revision, by="bench", at=now)


def put(store: Store, people: Iterable[tuple[Friend, tuple[Fact, ...]]], now: datetime) -> int:
    """Write friends through the product's own commit, two hundred of a shard at a time; how many."""
    waiting: dict[Shard, list[Change]] = defaultdict(list)
    count = 0
    for friend, facts in people:
        shard = shard_of(friend.id)
        # What is long past was counted on its own days: here it is only remembered.
        before = Record(friend=Friend(id=friend.id), past=past.appended("", facts))
        decision = Decision(friend=friend)
        waiting[shard].append(Change(before=before, decision=decision, at=now, zone=TOKYO))
        count += 1
        if len(waiting[shard]) >= BATCH:
            store.friends.commit(shard, waiting.pop(shard))
    for shard, changes in waiting.items():
        store.friends.commit(shard, changes)
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
