"""Where effects lead: to a path that is there, to a question further down, and only from where that makes sense."""

from __future__ import annotations

from flows.actions import Action, EndScenario, GoTo, JumpTo
from flows.names import Key, fold
from flows.quoting import quoted
from flows.script.lines import Kind, Line
from flows.script.pages import Pages
from flows.script.problems import Mend, Misread, near
from flows.script.questions import header
from flows.script.source import actions_of, path_name


def check_leads(pages: Pages, *, is_survey: bool) -> None:
    """Note every 道 without its path, every 質問 without a later question, and both where they do not belong."""
    paths = _named(pages, Kind.PATH)
    questions = _named(pages, Kind.QUESTION)
    for line in pages.lines:
        try:
            actions = actions_of(line)
        except Misread:
            # Noted already, where the structure was read.
            continue
        for action in actions:
            words, nearest = _slip(action, line, paths, questions, is_survey=is_survey)
            if words:
                _report(pages, line, action, words, nearest)


def _slip(
    action: Action, line: Line, paths: dict[Key, Line], questions: dict[Key, Line], *, is_survey: bool
) -> tuple[str, str]:
    """What is wrong with where the action leads ("" nothing), and the nearest name."""
    closing = line.kind is Kind.SETTING
    match action:
        case GoTo() | EndScenario() if is_survey:
            return f"アンケートの中では「{action.words()}」は使えません。", ""
        case GoTo() | JumpTo() | EndScenario() if closing:
            return f"「終わったら」では「{action.words()}」は使えません。", ""
        case GoTo(name=name) if fold(name) not in paths:
            return f"道「{name}」がありません。", near(name, [path_name(one) for one in paths.values()])
        case JumpTo() if not is_survey:
            return "「質問」はアンケートの中で使います。", ""
        case JumpTo(name=name) if fold(name) not in questions:
            return f"「{name}」という質問がありません。", near(
                name, [header(one.value).name for one in questions.values()]
            )
        case JumpTo(name=name) if questions[fold(name)].number <= line.number:
            return f"「{name}」は前の質問です。進めるのは、あとの質問だけです。", ""
        case _:
            return "", ""


def _report(pages: Pages, line: Line, action: Action, words: str, nearest: str) -> None:
    mends: tuple[Mend, ...] = ()
    if isinstance(action, GoTo | JumpTo) and nearest:
        source = line.fold.source
        right = type(action)(name=nearest).words()
        for written in (action.words(), f"{action.word}{quoted(action.name)}"):
            if written in source:
                mends = (Mend(label=f"「{right}」に直す", becomes=source.replace(written, right, 1)),)
                break
    example = (
        f"# 道 {quoted(action.name)}"
        if isinstance(action, GoTo) and words.endswith("がありません。") and not nearest
        else ""
    )
    pages.report(line, words, nearest=nearest, mends=mends, example=example)


def _named(pages: Pages, kind: Kind) -> dict[Key, Line]:
    """The lines of this kind by the name they give, those that read."""
    found: dict[Key, Line] = {}
    for line in pages.lines:
        if line.kind is not kind:
            continue
        try:
            name = path_name(line) if kind is Kind.PATH else header(line.value).name
        except Misread:
            # Noted already, where the structure was read.
            continue
        found.setdefault(fold(name), line)
    return found
