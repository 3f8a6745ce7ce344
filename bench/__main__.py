"""`make bench`: every row of the table; QUICK=1 takes two or three minutes, ROWS=B1,B7 only some.

It exits 0 whether or not a goal is met: the figures are for people to judge.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import redis

from bench import machine, report
from bench.judging import Row
from bench.reasons import REASONS
from bench.rows import holding, moving, steps, webhooks
from bench.telling import say
from bench.town import redis_info, town

Measure = Callable[[bool, frozenset[str]], list[Row]]

GROUPS: tuple[tuple[frozenset[str], Measure], ...] = (
    (
        webhooks.WORDS | webhooks.MOMENTS | webhooks.ANSWERS,
        lambda quick, asked: webhooks.told(webhooks.QUICK if quick else webhooks.FULL, asked),
    ),
    (frozenset({"B7"}), lambda quick, _: steps.b7(steps.QUICK if quick else steps.FULL)),
    (frozenset({"B12", "B16", "B21"}), lambda quick, _: holding.held(holding.QUICK if quick else holding.FULL)),
    (frozenset({"B9", "B11", "B22"}), lambda quick, _: steps.b9_b11_b22(steps.QUICK if quick else steps.FULL)),
    (frozenset({"B8"}), lambda quick, _: steps.b8_sent(steps.QUICK if quick else steps.FULL)),
    (frozenset({"B10"}), lambda quick, _: steps.b10(steps.QUICK if quick else steps.FULL)),
    (frozenset({"B18"}), lambda quick, _: moving.b18(10_000 if quick else 100_000)),
    (frozenset({"B19"}), lambda quick, _: webhooks.b19(webhooks.QUICK if quick else webhooks.FULL)),
    (frozenset({"B20"}), lambda quick, _: steps.b20(steps.QUICK if quick else steps.FULL)),
    (frozenset({"B23"}), lambda quick, _: steps.b23(steps.QUICK if quick else steps.FULL)),
)
EVERY = frozenset().union(*(ids for ids, _ in GROUPS))


def main() -> int:
    """Measure, show, and keep the table when it is whole."""
    quick = bool(os.environ.get("QUICK"))
    asked = frozenset(os.environ.get("ROWS", ",".join(EVERY)).split(","))
    print("\n".join(report.HEAD), flush=True)
    rows: list[Row] = []
    began = time.monotonic()
    usable = os.sched_getaffinity(0)
    for ids, measure in GROUPS:
        if ids & asked:
            rows += _measured(ids & asked, measure, quick=quick)
            os.sched_setaffinity(0, usable)
    rows.sort(key=lambda row: int(row.id[1:]))
    with town() as here:
        about = machine.describe(str(redis_info(here)["redis_version"]))
    how = (
        f"{'A quick look' if quick else 'A full run'}; sides alternate in one run, the product on one core unless said."
    )
    say(f"all of it took {time.monotonic() - began:.0f} s")
    text = report.table(rows, about, how)
    print(f"\n{text}")
    if asked >= EVERY:
        report.write(text)
    return 0


def _measured(ids: frozenset[str], measure: Measure, *, quick: bool) -> list[Row]:
    began = time.monotonic()
    try:
        rows = [replace(row, why=_why(row)) for row in measure(quick, ids)]
    except (RuntimeError, TimeoutError, OSError, redis.RedisError) as error:
        print(f"✗ {', '.join(sorted(ids))}: {error}", file=sys.stderr)
        return []
    for row in rows:
        print("\n".join(report.lines(row)), flush=True)
    say(f"{', '.join(sorted(ids))} took {time.monotonic() - began:.0f} s")
    return rows


def _why(row: Row) -> str:
    missed = any(one.verdict == "NOT MET" for one in row.figures)
    return REASONS.get(row.id, "") if missed else ""


if __name__ == "__main__":
    sys.exit(main())
