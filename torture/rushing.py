"""A rush: friends, a step a day, and in each day so many mishaps; then the audit. What every fault's report holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from torture.audit import STEP, Findings, audit
from torture.joining import settle_in
from torture.town import Town, town

ON_DISK_SECONDS = 2.5
"""What is older than this is on the disk (appendfsync everysec promises one second, two at worst)."""
WORKERS = ("worker-1", "worker-2", "clock-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is at stake."""

    friends: int
    steps: int
    kills: int
    """In each step's rush."""


SHORT = Size(friends=60, steps=2, kills=1)
QUICK = Size(friends=200, steps=3, kills=2)
FULL = Size(friends=600, steps=2, kills=4)


@dataclass(slots=True, kw_only=True)
class Report:
    """One row of the table."""

    fault: str
    how: str
    seed: int
    findings: Findings = field(default_factory=Findings)
    kills: int = 0
    power_losses: int = 0
    faulty: int = 0
    """Answers of LINE that were an error, silence or a lost connection."""
    recoveries: list[float] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lateness(here: Town) -> list[float]:
    """Seconds from being due to being accepted, for every delivery of a step."""
    return [
        one.at - here.due_of(int(hit[1])).timestamp()
        for one in here.line.memory.ledger
        if (hit := STEP.match(str(one.messages[0].get("text", ""))))
    ]


def rush(
    fault: str,
    how: str,
    seed: int,
    size: Size,
    mishap: Callable[[Town, random.Random], None],
    *roles: str,
    prepare: Callable[[Town], None] | None = None,
    fsync: str = "everysec",
    mends: bool = True,
) -> Report:
    """Friends, a step a day, and in each day's rush so many mishaps; then the audit."""
    report = Report(fault=fault, how=how, seed=seed)
    with town(seed, *(roles or WORKERS), steps=size.steps + 1, fsync=fsync, mends=mends) as here:
        settle_in(here, size.friends)
        if prepare:
            prepare(here)
        for _ in range(size.steps):
            here.next_day()
            for _ in range(size.kills):
                mishap(here, here.dice)
            report.recoveries.append(here.settle())
            if here.days_apart:
                here.pause(ON_DISK_SECONDS)
        finish(here, report)
    return report


def finish(here: Town, report: Report) -> None:
    """The audit, and what happened on the way to it."""
    here.line.faults.reset()
    report.findings = audit(here)
    report.kills = sum(member.kills for member in here.crew.members.values()) + here.redis_kills
    report.power_losses = here.power_losses
    report.lateness = lateness(here)
    report.notes += here.notes
