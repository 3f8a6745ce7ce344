"""The table of a run, for the terminal and for `docs/reliability.md`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bench.judging import percentile
from torture.pages import put
from torture.rushing import Report

MARK, FUZZ_MARK = "table: written by make torture", "fuzz: written by make fuzz"
HEAD = (
    (
        "| fault | how | seed | kills | power losses | planned | lost | doubled | early | out of order | indexes | counters "
        "| left | settled in (median / worst) | verdict |"
    ),
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def line(report: Report) -> str:
    """One row."""
    found, times = report.findings, report.recoveries
    settled = f"{percentile(times, 0.5):.1f} / {max(times):.1f} s" if times else "–"
    cells = (
        report.fault,
        report.how,
        report.seed,
        report.kills,
        report.power_losses,
        f"{found.planned:,}",
        found.lost,
        found.doubled,
        found.early,
        found.out_of_order,
        found.indexes,
        found.counters,
        found.left_over,
        settled,
        "clean" if found.is_clean else "**BROKEN**",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def headline(reports: Sequence[Report]) -> str:
    """One sentence for the whole run."""
    kills, power = sum(one.kills for one in reports), sum(one.power_losses for one in reports)
    planned = sum(one.findings.planned for one in reports if one.fault not in AT_THE_DOOR)
    hostile = sum(one.findings.planned for one in reports if one.fault in AT_THE_DOOR)
    lost, doubled = sum(one.findings.lost for one in reports), sum(one.findings.doubled for one in reports)
    late = [seconds for one in reports if one.fault in UNDER_KILLS for seconds in one.lateness]
    if not planned:
        return f"{hostile:,} hostile webhooks and texts; {lost} of them lost, {doubled} acted twice."
    return (
        f"{kills} kills and {power} power losses over {planned:,} sends and answers, up to "
        f"{max((one.faulty for one in reports), default=0)} % of LINE's answers faulty: {lost} lost, {doubled} doubled; "
        f"p99 lateness while processes and Redis are being killed {percentile(late, 0.99):.1f} s. "
        f"Beside these, {hostile:,} hostile webhooks and texts."
    )


AT_THE_DOOR = frozenset({"F13", "F13s", "F14", "F15", "F15s", "F16", "F17", "F20"})
"""What is planned there is asked of us, not sent by us."""
UNDER_KILLS = frozenset({"F1", "F3", "F4", "F4a", "F5", "F5b", "F7", "F24", "ALL"})


def table(reports: Sequence[Report], how: str) -> str:
    """Everything: how it was run and on what machine, the sentence, the rows, and what was noted."""
    told = [(one, [*notes(one), *one.findings.examples[:4]]) for one in reports]
    lines = [f"- {one.fault} (seed {one.seed}): {'; '.join(words)}" for one, words in told if words]
    return "\n".join((f"{how}; {_machine()}.", "", headline(reports), "", *HEAD, *map(line, reports), "", *lines))


def notes(report: Report) -> list[str]:
    """What happened on the way, in words."""
    lost = [one for one in report.notes if "bytes lost" in one]
    inside = sum("inside" in one for one in lost)
    said = [one for one in report.notes if "bytes lost" not in one]
    power = [f"{len(lost)} ends of the file cut, {inside} of them inside a transaction"] if lost else []
    return [*power, *said]


def write(text: str, *, fuzzing: bool) -> None:
    """Put the table into the page."""
    put(FUZZ_MARK if fuzzing else MARK, text)


def _machine() -> str:
    """How many cores, and how busy they are with other work."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
