"""What could not be read, said so that it can be mended: where, what, what could stand there, and how to go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flows.names import fold
from flows.script.folding import Folded, lines_of

_LONGEST_QUOTE = 40

More = ParamSpec("More")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A button that mends a problem: its label, and what the line (`line`, else the problem's own) becomes.

    None takes the line away. Where one value was read and not a script, `becomes` is the whole value.
    """

    label: str
    becomes: str | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that could not be read. `line` 0: not in a script; `column` 0: the whole line is meant."""

    line: int = 0
    column: int = 0
    read: str
    """The line, or the value, as it came."""
    words: str
    """What is wrong, as one sentence."""
    expected: tuple[str, ...] = ()
    """What could stand there."""
    nearest: str = ""
    example: str = ""
    readings: tuple[str, ...] = ()
    """Where two readings are possible: each of them, written so that it is the only one."""
    mends: tuple[Mend, ...] = ()

    @property
    def place(self) -> str:
        """Line and column in words, 「6行目13文字目」."""
        column = f"{self.column}文字目" if self.column else ""
        return f"{self.line}行目{column}" if self.line else column

    def sentence(self) -> str:
        """The problem as one says it to the person who wrote it."""
        read = self.read.strip()
        short = read if len(read) <= _LONGEST_QUOTE else f"{read[:_LONGEST_QUOTE]}…"
        parts = [f"{self.place}「{short}」 {self.words}"]
        if self.readings:
            parts.append("どちらですか？ " + "／".join(self.readings))
        if self.nearest:
            parts.append(f"{self.nearest if self.nearest.startswith('「') else f'「{self.nearest}」'}でしょうか？")
        if self.expected:
            parts.append(f"ここに書けるもの：{'、'.join(self.expected)}")
        if self.example:
            parts.append(f"例：{self.example}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Everything wrong with a text, in the order of its lines. Nothing was changed."""

    problems: tuple[Problem, ...]

    def sentence(self, most: int = 20) -> str:
        """All of them (in full the first `most`), as an answer to the person who pasted the text."""
        head = f"{len(self.problems)}か所読めませんでした。まだ何も変えていません。"
        more = f"ほかに{len(self.problems) - most}か所あります。" if len(self.problems) > most else ""
        shown = (problem.sentence() for problem in self.problems[:most])
        return "\n".join(line for line in (head, *shown, more) if line)


class Misread(Exception):
    """A stretch of text does not read. Travels inside `flows.script` only, and leaves it as a Problem."""

    def __init__(
        self,
        words: str,
        at: int = 0,
        *,
        expected: Sequence[str] = (),
        nearest: str = "",
        example: str = "",
        readings: Sequence[str] = (),
        instead: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(words)
        self.words, self.at = words, at
        self.expected, self.nearest, self.example = tuple(expected), nearest, example
        self.readings = tuple(readings)
        self.instead = tuple(instead)
        """Mends: a label, and what the text that was read becomes."""
        self.text: Folded | None = None
        """The stretch that `at` counts in."""

    def problem(self, *, line: int = 0) -> Problem:
        """The same as a Problem: mends replace the stretch that was read, inside its source."""
        text = self.text
        assert text is not None, self.words
        start, end = text.at[0], text.at[len(text.text)]
        return Problem(
            line=line,
            column=text.column(self.at),
            read=text.source,
            words=self.words,
            expected=self.expected,
            nearest=self.nearest,
            example=self.example,
            readings=self.readings,
            mends=tuple(
                Mend(label=label, becomes=_spliced(text.source, start, becomes, end)) for label, becomes in self.instead
            ),
        )


def _spliced(source: str, start: int, middle: str, end: int) -> str:
    tail = source[end:].lstrip()
    return f"{source[:start]}{middle}{' ' if tail and source[end : end + 1].isspace() else ''}{tail}"


def placed(read: Callable[Concatenate[Folded, More], Read]) -> Callable[Concatenate[Folded, More], Read]:
    """A reader whose Misreads know the stretch of text that they count their places in."""

    @wraps(read)
    def reader(text: Folded, /, *more: More.args, **named: More.kwargs) -> Read:
        try:
            return read(text, *more, **named)
        except Misread as misread:
            misread.text = misread.text or text
            raise

    return reader


def attempted(read: Callable[[], Read]) -> Read | Problem:
    """What a reader makes of a value by itself, or the Problem with it."""
    try:
        return read()
    except Misread as misread:
        return misread.problem()


def mended(text: str, problem: Problem, mend: Mend) -> str:
    """The text after the mend's button: its line replaced or taken away, everything else as it was."""
    if not problem.line:
        return mend.becomes or ""
    lines = lines_of(text)
    place = (mend.line or problem.line) - 1
    lines[place : place + 1] = [] if mend.becomes is None else [mend.becomes]
    return "\n".join(lines)


def near(word: str, known: Sequence[str], *, cutoff: float = 0.5) -> str:
    """The known word most like this one, "" if none is."""
    by_key: dict[str, str] = {fold(one): one for one in known}
    found = get_close_matches(fold(word), list(by_key), n=1, cutoff=cutoff)
    return by_key[found[0]] if found else ""
