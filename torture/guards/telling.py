"""The table of guards, for the terminal and for `docs/reliability.md`."""

from __future__ import annotations

from collections.abc import Sequence

from torture.guards.running import Tried
from torture.pages import put

MARK = "guards: written by make guards"
HEAD = (
    "| invariant | the guard | where | the test that turns red | green with it | red without | s |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def line(one: Tried) -> str:
    """One row."""
    guard = one.guard
    where, _, name = guard.test.partition("::")
    cells = (
        guard.invariant,
        guard.name,
        f"`{guard.file}`",
        f"`{where.removeprefix('tests/')}` {name.removeprefix('test_').replace('_', ' ')}",
        _told(good=one.was_green),
        _told(good=one.turned_red),
        f"{one.seconds:.1f}",
    )
    said = "" if one.turned_red else f"\n    {one.why}"
    return "| " + " | ".join(cells) + " |" + said


def _told(*, good: bool) -> str:
    return "yes" if good else "**no**"


def write(found: Sequence[Tried]) -> None:
    """Put the table into the page."""
    good = sum(one.is_good for one in found)
    invariants = len({one.guard.invariant for one in found})
    head = f"{good} of {len(found)} guards of {invariants} invariants are held by a test that turns red without them."
    put(MARK, "\n".join((head, "", *HEAD, *(line(one).splitlines()[0] for one in found))))
