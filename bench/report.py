"""The table of a run, for the terminal and for `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.judging import Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: written by make bench -->", "<!-- end of table -->"
HEAD = ("| id | work | figure | median (lowest–highest) | goal | |", "| --- | --- | --- | --- | --- | --- |")


def lines(row: Row) -> Iterator[str]:
    """One line for each figure."""
    for number, one in enumerate(row.figures):
        first = (row.id, row.work) if number == 0 else ("", "")
        verdict = f"**{one.verdict}**" if one.verdict == "NOT MET" else one.verdict
        unit = f" {one.unit}" if one.unit else ""
        yield "| " + " | ".join((*first, one.what, f"{one.measured}{unit}", str(one.goal or ""), verdict)) + " |"


def table(rows: Sequence[Row], machine: str, how: str) -> str:
    """Machine, rows, and what each means to an owner."""
    met = [one.verdict for row in rows for one in row.figures if one.goal]
    summary = f"{met.count('met')} of {len(met)} goals met."
    meanings = [f"- **{row.id}**: {row.owner}" for row in rows if row.owner]
    reasons = [f"- **{row.id}**: {row.why}" for row in rows if row.why]
    return "\n".join(
        (
            f"{machine}. {how} {summary}",
            "",
            *HEAD,
            *(line for row in rows for line in lines(row)),
            "",
            *meanings,
            *(["", "What the rest would take:", "", *reasons] if reasons else []),
        )
    )


def write(text: str) -> None:
    """Put the table into the page, between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
