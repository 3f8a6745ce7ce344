"""テンプレ: ready-made scenarios to look at, and to take as a draft."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk
from admin_commands.pasting import accept
from admin_commands.plans import near_names, noun
from admin_commands.reading import MaybeWords, Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.templates import TEMPLATES
from flows.catalog import Role
from flows.names import fold
from flows.scenario import Scenario
from flows.script import Problems, Script, read, timeline

template = Family(name="テンプレ", about="すぐ使えるひな形")


@template.command(
    "テンプレ",
    alias=("てんぷれ", "ひな形", "ひながた", "テンプレート", "template"),
    usage="テンプレ [名前]",
    examples=[("テンプレ", "はじめまして"), ("テンプレ 予約の前に", "使う")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """すぐ使えるひな形の一覧です。名前をつけると、中身を見て下書きにできます。"""
    if words:
        _one(desk, words.strip("「」"))
        return
    names = list(TEMPLATES)
    lines = "\n".join(f"・{name}：{_about(desk, name)}" for name in names)
    taps = [Tap(label=name, says=f"テンプレ {name}") for name in names[:12]]
    desk.say(
        f"ひな形 {len(names)}本。そのまま使えて、あとから自由に直せます。\n{lines}",
        *taps,
        tap("ホーム"),
        where="テンプレ",
    )


OTHER_WORDS = {
    fold(word): name
    for name, words in {
        "通知のご案内": ("ミュート", "ミュート案内", "通知", "通知を減らす"),
        "会員の誕生日": ("誕生日",),
        "お久しぶりです": ("休眠",),
        "レビューのお願い": ("口コミ",),
    }.items()
    for word in words
}
"""What owners call a template by the tools they come from."""


def _script(desk: Desk, name: str) -> Script:
    script = read(TEMPLATES[name], desk.catalog, desk.now)
    if isinstance(script, Problems):
        raise CommandError(f"ひな形「{name}」は、いまの設定と合いませんでした。\n{script.sentence()}", tap("テンプレ"))
    return script


def _about(desk: Desk, name: str) -> str:
    plan = _script(desk, name).plan
    if not isinstance(plan, Scenario):
        return f"アンケート（{len(plan.questions)}問）"
    count = sum(1 for _ in plan.steps())
    return f"{plan.purpose.value if plan.purpose else 'シナリオ'}・{count}通"


def _known(name: str) -> str:
    wanted = OTHER_WORDS.get(fold(name), name)
    found = next((one for one in TEMPLATES if fold(one) == fold(wanted)), None)
    if found is None:
        near = near_names(name, TEMPLATES)
        raise CommandError(
            f"「{name}」というひな形はありません。",
            *(Tap(label=one, says=f"テンプレ {one}") for one in near),
            tap("テンプレ"),
        )
    return found


def _one(desk: Desk, name: str) -> None:
    found = _known(name)
    plan = _script(desk, found).plan
    desk.say(
        f"{timeline(plan, desk.catalog.account.tz)}\n\n［使う］と、{noun(plan)}の下書きになります（まだ届きません）。",
        Tap(label="使う", says=f"テンプレを使う {found}"),
        Tap(label="ほかのひな形", says="テンプレ"),
        tap("ホーム"),
        where=f"テンプレ ▸ {found}",
        lasts=True,
    )


@template.command(
    "テンプレを使う",
    alias=("ひな形を使う",),
    usage="テンプレを使う 名前",
    needs=Role.EDITOR,
    acts=True,
    examples=[("テンプレを使う 予約の前に", "下書きにしました")],
)
def use(desk: Desk, words: Words) -> None:
    """ひな形を下書きに写します。同じ名前があれば、番号をつけた別の名前にします。"""
    found = _known(words.strip("「」"))
    script = _script(desk, found)
    name = _free_name(desk, script.plan.name)
    accept(desk, replace(script, plan=replace(script.plan, name=name)), "", received="ひな形を写して、")


def _free_name(desk: Desk, name: str) -> str:
    number, free = 1, name
    while fold(free) in desk.catalog.plans:
        number += 1
        free = f"{name[:17]}{number}"
    return free
