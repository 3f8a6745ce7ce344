"""`make torture`: every fault by its seed, the same audit behind each, a table at the end.

SEED (default 1) is the first seed, ROUNDS (default 1) how many seeds each fault gets, FAULTS a list such as F1,F5,
QUICK=1 small numbers. A broken promise makes it exit 1 and shows the seed that breaks it again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torture import faults, fuzz, reporting, storming, talking
from torture.cluster import cluster
from torture.desk import DESK
from torture.doors import f20
from torture.rushing import FULL, QUICK, Report, Size
from torture.scarcity import SCARCITY
from torture.sending import broadcast
from torture.updating import UPDATING

ROUNDS_OF: dict[str, tuple[int, int, int]] = {
    "F13": (500, 2_000, 2_000),
    "F13s": (2_000, 20_000, 100_000),
    "F14": (500, 5_000, 10_000),
    "F15": (0, 0, 0),
    "F15s": (0, 0, 0),
    "F16": (60, 300, 1_000),
    "F17": (60, 300, 1_000),
    "F20": (600, 6_000, 10_000),
}
"""How much is thrown at the doors: with QUICK=1, in full, by `make fuzz`."""
FUZZING = tuple(ROUNDS_OF)


def plans(size: Size, pace: int) -> Mapping[str, Callable[[int], Report]]:
    """Every fault by name, ready to be given a seed; `pace` is the place in `ROUNDS_OF`."""
    sized: dict[str, Callable[[int, Size], Report]] = {
        **faults.FAULTS,
        **UPDATING,
        **talking.TALKING,
        **SCARCITY,
        "CAST": broadcast,
        "CLUSTER": cluster,
    }
    thrown: dict[str, Callable[[int, int], Report]] = {**fuzz.FUZZ, **storming.STORMS, **DESK, "F20": f20}
    return {name: partial(_sized, run, size) for name, run in sized.items()} | {
        name: partial(_sized, run, ROUNDS_OF[name][pace]) for name, run in thrown.items()
    }


def _sized(run: Callable[[int, Any], Report], size: Any, seed: int) -> Report:
    return run(seed, size)


def run(name: str, plan: Callable[[int], Report], seed: int) -> Report:
    """One fault; what does not come to rest in time is broken too."""
    began = time.monotonic()
    try:
        report = plan(seed)
    except TimeoutError as error:
        report = Report(fault=name, how="did not come to rest", seed=seed)
        report.findings.left_over = 1
        report.findings.say(str(error).splitlines()[0])
        print(error, file=sys.stderr)
    print(f"{reporting.line(report)} {time.monotonic() - began:.0f} s", flush=True)
    for words in (*reporting.notes(report), *(report.findings.examples if not report.findings.is_clean else ())):
        print(f"    {words}", flush=True)
    return report


def main(words: list[str]) -> int:
    """Run what was asked for; `fuzz` throws things at the doors only, `body SEED N` shows one of them."""
    if words[:1] == ["body"]:
        print(storming.show(int(words[1]), int(words[2])))
        return 0
    quick, fuzzing = bool(os.environ.get("QUICK")), "fuzz" in words
    size = QUICK if quick else FULL
    first, rounds = int(os.environ.get("SEED", "1")), int(os.environ.get("ROUNDS", "1"))
    known = plans(size, 0 if quick else 2 if fuzzing else 1)
    whole = FUZZING if fuzzing else tuple(known)
    asked = [name for name in os.environ.get("FAULTS", ",".join(whole)).split(",") if name]
    print("\n".join(reporting.HEAD), flush=True)
    began = time.monotonic()
    reports = [run(name, known[name], seed) for name in asked for seed in range(first, first + rounds)]
    minutes = (time.monotonic() - began) / 60
    print(f"\n{reporting.headline(reports)}\n{minutes:.1f} minutes.")
    if tuple(asked) == whole:
        how = f"{'QUICK=1, ' if quick else ''}seeds {first} to {first + rounds - 1}, {minutes:.1f} minutes"
        reporting.write(reporting.table(reports, how), fuzzing=fuzzing)
    return 0 if all(report.findings.is_clean for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
