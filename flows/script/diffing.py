"""What changes between two plans, as lines a phone can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from flows.scenario import Plan
from flows.script.writing import write

_CONTEXT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The changed lines of two scripts: ＋ new, － gone, … left out; and how many of each."""

    lines: tuple[str, ...]
    added: int
    removed: int

    def words(self) -> str:
        """The counts in words."""
        if not self.lines:
            return "変わりません"
        return f"{self.added}行ふえ、{self.removed}行へります"


def diff(old: Plan | None, new: Plan) -> Difference:
    """The line diff of the normal forms; step ids do not show."""
    before = write(old).splitlines() if old else []
    after = write(new).splitlines()
    lines = tuple(_lines(before, after))
    return Difference(
        lines=lines,
        added=sum(line.startswith("＋") for line in lines),
        removed=sum(line.startswith("－") for line in lines),
    )


def _lines(before: list[str], after: list[str]) -> Iterator[str]:
    groups = list(SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT))
    for number, group in enumerate(groups):
        if number or group[0][1] > 0:
            yield "…"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (f"　{line}" for line in after[new_start:new_end])
                continue
            yield from (f"－{line}" for line in before[old_start:old_end])
            yield from (f"＋{line}" for line in after[new_start:new_end])
    if groups and groups[-1][-1][2] < len(before):
        yield "…"
