"""F23: the disk is full under the append-only file, the log cannot be written, LINE's name is not known. F26: the soak."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.machine import family, resident_mb
from torture.audit import Findings, audit
from torture.joining import settle_in
from torture.knocking import body_of, knock, post, signed
from torture.rushing import WORKERS, Report, Size, finish
from torture.talking import ROLES, arrivals, points
from torture.town import Town, town

MOST_BYTES = 32 * 1024
"""So much more fits on the pretended disk."""
SHORT_MINUTES, LONG_MINUTES = 0.1, 1.0
"""Of the machine's time, where SOAK_MINUTES says nothing else: a day of soaking is 1440."""


FOLD, MANY = 34, 500
"""So many times the friends of the other faults; from so many friends of those on it is the long one."""
MOST_DAYS, PARTS, LONG_SECONDS = 400, 5, 600.0
PART_OF_A_DAY = 86_400.0 / (PARTS - 1)


def f23(seed: int, size: Size) -> Report:
    """The disk fills up under words: 503 and an alarm, no false 200, and it goes on by itself when there is room."""
    report = Report(
        fault="F23", how="disk full under the append-only file, then room again; log that cannot be written", seed=seed
    )
    with town(seed, *ROLES, steps=1, outputs={"web": Path("/dev/full")}) as here:
        knock(here, arrivals(here, size.friends))
        here.settle()
        pid = here.server.pid
        unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_newest_size(here) + MOST_BYTES, unlimited[1]))
        batches, planned = points(here, size.friends * 3)
        told: Counter[int] = Counter()
        alarms = 0
        for batch in batches:
            body = body_of(here, batch)
            told[post(here.crew.port, body, signed(body), 6.0)] += 1
        alarms += _alarmed(here)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        here.pause(2.5)
        heard = knock(here, batches)
        # Synced every second: of what was acknowledged since, nothing is promised to survive a kill.
        here.pause(2.5)
        here.restart_redis()
        report.recoveries.append(here.settle())
        finish(here, report)
        report.findings = audit(here, points=planned, welcomes=True)
        report.findings.lost += heard.never
        report.findings.anomalies += (not alarms) + (told[200] == len(batches))
        report.notes.append(f"while it was full {dict(told)}; /healthz told it: {'yes' if alarms else 'no'}")
    return report


def _newest_size(here: Town) -> int:
    from torture.power import newest_file

    return newest_file(here.server.folder).stat().st_size


def _alarmed(here: Town) -> bool:
    """Whether the page for watchdogs says that something is wrong."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", here.crew.port, timeout=5)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        said = json.loads(answer.read())
        return answer.status == 503 and bool(said["reasons"])


def f23_names(seed: int, size: Size) -> Report:
    """LINE's name is not known for a while: nothing is lost, nothing is given up, and it all goes later."""
    report = Report(fault="F23d", how="LINE's name cannot be looked up in the rush of a step", seed=seed)
    with town(seed, *WORKERS, steps=size.steps + 1) as here:
        settle_in(here, size.friends)
        right = here.crew.environment["LINE_API_URL"]
        for _ in range(size.steps):
            here.crew.environment["LINE_API_URL"] = "http://line.invalid"
            _all_anew(here)
            here.next_day()
            here.pause(3.0)
            here.crew.environment["LINE_API_URL"] = right
            _all_anew(here)
            # What could not be sent is tried again after minutes at the longest.
            here.pause(2.0)
            here.move(here.offset + 301)
            report.recoveries.append(here.settle())
        finish(here, report)
    return report


def _all_anew(here: Town) -> None:
    for name in WORKERS:
        here.crew.kill(name)
    here.pause(0.5)
    here.crew.until(here.crew.are_ready, "ready processes", 60)


def soak(seed: int, size: Size) -> Report:
    """Days go by in minutes while friends talk and processes now and then die: nothing is lost, and memory stays flat."""
    people, minutes = size.friends * FOLD, _minutes(size)
    report = Report(fault="F26", how=f"soak: {people:,} friends live through days in {minutes:g} minutes", seed=seed)
    with town(seed, *ROLES, steps=MOST_DAYS) as here:
        settle_in(here, people)
        here.settle()
        planned: Counter[str] = Counter()
        memory: list[tuple[float, float]] = []
        began = time.monotonic()
        while (gone := time.monotonic() - began) < minutes * 60 or here.day < 2:
            _live_on(here, planned, size, report)
            memory.append((gone, _memory(here)))
            # A long soak spreads its days over all of its time.
            here.pause(began + gone + minutes * 60 / (MOST_DAYS * PARTS) - time.monotonic())
        report.recoveries.append(here.settle(300))
        finish(here, report)
        never = report.findings.lost
        report.findings = audit(here, points=dict(planned))
        report.findings.lost += never
        report.notes.append(f"{here.day} days; {sum(planned.values())} words; {told_of(memory)}")
        _is_flat(memory, report.findings)
    return report


def _minutes(size: Size) -> float:
    return float(os.environ.get("SOAK_MINUTES") or (LONG_MINUTES if size.friends >= MANY else SHORT_MINUTES))


def _live_on(here: Town, planned: Counter[str], size: Size, report: Report) -> None:
    """A day's worth: the next step comes due, some friends say something, and the clock goes on."""
    due = (here.due_of(here.day + 1) - here.now()).total_seconds()
    if due > PART_OF_A_DAY:
        here.move(here.offset + PART_OF_A_DAY)
    elif here.day < MOST_DAYS:
        here.next_day()
        if here.dice.random() < 0.3:
            here.crew.kill(here.dice.choice(ROLES))
    batches, more = points(here, min(40, size.friends))
    planned.update(more)
    heard = knock(here, batches)
    report.findings.lost += heard.never
    here.settle(300)


def _memory(here: Town) -> float:
    children = [member.child for member in here.crew.members.values() if member.child is not None]
    return sum(resident_mb(pid) for child in children for pid in family(child.pid))


def told_of(memory: list[tuple[float, float]]) -> str:
    """How memory went; of less than ten minutes nothing can be said by the hour."""
    middle = memory[len(memory) // 2][1]
    rate = (
        f"{slope(memory):+.1f} MB an hour in the second half"
        if memory[-1][0] > LONG_SECONDS
        else "too short for a rate"
    )
    return f"memory {memory[0][1]:.0f} → {middle:.0f} → {memory[-1][1]:.0f} MB in all processes, {rate}"


def slope(memory: list[tuple[float, float]]) -> float:
    """MB an hour in the second half, by the line through it that lies best."""
    half = memory[len(memory) // 2 :]
    if len(half) < 3:
        return 0.0
    middle, level = sum(at for at, _ in half) / len(half), sum(mb for _, mb in half) / len(half)
    spread = sum((at - middle) ** 2 for at, _ in half)
    return 3600 * sum((at - middle) * (mb - level) for at, mb in half) / spread if spread else 0.0


def _is_flat(memory: list[tuple[float, float]], findings: Findings) -> None:
    """Flat is what grows by less than a tenth from the middle to the end: caches fill in the beginning."""
    middle = memory[len(memory) // 2][1]
    if memory[-1][1] > middle * 1.1 + 5:
        findings.anomalies += 1
        findings.say(f"memory grew from {middle:.0f} to {memory[-1][1]:.0f} MB in the second half")


SCARCITY: dict[str, Callable[[int, Size], Report]] = {"F23": f23, "F23d": f23_names, "F26": soak}
