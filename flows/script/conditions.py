"""The grammar of conditions: segments, branches, goals, menu rules are one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from lark import Token, Tree

from flows.catalog import Catalog
from flows.conditions import CONDITIONS, AllOf, AnyOf, Condition, Except, Named, Tagged
from flows.conditions.compare import Comparison
from flows.script.casual import guess
from flows.script.folding import Folded, folded
from flows.script.grammar import Kinds, assembled, name_of, parsed
from flows.script.known import Known, NewName, known
from flows.script.problems import Mend, Misread, Problem, attempted, placed
from flows.script.resolving import Resolver
from flows.script.tokens import Tokens

EXAMPLE = "女性 かつ 興味=美容 除外 予約済"

_SHOWN = 6
_MOST_NESTED = 40
_END = r"(?=[ ()]|$)"
_RULES = rf"""
    start: except
    ?except: any
           | except EXCEPT any  -> less
    ?any: all (OR all)*
    ?all: unit (AND unit)*
    ?unit: "(" except ")"       -> bracketed
         | term
    term: @FORMS@
        | TAG NAME            -> named_tag
        | TARGET NAME         -> named_segment
        | FIELD NAME [HAS]    -> named_field
        | NAME HAS            -> has
        | NAME                -> bare
        | NAME OP NAME        -> compared
    EXCEPT.9: /除外{_END}/
    OR.9: /または{_END}/
    AND.9: /かつ{_END}/
    TAG.8: /タグ(?= ?「| (?!(?:かつ|または|除外){_END}))/
    TARGET.8: /対象(?= ?「| (?!(?:かつ|または|除外){_END}))/
    FIELD.8: /項目(?= ?「| (?!(?:かつ|または|除外){_END}))/
    HAS.8: /(?:あり|なし){_END}/
    BOUND.8: /以上|以下|以内|未満|超/
    OP: /!=|>=|<=|≧|≦|≥|≤|=|≠|<|>/
    @WORDS@
"""
"""Terms that are a name and little else; every other kind brings its own."""
_SAID = {
    "AND": "かつ",
    "OR": "または",
    "EXCEPT": "除外",
    "NAME": "タグの名前",
    "OP": "= などの比べる印",
    "BOUND": "以上・以下・未満",
    "NUMBER": "数",
    "QUOTED": "「名前」",
    "RPAR": "）",
}


def parse_condition(text: str, catalog: Catalog, extra_names: Iterable[NewName] = ()) -> Condition | Problem:
    """A condition; every name in it must be one of the catalog's or of `extra_names`. Empty is a Problem, never everyone."""
    names, words = known(catalog, extra_names), folded(text)
    found = attempted(lambda: condition(words, names))
    return _with_guess(found, words, names) if isinstance(found, Problem) else found


def _with_guess(problem: Problem, text: Folded, names: Known) -> Problem:
    """The problem with what was probably meant, unless it is a question between two readings already."""
    if problem.readings:
        if all(_reads(one, names) for one in problem.readings):
            return problem
        problem = replace(problem, readings=(), mends=())
    meant = guess(text.text, names, lambda words: condition(folded(words), names))
    if meant.unknown:
        there = () if meant.nearest else (*names.tags.values(), *names.segments.values())[:_SHOWN]
        words = f"{''.join(f'「{one}」' for one in meant.unknown)}というタグや絞り込みはありません。"
        problem = replace(problem, words=words, nearest=meant.nearest, expected=there, mends=())
    if not meant.readings:
        return problem
    first, *others = meant.readings
    mends = [Mend(label=reading if others else "そう直す", becomes=reading) for reading in meant.readings]
    asked = meant.readings if others else ()
    return replace(
        problem, nearest="" if others else first, readings=asked, mends=tuple(mends), expected=(), example=""
    )


def _reads(text: str, names: Known) -> bool:
    return not isinstance(attempted(lambda: condition(folded(text), names)), Problem)


@placed
def condition(text: Folded, names: Known) -> Condition:
    """The same from folded text. Raises Misread."""
    return _Reader(text, Resolver(text, names)).condition(_tree(text))


@placed
def tags_named(text: Folded) -> list[str]:
    """The names written as `タグ X` in a condition: in a goal they come into being. Raises Misread."""
    terms = _tree(text).find_data("named_tag")
    return [name_of(_tokens(term)[-1], text) for term in terms]


def _tree(text: Folded) -> Tree[Token]:
    if not text.text:
        raise Misread("条件が空です。空の条件は「全員」ではありません。", expected=("全員",), example=EXAMPLE)
    if text.text.count("除外") > _MOST_NESTED or text.text.count("(") > _MOST_NESTED:
        raise Misread(
            "条件が長すぎます。一部を絞り込みとして保存し、「対象 名前」で使ってください。", example="対象 美容女性"
        )
    grammar = _grammar()
    said = _SAID | grammar.said
    return parsed(grammar.rules, text, said=said, what="条件", example=EXAMPLE, joints=("かつ", "または"))


@cache
def _grammar() -> Kinds:
    return assembled(_RULES, CONDITIONS, _END)


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [token for token in tree.children if isinstance(token, Token)]


class _Reader:
    """From the tree of one text to its condition."""

    def __init__(self, text: Folded, resolve: Resolver) -> None:
        self._text, self._resolve = text, resolve
        self._by_name: dict[str, Callable[[list[Token]], Condition]] = {
            "named_tag": lambda of: Tagged(name=resolve.tag(of[1]), spelling="tag"),
            "named_segment": lambda of: Named(name=resolve.segment(of[1])),
            "named_field": lambda of: resolve.filled(of[1], of[2] if len(of) > 2 else None),
            "has": lambda of: resolve.having(of[0], of[1]),
            "bare": lambda of: resolve.bare(of[0]),
            "compared": lambda of: resolve.compared(of[0], _comparison(of[1]), of[2]),
        }

    def condition(self, tree: Tree[Token]) -> Condition:
        parts = [self.condition(child) for child in tree.children if isinstance(child, Tree)]
        match tree.data:
            case "start" | "bracketed":
                return parts[0]
            case "less":
                return Except(base=parts[0], less=parts[1])
            case "any":
                return AnyOf(
                    of=tuple(one for part in parts for one in (part.of if isinstance(part, AnyOf) else (part,)))
                )
            case "all":
                return AllOf(
                    of=tuple(one for part in parts for one in (part.of if isinstance(part, AllOf) else (part,)))
                )
            case _:
                return self._term(str(tree.data), _tokens(tree))

    def _term(self, kind: str, tokens: list[Token]) -> Condition:
        if kind in self._by_name:
            return self._by_name[kind](tokens)
        return _BY_KIND[kind].read(_KnownTokens(tokens, self._text, kind, self._resolve))


class _KnownTokens(Tokens):
    """Tokens whose names are looked up among the known ones."""

    def __init__(self, tokens: list[Token], text: Folded, kind: str, resolve: Resolver) -> None:
        super().__init__(tokens, text, kind)
        self._resolve = resolve

    def known(self, what: str, terminal: str = "QUOTED") -> str:
        token = self.token(terminal)
        return "" if token is None else self._resolve.known(what, token)


def _comparison(token: Token) -> Comparison:
    return Comparison(_OPERATORS.get(token.value, token.value))


_BY_KIND = {kind.kind: kind for kind in CONDITIONS}
_OPERATORS = {"!=": "≠", "≧": ">=", "≦": "<=", "≥": ">=", "≤": "<="}
