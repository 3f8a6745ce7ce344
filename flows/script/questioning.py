"""A question with its text, its choices, and how long the friend is held at it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.actions import Action
from flows.names import fold
from flows.questions import Option, Question
from flows.script.lines import Kind, Line
from flows.script.pages import Pages
from flows.script.questions import ANSWERED, Header, choice, header
from flows.script.settings import WaitFor, wait

MOST_CHOICES = 13


@dataclass(slots=True)
class _Draft:
    line: Line
    text: str = ""
    options: list[Option] = field(default_factory=list)
    reactions: dict[str, tuple[Action, ...]] = field(default_factory=dict)
    held: WaitFor | None = None
    misread: bool = False
    """A choice did not read: what is missing without it is not said."""


def question(pages: Pages, *, most_choices: int | None = MOST_CHOICES) -> Question | None:
    """The question at this line, None if its first line does not read. `most_choices` None: the talk pages them."""
    line = pages.line
    assert line is not None
    pages.place += 1
    head = pages.attempt(line, lambda one: header(one.value))
    draft = _Draft(line=line)
    draft.text, _ = pages.run()
    while (below := pages.skip_blank()) is not None and below.kind in {Kind.CHOICE, Kind.WAIT}:
        pages.place += 1
        _choice(pages, draft, below) if below.kind is Kind.CHOICE else _wait(pages, draft, below)
    if head is None:
        return None
    _check(pages, draft, head, most_choices)
    return _made(draft, head)


def _choice(pages: Pages, draft: _Draft, line: Line) -> None:
    said = pages.attempt(line, lambda one: choice(one.value))
    if said is None:
        draft.misread = True
        return
    if said.option is None:
        if said.word in draft.reactions:
            pages.report(line, f"「{said.word}」が2つあります。")
        draft.reactions.setdefault(said.word, said.effects)
        return
    if any(fold(option.label) == fold(said.option.label) for option in draft.options):
        pages.report(line, f"「{said.option.label}」という選択肢がもうあります。")
    draft.options.append(said.option)


def _wait(pages: Pages, draft: _Draft, line: Line) -> None:
    said = pages.attempt(line, lambda one: wait(one.value))
    if said is None:
        return
    if draft.held is not None:
        pages.report(line, "「待つ:」は1つの質問に1つです。")
    if said.link:
        pages.report(line, "質問で待つのは反応です。", example=f"待つ: 反応 {said.words}")
    draft.held = said


def _check(pages: Pages, draft: _Draft, head: Header, most_choices: int | None) -> None:
    if not draft.text:
        pages.report(
            draft.line,
            "質問の文がありません。この行の下に書いてください。",
            example="お肌の悩みは、どちらが近いですか？",
        )
    if head.kind.has_options and not draft.options and not draft.misread:
        pages.report(draft.line, "選択肢がありません。質問の文の下に、1行に1つ書いてください。", example="- 乾燥")
    if draft.options and not head.kind.has_options:
        words = f"「{head.kind.title}」の質問には選択肢を付けられません。選んでもらうなら「1つ」か「いくつでも」です。"
        pages.report(draft.line, words, example=f"? {head.name}（1つ）")
    if most_choices is not None and len(draft.options) > most_choices:
        words = f"選択肢は{most_choices}個までです（今は{len(draft.options)}個）。質問を2つに分けてください。"
        pages.report(draft.line, words)


def _made(draft: _Draft, head: Header) -> Question:
    return head.kind(
        name=head.name,
        text=draft.text,
        optional=head.optional,
        options=tuple(draft.options),
        answered=draft.reactions.get(ANSWERED),
        silent=next((done for word, done in draft.reactions.items() if word != ANSWERED), None),
        wait=draft.held.limit if draft.held else None,
        wait_words=draft.held.words if draft.held else "",
    )
