"""Puts what a run found into `docs/reliability.md`, between marks that name who writes there."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"


class NoPlaceError(Exception):
    """The page lacks the marks between which the text belongs."""


def put(mark: str, text: str) -> None:
    """Replace what stands between `<!-- mark -->` and the next `<!-- end -->`."""
    begin, end = f"<!-- {mark} -->", "<!-- end -->"
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    if not found or end not in rest:
        raise NoPlaceError(f"{PAGE.name} has no place for “{mark}”")
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
