"""Why nothing comes: which of the reasons it is, and what helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from admin_commands.friends import called
from admin_commands.mending import mends, why_waiting
from admin_commands.telling import sentence
from flows.facts import BroadcastSkipped, Rule, StepHeld
from flows.friend import Friend, Held, Pace
from tests.console.shop import first_step, shop
from tests.console.world import START, Phone, friend


def held(rule: Rule, *, forever: bool = False, **more: Any) -> Friend:
    """さくら, whose step is held by that rule."""
    sakura = shop().reports.friends[0]
    until = None if forever else START + timedelta(days=1)
    walk = replace(sakura.enrollments[0], held=Held(rule=rule, since=START, until=until))
    return replace(sakura, enrollments=(walk,), **more)


@pytest.mark.parametrize(
    ("who", "why", "helps"),
    [
        (held(Rule.PACE, forever=True, pace=Pace.NONE), "本人が配信を止めているため", "配信再開"),
        (held(Rule.PACE, pace=Pace.HALF), "本人が通知を減らしているため", "配信再開"),
        (held(Rule.QUOTA), "通数が足りない", "プラン"),
        (held(Rule.SCENARIO_CAP, forever=True), "シナリオの上限", "上限を上げる"),
        (held(Rule.CAP), "お店全体の上限", "設定"),
        (held(Rule.HOURS), "送らない時間帯", "時間になると"),
        (held(Rule.NO_BASE, forever=True), "基準になる日", "日が入ると"),
    ],
)
def test_each_hold_says_its_own_reason_and_what_helps(who: Friend, why: str, helps: str) -> None:
    """「AまたはBのため」 leaves the owner where she was."""
    catalog = shop().catalog
    assert why in why_waiting(who.enrollments[0], who, catalog)
    assert helps in "".join(mends(who, catalog)[0])


def test_a_talk_under_way_is_told_from_a_stopped_scenario() -> None:
    """One is ended with 対応終了, the other with 再開."""
    phone = shop()
    sakura = phone.reports.friends[0]
    talking = replace(sakura, enrollments=(replace(sakura.enrollments[0], paused=True),), taken_over=START)
    assert "担当者" in why_waiting(talking.enrollments[0], talking, phone.catalog)
    assert mends(talking, phone.catalog)[1][0].label == "対応を終える"
    phone.say("停止 新規様")
    assert "停止中" in why_waiting(sakura.enrollments[0], sakura, phone.catalog)
    assert "「再開 新規様」" in mends(sakura, phone.catalog)[0][0]


def test_the_past_tells_the_two_paces_and_the_two_pauses_apart() -> None:
    """The fact knows which of the two it was."""
    catalog = shop().catalog
    about: dict[str, Any] = {"at": START, "scenario": "新規様", "version": 1, "step": first_step(catalog)}
    assert "止めている" in sentence(StepHeld(rule=Rule.PACE, **about), catalog)
    assert "減らしている" in sentence(StepHeld(rule=Rule.PACE, until=START, **about), catalog)
    assert "シナリオが停止中" in sentence(StepHeld(rule=Rule.PAUSED, **about), catalog)
    assert "担当者が対応中" in sentence(BroadcastSkipped(at=START, broadcast="秋", why=Rule.PAUSED), catalog)


@pytest.mark.parametrize(
    ("name", "said"),
    [("予約さん", "予約さん"), ("田中様", "田中様"), ("みいちゃん", "みいちゃん"), ("花子", "花子さん")],
)
def test_a_name_with_its_own_honorific_gets_no_other(name: str, said: str) -> None:
    """予約さんさん."""
    assert called(friend(name)) == said
    phone = Phone(name=name)
    assert f"・{said}（所有者" in phone.say("スタッフ")
