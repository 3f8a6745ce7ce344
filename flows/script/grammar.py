"""What the grammars share: names and blanks as terminals, and errors that say what could stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from lark import Lark, Token, Tree, UnexpectedInput

from flows.names import clusters, fold
from flows.notation import BEHIND, LARGEST, NAME_LETTER, Written
from flows.quoting import RESERVED
from flows.script.folding import Folded
from flows.script.problems import Misread

LONGEST_NAME = 20
LONGEST_TEXT = 2_000
_MOST_EXPECTED = 6
_MEANT = {"反応なし": "反応なし（30日）", "スコア": "スコア5以上", "回答あり": "- 回答あり → タグ 回答済"}

SHARED = rf"""
    QUOTED: /「[^「」]*」/
    NAME.-1: /「[^「」]*」|{NAME_LETTER}+/
    NUMBER: /[0-9]+/
    COMMA: /[、,]/
    %ignore " "
"""


@cache
def compiled(rules: str, start: str = "start") -> Lark:
    """The parser of a grammar, made once."""
    return Lark(rules + SHARED, parser="lalr", start=start, propagate_positions=True, maybe_placeholders=True)


class Kinds(NamedTuple):
    """The pieces of grammar of a family's kinds, put together."""

    rules: str
    said: dict[str, str]
    shown: tuple[str, ...]


def assembled(template: str, kinds: Iterable[type[Written]], end: str) -> Kinds:
    """The template with the forms and words of these kinds for @FORMS@ and @WORDS@; `end` is what ends a term there."""
    forms, words, said, shown = list[str](), list[str](), dict[str, str](), list[str]()
    for kind in kinds:
        if (notation := kind.notation) is None:
            continue
        own = own_terminals(kind.kind)
        own_words = re.compile(rf"\b(?=(?:{'|'.join(word.partition('.')[0] for word in notation.words)})\b)")
        forms += [f"{own_words.sub(own, form)} -> {kind.kind}" for form in notation.forms]
        for word, pattern in notation.words.items():
            words.append(f"{own}{word if '.' in word else f'{word}.8'}: /{pattern.replace(BEHIND, end)}/")
        said |= {own + word: words for word, words in notation.said.items()}
        shown += notation.shown
    rules = template.replace("@FORMS@", "\n        | ".join(forms)).replace("@WORDS@", "\n    ".join(words))
    return Kinds(rules, said, tuple(shown))


def own_terminals(kind: str) -> str:
    """What the names of a kind's own terminals begin with."""
    return f"{kind.upper()}__"


class _Asked(NamedTuple):
    """What is being read, for its errors."""

    what: str
    example: str
    said: Mapping[str, str]
    joints: Sequence[str]


def parsed(
    rules: str, text: Folded, *, said: Mapping[str, str], what: str, example: str, joints: Sequence[str] = ()
) -> Tree[Token]:
    """The tree of a text. `said` names the terminals for people; `what` says what was being read, and `joints`
    which words could join two of it.
    """
    if len(text.text) > LONGEST_TEXT:
        raise Misread(f"{what}が長すぎます。", example=example)
    if not text.text:
        raise Misread(f"{what}が書かれていません。", example=example)
    try:
        return compiled(rules).parse(text.text)
    except UnexpectedInput as error:
        raise _misread(error, text, _Asked(what, example, said, joints)) from None


def _misread(error: UnexpectedInput, text: Folded, asked: _Asked) -> Misread:
    # At the end of the text lark names no place.
    at: int | None = getattr(error, "pos_in_stream", None)
    found = _accepted(error)
    expected = tuple(dict.fromkeys(words for name, words in asked.said.items() if name in found))[:_MOST_EXPECTED]
    what, example = asked.what, asked.example
    if at is None or at >= len(text.text) or _at_end(error):
        return Misread(f"{what}が途中で終わっています。", len(text.text), expected=expected, example=example)
    if "COMMA" in found and at > 0:
        return _comma_missing(text, at)
    if at > 0 and found & {"$END", "<END-OF-FILE>"}:
        return _joint_missing(text, at, asked)
    rest = text.text[at:].split(" ")[0]
    return Misread(f"「{rest}」は{what}として読めませんでした。", at, expected=expected, example=example)


def _joint_missing(text: Folded, at: int, asked: _Asked) -> Misread:
    """What came before is whole: the rest is too much, or a word between the two is missing."""
    before, after = text.original(0, at), text.original(at, len(text.text))
    short = after.split(" ")[0]
    if not asked.joints or short[0] in ")]}」":
        return Misread(f"「{short}」が余分のようです。", at, example=asked.example, instead=[(before, before)])
    parted = [f"{before} {joint} {after}" for joint in asked.joints]
    words = f"「{short}」の前に「{asked.joints[0]}」などが抜けていませんか？"
    return Misread(words, at, readings=parted, instead=[(one, one) for one in parted])


def _accepted(error: UnexpectedInput) -> set[str]:
    """The terminals that could have stood there."""
    for place in ("accepts", "allowed", "expected"):
        found: set[str] | None = getattr(error, place, None)
        if found:
            return found
    return set()


def _at_end(error: UnexpectedInput) -> bool:
    token = getattr(error, "token", None)
    return token is not None and token.type == "$END"


def _comma_missing(text: Folded, at: int) -> Misread:
    """A name is never longer than it is written: what follows it without 、 is asked about."""
    blank = at - 1 if text.text[at - 1] == " " else at
    before, after = text.original(0, blank), text.original(at, len(text.text))
    joined = f"{before}、{after}"
    return Misread("「、」が抜けていませんか？", blank, example=joined, instead=[("そう直す", joined)])


def name_of(token: Token, text: Folded, what: str = "名前") -> str:
    """The name as first written: its brackets off, its length checked, reserved words refused unless quoted."""
    start, end = token.start_pos or 0, token.end_pos or 0
    written = text.original(start, end)
    quoted = token.value.startswith("「")
    name = " ".join(written[1:-1].split()) if quoted else written
    if not name:
        raise Misread(f"{what}が空です。", start, example="「秋の会」")
    if len(clusters(name)) > LONGEST_NAME:
        raise Misread(f"{what}は{LONGEST_NAME}文字までです（「{name[:12]}…」は{len(clusters(name))}文字）。", start)
    if not quoted and token.value in RESERVED:
        raise Misread(
            f"「{token.value}」はきまった言葉なので、{what}にするなら「」で囲んでください。",
            start,
            example=_MEANT.get(token.value, f"「{name}」"),
            instead=[
                ("「」で囲む", f"{text.original(0, start)} 「{name}」{text.original(end, len(text.text))}".strip())
            ],
        )
    return name


def number_of(token: Token, what: str, *, least: int = 0, most: int = LARGEST) -> int:
    """A whole number within its limits."""
    digits = token.value.lstrip("0") or "0"
    if len(digits) > 6 or not least <= int(digits) <= most:
        raise Misread(f"{what}は{least}から{most}までの数で書いてください。", token.start_pos or 0)
    return int(digits)


def same(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return fold(one) == fold(other)
