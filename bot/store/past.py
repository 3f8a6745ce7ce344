"""A friend's last facts as short lines inside his record: one line per commit and second, the oldest first.

`6758d0e0|st新規様,3,s2,1|ta乾燥肌,新規様` reads: at that second (hexadecimal) a step was taken and a tag was added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, Field, fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, get_type_hints

from bot.store.instants import EPOCH
from flows import facts
from flows.facts import Fact, Rule

MOST_FACTS = 40
"""How far 「なぜ」 can look back."""

CODES: dict[str, type[Fact]] = {
    "jo": facts.Joined,
    "re": facts.Returned,
    "bl": facts.Blocked,
    "ta": facts.TagAdded,
    "tr": facts.TagRemoved,
    "sc": facts.ScoreChanged,
    "fs": facts.FieldSet,
    "an": facts.Answered,
    "as": facts.Asked,
    "en": facts.Enrolled,
    "st": facts.StepTaken,
    "sk": facts.StepSkipped,
    "sh": facts.StepHeld,
    "pe": facts.PathEntered,
    "se": facts.ScenarioEnded,
    "su": facts.SurveyFinished,
    "ha": facts.Happened,
    "no": facts.Noted,
}
"""Two letters each, kept in records for years: never give a used one a new meaning."""

_CODE_OF = {kind: code for code, kind in CODES.items()}
_ESCAPES = str.maketrans({"%": "%25", "|": "%7c", ",": "%2c"})


class _Column(NamedTuple):
    name: str
    default: Any
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def lines_of(new: Sequence[Fact]) -> list[str]:
    """The facts of one commit as lines."""
    return [
        "|".join((format(second, "x"), *map(_write, group)))
        for second, group in groupby(new, key=lambda fact: _second(fact.at))
    ]


def appended(past: Sequence[str], new: Sequence[Fact]) -> tuple[str, ...]:
    """The past with these facts at its end, and so many of the oldest lines gone that `MOST_FACTS` remain."""
    lines = (*past, *lines_of(new))
    total = sum(line.count("|") for line in lines)
    gone = 0
    while total > MOST_FACTS and gone < len(lines) - 1:
        total -= lines[gone].count("|")
        gone += 1
    return lines[gone:]


def facts_of(past: Iterable[str]) -> Iterator[Fact]:
    """The facts in the lines, oldest first."""
    for line in past:
        second, *written = line.split("|")
        at = EPOCH + timedelta(seconds=int(second, 16))
        yield from (_read(one, at) for one in written)


def _second(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def _write(fact: Fact) -> str:
    values = [getattr(fact, column.name) for column in _COLUMNS[type(fact)]]
    written = [
        "" if value == column.default else column.write(value).translate(_ESCAPES)
        for column, value in zip(_COLUMNS[type(fact)], values, strict=True)
    ]
    return _CODE_OF[type(fact)] + ",".join(written).rstrip(",")


def _read(written: str, at: datetime) -> Fact:
    kind = CODES[written[:2]]
    texts = written[2:].split(",")
    columns = _COLUMNS[kind]
    given = {
        column.name: column.read(_unescaped(text)) if text else column.default
        for column, text in zip(columns, [*texts, *[""] * len(columns)], strict=False)
    }
    return kind(at=at, **given)


def _unescaped(text: str) -> str:
    return text.replace("%2c", ",").replace("%7c", "|").replace("%25", "%")


def _columns(kind: type[Fact]) -> tuple[_Column, ...]:
    hints = get_type_hints(kind)
    return tuple(_column(one, hints[one.name]) for one in fields(kind) if one.name != "at")


def _column(one: Field[Any], hint: Any) -> _Column:
    write, read = _WRITING[hint]
    return _Column(one.name, "" if one.default is MISSING and hint is str else one.default, write, read)


def _moment(text: str) -> datetime:
    return EPOCH + timedelta(seconds=int(text, 16))


_WRITING: dict[Any, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    str: (str, str),
    int: (str, int),
    bool: (lambda value: "1" if value else "0", lambda text: text == "1"),
    Rule: (str, Rule),
    datetime | None: (lambda moment: format(_second(moment), "x"), _moment),
}

_COLUMNS = {kind: _columns(kind) for kind in CODES.values()}
