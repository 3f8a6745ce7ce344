"""A friend's last facts as one short text inside his record: a table of words, then a line per commit and second.

`新規様;t8r1vk|st~0,3,s2,1|ta乾燥肌,~0` reads: at that second (in base 36, since 1970) step s2 of version 3 of 新規様 was
taken and pushed, and the tag 乾燥肌 was added because of 新規様. A word moves into the table when it is used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, get_type_hints

from bot.store.instants import EPOCH
from flows import facts
from flows.facts import Fact, Rule

MOST_FACTS = 40
"""How far 「なぜ」 can look back."""

MOST_WORDS = 40
"""With more words than this the table is made anew."""

CODES: dict[str, type[Fact]] = {
    "jo": facts.Joined,
    "re": facts.Returned,
    "bl": facts.Blocked,
    "ta": facts.TagAdded,
    "tr": facts.TagRemoved,
    "sc": facts.ScoreChanged,
    "fs": facts.FieldSet,
    "an": facts.Answered,
    "pr": facts.Pressed,
    "as": facts.Asked,
    "en": facts.Enrolled,
    "st": facts.StepTaken,
    "sk": facts.StepSkipped,
    "sh": facts.StepHeld,
    "pe": facts.PathEntered,
    "se": facts.ScenarioEnded,
    "su": facts.SurveyFinished,
    "bs": facts.BroadcastSent,
    "bk": facts.BroadcastSkipped,
    "ba": facts.BroadcastAnswered,
    "ha": facts.Happened,
    "no": facts.Noted,
}
"""Two letters each, kept in records for years: never give a used one a new meaning."""

_CODE_OF = {kind: code for code, kind in CODES.items()}
_MARKS = {"%": "%25", ";": "%3b", "|": "%7c", ",": "%2c", "~": "%7e"}
_ESCAPES = str.maketrans(_MARKS)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class _Column(NamedTuple):
    name: str
    default: Any
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_word: bool


def appended(past: str, new: Sequence[Fact]) -> str:
    """The past with these facts at its end, and so many of the oldest lines gone that `MOST_FACTS` remain."""
    if not new:
        return past
    known, _, told = past.partition(";")
    words = known.split("|") if known else []
    for second, group in groupby(new, key=lambda fact: _second(fact.at)):
        line = "|".join((_base_36(second), *(_write(fact, words, past) for fact in group)))
        told = f"{told};{line}" if told else line
    total = told.count("|")
    while total > MOST_FACTS and ";" in told:
        oldest, _, told = told.partition(";")
        total -= oldest.count("|")
    found = f"{'|'.join(words)};{told}"
    return found if len(words) <= MOST_WORDS else _with_table_anew(found)


def facts_of(past: str) -> Iterator[Fact]:
    """The facts in the text, oldest first."""
    words, lines = _parts(past)
    for line in lines:
        second, *written = line.split("|")
        at = EPOCH + timedelta(seconds=int(second, 36))
        yield from (_read(one, at, words) for one in written)


def may_tell(past: str, kinds: Sequence[type[Fact]]) -> bool:
    """False when certainly no fact of these kinds is in the text: reading it is then spared."""
    return any(f"|{_CODE_OF[kind]}" in past for kind in kinds)


def _with_table_anew(past: str) -> str:
    # Words that went out of use leave the table.
    found = ""
    for _, group in groupby(facts_of(past), key=lambda fact: fact.at):
        found = appended(found, list(group))
    return found


def _parts(past: str) -> tuple[list[str], list[str]]:
    words, *lines = past.split(";")
    return words.split("|") if words else [], lines


def _second(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def _base_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits


def _write(fact: Fact, words: list[str], past: str) -> str:
    written = []
    for column in _COLUMNS[type(fact)]:
        value = getattr(fact, column.name)
        text = "" if value == column.default else column.write(value).translate(_ESCAPES)
        written.append(_short(text, words, past) if column.is_word else text)
    return _CODE_OF[type(fact)] + ",".join(written).rstrip(",")


def _short(text: str, words: list[str], past: str) -> str:
    if len(text) < 3:
        return text
    if text not in words:
        if text not in past:
            return text
        words.append(text)
    return f"~{_base_36(words.index(text))}"


def _read(written: str, at: datetime, words: Sequence[str]) -> Fact:
    kind = CODES[written[:2]]
    texts = [words[int(text[1:], 36)] if text.startswith("~") else text for text in written[2:].split(",")]
    columns = _COLUMNS[kind]
    given = {
        column.name: column.read(_unescaped(text)) if text else column.default
        for column, text in zip(columns, [*texts, *[""] * len(columns)], strict=False)
    }
    return kind(at=at, **given)


def _unescaped(text: str) -> str:
    for mark in ";|,~%":
        text = text.replace(_MARKS[mark], mark)
    return text


def _columns(kind: type[Fact]) -> tuple[_Column, ...]:
    hints = get_type_hints(kind)
    return tuple(_column(one, hints[one.name]) for one in fields(kind) if one.name != "at")


def _column(one: Field[Any], hint: Any) -> _Column:
    write, read = _WRITING[hint]
    default = "" if one.default is MISSING and hint is str else one.default
    return _Column(one.name, default, write, read, hint is str)


_WRITING: dict[Any, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    str: (str, str),
    int: (str, int),
    bool: (lambda value: "1" if value else "0", lambda text: text == "1"),
    Rule: (str, Rule),
    datetime | None: (
        lambda moment: _base_36(_second(moment)),
        lambda text: EPOCH + timedelta(seconds=int(text, 36)),
    ),
}

_COLUMNS = {kind: _columns(kind) for kind in CODES.values()}
