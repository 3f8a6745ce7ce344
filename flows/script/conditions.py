"""The grammar of conditions: segments, branches, goals, menu rules are one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lark import Token, Tree

from flows.catalog import Catalog
from flows.conditions import (
    AllOf,
    AnyOf,
    Bought,
    Condition,
    Everyone,
    Except,
    FromRoute,
    InScenario,
    JoinedDays,
    Named,
    Pressed,
    Reached,
    ScoreIs,
    SilentFor,
    Tagged,
)
from flows.conditions.labels import Bound, Comparison
from flows.script.folding import Folded, folded
from flows.script.grammar import name_of, number_of, parsed
from flows.script.known import Known, NewName, known
from flows.script.problems import Misread, Problem, attempted, placed
from flows.script.resolving import Resolver

EXAMPLE = "女性 かつ 興味=美容 除外 予約済"

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
    term: EVERYONE                                    -> everyone
        | TAG NAME                                    -> tagged
        | TARGET NAME                                 -> segment
        | FIELD NAME [HAS]                            -> filled
        | NAME HAS                                    -> has
        | NAME                                        -> bare
        | NAME OP NAME                                -> field_is
        | SCORE [QUOTED] NUMBER ["点"] BOUND          -> score_is
        | JOINED NUMBER "日" BOUND                    -> joined_days
        | ROUTE "=" NAME                              -> from_route
        | LINK PRESSED ["(" NUMBER "日以内" ")"]      -> pressed
        | BROADCAST QUOTED REACHED                    -> reached
        | SILENT "(" NUMBER "日" ")"                  -> silent_for
        | NOT_BOUGHT "(" NUMBER "日" ")"              -> not_bought
        | SCENARIO QUOTED STAGE                       -> in_scenario
    EXCEPT.9: /除外{_END}/
    OR.9: /または{_END}/
    AND.9: /かつ{_END}/
    EVERYONE.8: /全員{_END}/
    TAG.8: /タグ(?= ?「| (?!(?:かつ|または|除外){_END}))/
    TARGET.8: /対象(?= ?「| (?!(?:かつ|または|除外){_END}))/
    FIELD.8: /項目(?= ?「| (?!(?:かつ|または|除外){_END}))/
    SCORE.8: /スコア(?= ?(?:「[^「」]*」)? ?[0-9])/
    JOINED.8: /登録(?= ?[0-9]+ ?日)/
    ROUTE.8: /経路(?= ?=)/
    BROADCAST.8: /配信(?= ?「)/
    SILENT.8: /反応なし(?= ?\()/
    NOT_BOUGHT.8: /購入なし(?= ?\()/
    SCENARIO.8: /シナリオ(?= ?「)/
    LINK.8: /\[[^\[\]]+\](?= ?を ?押)/
    PRESSED.8: /を ?押し?(?:た|ていない)/
    REACHED.8: /の受信者|に反応した|に無反応/
    STAGE.8: /中|済み?/
    HAS.8: /(?:あり|なし){_END}/
    BOUND.8: /以上|以下|以内|未満|超/
    OP: /!=|>=|<=|≧|≦|≥|≤|=|≠|<|>/
"""
_SAID = {
    "AND": "かつ",
    "OR": "または",
    "EXCEPT": "除外",
    "NAME": "タグの名前",
    "OP": "= などの比べる印",
    "BOUND": "以上・以下・未満",
    "NUMBER": "数",
    "QUOTED": "「名前」",
    "STAGE": "中・済",
    "REACHED": "の受信者・に反応した・に無反応",
    "PRESSED": "を押した・を押していない",
    "EVERYONE": "全員",
    "SCORE": "スコア5以上",
    "JOINED": "登録3日以上",
    "RPAR": "）",
}


def parse_condition(text: str, catalog: Catalog, extra_names: Iterable[NewName] = ()) -> Condition | Problem:
    """A condition; every name in it must be one of the catalog's or of `extra_names`. Empty is a Problem, never everyone."""
    return attempted(lambda: condition(folded(text), known(catalog, extra_names)))


@placed
def condition(text: Folded, names: Known) -> Condition:
    """The same from folded text. Raises Misread."""
    return _Reader(text, Resolver(text, names)).condition(_tree(text))


@placed
def tags_named(text: Folded) -> list[str]:
    """The names written as `タグ X` in a condition: in a goal they come into being. Raises Misread."""
    terms = _tree(text).find_data("tagged")
    return [name_of(_tokens(term)[-1], text) for term in terms]


def _tree(text: Folded) -> Tree[Token]:
    if not text.text:
        raise Misread("条件が空です。空の条件は「全員」ではありません。", expected=("全員",), example=EXAMPLE)
    if text.text.count("除外") > _MOST_NESTED or text.text.count("(") > _MOST_NESTED:
        raise Misread(
            "条件が長すぎます。一部を絞り込みとして保存し、「対象 名前」で使ってください。", example="対象 美容女性"
        )
    return parsed(_RULES, text, said=_SAID, what="条件", example=EXAMPLE, joints=("かつ", "または"))


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [token for token in tree.children if isinstance(token, Token)]


class _Reader:
    """From the tree of one text to its condition."""

    def __init__(self, text: Folded, resolve: Resolver) -> None:
        self._text, self._resolve = text, resolve
        self._terms: dict[str, Callable[[list[Token]], Condition]] = {
            "everyone": lambda _: Everyone(),
            "tagged": lambda of: Tagged(name=resolve.tag(of[1]), spelling="tag"),
            "segment": lambda of: Named(name=resolve.segment(of[1])),
            "has": lambda of: resolve.having(of[0], of[1]),
            "filled": lambda of: resolve.filled(of[1], of[2] if len(of) > 2 else None),
            "bare": lambda of: resolve.bare(of[0]),
            "field_is": self._field_is,
            "score_is": self._score_is,
            "joined_days": lambda of: JoinedDays(days=self._days(of[1]), bound=self._bound(of[2], _JOINED_BOUNDS)),
            "from_route": lambda of: FromRoute(route=self._name(of[1])),
            "pressed": self._pressed,
            "reached": lambda of: Reached(broadcast=self._name(of[1]), how=_REACHED[of[2].value]),
            "silent_for": lambda of: SilentFor(days=self._days(of[1], least=1)),
            "not_bought": lambda of: Bought(days=self._days(of[1], least=1)),
            "in_scenario": lambda of: InScenario(scenario=resolve.scenario(of[1]), done=of[2].value != "中"),
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
                return self._terms[str(tree.data)](_tokens(tree))

    def _name(self, token: Token) -> str:
        return name_of(token, self._text)

    def _days(self, token: Token, *, least: int = 0) -> int:
        return number_of(token, "日数", least=least)

    def _bound(self, token: Token, allowed: tuple[Bound, ...]) -> Bound:
        bound = Bound(token.value)
        if bound not in allowed:
            raise Misread(
                f"ここに「{bound}」は使えません。", token.start_pos or 0, expected=[str(one) for one in allowed]
            )
        return bound

    def _field_is(self, of: list[Token]) -> Condition:
        op = Comparison(_OPERATORS.get(of[1].value, of[1].value))
        return self._resolve.compared(of[0], op, of[2])

    def _score_is(self, of: list[Token]) -> Condition:
        score = next((self._resolve.score(token) for token in of if token.type == "QUOTED"), "")
        points = next(token for token in of if token.type == "NUMBER")
        return ScoreIs(score=score, points=number_of(points, "点数"), bound=self._bound(of[-1], _SCORE_BOUNDS))

    def _pressed(self, of: list[Token]) -> Condition:
        start, end = of[0].start_pos or 0, of[0].end_pos or 0
        days = next((self._days(token, least=1) for token in of if token.type == "NUMBER"), 0)
        link = " ".join(self._text.original(start + 1, end - 1).split())
        return Pressed(link=link, absent=of[1].value.endswith("ない"), days=days)


_OPERATORS = {"!=": "≠", "≧": ">=", "≦": "<=", "≥": ">=", "≤": "<="}
_REACHED = {"の受信者": "received", "に反応した": "reacted", "に無反応": "silent"}
_SCORE_BOUNDS = (Bound.AT_LEAST, Bound.AT_MOST, Bound.UNDER, Bound.OVER)
_JOINED_BOUNDS = (Bound.AT_LEAST, Bound.WITHIN, Bound.UNDER)
