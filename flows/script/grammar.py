"""What the grammars share: names and blanks as terminals, and errors that say what could stand there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lark import Lark, Token, Tree, UnexpectedInput

from flows.names import fold
from flows.quoting import RESERVED
from flows.script.folding import Folded
from flows.script.graphemes import length
from flows.script.problems import Misread

LONGEST_NAME = 20
LONGEST_TEXT = 2_000
LARGEST = 99_999

NAME_LETTER = r"[^\s()「」\[\]{}=≠<>!、,→※|]"

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


def parsed(rules: str, text: Folded, *, said: Mapping[str, str], what: str, example: str) -> Tree[Token]:
    """The tree of a text. `said` names the terminals for people; `what` says what was being read."""
    if len(text.text) > LONGEST_TEXT:
        raise Misread(f"{what}が長すぎます。", example=example)
    if not text.text:
        raise Misread(f"{what}が書かれていません。", example=example)
    try:
        return compiled(rules).parse(text.text)
    except UnexpectedInput as error:
        raise _misread(error, text, said, what, example) from None


def _misread(error: UnexpectedInput, text: Folded, said: Mapping[str, str], what: str, example: str) -> Misread:
    # At the end of the text lark names no place.
    place: int | None = getattr(error, "pos_in_stream", None)
    found: set[str] = getattr(error, "allowed", None) or getattr(error, "expected", None) or set()
    expected = tuple(dict.fromkeys(said[name] for name in said if name in found))
    if place is None or place >= len(text.text) or _at_end(error):
        return Misread(f"{what}が途中で終わっています。", len(text.text), expected=expected, example=example)
    at = place
    rest = text.text[at:].split(" ")[0]
    if "COMMA" in found and at > 0:
        return _comma_missing(text, at, example)
    if "$END" in found:
        before = text.original(0, at)
        return Misread(f"「{rest}」が余分のようです。", at, example=example, instead=[(before, before)])
    return Misread(f"「{rest}」は{what}として読めませんでした。", at, expected=expected, example=example)


def _at_end(error: UnexpectedInput) -> bool:
    token = getattr(error, "token", None)
    return token is not None and token.type == "$END"


def _comma_missing(text: Folded, at: int, example: str) -> Misread:
    """A name is never longer than it is written: what follows it without 、 is asked about."""
    blank = at - 1 if text.text[at - 1] == " " else at
    before, after = text.original(0, blank), text.original(at, len(text.text))
    joined = f"{before}、{after}"
    return Misread("「、」が抜けていませんか？", blank, example=example or joined, instead=[("そう直す", joined)])


def name_of(token: Token, text: Folded, what: str = "名前") -> str:
    """The name as first written: its brackets off, its length checked, reserved words refused unless quoted."""
    start, end = token.start_pos or 0, token.end_pos or 0
    written = text.original(start, end)
    quoted = token.value.startswith("「")
    name = " ".join(written[1:-1].split()) if quoted else written
    if not name:
        raise Misread(f"{what}が空です。", start, example="「秋の会」")
    if length(name) > LONGEST_NAME:
        raise Misread(f"{what}は{LONGEST_NAME}文字までです（「{name[:12]}…」は{length(name)}文字）。", start)
    if not quoted and token.value in RESERVED:
        raise Misread(
            f"「{token.value}」はきまった言葉なので、{what}にするなら「」で囲んでください。",
            start,
            example=f"「{name}」",
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
