"""The lines of a script while they are read: where we are, and everything found wrong so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from flows.conditions import Condition
from flows.moments import When
from flows.names import HONORIFICS, utf16_length
from flows.scenario import Item
from flows.script.folding import Folded
from flows.script.lines import NEAR_MISSES, Kind, Line, protected
from flows.script.problems import Mend, Misread, Problem, near
from flows.words import Trouble
from flows.words import problems as troubles

LONGEST_BODY = 5_000
TEXTS = frozenset({Kind.TEXT, Kind.BLANK})
MARKERS = (
    "## 2日後 19:00",
    "# 道 名前",
    "---",
    "? 悩み（1つ）",
    "- 乾燥",
    "= タグ 乾燥",
    "もし: ",
    "ちがえば:",
    "不明なら:",
    "おわり",
)

Read = TypeVar("Read")


@dataclass(slots=True)
class Pages:
    """A cursor over the lines, the problems, and on which line each item stands (by the item's identity)."""

    lines: tuple[Line, ...]
    condition: Callable[[Folded], Condition]
    when: Callable[[Folded], When] | None = None
    """Reads the time of a variant; None where nothing has a time."""
    place: int = 0
    problems: list[Problem] = field(default_factory=list)
    where: dict[int, Line] = field(default_factory=dict)
    kept: list[Item] = field(default_factory=list)
    depth: int = 0
    """How many branches we are inside of."""

    @property
    def line(self) -> Line | None:
        """The next line, None at the end."""
        return self.lines[self.place] if self.place < len(self.lines) else None

    def skip_blank(self) -> Line | None:
        """The next line that is not blank, None at the end."""
        while (line := self.line) is not None and line.kind is Kind.BLANK:
            self.place += 1
        return line

    def at(self, item: Item, line: Line) -> Item:
        """The item, its line remembered."""
        self.where[id(item)] = line
        self.kept.append(item)
        return item

    def attempt(self, line: Line, read: Callable[[Line], Read]) -> Read | None:
        """What the reader makes of the line; what does not read is noted, and None comes back."""
        try:
            return read(line)
        except Misread as misread:
            self.note(misread.problem(line=line.number), line)
            return None

    def report(
        self,
        line: Line,
        words: str,
        *,
        expected: tuple[str, ...] = (),
        nearest: str = "",
        example: str = "",
        mends: tuple[Mend, ...] = (),
    ) -> None:
        """Note that a line as a whole is wrong where it stands."""
        problem = Problem(
            line=line.number,
            read=line.fold.source,
            words=words,
            expected=expected,
            nearest=nearest,
            example=example,
            mends=mends,
        )
        self.note(problem, line, drop=True)

    def note(self, problem: Problem, line: Line, *, drop: bool = False) -> None:
        """Note a problem; its buttons end with making the line text, and with `drop` taking it away."""
        own = problem.mends
        if line.kind not in TEXTS | {Kind.HEAD, Kind.STEP, Kind.PATH, Kind.SETTING}:
            own = (*own, Mend(label="この行は文です", becomes=protected(line.fold.source)))
        if drop:
            own = (*own, Mend(label="消す", becomes=None))
        self.problems.append(replace(problem, mends=own))

    def report_odd(self, line: Line) -> None:
        """A line that looks like a marker and is none, with the marker it looks like."""
        text = line.fold.text
        mends: tuple[Mend, ...] = ()
        nearest = near(text, MARKERS, cutoff=0.35)
        if text in NEAR_MISSES:
            nearest = f"{text}:"
        elif text == "-":
            nearest = "- 乾燥"
        elif set(text) <= set("-—–―"):
            nearest = "---"
        elif text.startswith(("!カード", "! カード", "!カルーセル", "! カルーセル")):
            nearest = "!カード 題"
        elif text.startswith("!"):
            nearest = "![説明](https://…)"
        if nearest in {"---", *(f"{word}:" for word in NEAR_MISSES)}:
            mends = (Mend(label="そう直す", becomes=nearest),)
        self.report(line, "こういう印はありません。", nearest=nearest, mends=mends)

    def run(self) -> tuple[str, Line | None]:
        """The run of text lines from here: the message without outer blank lines, and its first line."""
        lines: list[Line] = []
        while (line := self.line) is not None and line.kind in TEXTS:
            lines.append(line)
            self.place += 1
        while lines and lines[-1].kind is Kind.BLANK:
            lines.pop()
        while lines and lines[0].kind is Kind.BLANK:
            lines.pop(0)
        body = "\n".join(line.text for line in lines)
        if lines:
            self._check_body(body, lines)
        return body, lines[0] if lines else None

    def _check_body(self, body: str, lines: list[Line]) -> None:
        if (units := utf16_length(body)) > LONGEST_BODY:
            words = f"1つの吹き出しは{LONGEST_BODY:,}文字までです（ここからの文は{units:,}文字）。--- で分けるか、短くしてください。"
            self.problems.append(Problem(line=lines[0].number, read=lines[0].text, words=words))
        for trouble in troubles(body):
            self._report_trouble(trouble, body, lines)

    def _report_trouble(self, trouble: Trouble, body: str, lines: list[Line]) -> None:
        """A brace that is no placeholder, where it stands; the honorific behind {名前} goes inside."""
        before = body[: trouble.start].count("\n")
        line, start = lines[before], trouble.start - (body.rfind("\n", 0, trouble.start) + 1)
        source = line.fold.source
        place = start + len(source) - len(line.text)
        end = place + trouble.end - trouble.start
        honorific = next((one for one in HONORIFICS if source.startswith(one, end)), "")
        written = source[place:end]
        if written.startswith("{名前") and honorific:
            right, end = f"{{名前{honorific}|お客様}}", end + len(honorific)
        else:
            right = trouble.example if len(written) > 1 else ""
        plain = source[:place] + "{" + source[place:] if written.startswith("{") else ""
        mends = tuple(
            Mend(label=label, becomes=becomes)
            for label, becomes in (
                ("そう直す", right and source[:place] + right + source[end:]),
                ("文字の { です", plain),
            )
            if becomes
        )
        self.problems.append(
            Problem(line=line.number, column=place + 1, read=source, words=trouble.words, example=right, mends=mends)
        )
