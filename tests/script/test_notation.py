"""What a new kind has to bring with it, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import pytest
from lark import Token

from flows.conditions import CONDITIONS
from flows.notation import BEHIND, Notation, Parts, Written, named, plain
from flows.script.folding import folded
from flows.script.grammar import assembled, parsed
from flows.script.problems import Misread
from flows.script.tokens import Tokens
from flows.triggers import TRIGGERS
from tests.narrowing import a

TEMPLATE = "start: @FORMS@\n    @WORDS@\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rained(Written):
    """雨 3日."""

    kind: ClassVar[str] = "rained"
    notation: ClassVar[Notation | None] = Notation(
        ("WORD NUMBER HOW",), {"WORD": "雨(?= )", "HOW": f"日(?:間|以内){BEHIND}"}, {"WORD": "雨 3日間"}
    )
    days: int
    within: bool = False

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(days=parts.number("日数", least=1), within=parts.word("HOW", among=("日間", "日以内")) == "日以内")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moon(Written):
    """満月: a word, and nothing to hold."""

    kind: ClassVar[str] = "moon"
    notation: ClassVar[Notation | None] = plain("満月", "十五夜")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind(Written):
    """風 北: a word and one name."""

    kind: ClassVar[str] = "wind"
    notation: ClassVar[Notation | None] = named("風", "向き")
    direction: str


KINDS = {kind.kind: kind for kind in (Rained, Moon, Wind)}


def read(text: str) -> Written:
    """What one of the three kinds reads."""
    grammar = assembled(TEMPLATE, KINDS.values(), r"(?=\Z)")
    tree = parsed(grammar.rules, folded(text), said=grammar.said, what="天気", example="満月")
    kind = str(tree.data)
    words = [a(Token, word) for word in tree.children]
    return KINDS[kind].read(Tokens(words, folded(text), kind))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("雨 3 日間", Rained(days=3)),
        ("雨 ３日以内", Rained(days=3, within=True)),
        ("満月", Moon()),
        ("十五夜", Moon()),
        ("風「北 北西」", Wind(direction="北 北西")),
    ],
)
def test_a_kind_is_read_by_what_it_brings(text: str, made: Written) -> None:
    """One file and one line: neither the grammar nor its reader knows the kind."""
    assert read(text) == made


def test_errors_offer_what_the_kinds_say_of_themselves() -> None:
    """A kind that errors do not mention is found by nobody."""
    with pytest.raises(Misread) as caught:
        read("雪")
    assert caught.value.expected == ("雨 3日間", "満月", "風 向き")


def test_every_kind_that_no_name_stands_for_has_a_notation() -> None:
    """Without one it could be kept, and never be typed."""
    by_name = {
        "any",
        "all",
        "except",
        "tagged",
        "segment",
        "field_filled",
        "field_is",
        "built_in_filled",
        "built_in_is",
    }
    assert {kind.kind for kind in CONDITIONS if kind.notation is None} == by_name
    assert all(kind.notation is not None for kind in TRIGGERS)
