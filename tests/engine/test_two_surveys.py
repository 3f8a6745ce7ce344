"""Two surveys at once: one is asked at a time, the other waits and goes on afterwards; nothing is lost and it costs nothing."""

from tests.engine.life import Life
from tests.engine.test_surveys import tell

FIRST = """
# アンケート 一つ目
開始: キーワード 一つ目

? 色（1つ）
色は?
- 赤 → タグ 赤、+1点
- 青 → アンケート 二つ目

? 形（文字）
形は?

## 最後に
一つ目ありがとう
"""
SECOND = """
# アンケート 二つ目
開始: キーワード 二つ目、タグ 二番

? 味（文字）
味は?

? 香り（文字）
香りは?

## 最後に
= タグ 二つ目済
二つ目ありがとう
"""
MENU = """
# シナリオ 案内
開始: 友だち追加
終わったら: なし

## すぐ
? 希望（1つ）
ご希望は?
- 受ける → アンケート 二つ目
"""
LATER = "このあとにうかがいます"
LATER_WORDS = "先ほどの質問の続きは、このあとにうかがいます。"


def begun() -> Life:
    """The first survey is open; a button that starts the second one stands further up in the talk."""
    life = Life((FIRST, SECOND, MENU))
    life.follow()
    life.wait(minutes=1)
    tell(life, "やめる", "一つ目")
    return life


def open_second(life: Life) -> list[str]:
    said = life.taps("受ける")
    life.wait(minutes=1)
    return said


def test_what_an_answer_starts_comes_after_its_survey():
    life = begun()
    assert tell(life, "青") == ["形は?"]
    assert tell(life, "丸") == ["一つ目ありがとう", "味は?"]
    assert tell(life, "甘い", "花") == ["二つ目ありがとう"]
    assert (life.friend.sitting, life.friend.shelf, life.counted) == (None, (), 0)


def test_the_survey_in_progress_waits_and_goes_on_by_itself():
    life = begun()
    tell(life, "赤")
    said = open_second(life)
    assert LATER in said[0]
    assert said[1:] == ["味は?"]
    tell(life, "甘い")
    assert tell(life, "花") == ["二つ目ありがとう", "先ほどの質問の続きです。", "形は?"]
    assert tell(life, "丸") == ["一つ目ありがとう"]
    assert (life.tags, life.score) == ({"赤", "二つ目済"}, 1)
    assert life.friend.shelf == ()


def test_leaving_the_second_offers_both():
    life = begun()
    tell(life, "赤")
    open_second(life)
    tell(life, "甘い")
    assert "残してあります" in tell(life, "やめる")[0]
    assert tell(life, "前のアンケートへ")[-1] == "形は?"
    assert tell(life, "丸") == [
        "一つ目ありがとう",
        "途中のアンケートがあります。下のボタンか「続きから」で、続きから答えられます。",
    ]
    assert tell(life, "続きから") == ["前回の続きから始めます。", "香りは?"]
    assert tell(life, "花") == ["二つ目ありがとう"]


def test_leaving_the_second_before_its_first_answer_offers_the_first():
    life = begun()
    tell(life, "赤")
    open_second(life)
    assert tell(life, "やめる") == [
        "アンケートを終わりました。",
        "途中のアンケートがあります。下のボタンか「続きから」で、続きから答えられます。",
    ]
    assert tell(life, "続きから")[-1] == "形は?"


def test_an_old_button_of_the_first_turns_back_to_it_and_the_second_waits():
    life = begun()
    tell(life, "赤")
    open_second(life)
    assert life.taps("赤") == []
    assert tell(life, "甘い") == ["香りは?"]
    assert life.taps("青") == [LATER_WORDS, "「青」に変えました。", "形は?"]
    life.wait(minutes=1)
    assert tell(life, "丸") == ["一つ目ありがとう", "先ほどの質問の続きです。", "香りは?"]
    assert life.tags == set()


def test_a_block_lets_all_of_them_wait_and_none_is_lost():
    life = begun()
    tell(life, "赤")
    open_second(life)
    life.block()
    life.wait(days=3)
    life.follow(unblocked=True)
    life.wait(minutes=1)
    assert tell(life, "続きから") == ["味は?"]
    tell(life, "甘い")
    assert tell(life, "花")[1].startswith("途中のアンケートがあります")
    assert tell(life, "続きから") == ["前回の続きから始めます。", "形は?"]


def test_a_full_answer_keeps_the_waiting_survey_for_later_and_costs_nothing():
    long = SECOND.replace("二つ目ありがとう", "\n---\n".join(f"お礼{number}" for number in range(5)))
    life = Life((FIRST, long, MENU))
    life.follow()
    life.wait(minutes=1)
    tell(life, "やめる", "一つ目", "赤")
    open_second(life)
    assert len(tell(life, "甘い", "花")) == 5
    assert life.counted == 0
    assert tell(life, "続きから")[-1] == "形は?"


def test_the_same_survey_never_waits_for_itself():
    life = begun()
    tell(life, "赤")
    open_second(life)
    assert open_second(life) == []
    assert len(life.friend.shelf) == 1
