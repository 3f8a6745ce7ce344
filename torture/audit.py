"""The audit at the end of every fault: what LINE got against the plan, indexes against records, counts against truth."""

from __future__ import annotations

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from bot.store.audit import Audit
from bot.store.records import Record
from bot.store.store import Store
from flows.names import Key
from simulator.state import Delivery
from torture.town import PLAN, POINT, TOKYO, WELCOME, Town

STEP = re.compile(r"第(\d+)回")
MOST_SHOWN = 3


@dataclass(slots=True, kw_only=True)
class Findings:
    """What an audit found. Everything but `planned` and `delivered` should be nothing."""

    planned: int = 0
    delivered: int = 0
    lost: int = 0
    doubled: int = 0
    early: int = 0
    out_of_order: int = 0
    indexes: int = 0
    counters: int = 0
    left_over: int = 0
    anomalies: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not any(
            (
                self.lost,
                self.doubled,
                self.early,
                self.out_of_order,
                self.indexes,
                self.counters,
                self.left_over,
                self.anomalies,
            )
        )

    def say(self, what: str) -> None:
        """Keep an example or two of what is wrong."""
        if len(self.examples) < MOST_SHOWN * 4:
            self.examples.append(what)


def audit(
    town: Town,
    *,
    points: dict[str, int] | None = None,
    without: Iterable[str] = (),
    welcomes: bool = False,
    given_up: int | None = 0,
) -> Findings:
    """Hold everything against the plan: each friend every step up to today once; so many points for each who asked.

    `without` are friends for whom no steps are planned, `given_up` how many entries may have been (None: any).
    """
    found = Findings()
    away = set(without)
    ledger = [one for one in town.line.memory.ledger if one.delivered]
    steps = _by_friend(ledger)
    for friend in town.friends:
        if friend not in away:
            _steps(town, friend, steps.get(friend, []), found)
    if welcomes:
        _words(ledger, WELCOME, dict.fromkeys(town.friends, 1), found)
    if points:
        _words(ledger, POINT, points, found)
    found.anomalies += len(town.line.memory.anomalies)
    for one in town.line.memory.anomalies[:MOST_SHOWN]:
        found.say(f"LINE: {one.what} {one.detail}")
    with contextlib.closing(town.store) as store:
        _record(store, found, given_up)
        _points(store, points or {}, found)
        _counts(town, store, found, away)
    return found


def _by_friend(ledger: Iterable[Delivery]) -> dict[str, list[tuple[int, float]]]:
    steps: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for one in ledger:
        for message in one.messages:
            if hit := STEP.match(str(message.get("text", ""))):
                steps[one.user].append((int(hit[1]), one.at))
    return steps


def _steps(town: Town, friend: str, got: list[tuple[int, float]], found: Findings) -> None:
    planned = range(1, town.day + 1)
    times = Counter(number for number, _ in got)
    found.planned += len(planned)
    found.delivered += len(got)
    for number in planned:
        if times[number] == 0:
            found.lost += 1
            found.say(f"{friend[:8]} never got step {number}")
        elif times[number] > 1:
            found.doubled += times[number] - 1
            found.say(f"{friend[:8]} got step {number} {times[number]} times")
    found.early += sum(at < town.due_of(number).timestamp() - town.slack for number, at in got)
    found.out_of_order += sum(second < first for (first, _), (second, _) in pairwise(got))


def _words(ledger: Iterable[Delivery], words: str, expected: dict[str, int], found: Findings) -> None:
    times = Counter(one.user for one in ledger for message in one.messages if message.get("text") == words)
    for friend, count in expected.items():
        found.planned += count
        found.delivered += times[friend]
        found.lost += max(0, count - times[friend])
        found.doubled += max(0, times[friend] - count)
        if times[friend] != count:
            found.say(f"{friend[:8]} got 「{words}」 {times[friend]} times, not {count}")


def _record(store: Store, found: Findings, given_up: int | None) -> None:
    differences = Audit(store.server, store.keys).differences(TOKYO)
    found.indexes += len(differences)
    for said in differences[:MOST_SHOWN]:
        found.say(f"index {said}")
    left = store.outbox.size() + sum(len(store.outbox.held(shard)) for shard in store.outbox.busy())
    failed = store.outbox.failed()
    unplanned = 0 if given_up is None else max(0, len(failed) - given_up)
    found.left_over += left + unplanned
    for one in failed[:MOST_SHOWN] if unplanned else ():
        found.say(f"given up: {one.entry.kind} to {len(one.entry.to)}: {one.reason}")


def _points(store: Store, points: dict[str, int], found: Findings) -> None:
    for friend, count in points.items():
        record = store.friends.load(friend)  # type: ignore[arg-type]
        have = record.friend.scores.get(Key(""), 0)
        if have != count:
            found.counters += 1
            found.say(f"{friend[:8]} has {have} points, not {count}")


def _counts(town: Town, store: Store, found: Findings, away: set[str]) -> None:
    """Steps taken as counted day by day, against the records."""
    truth: Counter[str] = Counter()
    for shard_records in _all_records(store):
        truth.update(shard_records)
    for number in range(1, town.day + 1):
        day = town.due_of(number).astimezone(TOKYO).date().isoformat()
        counted = store.counters.of_day(day).get("step_taken", Counter())
        steps = {subject: times for subject, times in counted.items() if subject.startswith(f"{PLAN}\t1\ts{number}")}
        said = sum(steps.values())
        if said != truth[f"s{number}"] and not away:
            found.counters += 1
            found.say(f"step {number} was counted {said} times and taken {truth[f's{number}']} times")


def _all_records(store: Store) -> Iterable[list[str]]:
    from bot.store.keys import SHARDS

    for shard in SHARDS:
        for record in Audit(store.server, store.keys).records(shard):
            if isinstance(record, Record):
                yield [
                    *(str(one) for walk in record.friend.enrollments for one in walk.received),
                    *(str(one) for past in record.friend.past.values() for one in past.received),
                ]


def utc(seconds: float) -> datetime:
    """A moment of LINE's ledger."""
    return datetime.fromtimestamp(seconds, UTC)
