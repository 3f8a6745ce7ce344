"""早送り: the whole scenario in one breath, at no cost."""

from datetime import UTC, datetime

import pytest

from flows.catalog import Catalog
from flows.rehearsal import NOTHING, rehearse
from tests.engine.life import plan_of, published, said
from tests.engine.test_examples import SCRIPTS

NOW = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)


def staged(name: str):
    catalog = published(Catalog(), SCRIPTS[name], NOW)
    return plan_of(SCRIPTS[name], catalog, NOW), catalog


def test_it_stops_where_something_can_be_chosen():
    plan, catalog = staged("新規様")
    play = rehearse(plan, catalog, NOW)
    assert [(each.stamp, each.counted) for each in play.shown] == [("1日目 10:12", False), ("3日目 19:00", True)]
    assert said(play.shown[0].bubbles[0]).startswith("山田さん、はじめまして!")
    assert play.choices == ("乾燥", "しみ", NOTHING)
    assert play.unseen == ("保湿", "しみ", "声")
    assert not play.over


@pytest.mark.parametrize(
    ("choice", "last", "stamp", "tags", "seen"),
    [
        ("しみ", "しみのお話です。", "3日目 19:01", ("しみ",), ("しみ",)),
        ("乾燥", "保湿ケアのコツをお届けします。", "4日目 19:00", ("乾燥",), ("保湿",)),
        (NOTHING, "お客様の声をご紹介します。", "6日目 19:00", (), ("声",)),
    ],
)
def test_each_choice_shows_its_path(choice, last, stamp, tags, seen):
    plan, catalog = staged("新規様")
    play = rehearse(plan, catalog, NOW, [choice])
    assert play.over
    assert (said(play.shown[-1].bubbles[-1]), play.shown[-1].stamp) == (last, stamp)
    assert (play.shown[-1].tags, play.seen) == (tags, seen)


def test_a_survey_is_rehearsed_to_its_end():
    plan, catalog = staged("肌診断")
    play = rehearse(plan, catalog, NOW, ["40代以上", "しみ、乾燥", "決定", "飛ばす", "1990/4/1"])
    assert play.over
    assert said(play.shown[-1].bubbles[-1]) == "ご回答ありがとうございました。担当からご連絡します。"
    assert not any(each.counted for each in play.shown)
    assert play.shown[-1].scores == (("", 7),)


def test_a_scenario_around_a_date_is_shown_around_a_made_up_one():
    plan, catalog = staged("体験会リマインド")
    play = rehearse(plan, catalog, NOW)
    assert [each.stamp for each in play.shown][1:] == ["28日目 19:00", "30日目 18:00", "31日目 8:00", "32日目 12:00"]
    assert play.over


def test_nothing_of_the_real_catalog_is_set_off():
    other = "# シナリオ ほか\n開始: タグ 乾燥\n\n## すぐ\nほかのシナリオです\n"
    plan, catalog = staged("新規様")
    play = rehearse(plan, published(catalog, other, NOW), NOW, ["乾燥"])
    assert "ほかのシナリオです" not in [said(bubble) for each in play.shown for bubble in each.bubbles]
