"""The faults that concern what people say: the web process and its Redis fail while webhooks come, and come again."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable

from simulator.state import Standing
from torture.audit import audit
from torture.knocking import Event, Knocks, body_of, knock, post, shuffled, signed
from torture.proxy import When
from torture.rushing import Report, Size, finish
from torture.town import SAID, Town, person, town

ROLES = ("web", "worker-1", "clock-1")
STARTED_SECONDS = 5


def arrivals(here: Town, count: int) -> list[list[Event]]:
    """So many people who add the account, each in a webhook of his own."""
    here.joined = here.now()
    batches = []
    for number in range(count):
        here.acts.add(person(number), f"さくら{number}", Standing.STRANGER)
        here.friends.append(person(number))
        with here.acts.gathering() as events:
            here.acts.follow(person(number))
        batches.append(list(events))
    return batches


def points(here: Town, count: int, *, per_batch: int = 1, of: str = "") -> tuple[list[list[Event]], dict[str, int]]:
    """So many words that give a point each, by random friends; and how many each has to have."""
    planned: Counter[str] = Counter()
    with here.acts.gathering() as events:
        for _ in range(count):
            friend = of or here.dice.choice(here.friends)
            planned[friend] += 1
            here.acts.send(friend, {"type": "text", "text": SAID})
    batches = [list(events[start : start + per_batch]) for start in range(0, count, per_batch)]
    return batches, dict(planned)


def _end(here: Town, report: Report, planned: dict[str, int], heard: Knocks, *, welcomes: bool = True) -> Report:
    report.recoveries.append(here.settle())
    finish(here, report)
    report.findings = audit(here, points=planned, welcomes=welcomes)
    report.findings.lost += heard.never
    report.notes.append(f"{heard.good} webhooks answered 200, {heard.again} came again {heard.refused}")
    return report


def _killer(here: Town, name: str, kills: int, *, most: int = 40) -> Callable[[], None]:
    """Kills a process at drawn commands and moments, one after the other, while webhooks come."""
    left, at = kills, 0.0
    sprung: threading.Event | None = None

    def meanwhile() -> None:
        nonlocal left, sprung, at
        if sprung and not sprung.is_set():
            return
        if left and here.crew.answers() and time.monotonic() > at:
            left -= 1
            at = time.monotonic() + 0.3
            sprung = here.crew.kill_at(name, here.dice.randrange(1, most), here.dice.choice(list(When)))

    return meanwhile


def f2(seed: int, size: Size) -> Report:
    """The web process dies under webhooks, and LINE brings them again."""
    report = Report(fault="F2", how="kill -9 of the web process under webhooks, with redelivery", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        heard = knock(here, arrivals(here, size.friends), meanwhile=_killer(here, "web", size.kills))
        here.settle()
        batches, planned = points(here, size.friends * 2)
        more = knock(here, batches, meanwhile=_killer(here, "web", size.kills * 2))
        heard.good += more.good
        heard.again += more.again
        heard.never += more.never
        return _end(here, report, planned, heard)


def f4w(seed: int, size: Size) -> Report:
    """Redis dies under webhooks."""
    report = Report(fault="F4w", how="kill -9 of Redis under webhooks, always synced", seed=seed)
    with town(seed, *ROLES, steps=1, fsync="always") as here:
        knock(here, arrivals(here, size.friends))
        here.settle()
        batches, planned = points(here, size.friends * 2)
        moments = [time.monotonic() + here.dice.random() * 3 for _ in range(size.kills)]

        def meanwhile() -> None:
            if moments and time.monotonic() > min(moments):
                moments.remove(min(moments))
                here.restart_redis()

        return _end(here, report, planned, knock(here, batches, meanwhile=meanwhile, rate=60))


def f6(seed: int, size: Size) -> Report:
    """Redis is slow, full, and only to be read: no 200 for what was not written."""
    report = Report(fault="F6", how="Redis slow (2 s), full, read-only", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        knock(here, arrivals(here, size.friends))
        here.settle()
        lies = 0
        everything: Counter[str] = Counter()
        heard = Knocks()
        for begin, end in ((_slow, _quick), (_full, _roomy), (_read_only, _writable)):
            batches, planned = points(here, min(40, size.friends))
            everything.update(planned)
            begin(here)
            for batch in batches[:4]:
                body = body_of(here, batch)
                lies += post(here.crew.port, body, signed(body), 6.0) == 200
            end(here)
            more = knock(here, batches)
            heard.good += more.good
            heard.again += more.again
            heard.never += more.never
        report.notes.append(f"{lies} false 200s")
        report.findings.lost += lies
        return _end(here, report, dict(everything), heard)


def _slow(here: Town) -> None:
    here.crew.members["web"].proxy.latency = 2.0


def _quick(here: Town) -> None:
    here.crew.members["web"].proxy.latency = 0.0


def _full(here: Town) -> None:
    _configure(here, "maxmemory", "1mb")


def _roomy(here: Town) -> None:
    _configure(here, "maxmemory", "0")


def _configure(here: Town, name: str, value: str) -> None:
    with contextlib.closing(here.server.client()) as client:
        client.config_set(name, value)


def _read_only(here: Town) -> None:
    with contextlib.closing(here.server.client()) as client:
        client.replicaof("127.0.0.1", "1")


def _writable(here: Town) -> None:
    with contextlib.closing(here.server.client()) as client:
        client.replicaof("NO", "ONE")
    here.pause(0.5)


def f10(seed: int, size: Size) -> Report:
    """Everything comes five times and in any order, and a hundred events of one friend in one webhook."""
    report = Report(fault="F10", how="webhooks five times, in any order; 100 events of one friend in one", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        heard = knock(here, shuffled(arrivals(here, size.friends), here.dice, times=2))
        here.settle()
        batches, planned = points(here, size.friends * 2)
        more, extra = points(here, 100, per_batch=100, of=here.friends[0])
        everything = Counter(planned)
        everything.update(extra)
        heard = knock(here, shuffled([*batches, *more], here.dice, times=5))
        return _end(here, report, dict(everything), heard)


def f11(seed: int, size: Size) -> Report:
    """Fifty words of one friend at once."""
    report = Report(fault="F11", how="50 words of one friend at once, over 16 connections", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        knock(here, arrivals(here, 3))
        here.settle()
        everything: Counter[str] = Counter()
        heard = Knocks()
        for _ in range(size.kills + 1):
            batches, planned = points(here, 50, of=here.friends[0])
            everything.update(planned)
            heard = knock(here, batches, hands=16)
        return _end(here, report, dict(everything), heard)


def f22(seed: int, size: Size) -> Report:
    """Friends block in the middle of a step; what the account knew before it sent must be obeyed."""
    report = Report(fault="F22", how="a third of the friends block in the rush of a step", seed=seed)
    with town(seed, *ROLES, steps=size.steps + 1) as here:
        knock(here, arrivals(here, size.friends))
        here.settle()
        gone: list[str] = []
        known: dict[str, float] = {}
        for _ in range(size.steps):
            leaving = here.dice.sample([one for one in here.friends if one not in gone], size.friends // 6)
            with here.acts.gathering() as events:
                for friend in leaving:
                    here.acts.block(friend)
            here.next_day()
            knock(here, [[one] for one in events])
            known |= dict.fromkeys(leaving, here.line.clock())
            gone += leaving
            report.recoveries.append(here.settle())
        late = sum(one.user in known and one.at > known[one.user] + 0.5 for one in here.line.memory.ledger)
        here.line.faults.reset()
        report.findings = audit(here, without=gone)
        report.findings.doubled += late
        report.notes.append(f"{len(gone)} blocked; {late} sends after the block was known")
    return report


TALKING: dict[str, Callable[[int, Size], Report]] = {
    "F2": f2,
    "F4w": f4w,
    "F6": f6,
    "F10": f10,
    "F11": f11,
    "F22": f22,
}
