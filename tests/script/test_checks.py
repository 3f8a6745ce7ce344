"""What 点検 finds in a draft, and what its buttons do."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings

from flows.catalog import Account, AutoReply, Catalog, Entry, Part
from flows.checks import Level, check
from flows.names import fold
from flows.scenario import State
from flows.script import Script, diff, read, write
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match
from tests.script.plans import CATALOG, NOW, plans
from tests.script.test_goldens import GOLDEN
from tests.script.test_reading import plan_of

FINE = "# シナリオ 新規様\n目的: 温める\n開始: 友だち追加\nゴール: タグ 予約済\n終わったら: なし\n"
EMPTY = Catalog()


def rules(text, catalog=EMPTY):
    return {(one.level, one.rule) for one in check(plan_of(text), catalog)}


def found(text, rule, catalog=EMPTY):
    plan = plan_of(text)
    return plan, next(one for one in check(plan, catalog) if one.rule == rule)


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_good_script_has_nothing_to_mend(file) -> None:
    """A check that always warns is not read."""
    assert check(plan_of(file.read_text(encoding="utf-8")), EMPTY) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (FINE + "## すぐ\n", "empty_step"),
        (FINE + "## すぐ\nA\n# 道 声\n## すぐ\nB", "unreachable_path"),
        (FINE + "## すぐ\n= 道 声\n## 翌日 9:00\nA\n# 道 声\n## すぐ\nB", "unreachable_step"),
        (FINE + "## すぐ\n= 終わる\nA", "unreachable_items"),
        (FINE + "## すぐ\nA\n= 道 a\n# 道 a\n## すぐ\nB\n= 道 b\n# 道 b\n## すぐ\n= 道 a", "restless_circle"),
        (FINE + "## すぐ\nA\n= 道 a\n# 道 a\n## 当日 9:00\nB\n= 道 a", "restless_circle"),
        (
            FINE.replace("ゴール: タグ 予約済\n", "") + "## すぐ\n= 道 a\n# 道 a\n## 翌日 9:00\nB\n= 道 a",
            "endless_path",
        ),
        (FINE + "## すぐ\nA\n= 送る 地図", "unknown_name"),
        (FINE + "## すぐ\nA\n= タグ外し 会員", "unknown_name"),
        (FINE + "## すぐ\nA\n= アンケート 肌診断", "unknown_name"),
        (FINE + "## すぐ\n{誕生月|今}月", "unknown_name"),
        (FINE + "## すぐ\n{回答:悩み|お肌}", "unknown_name"),
        ("# アンケート 肌\n? a（文字）\nどう\n- 回答あり → 質問 b\n? b（文字）\nどう", None),
    ],
)
def test_what_would_go_wrong_is_an_error(text: str, rule: str | None) -> None:
    """Publishing stops at what friends would stumble over."""
    errors = {name for level, name in rules(text) if level is Level.ERROR}
    assert errors == ({rule} if rule else set())


def test_a_circle_that_rests_is_allowed() -> None:
    """A monthly letter comes round again; its goal ends it."""
    circle = FINE + "## すぐ\nA\n= 道 便り\n# 道 便り\n## 1か月後 10:00\nB\n= 道 便り"
    assert rules(circle) == set()
    by_tap = FINE + "## すぐ\nA\n= 道 a\n# 道 a\n## すぐ\n? q（1つ）\nもう一度？\n- はい → 道 a\n- いいえ → 終わる"
    assert rules(by_tap) == set()


@pytest.mark.parametrize(
    ("text", "rule", "level", "changed"),
    [
        (FINE.replace("開始: 友だち追加\n", "") + "## すぐ\nA", "no_start", Level.WARNING, "＋開始: 友だち追加"),
        (FINE.replace("ゴール: タグ 予約済\n", "") + "## すぐ\nA", "no_goal", Level.WARNING, "＋ゴール: タグ 予約済"),
        (FINE.replace("終わったら: なし\n", "") + "## すぐ\nA", "no_ending", Level.WARNING, "＋終わったら: なし"),
        (FINE.replace("タグ 予約済", "全員") + "## すぐ\nA", "goal_for_all", Level.WARNING, "－ゴール: 全員"),
        (FINE + "## 翌日 22:00\nA", "night", Level.WARNING, "＋## 翌日 8:00"),
        (FINE + "時間帯: 平日 10:00-18:00\n## 翌日 19:00\nA", "outside_window", Level.WARNING, "＋## 翌日 10:00"),
        (FINE + "## すぐ\nA\nーーー\nB", "bar", Level.WARNING, "＋---"),
        (FINE + "## すぐ\n{名前|お客様}さん", "honorific", Level.WARNING, "＋{名前さん|お客様}"),
        (FINE.replace("温める", "動かす") + "## 2日後 10:00\nA", "early_sale", Level.ADVICE, "＋## 3日後 10:00"),
        (FINE + "## すぐ\nA\n# 道 声\n## すぐ\nB", "unreachable_path", Level.ERROR, "－# 道 声"),
        (FINE + "## すぐ\nA\n## 翌日 9:00\n", "empty_step", Level.ERROR, "－## 翌日 9:00"),
    ],
)
def test_the_button_changes_the_plan_and_the_finding_is_gone(text: str, rule: str, level: Level, changed: str) -> None:
    """One tap mends it."""
    plan, one = found(text, rule)
    assert one.level is level
    assert one.label
    assert one.mend is not None
    mended = one.mend(plan)
    assert changed in diff(plan, mended).lines
    assert rule not in {other.rule for other in check(mended, EMPTY)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (FINE + "## すぐ\nA\n## 2時間後\nB", "may_be_night"),
        (FINE + "## すぐ\nA\n" + "".join(f"## {day}日後 10:00\n{day}\n" for day in (1, 3, 5, 6)), "too_often"),
        (FINE + "## すぐ\nA\n## 1日後 10:00\nB\n## 2日後 10:00\nC\n## 3日後 10:00\nD", "daily"),
        (FINE + "## 2日後 10:00\nA\n## 2日後 18:00\nB", "same_day"),
        (FINE + "## 3日後 10:00\nA\n## 2日後 10:00\nB", "out_of_order"),
        (FINE + "## すぐ\nいつもありがとうございます。\n## 3日後 10:00\nいつもありがとうございます。", "same_text"),
        (FINE + "## すぐ\n? q（1つ）\nどれ\n- a\n- 反応なし → 終わる", "no_wait"),
        (FINE + "## すぐ\nA\nもし: 全員\nおわり", "empty_branch"),
        ("# アンケート 肌\n? a（文字）\nどう", "no_thanks"),
    ],
)
def test_what_practice_advises_against_is_said(text: str, rule: str) -> None:
    """It can still be published."""
    assert [name for level, name in rules(text) if level is not Level.ERROR] == [rule]


def test_hours_are_those_of_the_account() -> None:
    """A bar open at night sends at night."""
    night = FINE + "## 翌日 22:00\nA"
    assert (Level.WARNING, "night") in rules(night)
    assert rules(night, Catalog(account=Account(quiet_from=time(23), quiet_until=time(6)))) == set()
    assert rules(night, Catalog(account=Account(quiet_from=time(0), quiet_until=time(0)))) == set()
    assert (Level.WARNING, "night") in rules(night, Catalog(account=Account(quiet_from=time(22), quiet_until=time(23))))


def test_what_it_names_must_be_there_and_live() -> None:
    """A survey that is not published opens nothing."""
    text = FINE + "## すぐ\nA\n= 送る 地図、アンケート 肌診断"
    survey = plan_of("# アンケート 肌診断\n? a（文字）\nどう\n## 最後に\nどうも")
    entry = Entry(name="肌診断", draft=survey)
    catalog = Catalog(parts={fold("地図"): Part(name="地図", messages=())}, plans={fold("肌診断"): entry})
    assert rules(text, catalog) == {(Level.WARNING, "not_live")}
    live = replace(entry, state=State.LIVE, versions={1: survey}, current=1, draft=None)
    assert rules(text, replace(catalog, plans={fold("肌診断"): live})) == set()


@pytest.mark.parametrize(
    ("match", "keyword", "clashes"),
    [
        (Match.EXACT, "肌診断", True),
        (Match.CONTAINS, "診断", True),
        (Match.STARTS, "診断", False),
        (Match.EXACT, "予約", False),
    ],
)
def test_a_keyword_that_something_else_answers(match: Match, keyword: str, clashes: bool) -> None:
    """Both are named, and who answers."""
    reply = AutoReply(name="診断の案内", trigger=KeywordSaid(keyword=keyword, match=match))
    catalog = Catalog(autoreplies={fold("診断の案内"): reply})
    text = FINE.replace("友だち追加", "キーワード 肌診断") + "## すぐ\nA"
    assert bool(rules(text, catalog)) is clashes
    if clashes:
        assert "自動応答「診断の案内」は返りません" in found(text, "keyword_clash", catalog)[1].words


def test_a_scenario_to_go_on_with_is_offered() -> None:
    """Silence afterwards is the commonest slip."""
    letter = plan_of("# シナリオ 月1便り\n目的: つながる\n開始: 手動\n## 1か月後 10:00\nA")
    entry = Entry(name="月1便り", state=State.LIVE, versions={1: letter}, current=1)
    text = FINE.replace("終わったら: なし\n", "") + "## すぐ\nA"
    plan, one = found(text, "no_ending", Catalog(plans={fold("月1便り"): entry}))
    assert one.label == "「月1便り」へ"
    assert one.mend is not None
    assert "終わったら: シナリオ開始 月1便り\n" in write(one.mend(plan))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(plans)
def test_every_button_leaves_a_plan_that_reads(plan) -> None:
    """Whatever is mended can still be exported."""
    for one in check(plan, CATALOG):
        assert one.words
        assert bool(one.label) is bool(one.mend or one.says)
        if one.mend is not None:
            mended = one.mend(plan)
            assert mended != plan
            if "empty" not in one.rule and "unreachable" not in one.rule:
                again = read(write(mended), CATALOG, NOW)
                assert isinstance(again, Script), again.sentence()
