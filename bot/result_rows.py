"""結果 as rows of a table: each step and broadcast with whom it reached, each button and question with who tapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.store.store import Store
from flows.catalog import Entry
from flows.clicks import PEOPLE, clicks
from flows.facts import StepTaken
from flows.names import Key, fold
from flows.scenario import Ask, Body, Say, Scenario, walk

DAYS: Final = 60
TITLES: Final = ("種類", "名前", "通", "中身", "届いた人", "ボタン・質問", "押した・答えた人", "割合（%）")
Row = tuple[str, ...]


def result_rows(store: Store, now: datetime) -> Iterator[Row]:
    """What was counted in the last sixty days: scenarios in force first, then broadcasts."""
    catalog = store.catalogs.current()
    today = now.astimezone(catalog.account.tz).date()
    days = [store.counters.of_day((today - timedelta(days=back)).isoformat()) for back in range(DAYS)]
    taken, people = (_sums(days, kind) for kind in (StepTaken.kind, PEOPLE))
    for key, entry in catalog.plans.items():
        yield from _steps(key, entry, taken, people)
    for key, one in catalog.broadcasts.items():
        found = store.broadcasts.progress(one)
        if found is not None:
            yield from _rows(
                ("一斉配信", one.name, ""),
                one.body,
                (key, one.id),
                reached=found.accepted,
                variants=found.sent,
                people=people,
            )


def _sums(days: list[dict[str, Counter[str]]], kind: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for day in days:
        total.update(day.get(kind, {}))
    return total


def _steps(key: Key, entry: Entry, taken: Counter[str], people: Counter[str]) -> Iterator[Row]:
    plan = entry.live
    if not isinstance(plan, Scenario):
        return
    for number, (line, step) in enumerate(plan.steps(), 1):
        variants = _variants(key, step.id, taken)
        where = f"{number}（道 {line.name}）" if line.name else str(number)
        yield from _rows(
            ("シナリオ", entry.name, where),
            step.body,
            (key, step.id),
            reached=variants.total(),
            variants=variants,
            people=people,
        )


def _variants(plan: Key, step: str, taken: Counter[str]) -> Counter[str]:
    """How many got a step, by the variant they got ("" where there is none): of all its versions, as taps are."""
    found: Counter[str] = Counter()
    for about, many in taken.items():
        name, _, place, *variant = about.split("\t")
        if (fold(name), place) == (plan, step):
            found["".join(variant)] += many
    return found


def _rows(
    head: Row, body: Body, place: tuple[str, str], *, reached: int, variants: Mapping[str, int], people: Counter[str]
) -> Iterator[Row]:
    yield (*head, _summary(body), str(reached), "", "", "")
    for one in clicks(body, *place, people, reached=reached, variants=variants):
        yield (*head, "", str(one.reached), one.what, str(one.people), f"{100 * one.share:.1f}")


def _summary(body: Body) -> str:
    """What lets an owner recognise it."""
    for item in walk(body):
        if isinstance(item, Say):
            return item.message.summary()
        if isinstance(item, Ask):
            return item.question.text
    return ""
