"""A word without what it needs asks for that, with the choices there are; an answer that looks like a word is an answer."""

from __future__ import annotations

import pytest

from flows.names import fold
from tests.console.shop import shop


@pytest.mark.parametrize(
    "word",
    [
        "役割",
        "スタッフ外す",
        "ゆずる",
        "タグ名変更",
        "タグ統合",
        "タグ分け",
        "タグを消す",
        "部品を消す",
        "アクションを消す",
        "自動応答を消す",
        "時刻 新規様 2",
        "削除 新規様",
        "タグ付け @さくら",
    ],
)
def test_a_half_line_is_asked_to_its_end_with_choices(word: str) -> None:
    """「つづきを送ってください」 tells nobody what to send."""
    phone = shop()
    answer = phone.say(word)
    assert "つづきを送って" not in answer
    assert phone.labels


def test_a_tag_is_renamed_by_taps_and_one_word() -> None:
    """The first thing that is missing is tapped, the second typed."""
    phone = shop()
    phone.say("タグ名変更")
    phone.tap("乾燥")
    assert "「お肌」に変えますか" in phone.say("お肌")


def test_effects_that_begin_like_a_command_are_effects() -> None:
    """`タグ 常連` is what the question asks for, and 返信待ち as well; ホーム still leads home."""
    phone = shop()
    phone.say("アクション作成 予約完了")
    assert "「、」が抜けていませんか" in phone.say("タグ 予約済+5点")
    assert "保存しました" in phone.say("タグ 予約済、返信待ち")
    phone.say("アクション作成 ほか")
    assert "今日：" in phone.say("ホーム")
    assert fold("ほか") not in phone.catalog.bundles


def test_each_choice_may_get_effects_of_its_own() -> None:
    """1つずつ決める takes what a script would."""
    phone = shop()
    for words in (
        "シナリオ作成 新しい",
        "温める",
        "手動",
        "どれ？",
        "選択肢を付ける",
        "A\nB",
        "1つずつ決める",
        "タグ 常連、+2点",
    ):
        phone.say(words)
    assert "「B」を押した人に" in phone.text
