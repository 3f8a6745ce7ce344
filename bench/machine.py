"""The machine under the figures: which core does what, and what a process used."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core serves which side. With a single core both are the same, and the table says so."""

    product: int
    others: int
    count: int


def cores() -> Cores:
    """The first core we may use for the product, the last for all that surrounds it."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(product=usable[0], others=usable[-1], count=len(usable))


def pin(pid: int, core: int) -> None:
    """Keep a process, all its threads and the children it will start on one core."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """The processor time a process used, its ended children included."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(word) for word in words[11:15]) / TICKS


def family_cpu_seconds(pid: int) -> float:
    """The processor time a process and its descendants used."""
    return sum(cpu_seconds(one) for one in family(pid))


def resident_mb(pid: int) -> float:
    """The memory that a process holds itself: pages shared with others count by their share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def family_mb(pid: int) -> float:
    """The memory of a process and its descendants."""
    return sum(resident_mb(one) for one in family(pid))


def describe(redis_version: str) -> str:
    """The machine in general words, for the report."""
    return (
        f"{cores().count} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
        f"Redis {redis_version} on loopback"
    )
