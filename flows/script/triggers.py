"""The grammar of `開始:`: what starts a scenario, and behind ※ for whom it counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lark import Token, Tree

from flows.conditions.labels import Bound
from flows.script.durations import DURATION, duration_of
from flows.script.folding import Folded, folded
from flows.script.grammar import NAME_LETTER, name_of, number_of, parsed
from flows.script.problems import Misread, Problem, attempted, near, placed
from flows.triggers import (
    AnswerGiven,
    ByHand,
    FriendAdded,
    FriendBack,
    KeywordSaid,
    LinkClicked,
    RouteEntered,
    ScenarioDone,
    ScoreCrossed,
    SilentDays,
    Something,
    SurveyDone,
    TagGained,
    Trigger,
    WithoutWithin,
)
from flows.triggers.sayings import Match

WORDS = (
    *(
        "友だち追加",
        "ブロック解除",
        "タグ 名",
        "キーワード 言葉",
        "経路 名",
        "クリック 名",
        "予約",
        "来店",
        "購入",
        "キャンセル",
    ),
    *("イベント 名", "スコア10以上", "反応なし 30日", "回答 項目=値", "アンケート 名", "シナリオ 名", "手動"),
    "カートのあと60分以内に購入なし",
)

_END = r"(?= ?(?:[、,※]|$))"
_NAMED = {
    "tag_gained": "タグ",
    "route_entered": "経路",
    "link_clicked": "クリック",
    "survey_done": "アンケート",
    "scenario_done": "シナリオ",
    "event": "イベント",
}
_NAMED_TERMINALS = "\n    ".join(f"{kind.upper()}.8: /{word}(?=[ 「])/" for kind, word in _NAMED.items())
_RULES = rf"""
    start: one (COMMA one)*
    one: trigger [ONLY_IF]
    trigger: PLAIN                              -> plain
           | ({" | ".join(word.upper() for word in _NAMED)}) NAME -> named
           | KEYWORD NAME [MATCH]               -> keyword
           | ANSWER NAME ["=" NAME]             -> answer
           | SCORE [QUOTED] NUMBER ["点"] BOUND -> score
           | SILENT NUMBER "日"                 -> silent
           | NUMBER "日" SILENT                 -> silent
           | AFTER_NAME "のあと" DURATION "以内に" WITHOUT_NAME "なし" -> without
    ONLY_IF.9: /※(?:「[^「」]*」|[^、,「])*/
    PLAIN.9: /(?:友だち追加|友達追加|ブロック解除|予約|来店|購入|キャンセル|手動){_END}/
    KEYWORD.8: /キーワード(?=[ 「])/
    ANSWER.8: /回答(?=[ 「])/
    SCORE.8: /スコア(?= ?(?:「[^「」]*」)? ?[0-9])/
    SILENT.8: /反応なし/
    {_NAMED_TERMINALS}
    MATCH.8: /を ?含む|で ?始まる/
    BOUND.8: /以上|未満|以下|超/
    AFTER_NAME.7: /(?:「[^「」]*」|{NAME_LETTER}+)(?= ?のあと ?{DURATION} ?以内に)/
    DURATION.7: /{DURATION}/
    WITHOUT_NAME.7: /(?:「[^「」]*」|{NAME_LETTER}+)(?= ?なし{_END})/
"""
_SAID = {
    "PLAIN": "友だち追加・予約・手動など",
    "TAG_GAINED": "タグ 名",
    "KEYWORD": "キーワード 言葉",
    "ROUTE_ENTERED": "経路 名",
    "SCORE": "スコア10以上",
    "SILENT": "反応なし 30日",
    "COMMA": "、",
    "NAME": "名前",
    "BOUND": "以上・未満",
    "DURATION": "60分",
}


def parse_trigger(text: str) -> tuple[Trigger, ...] | Problem:
    """The triggers of a list joined by 、; what stands behind a ※ is not read here."""
    return attempted(lambda: tuple(part.trigger for part in triggers(folded(text))))


class Part(NamedTuple):
    """One trigger, and the text of the condition behind its ※."""

    trigger: Trigger
    only_if: Folded | None


@placed
def triggers(text: Folded) -> tuple[Part, ...]:
    """Triggers joined by 、, each with its own ※. Raises Misread."""
    try:
        tree = parsed(_RULES, text, said=_SAID, what="開始", example="友だち追加")
    except Misread as misread:
        raise _explained(misread, text) from None
    return tuple(_part(child, text) for child in tree.children if isinstance(child, Tree))


def _part(tree: Tree[Token], text: Folded) -> Part:
    trigger, behind = tree.children
    assert isinstance(trigger, Tree), trigger
    tokens = [token for token in trigger.children if isinstance(token, Token)]
    made = _MAKERS[str(trigger.data)](tokens, text)
    if not isinstance(behind, Token):
        return Part(made, None)
    return Part(made, text.part((behind.start_pos or 0) + 1, behind.end_pos))


def _plain(tokens: list[Token], _: Folded) -> Trigger:
    return _PLAIN.get(tokens[0].value) or Something(what=tokens[0].value)


def _named(tokens: list[Token], text: Folded) -> Trigger:
    return _NAMED_MAKERS[tokens[0].type](name_of(tokens[1], text))


def _keyword(tokens: list[Token], text: Folded) -> Trigger:
    if len(tokens) == 3:
        return KeywordSaid(
            keyword=name_of(tokens[1], text, "キーワード"), match=_MATCHES[tokens[2].value.replace(" ", "")]
        )
    token = tokens[1]
    for ending, match in _MATCHES.items():
        if token.value.endswith(ending) and token.value != ending and not token.value.startswith("「"):
            shorter = token.update(value=token.value.removesuffix(ending))
            shorter.end_pos = (token.end_pos or 0) - len(ending)
            return KeywordSaid(keyword=name_of(shorter, text, "キーワード"), match=match)
    return KeywordSaid(keyword=name_of(token, text, "キーワード"))


def _answer(tokens: list[Token], text: Folded) -> Trigger:
    return AnswerGiven(field=name_of(tokens[1], text), value=name_of(tokens[2], text) if len(tokens) == 3 else "")


def _score(tokens: list[Token], text: Folded) -> Trigger:
    score = next((name_of(token, text) for token in tokens if token.type == "QUOTED"), "")
    points = next(number_of(token, "点数") for token in tokens if token.type == "NUMBER")
    return ScoreCrossed(score=score, points=points, bound=Bound(tokens[-1].value))


def _silent(tokens: list[Token], _: Folded) -> Trigger:
    return SilentDays(days=next(number_of(token, "日数", least=1) for token in tokens if token.type == "NUMBER"))


def _without(tokens: list[Token], text: Folded) -> Trigger:
    after, duration, without = tokens
    within, words = duration_of(duration)
    return WithoutWithin(after=name_of(after, text), without=name_of(without, text), within=within, words_within=words)


_MATCHES = {"を含む": Match.CONTAINS, "で始まる": Match.STARTS}
_MAKERS: dict[str, Callable[[list[Token], Folded], Trigger]] = {
    "plain": _plain,
    "named": _named,
    "keyword": _keyword,
    "answer": _answer,
    "score": _score,
    "silent": _silent,
    "without": _without,
}
_PLAIN = {"友だち追加": FriendAdded(), "友達追加": FriendAdded(), "ブロック解除": FriendBack(), "手動": ByHand()}
_NAMED_MAKERS: dict[str, Callable[[str], Trigger]] = {
    "TAG_GAINED": lambda name: TagGained(tag=name),
    "ROUTE_ENTERED": lambda name: RouteEntered(route=name),
    "LINK_CLICKED": lambda name: LinkClicked(link=name),
    "SURVEY_DONE": lambda name: SurveyDone(survey=name),
    "SCENARIO_DONE": lambda name: ScenarioDone(scenario=name),
    "EVENT": lambda name: Something(what=name),
}


def _explained(misread: Misread, text: Folded) -> Misread:
    if not misread.instead:
        misread.nearest = near(text.text[misread.at :].split("、")[0], WORDS)
    return misread
