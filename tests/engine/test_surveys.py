"""Surveys in the talk: back, leave, go on, change, confirm; and never a counted send."""

from datetime import UTC, datetime

import pytest

from flows.actions import OpenSurvey
from flows.catalog import Account, Catalog
from flows.effects import Send
from flows.friend import Phase
from flows.names import fold
from flows.phrases import HINT
from flows.scenario import Survey
from flows.script import Problems, read, write
from tests.engine.life import Life, plan_of
from tests.narrowing import a, there

NOW = datetime(2026, 11, 20, tzinfo=UTC)
THREE = """
# アンケート 三問
開始: キーワード 三問

? 色（1つ）
色は?
- 赤 → タグ 赤、+1点
- 青 → タグ 青、+5点、質問 ひとこと

? 形（1つ、任意）
形は?
- 丸 → タグ 丸
- 角 → タグ 角

? ひとこと（文字）
ひとことどうぞ

## 最後に
= タグ 済
{回答:色|色}ですね。ありがとうございました。
"""
CONFIRM = THREE.replace("開始: キーワード 三問", "開始: キーワード 三問\n確認: あり")


def begun(script: str = THREE) -> Life:
    life = Life((script,))
    life.follow()
    life.wait(minutes=1)
    life.says("三問")
    life.wait(minutes=1)
    return life


def tell(life: Life, *words: str) -> list[str]:
    said: list[str] = []
    for word in words:
        said = life.says(word)
        life.wait(minutes=1)
    return said


def test_one_question_after_the_other_and_a_thank_you():
    life = begun()
    assert tell(life, "赤")[0].startswith("形は?")
    assert tell(life, "飛ばす") == ["ひとことどうぞ"]
    assert tell(life, "こんにちは") == ["赤ですね。ありがとうございました。"]
    assert (life.tags, life.score, life.counted) == ({"赤", "済"}, 1, 0)
    assert life.friend.phase is Phase.IDLE


def test_a_choice_may_jump_to_a_later_question():
    life = begun()
    assert tell(life, "青") == ["ひとことどうぞ"]
    assert tell(life, "はい")[0].startswith("青ですね")


def test_back_takes_the_question_before_and_the_new_answer_replaces():
    life = begun()
    tell(life, "赤", "丸")
    assert tell(life, "戻る")[0].startswith("形は?")
    assert tell(life, "戻る")[0].startswith("色は?")
    assert tell(life, "戻る")[0] == "これが最初の質問です。"
    assert tell(life, "青") == ["ひとことどうぞ"]
    assert tell(life, "ok")[0].startswith("青ですね")
    assert (life.tags, life.score) == ({"青", "済"}, 5)
    assert "三問/形" not in life.friend.given


def test_leaving_keeps_the_answers_and_the_survey_goes_on_days_later():
    life = begun()
    tell(life, "赤")
    said = tell(life, "やめる")
    assert "残してあります" in said[0]
    assert life.friend.open is None
    assert tell(life, "こんにちは") == []
    life.wait(days=9)
    assert life.taps("続きから") == ["前回の続きから始めます。", "形は?\n\n1 丸\n2 角\n（「飛ばす」で次に進めます）"]
    life.wait(minutes=1)
    tell(life, "角", "ではまた")
    assert (life.tags, life.score) == ({"赤", "角", "済"}, 1)


def test_the_keyword_goes_on_as_well():
    life = begun()
    tell(life, "赤", "やめる")
    assert tell(life, "三問")[1].startswith("形は?")


def test_leaving_before_the_first_answer_just_ends_it():
    life = begun()
    assert tell(life, "やめる") == ["アンケートを終わりました。"]
    assert life.friend.sitting is None


def test_an_earlier_button_changes_that_answer_and_a_double_tap_acts_once():
    life = begun()
    life.taps("赤")
    life.wait(seconds=1)
    assert life.taps("赤") == []
    life.wait(minutes=1)
    assert life.taps("青") == ["「青」に変えました。", "ひとことどうぞ"]
    assert (life.tags, life.score) == ({"青"}, 5)


def test_a_button_of_a_finished_survey_changes_its_answer_without_asking_again():
    life = begun()
    tell(life, "赤", "丸", "はい")
    assert life.taps("青") == ["「青」に変えました。"]
    assert (life.tags, life.score) == ({"青", "丸", "済"}, 5)
    life.wait(minutes=1)
    assert life.taps("青") == []


def test_answering_anew_replaces_and_never_doubles():
    life = begun()
    tell(life, "赤", "丸", "はい")
    tell(life, "三問", "青", "はい")
    assert (life.tags, life.score) == ({"青", "済", "丸"}, 5)
    assert life.kinds().count("survey_finished") == 2


def test_words_of_the_survey_win_over_keywords_while_it_is_open():
    life = Life((THREE, "# シナリオ 丸\n開始: キーワード 丸\n\n## すぐ\n丸のご案内\n"))
    life.follow()
    life.wait(minutes=1)
    tell(life, "三問", "赤")
    assert tell(life, "丸") == ["ひとことどうぞ"]
    assert "丸" in life.tags


def test_all_answers_are_shown_before_they_count():
    life = begun(CONFIRM)
    tell(life, "赤", "丸")
    said = tell(life, "よろしく")
    assert said[0].startswith("回答の確認です。")
    assert "1 色：赤\n2 形：丸\n3 ひとこと：よろしく" in said[0]
    assert life.friend.phase is Phase.REVIEWING
    assert (life.tags, life.score) == (set(), 0)
    assert tell(life, "1")[0].startswith("色は?")
    assert "1 色：青\n2 ひとこと：よろしく" in tell(life, "青")[0]
    said = tell(life, "送信する")
    assert said[0].startswith("受け付けました。受付番号は ")
    assert said[1].startswith("青ですね")
    assert (life.tags, life.score) == ({"青", "済"}, 5)
    assert any("受付番号" in told for told in life.told)
    assert life.taps("赤")[0].startswith("このボタンの受付は終わりました")
    assert life.tags == {"青", "済"}


def test_the_same_sitting_always_has_the_same_receipt():
    numbers = set()
    for _ in range(2):
        life = begun(CONFIRM)
        numbers.add(tell(life, "青", "はい", "送信")[0])
    assert len(numbers) == 1


def test_a_double_tap_on_send_acts_once():
    life = begun(CONFIRM)
    tell(life, "青", "はい")
    life.taps("送信する")
    life.wait(seconds=1)
    assert life.taps("送信する")[0].startswith("このボタンの受付")
    assert life.kinds().count("survey_finished") == 1


def test_a_survey_out_of_its_period_says_so():
    life = Life((THREE.replace("開始: キーワード 三問", "開始: キーワード 三問\n期間: 2026/12/1-2026/12/31"),))
    life.follow()
    assert life.says("三問") == ["このアンケートの受付は終わりました。"]


@pytest.mark.parametrize("what", ["sticker", "image", "location"])
def test_a_thing_in_the_middle_is_met_kindly(what):
    life = begun()
    assert life.shows(what)[1].startswith("色は?")
    assert there(life.friend.open).question == "色"


def test_a_step_opens_a_survey_in_its_own_send():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## 1日後 19:00\nアンケートです\n= アンケート 三問\n"
    life = Life((THREE, script))
    life.follow()
    assert life.next()[0] == "アンケートです"
    assert life.counted == 1
    assert a(Send, there(life.last).effects[0]).bubbles[1]["text"].startswith("色は?")
    life.wait(minutes=1)
    tell(life, "赤", "丸", "はい")
    assert life.counted == 1


def test_a_survey_opened_at_night_waits_for_the_morning():
    life = Life((THREE,), start="2026-11-20 22:00")
    life.follow()
    assert life.order(OpenSurvey(name="三問")) == []
    assert life.due == "11-21 08:00"
    assert life.next()[0].startswith("色は?")


def test_a_send_interrupts_a_survey_and_its_buttons_go_on():
    life = Life((THREE, "# シナリオ あ\n開始: 友だち追加\n\n## 1日後 19:00\nお知らせ\n"), account=Account())
    life.follow()
    life.sleep("2026-11-21 18:59")
    life.says("三問")
    assert life.next() == ["お知らせ"]
    assert there(life.friend.sitting).paused
    life.wait(minutes=1)
    assert life.says("赤") == []
    life.wait(minutes=1)
    assert life.taps("赤")[0].startswith("形は?")


@pytest.mark.parametrize("confirm", ["", "確認: あり\n"])
def test_own_words_beside_choices_are_kept_apart_from_them(confirm):
    """悩み=乾燥 holds for whoever chose it, also where the answers are counted only at the end."""
    script = f"# アンケート 三問\n開始: キーワード 三問\n{confirm}\n? 悩み（いくつでも）\n悩みは?\n- 乾燥\n- しみ\n- その他（文字）\n"
    life = begun(script)
    tell(life, "乾燥、その他", "猫アレルギー")
    if confirm:
        tell(life, "送信する")
    kept = life.friend.fields[fold("悩み")]
    assert (kept.value, kept.listed, kept.own) == ("乾燥、猫アレルギー", True, "猫アレルギー")


@pytest.mark.parametrize(
    "text", ["営業時間は何時ですか？", "駐車場はありますか。", "場所を教えてください", "やってる?"]
)
def test_a_question_in_the_middle_is_met_with_the_ways_out(text: str):
    life = begun()
    said = tell(life, text)
    assert said[0] == f"下から選んでください。番号でも答えられます。\n{HINT}"
    assert said[1].startswith("色は?")
    assert tell(life, "紫")[0] == "下から選んでください。番号でも答えられます。"


@pytest.mark.parametrize("thing", ["sticker", "image", "audio", "video", "file", "location"])
def test_a_thing_in_the_middle_is_met_as_kindly(thing: str):
    life = begun()
    said = life.shows(thing, media="media:x")
    assert HINT in said[0]
    assert said[1].startswith("色は?")
    assert tell(life, "担当者と話す") == ["担当者に伝えました。返信までしばらくお待ちください。"]
    life.wait(minutes=1)
    assert tell(life, "三問")[0].startswith("色は?")


def test_a_limit_says_kindly_that_it_was_answered_already():
    life = begun(THREE.replace("開始: キーワード 三問", "開始: キーワード 三問\n上限: 1人1回"))
    assert tell(life, "やめる") == ["アンケートを終わりました。"]
    tell(life, "三問", "赤", "丸", "はい")
    assert tell(life, "三問") == ["このアンケートは、もうお答えいただいています。ありがとうございました。"]
    assert life.taps("青") == ["「青」に変えました。"]
    assert life.counted == 0


@pytest.mark.parametrize(("words", "times"), [("1人1回", 1), ("1人３回まで", 3), ("お1人様1回", 1), ("2回", 2)])
def test_a_limit_is_read_and_written_back(words: str, times: int):
    plan = plan_of(THREE.replace("開始: キーワード 三問", f"開始: キーワード 三問\n上限: {words}"))
    assert a(Survey, plan).times == times
    assert f"上限: 1人{times}回\n" in write(plan)
    assert plan_of(write(plan)) == plan


@pytest.mark.parametrize("words", ["0回", "1日1通", "たくさん"])
def test_a_limit_that_means_nothing_is_refused(words: str):
    script = read(
        THREE.replace("開始: キーワード 三問", f"開始: キーワード 三問\n上限: {words}").strip() + "\n", Catalog(), NOW
    )
    assert isinstance(script, Problems)
