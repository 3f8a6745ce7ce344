"""A whole scenario at one glance: each step with its time and its beginning, paths under the choices that lead there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from unicodedata import east_asian_width

from flows.actions import Action, GoTo
from flows.messages import Message, buttons_of
from flows.moments import AtOnce, OnDate, When
from flows.names import Key, fold
from flows.questions import Question
from flows.scenario import Ask, Body, Do, If, Line, Plan, Say, Scenario, Split, Step, Survey, Wait
from flows.script.clocks import WEEKDAYS
from flows.triggers import FriendAdded
from flows.variants import times

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SUMMARY = 14
NARROW = 18
"""So many full-width letters stand on one line of a card on a narrow phone; a line that broke would break the tree."""
EMPTY = "（空）"
_PLACEHOLDER = re.compile(r"[{｛][^{}｛｝|｜]*[|｜]([^{}｛｝]*)[}｝]")


def timeline(plan: Plan, zone: tzinfo) -> str:
    """The drawing of a plan. `zone` is the one its clock times are meant in."""
    lines = _survey(plan) if isinstance(plan, Survey) else _Drawing(plan, zone).lines()
    return "\n".join(lines)


def when_words(when: When, *, is_first: bool = False, added: bool = False) -> str:
    """When a step is sent, as screens say it: a date with its weekday, the first at once as 追加のすぐあと."""
    if isinstance(when, AtOnce):
        return "追加のすぐあと" if is_first and added else "すぐ"
    if isinstance(when, OnDate):
        day, clock = when.words.rsplit(" ", 1)
        return f"{day}({WEEKDAYS[when.date.weekday()]}) {clock}"
    return when.words


def numbered(number: int) -> str:
    """① and on; beyond ⑳ in brackets."""
    return _CIRCLED[number] if number < len(_CIRCLED) else f"({number + 1})"


def brief(body: Body) -> str:
    """One short line that lets an owner recognise a step."""
    for item in body:
        match item:
            case Say(message=message):
                return _shortened(message)
            case Ask(question=question):
                return question.name
            case If(then=then) if words := brief(then):
                return f"{words}（人による）"
            case Split(variants=variants) if words := brief(variants[0].body or body[1:]):
                return f"{words}（AB）"
            case Do(actions=actions):
                return "、".join(action.words() for action in actions)
            case Wait():
                return "待つ"
    return EMPTY


def _shortened(message: Message) -> str:
    words = _PLACEHOLDER.sub(r"\1", message.summary())
    return words if len(words) <= _SUMMARY else f"{words[: _SUMMARY - 1]}…"


def fitted(head: str, pieces: Sequence[str], indent: str) -> Iterator[str]:
    """The pieces behind `head`, on lines that a narrow phone does not break; further lines begin with `indent`."""
    line, has_any = head, False
    for piece in pieces:
        if has_any and _width(line) + _width(piece.rstrip()) > NARROW:
            yield line.rstrip(" 　")
            line = indent
        line, has_any = line + piece, True
    yield line.rstrip(" 　")


def _width(text: str) -> float:
    """How wide it is, in full-width letters."""
    return sum(1 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


class _Drawing:
    def __init__(self, plan: Scenario, zone: tzinfo) -> None:
        self._plan, self._zone = plan, zone
        self._paths = {fold(line.name): line for line in plan.lines[1:]}
        self._drawn: set[Key] = set()

    def lines(self) -> Iterator[str]:
        added = any(isinstance(start.trigger, FriendAdded) for start in self._plan.starts)
        for number, step in enumerate(self._plan.lines[0].steps):
            yield from self._head(numbered(number), step, is_first=number == 0, added=added)
            yield from self._branches(step.body, "　")
        for key, line in self._paths.items():
            if key not in self._drawn:
                yield f"道 {line.name}（どこからも来ません）"
                yield from self._steps(line, "　")

    def _head(self, mark: str, step: Step, *, is_first: bool = False, added: bool = False) -> Iterator[str]:
        only_if = f"（{step.only_if.words()} の人）" if step.only_if else ""
        when = "／".join(when_words(one, is_first=is_first, added=added) for one in _moments(step))
        yield from fitted(f"{mark} ", (f"{when}　", brief(step.body), only_if), "　")

    def _branches(self, body: Body, indent: str) -> Iterator[str]:
        """The paths that a body leads to, as the twigs of a tree."""
        twigs = list(_twigs(body))
        for number, (label, path) in enumerate(twigs):
            mark = "└" if number == len(twigs) - 1 else "├"
            yield from self._twig(f"{indent}{mark} ", label, path, f"{indent}{'　' if mark == '└' else '│'}　")

    def _twig(self, head: str, label: str, path: str, indent: str) -> Iterator[str]:
        line = self._paths.get(fold(path))
        if line is None or fold(path) in self._drawn or not line.steps:
            yield from fitted(head, (f"{label} → ", f"道 {path}"), indent)
            return
        self._drawn.add(fold(path))
        first, *more = line.steps
        yield from fitted(head, (f"{label} → ", f"{_at(first)}：", brief(first.body)), indent)
        yield from self._branches(first.body, indent)
        for step in more:
            yield from self._step(step, indent)

    def _steps(self, line: Line, indent: str) -> Iterator[str]:
        for step in line.steps:
            yield from self._step(step, indent)

    def _step(self, step: Step, indent: str) -> Iterator[str]:
        yield from fitted(indent, (f"{_at(step)}：", brief(step.body)), f"{indent}　")
        yield from self._branches(step.body, indent)


def _moments(step: Step) -> tuple[When, ...]:
    """The times of a step, each once."""
    return tuple(dict.fromkeys(when for _, when in times(step)))


def _at(step: Step) -> str:
    return "／".join(when_words(one) for one in _moments(step))


def _twigs(body: Body) -> Iterator[tuple[str, str]]:
    """What leads away from a body: a label, and the path."""
    for item in body:
        match item:
            case Say(message=message):
                yield from ((one.label, path) for one in buttons_of(message) for path in _paths_of(one.effects))
            case Ask(question=question):
                yield from _question_twigs(question)
            case Wait(silent=silent, limit_words=words):
                yield from ((f"{words}反応なし", path) for path in _paths_of(silent))
            case Do(actions=actions):
                yield from (("全員", path) for path in _paths_of(actions))
            case If(condition=condition, then=then, otherwise=otherwise, unknown=unknown):
                branches = ((condition.words(), then), ("ちがう人", otherwise), ("不明な人", unknown))
                yield from _branch_twigs((label, branch or ()) for label, branch in branches)
            case Split(variants=variants):
                yield from _branch_twigs((f"案{variant.name}", variant.body) for variant in variants)


def _branch_twigs(branches: Iterator[tuple[str, Body]]) -> Iterator[tuple[str, str]]:
    for label, branch in branches:
        for inner, path in _twigs(branch):
            yield (label if inner == "全員" else f"{label}・{inner}"), path


def _question_twigs(question: Question) -> Iterator[tuple[str, str]]:
    for option in question.options:
        yield from ((option.label, path) for path in _paths_of(option.effects))
    yield from (("回答した人", path) for path in _paths_of(question.answered))
    yield from ((f"{question.wait_words}反応なし", path) for path in _paths_of(question.silent))


def _paths_of(actions: tuple[Action, ...] | None) -> Iterator[str]:
    return (action.name for action in actions or () if isinstance(action, GoTo))


def _survey(plan: Survey) -> Iterator[str]:
    for number, question in enumerate(plan.questions):
        optional = "・任意" if question.optional else ""
        yield f"{numbered(number)} {question.name}（{question.title}{optional}）"
        if question.options:
            *labels, last = (option.label for option in question.options)
            yield from fitted("　", [*(f"{label}／" for label in labels), last], "　")
    if plan.ending:
        yield from fitted("最後に　", _ends(plan.ending), "　")


def _ends(ending: Body) -> Sequence[str]:
    """What happens to all who have answered, and what to some of them."""
    effects = "、".join(action.words() for item in ending if isinstance(item, Do) for action in item.actions)
    rest = brief(tuple(item for item in ending if not isinstance(item, Do)))
    parts = [part for part in (effects, rest if rest != EMPTY else "") if part]
    return [f"{part}　" for part in parts] or [EMPTY]
