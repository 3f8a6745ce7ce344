"""F13 by the hundred thousand: bent webhooks at the door of a house, each timed by the CPU it took, memory watched."""

from __future__ import annotations

import heapq
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.names import FriendId, Key
from torture import mutating
from torture.audit import Findings
from torture.corpus import HOSTILE
from torture.house import House, house
from torture.knocking import signed
from torture.rushing import Report
from torture.town import SAID, TOKYO, catalog, person

SLOWEST, SLOWEST_WORDS = 0.1, 0.05
"""Seconds of CPU that one webhook may take."""
MOST_SHOWN = 3
WORK_EVERY = 2000
WITNESS = person(0)
AT_MS = 1_796_000_000_000


@dataclass(slots=True)
class Storm:
    """What was answered, how long it took, and what was kept in memory on the way."""

    statuses: Counter[int] = field(default_factory=Counter)
    slow: list[tuple[float, int]] = field(default_factory=list)
    """The slowest: seconds of CPU, and the body's number."""
    over: int = 0
    spent: float = 0.0
    memory: list[float] = field(default_factory=list)

    def note(self, number: int, status: int, seconds: float) -> None:
        """One answer."""
        self.statuses[status] += 1
        self.spent += seconds
        self.over += seconds > SLOWEST
        heapq.heappush(self.slow, (seconds, number))
        if len(self.slow) > MOST_SHOWN:
            heapq.heappop(self.slow)

    @property
    def bad(self) -> int:
        """Neither 200 nor a 4xx."""
        return sum(times for status, times in self.statuses.items() if status != 200 and not 400 <= status < 500)


def body(seed: int, number: int) -> tuple[bytes, bool]:
    """The body of that number, and whether a sound event is in it; the same seed and number always give the same."""
    dice = random.Random(f"{seed}/{number}")
    if dice.random() < 0.1:
        return mutating.one_broken(dice, number, AT_MS), False
    events = [mutating.bent(dice, number * 8 + place, AT_MS) for place in range(dice.randrange(1, 4))]
    events.insert(dice.randrange(len(events) + 1), _witness(number))
    return mutating.written({"destination": mutating.user(0), "events": events}, dice), True


def _witness(number: int) -> dict[str, object]:
    """A sound word that gives a point: it has to act, whatever stands beside it."""
    return {
        "type": "message",
        "mode": "active",
        "timestamp": AT_MS + number,
        "source": {"type": "user", "userId": WITNESS},
        "webhookEventId": f"W{number:025d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"w{number:031d}",
        "message": {"type": "text", "id": f"1{number:09d}", "text": SAID},
    }


def storm(here: House, seed: int, count: int, *, quiet: bool = False) -> tuple[Storm, int]:
    """So many bodies, one after the other; what came of it, and how many sound events were answered with 200."""
    found, sound = Storm(), 0
    for number in range(count):
        raw, has_witness = body(seed, number)
        status, seconds = here.knock("/callback", raw, signed(raw))
        found.note(number, status, seconds)
        sound += has_witness and status == 200
        if number % WORK_EVERY == WORK_EVERY - 1:
            here.work()
            found.memory.append(here.memory())
            if not quiet:
                print(f"    {number + 1:,} bodies, {found.memory[-1]:.0f} MB", end="\r", flush=True)
    here.rest()
    found.memory.append(here.memory())
    return found, sound


def f13_storm(seed: int, count: int) -> Report:
    """The storm with its audit: nothing but 200 and 4xx, every sound event acted once, indexes right, memory flat."""
    report = Report(fault="F13s", how=f"{count:,} bent and broken webhooks, signed, in one process", seed=seed)
    with house(catalog(1)) as here:
        for number in range(100):
            raw, _ = body(seed, 10**8 + number)
            here.knock("/callback", raw, signed(raw))
        here.rest()
        here.settle()
        before = _points(here)
        found, sound = storm(here, seed, count)
        gained = _points(here) - before
        findings = Findings(planned=count, delivered=gained)
        findings.lost, findings.doubled = max(0, sound - gained), max(0, gained - sound)
        findings.left_over = found.bad + len(here.workshop.busy())
        findings.anomalies = found.over
        findings.indexes = len(_differences(here, findings))
        report.findings = findings
    report.notes += told(found, seed, count)
    return report


def f15_storm(seed: int, _rounds: int) -> Report:
    """Every hostile text in every place a friend can fill, each answer timed by the CPU it took."""
    report = Report(fault="F15s", how=f"{len(HOSTILE)} hostile texts in every place, each timed by its CPU", seed=seed)
    with house(catalog(1)) as here:
        _say(here, 0, "こんにちは")
        here.rest()
        waits = [(seconds, words) for number, words in enumerate(HOSTILE, 1) for seconds in _say(here, number, words)]
        rested = here.rest()
        slow = sorted(waits)[::-1][:MOST_SHOWN]
        findings = Findings(planned=len(waits), delivered=len(waits))
        findings.left_over = int(not rested)
        findings.indexes = len(_differences(here, findings))
        findings.anomalies = sum(seconds > SLOWEST_WORDS for seconds, _ in waits)
        for seconds, words in slow if findings.anomalies else ():
            findings.say(f"{seconds * 1000:.0f} ms for {words[:40]!r}")
        report.findings = findings
        middle = sorted(waits)[len(waits) // 2][0]
        report.notes.append(f"CPU p50 {middle * 1000:.1f} ms, slowest {slow[0][0] * 1000:.0f} ms ({slow[0][1][:20]!r})")
    return report


def _say(here: House, number: int, words: str) -> list[float]:
    """A new person who follows, and writes this everywhere; the seconds of CPU of each webhook."""
    at, spent = here.now().timestamp(), []
    contents: tuple[dict[str, object], ...] = (
        {"type": "follow", "follow": {"isUnblocked": False}},
        {"type": "message", "message": {"type": "text", "id": f"{number}1", "text": words or "。"}},
        {"type": "message", "message": _place(number, words)},
        {"type": "message", "message": {"type": "file", "id": f"{number}3", "fileName": words[:200], "fileSize": 3}},
        {"type": "postback", "postback": {"data": words[:300]}},
    )
    for place, content in enumerate(contents):
        event = _witness(number) | content
        event |= {"timestamp": int(at * 1000) + place, "webhookEventId": f"H{number:020d}{place}"}
        event |= {
            "source": {"type": "user", "userId": mutating.user(1000 + number)},
            "replyToken": f"h{number}-{place}",
        }
        raw = json.dumps({"destination": mutating.user(0), "events": [event]}).encode()
        status, seconds = here.knock("/callback", raw, signed(raw))
        assert status == 200, (status, words)
        spent.append(seconds)
        here.services.waiting.settle()
    return spent


def _place(number: int, words: str) -> dict[str, object]:
    return {
        "type": "location",
        "id": f"{number}2",
        "title": words[:100],
        "address": words[:100],
        "latitude": 35.6,
        "longitude": 139.7,
    }


def told(found: Storm, seed: int, count: int) -> list[str]:
    """What a storm was like, in words."""
    half = found.memory[len(found.memory) // 2]
    slow = ", ".join(f"{seconds * 1000:.0f} ms for body {number}" for seconds, number in sorted(found.slow)[::-1])
    return [
        f"{sound_of(count, seed)}; answers {dict(found.statuses)}",
        f"CPU {found.spent / count * 1e6:.0f} µs a body; over {SLOWEST * 1000:.0f} ms: {found.over}; slowest: {slow}",
        f"memory after a half {half:.0f} MB, at the end {found.memory[-1]:.0f} MB",
    ]


def sound_of(count: int, seed: int) -> str:
    """How to see one of the bodies again."""
    return f"`python -m torture body {seed} N` shows body N of {count:,}"


def show(seed: int, number: int) -> str:
    """A body to look at."""
    raw, _ = body(seed, number)
    try:
        return json.dumps(json.loads(raw), ensure_ascii=True, indent=1)
    except (ValueError, RecursionError):
        return repr(raw[:2000])


def _points(here: House) -> int:
    return here.store.friends.load(FriendId(WITNESS)).friend.scores.get(Key(""), 0)


def _differences(here: House, findings: Findings) -> list[str]:
    from bot.store.audit import Audit

    found = [str(one) for one in Audit(here.store.server, here.store.keys).differences(TOKYO)]
    for one in found[:3]:
        findings.say(f"index {one}")
    return found


STORMS: dict[str, Callable[[int, int], Report]] = {"F13s": f13_storm, "F15s": f15_storm}
