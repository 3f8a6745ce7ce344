"""Scenarios and surveys as data: what a script says, in the order it says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from flows.actions import Action
from flows.conditions import Condition
from flows.messages import Message
from flows.moments import Caps, Late, Period, When, Window
from flows.names import StepId
from flows.questions import Question
from flows.triggers import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a step's body."""

    kind: ClassVar[str]


Body = tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Item):
    """One bubble."""

    kind: ClassVar[str] = "say"
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Do(Item):
    """`= 効果`: effects of reaching this point."""

    kind: ClassVar[str] = "do"
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Item):
    """`? 項目（種類）`: a question; with `question.wait` it holds the friend."""

    kind: ClassVar[str] = "ask"
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Item):
    """`待つ:` without a question: for any reaction, or for a click on `link`, at most `limit` from the real send."""

    kind: ClassVar[str] = "wait"
    link: str = ""
    limit: timedelta
    limit_words: str
    silent: tuple[Action, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Item):
    """`もし:` … `ちがえば:` … `不明なら:` … `おわり`. None: that branch was not written."""

    kind: ClassVar[str] = "if"
    condition: Condition
    then: Body
    otherwise: Body | None = None
    unknown: Body | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One variant of a split: its letter, its share in percent, what it holds, and when it goes (None: as the step).

    Only the variants of a split that opens a step hold times: by then nothing else of the step has been said.
    """

    name: str
    share: int
    body: Body
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Item):
    """`AB: 50/50`: 2–4 variants; the same friend always gets the same one."""

    kind: ClassVar[str] = "split"
    variants: tuple[Variant, ...]


ITEMS: tuple[type[Item], ...] = (Say, Do, Ask, Wait, If, Split)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of a line: when, for whom, and what is carried out from top to bottom at its sending."""

    id: StepId
    when: When
    only_if: Condition | None = None
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The main line (`name` "") or a path that `道 name` leads to."""

    name: str = ""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A trigger and, behind ※, for whom it counts."""

    trigger: Trigger
    only_if: Condition | None = None


class Purpose(StrEnum):
    """Why we send: the wizard's first question, and how reports are grouped."""

    WARM = "温める"
    MOVE = "動かす"
    CONNECT = "つながる"


class Return(StrEnum):
    """What happens to a friend who comes back after a block."""

    RESUME = "続きから"
    AGAIN = "最初から"
    NEVER = "送らない"


class State(StrEnum):
    """Where a scenario or survey stands in its life."""

    DRAFT = "下書き"
    LIVE = "公開中"
    PAUSED = "停止中"
    ARCHIVED = "保管中"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One version of a scenario: settings, the main line, and its paths. Names are as first written."""

    name: str
    purpose: Purpose | None = None
    starts: tuple[Start, ...] = ()
    base: str = ""
    """`基準日`: the field or built-in base that 基準日 in its times means."""
    goal: Condition | None = None
    ending: tuple[Action, ...] | None = None
    """`終わったら`: actions; () is なし; None was not written."""
    returning: Return | None = None
    restart: bool = False
    """`再開始: 許可`."""
    windows: tuple[Window, ...] = ()
    late: Late | None = None
    caps: Caps | None = None
    period: Period | None = None
    lines: tuple[Line, ...]
    """The main line first, then the paths in the order written."""

    def steps(self) -> Iterator[tuple[Line, Step]]:
        """Every step with the line it stands in, in the order written."""
        return ((line, step) for line in self.lines for step in line.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One version of a survey: questions asked one after the other in the talk, then `## 最後に`."""

    name: str
    starts: tuple[Start, ...] = ()
    confirm: bool = False
    """`確認: あり`: all answers are shown before they count."""
    times: int | None = None
    """`上限: 1人1回`: how often one friend may answer it to the end; None is no limit."""
    period: Period | None = None
    questions: tuple[Question, ...]
    ending: Body = ()


Plan = Scenario | Survey


def walk(body: Body) -> Iterator[Item]:
    """Every item of a body and of the branches inside it, outer ones first."""
    for item in body:
        yield item
        match item:
            case If(then=then, otherwise=otherwise, unknown=unknown):
                for branch in (then, otherwise, unknown):
                    yield from walk(branch or ())
            case Split(variants=variants):
                for variant in variants:
                    yield from walk(variant.body)
