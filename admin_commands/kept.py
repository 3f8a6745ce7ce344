"""What was kept because nothing was asked: put it into a scenario, or throw it away. And forms to go on with."""

from __future__ import annotations

import re

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.editing import ADD_FORM, add_form, scenario_of
from admin_commands.keeping import held_answer
from admin_commands.plans import present_plan
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.sketch import bubble_of
from admin_commands.wizard import ask, begin
from flows.catalog import Role
from flows.names import fold
from flows.scenario import Scenario

kept = Family(name="ホーム", about="とっておいた文")


@kept.command("do:捨てる", hidden=True)
def throw_away(desk: Desk) -> None:
    """とっておいた文や台本を捨てます。"""
    desk.held = ""
    desk.say("捨てました。何も変わっていません。", tap("シナリオ"), tap("ホーム"))


@kept.command("do:足す", needs=Role.EDITOR, hidden=True)
def add_to(desk: Desk, words: MaybeWords) -> None:
    """とっておいた文を、シナリオの新しい1通にします。"""
    given = held_answer(desk)
    if given is None:
        raise CommandError("とっておいた文は、もうありません。", tap("シナリオ"), tap("ホーム"))
    names = [one.name for one in desk.catalog.plans.values() if isinstance(present_plan(one), Scenario)]
    if not names:
        raise CommandError("足せるシナリオがまだありません。文はとってあります。", tap("シナリオ作成"), tap("ホーム"))
    key = fold(words.strip("「」"))
    if key not in desk.catalog.plans:
        raise Missing("どのシナリオに足しますか？", *(tap(name) for name in names[:10]), head="do:足す")
    entry, _ = scenario_of(desk, key)
    bubble = bubble_of(given)
    desk.held = ""
    begin(desk, ADD_FORM, "when", {"name": entry.name, "plan": key, "bubbles": [], "given": bubble})
    ask(desk, add_form)


@kept.command("つづける", alias=("続ける", "つづきから"), usage="つづける [番号]", examples=[("つづける", "作りかけ")])
def go_on(desk: Desk, words: MaybeWords) -> None:
    """作りかけの続きから始めます。"""
    match = re.fullmatch(r"(\d+)", words or "1")
    if not match or not 1 <= int(match[1]) <= len(desk.aside):
        drafts = [one.name for one in desk.catalog.plans.values() if one.draft][:4]
        raise CommandError(
            "つづける作りかけはありません。",
            *(Tap(label=f"下書き：{name}", says=f"シナリオ {name}") for name in drafts),
            tap("ホーム"),
        )
    desk.resume = int(match[1]) - 1
