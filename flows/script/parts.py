"""Scripts in several messages: each part headed `# つづき 2/3 名`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.names import fold, utf16_length
from flows.quoting import quoted
from flows.script.lines import Kind, classify
from flows.script.source import source_lines

LONGEST_PART = 5_000
_BLOCKS = frozenset({Kind.STEP, Kind.PATH, Kind.QUESTION, Kind.FINALLY})
_HEADING = re.compile(r"(?P<number>[0-9]{1,3}) ?/ ?(?P<total>[0-9]{1,3}) (?P<name>.+)$")
_ROOM_FOR_HEADING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a long script: its number of how many, the script's name, and its lines."""

    number: int
    total: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Parts that are not all there yet: whose, and which numbers are missing."""

    name: str
    total: int
    missing: tuple[int, ...]


def looks_like_script(text: str) -> bool:
    """Whether a pasted text is a script, or a part of one: its first line says so."""
    first = next(iter(source_lines(text[:2_000])), None)
    return first is not None and first.kind in {Kind.HEAD, Kind.PART}


def cut(text: str, name: str, *, longest: int = LONGEST_PART) -> tuple[str, ...]:
    """The script in messages of at most that many UTF-16 units, cut between lines, before a step where one is near.

    A short script is one part without a heading. A line longer than a message is left whole.
    """
    text = text.rstrip("\n")
    if utf16_length(text) <= longest:
        return (text,)
    pieces = _pieces(text.split("\n"), longest - _ROOM_FOR_HEADING)
    return tuple(
        f"# つづき {number}/{len(pieces)} {quoted(name)}\n" + "\n".join(piece) for number, piece in enumerate(pieces, 1)
    )


def part_of(text: str) -> Part | None:
    """A pasted message as a part, None if its first line is no heading of one."""
    lines = source_lines(text)
    if not lines or lines[0].kind is not Kind.PART:
        return None
    found = _HEADING.match(lines[0].value.text)
    if found is None:
        return None
    number, total = int(found["number"]), int(found["total"])
    if not 1 <= number <= total:
        return None
    name = lines[0].value.original(*found.span("name"))
    return Part(
        number=number, total=total, name=name.strip("「」"), text="\n".join(line.fold.source for line in lines[1:])
    )


def join(parts: Iterable[str]) -> str | Waiting | None:
    """The script that these messages make in any order; what is missing; or None if they are not parts of one script.

    Of two messages with the same number the later one counts.
    """
    read = [part_of(text) for text in parts]
    found = [part for part in read if part is not None]
    if not found or len(found) != len(read):
        return None
    first = found[0]
    if any((fold(part.name), part.total) != (fold(first.name), first.total) for part in found):
        return None
    by_number = {part.number: part.text for part in found}
    missing = tuple(number for number in range(1, first.total + 1) if number not in by_number)
    if missing:
        return Waiting(name=first.name, total=first.total, missing=missing)
    return "\n".join(by_number[number] for number in range(1, first.total + 1))


def _pieces(lines: Sequence[str], room: int) -> list[list[str]]:
    pieces: list[list[str]] = []
    rest = list(lines)
    while rest:
        end = _cut_at(rest, room)
        pieces.append(rest[:end])
        rest = rest[end:]
    return pieces


def _cut_at(lines: list[str], room: int) -> int:
    """How many lines go into the next part: as many as fit, back to the last beginning of a step if that is not far."""
    size, fits = 0, 0
    for line in lines:
        size += utf16_length(line) + 1
        if size > room and fits:
            break
        fits += 1
    if fits == len(lines):
        return fits
    kinds = [classify(line).kind for line in lines[: fits + 1]]
    best = next((at for at in range(fits, fits // 2, -1) if kinds[at] in _BLOCKS), 0)
    return best or _between_text(kinds, fits)


def _between_text(kinds: list[Kind], fits: int) -> int:
    """A cut with no blank line on either side: blank lines around a message are lost on the way."""
    solid = (at for at in range(fits, 0, -1) if Kind.BLANK not in kinds[at - 1 : at + 1])
    return next(solid, fits)
