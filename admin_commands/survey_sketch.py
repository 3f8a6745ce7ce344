"""A survey in the making, as plain JSON data, and the plan it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from admin_commands.sketch import field_name, read_actions
from flows.actions import AddTag, NotifyStaff
from flows.conditions import ScoreIs
from flows.conditions.built_in import BUILT_IN
from flows.conditions.labels import Bound
from flows.messages import Text
from flows.names import Key, fold, narrow
from flows.questions import QUESTIONS, Option, Question
from flows.quoting import quoted
from flows.scenario import Body, Do, If, Say, Start, Survey
from flows.triggers import KeywordSaid

Json = dict[str, Any]
KINDS: Mapping[str, str] = {
    "1つ選ぶ": "1つ",
    "いくつでも": "いくつでも",
    "文字": "文字",
    "数字": "数字",
    "日付": "日付",
} | {
    "メール": "メール",
    "電話": "電話",
    "日時": "日時",
    "都道府県": "都道府県",
    "写真": "写真",
    "場所": "場所",
}
"""What the button says, and the kind's own word."""
_BY_TITLE = {kind.title: kind for kind in QUESTIONS}
THANKS = "ご回答ありがとうございました。"
THANKS_HIGH = "ご回答ありがとうございました。担当からご連絡します。"
PROSPECT = "見込み客"


_PLAINLY: Mapping[str, str] = {
    "メールアドレス": "メール",
    "電話番号": "電話",
    "誕生日": "日付",
    "生年月日": "日付",
    "都道府県": "都道府県",
}
"""Words in a question that leave no doubt how it is answered."""
_NAMED_BY_KIND = frozenset({"メール", "電話", "都道府県"})
_POLITE = re.compile(r"[おご御](?=[\u4e00-\u9fff])")


def plainly(text: str) -> str:
    """The kind of answer that the question itself asks for, "" where it could be several."""
    kinds = {kind for word, kind in _PLAINLY.items() if word in text}
    return kinds.pop() if len(kinds) == 1 else ""


def answer_name(text: str, kind: str, taken: set[Key]) -> str:
    """A name for the field of a survey's question: short, as the owner would call it, and not one of the built-in."""
    if kind in _NAMED_BY_KIND and fold(kind) not in taken:
        return kind
    bare = _POLITE.sub("", text, count=1)
    name = field_name(bare, taken)
    return field_name(text, taken) if fold(name) in map(fold, BUILT_IN) else name


def has_choices(title: str) -> bool:
    """Whether this kind is answered from a list."""
    return _BY_TITLE[title].has_options


def points_of(effects: str) -> int:
    """The points that a choice gives to the main score."""
    return sum(int(points) for points in re.findall(r"(?:^|、)\s*([+\-]\d+)点?", narrow(effects)))


def reach(questions: list[Json]) -> tuple[int, int]:
    """The fewest and the most points that answers can give."""
    low = high = 0
    for one in questions:
        points = [points_of(option["effects"]) for option in one.get("options", ())]
        if not points:
            continue
        if one["kind"] == "いくつでも":
            low, high = low + sum(p for p in points if p < 0), high + sum(p for p in points if p > 0)
        else:
            low, high = low + min(points), high + max(points)
    return low, high


def survey_of(form: Mapping[str, Any]) -> Survey:
    """The survey that was put together."""
    return Survey(
        name=form["name"],
        starts=(Start(trigger=KeywordSaid(keyword=form["name"])),),
        confirm=bool(form.get("confirm")),
        questions=tuple(_question(one) for one in form["questions"]),
        ending=_ending(form),
    )


def _question(one: Mapping[str, Any]) -> Question:
    kind = _BY_TITLE[one["kind"]]
    options = tuple(
        Option(
            label=option["label"],
            effects=read_actions(words) if (words := _effects(one, option)) else (),
            own_words=bool(option.get("own")),
        )
        for option in one.get("options", ())
    )
    return kind(name=one["name"], text=one["text"], optional=bool(one.get("optional")), options=options)


def _effects(one: Mapping[str, Any], option: Mapping[str, str]) -> str:
    tag = f"タグ {quoted(option['label'])}" if one.get("tags", True) and "タグ" not in option["effects"] else ""
    return "、".join(part for part in (tag, option["effects"]) if part)


def _ending(form: Mapping[str, Any]) -> Body:
    low = Say(message=Text(body=form.get("thanks", THANKS)))
    everyone: Body = (Do(actions=(AddTag(name=form["done_tag"]),)),) if form.get("done_tag") else ()
    if "border" not in form:
        return (*everyone, low)
    actions = (
        *((AddTag(name=PROSPECT),) if form.get("prospect") else ()),
        *((NotifyStaff(),) if form.get("tell") else ()),
    )
    high = Say(message=Text(body=THANKS_HIGH if form.get("tell") else THANKS))
    then: Body = (Do(actions=actions), high) if actions else (high,)
    condition = ScoreIs(points=form["border"], bound=Bound.AT_LEAST)
    return (*everyone, If(condition=condition, then=then, otherwise=(low,)))
