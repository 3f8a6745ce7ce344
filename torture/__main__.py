"""`make torture`: every fault by its seed, the same audit behind each, a table at the end.

SEED (default 1) is the first seed, ROUNDS (default 1) how many seeds each fault gets, FAULTS a list such as F1,F5,
QUICK=1 small numbers. A broken promise makes it exit 1 and shows the seed that breaks it again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from torture import faults, fuzz, reporting, talking
from torture.cluster import cluster
from torture.faults import Report, Size
from torture.sending import broadcast

FUZZED = {"quick": 2_000, "full": 100_000}
FORGED = {"quick": 500, "full": 10_000}


def plans(size: Size, *, quick: bool) -> dict[str, Callable[[int], Report]]:
    """Every fault by name, ready to be given a seed."""
    pace = "quick" if quick else "full"
    known: dict[str, Callable[[int, Size], Report]] = {
        **faults.FAULTS,
        **talking.TALKING,
        "CAST": broadcast,
        "CLUSTER": cluster,
    }
    found: dict[str, Callable[[int], Report]] = {
        name: lambda seed, run=run: run(seed, size)  # type: ignore[misc]
        for name, run in known.items()
    }
    found["F13"] = lambda seed: fuzz.f13(seed, FUZZED[pace])
    found["F14"] = lambda seed: fuzz.f14(seed, FORGED[pace])
    found["F15"] = lambda seed: fuzz.f15(seed, 0)
    return found


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
    for example in report.findings.examples if not report.findings.is_clean else ():
        print(f"    {example}", flush=True)
    return report


def main(words: list[str]) -> int:
    """Run what was asked for; `fuzz` runs the fuzzer alone."""
    quick = bool(os.environ.get("QUICK"))
    size = faults.QUICK if quick else faults.FULL
    first, rounds = int(os.environ.get("SEED", "1")), int(os.environ.get("ROUNDS", "1"))
    known = plans(size, quick=quick)
    asked = ["F13", "F14", "F15"] if "fuzz" in words else os.environ.get("FAULTS", ",".join(known)).split(",")
    print("\n".join(reporting.HEAD), flush=True)
    reports = [run(name, known[name], seed) for name in asked for seed in range(first, first + rounds)]
    print(f"\n{reporting.headline(reports)}")
    if set(asked) == set(known):
        reporting.write(reporting.table(reports))
    return 0 if all(report.findings.is_clean for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
