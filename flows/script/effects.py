"""The grammar of effects: `タグ 乾燥、+3点、道 保湿`. Assembled from the words of the actions themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from functools import cache

from lark import Token, Tree

from flows.actions import ACTIONS, Action, AddScore, AddTag, EndScenario, GoTo, JumpTo, SetField
from flows.names import fold
from flows.notation import LARGEST, NAME_LETTER
from flows.script.folding import Folded, folded
from flows.script.grammar import name_of, number_of, parsed
from flows.script.known import BUILT_IN_FIELDS
from flows.script.problems import Misread, Problem, attempted, near, placed

EXAMPLE = "タグ 乾燥、+3点"

_PLAIN = NAME_LETTER.replace("|]", r"|+\-]")
_RULES = rf"""
    start: effect (COMMA effect)*
    effect: @FORMS@
          | [SCORE] POINTS  -> add_score
          | FIELD "=" NAME  -> set_field
    @WORDS@
    FIELD.6: /(?:「[^「」]*」|{NAME_LETTER}+)(?= ?=)/
    SCORE.5: /(?:「[^「」]*」|{_PLAIN}+)(?= ?[+\-] ?[0-9])/
    POINTS.5: /[+\-] ?[0-9]+ ?点?/
"""
_LIKE_POINTS = re.compile(r"[+\-][0-9]+点?$")


def parse_effects(text: str) -> tuple[Action, ...] | Problem:
    """The actions of an effect list, in their order. Which names exist is not asked here."""
    return attempted(lambda: effects(folded(text)))


@placed
def effects(text: Folded) -> tuple[Action, ...]:
    """The same from folded text. Raises Misread."""
    try:
        tree = parsed(_rules(), text, said=_said(), what="効果", example=EXAMPLE)
    except Misread as misread:
        raise _explained(misread, text) from None
    children = [child for child in tree.children if isinstance(child, Tree)]
    found = tuple(_action(child, text) for child in children)
    _check_order(found, children)
    return found


def _action(tree: Tree[Token], text: Folded) -> Action:
    tokens = [token for token in tree.children if isinstance(token, Token)]
    if tree.data in _SPECIAL:
        return _SPECIAL[tree.data](tokens, text)
    kind = next(kind for kind in ACTIONS if kind.kind == tree.data)
    if len(tokens) == 1:
        return kind()
    return kind(**{_names(kind)[0]: _name(tokens[-1], text)})


def _add_score(tokens: list[Token], text: Folded) -> Action:
    points = tokens[-1]
    digits = re.search(r"[0-9]+", points.value)
    assert digits is not None, points.value
    count = number_of(Token("NUMBER", digits[0], start_pos=points.start_pos), "点数", most=LARGEST)
    score = name_of(tokens[0], text, "スコアの名前") if len(tokens) == 2 else ""
    return AddScore(score=score, points=-count if points.value[0] == "-" else count)


def _set_field(tokens: list[Token], text: Folded) -> Action:
    field = name_of(tokens[0], text, "項目の名前")
    if fold(field) in map(fold, BUILT_IN_FIELDS):
        raise Misread(
            f"「{field}」は、はじめからある項目なので書きかえられません。",
            tokens[0].start_pos or 0,
            example="興味=美容",
        )
    return SetField(field=field, value=_name(tokens[-1], text))


_SPECIAL: dict[str, Callable[[list[Token], Folded], Action]] = {"add_score": _add_score, "set_field": _set_field}


def _name(token: Token, text: Folded) -> str:
    """A name behind a word; one that ends like points has lost its 、."""
    glued = None if token.value.startswith("「") else _LIKE_POINTS.search(token.value)
    if glued is None:
        return name_of(token, text)
    start, cut, end = token.start_pos or 0, (token.start_pos or 0) + glued.start(), token.end_pos or 0
    before, name, points = text.original(0, start), text.original(start, cut), text.original(cut, end)
    rest = text.original(end, len(text.text))
    split, whole = f"{before} {name}、{points}{rest}", f"{before} 「{name}{points}」{rest}"
    mends = [("そう直す", split), ("1つの名前", whole)]
    raise Misread("「、」が抜けていませんか？", cut, readings=(split, whole), instead=mends)


def _check_order(found: tuple[Action, ...], trees: list[Tree[Token]]) -> None:
    """道, 質問 and 終わる lead away: one of them, and last."""
    leaving = [place for place, action in enumerate(found) if isinstance(action, GoTo | JumpTo | EndScenario)]
    if len(leaving) > 1:
        words = " と ".join(found[place].words() for place in leaving[:2])
        raise Misread(f"{words} は、どちらか1つだけ書けます。", _place(trees[leaving[1]]))
    if leaving and leaving[0] != len(found) - 1:
        last = found[leaving[0]]
        ordered = "、".join(action.words() for action in (*(one for one in found if one is not last), last))
        words = f"「{last.words()}」のあとには何も書けません。最後に置いてください。"
        raise Misread(words, _place(trees[leaving[0] + 1]), instead=[("そう直す", ordered)])


def _place(tree: Tree[Token]) -> int:
    return next((token.start_pos or 0 for token in tree.children if isinstance(token, Token)), 0)


def _explained(misread: Misread, text: Folded) -> Misread:
    """A word that is nearly one of ours is shown; one that lacks its name, or lacks its word, is told so."""
    word = text.text[misread.at :].split(" ")[0].split("、")[0]
    if misread.nearest or misread.instead or not word:
        return misread
    words = [kind.word for kind in ACTIONS if kind.word]
    named = [kind.word for kind in ACTIONS if kind.word and _names(kind)]
    if word in named:
        misread.words = f"「{word}」のあとに名前がありません。"
        misread.expected = ()
        misread.example = f"{word} 乾燥" if word == AddTag.word else f"{word} 名前"
        return misread
    if glued := next((one for one in sorted(named, key=len, reverse=True) if word.startswith(one)), ""):
        start, end = misread.at, len(text.text)
        right = f"{text.original(start, start + len(glued))} {text.original(start + len(glued), end)}"
        whole = f"{text.original(0, start)}{right}"
        return Misread(f"「{glued}」のあとは空けて書きます。", start, nearest=right, instead=[("そう直す", whole)])
    misread.nearest = near(word, words)
    if misread.nearest:
        start, end = misread.at, len(text.text)
        rest = text.original(start + len(word), end)
        right = f"{text.original(0, start)}{misread.nearest} {rest}".strip()
        misread.instead = (("そう直す", right.replace(" 、", "、")),)
    return misread


def _names(kind: type[Action]) -> list[str]:
    return [field.name for field in fields(kind)]


@cache
def _rules() -> str:
    simple = [kind for kind in ACTIONS if kind.word]
    forms = "\n          | ".join(
        f"{kind.kind.upper()}{' NAME' if _names(kind) else ''} -> {kind.kind}" for kind in simple
    )
    words = "\n    ".join(
        f"{kind.kind.upper()}.9: /{kind.word}{'(?=[ 「])' if _names(kind) else '(?= ?(?:[、,]|$))'}/" for kind in simple
    )
    return _RULES.replace("@FORMS@", forms).replace("@WORDS@", words)


@cache
def _said() -> dict[str, str]:
    words = {kind.kind.upper(): f"{kind.word} 名前" if _names(kind) else kind.word for kind in ACTIONS if kind.word}
    return {"COMMA": "、", "NAME": "名前", "POINTS": "+3点", "FIELD": "項目=値", **words}
