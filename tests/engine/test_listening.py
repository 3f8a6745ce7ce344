"""Who hears a friend's words first, and what is done with words that nobody answers."""

from dataclasses import replace

import pytest

from flows.actions import AddTag, AwaitReply
from flows.catalog import AutoReply
from flows.events import CameDue, Clicked, Renamed, Said, Tapped, Unsent
from flows.friend import Phase
from flows.messages import Text
from flows.names import Key, StepId, fold
from flows.press import Pressed, press_data, read_press
from flows.triggers import KeywordSaid
from tests.engine.life import ME, Life
from tests.narrowing import there

KEYWORD = "# シナリオ 予約案内\n開始: キーワード 予約\n\n## すぐ\nご予約はこちら\n"


def with_replies(life: Life, *replies: AutoReply) -> Life:
    life.catalog = replace(life.catalog, autoreplies={fold(each.name): each for each in replies})
    return life


def reply(name: str, keyword: str, *, rank: int = 0, actions=()) -> AutoReply:
    return AutoReply(
        name=name,
        trigger=KeywordSaid(keyword=keyword),
        messages=(Text(body=f"{name}です"),),
        actions=actions,
        rank=rank,
    )


def test_a_keyword_starts_a_scenario_before_an_auto_reply():
    life = with_replies(Life((KEYWORD,)), reply("自動", "予約"))
    life.follow()
    assert life.says("よやく") in ([], ["ご予約はこちら"])
    assert life.says("予約") in (["ご予約はこちら"], ["自動です"])
    assert life.says("予約") == ["自動です"]


def test_the_lowest_rank_answers():
    life = with_replies(
        Life(()), reply("後", "営業時間", rank=2), reply("先", "営業時間", rank=1, actions=(AddTag(name="質問"),))
    )
    life.follow()
    assert life.says("営業時間") == ["先です"]
    assert life.tags == {"質問"}
    assert life.counted == 0


def test_words_that_nothing_answers_reach_staff_and_the_fallback_answers():
    life = Life(())
    life.catalog = replace(life.catalog, account=replace(life.catalog.account, fallback="担当者が確認します"))
    life.follow()
    assert life.says("明日は開いていますか") == ["担当者が確認します"]
    assert life.friend.awaits_reply is not None
    assert "明日は開いていますか" in life.told[0]


def test_a_hand_over_is_silent_for_the_fallback():
    life = with_replies(Life(()), reply("相談", "相談", actions=(AwaitReply(),)))
    life.catalog = replace(life.catalog, account=replace(life.catalog.account, fallback="担当者が確認します"))
    life.follow()
    assert life.says("相談") == ["相談です"]
    assert life.friend.phase is Phase.TALKING
    assert life.says("ありがとう") == []
    assert len(life.told) == 2


def test_the_same_event_acts_once():
    life = Life((KEYWORD,))
    life.follow()
    event = Said(at=life.now, id="same", can_reply=True, text="予約")
    assert life.happens(event) == ["ご予約はこちら"]
    before = life.friend
    assert life.happens(event) == []
    assert life.friend == before
    assert there(life.last).facts == ()


def test_the_memory_of_events_is_a_day_long_and_sixteen_at_least():
    life = Life(())
    life.follow()
    for _ in range(40):
        life.says("はい")
        life.wait(minutes=30)
    assert len(life.friend.seen) == 41
    life.wait(days=3)
    life.says("はい")
    assert len(life.friend.seen) == 16
    assert all(len(name) == 12 for name in life.friend.seen)


def test_an_event_older_than_the_question_does_not_answer_it():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## 1日後 19:00\n? 好み（1つ）\nどちら?\n- 和 → タグ 和\n- 洋\n"
    life = Life((script,))
    life.follow()
    early = life.now
    life.next()
    life.happens(Said(at=early, id="late", can_reply=True, text="和"))
    assert life.tags == set()
    assert life.friend.open is not None


def test_an_older_tap_does_not_undo_a_newer_one():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\n? 好み（1つ）\nどちら?\n- 和 → タグ 和\n- 洋 → タグ 洋\n"
    life = Life((script,))
    life.follow()
    life.wait(minutes=1)
    early = life.now
    life.wait(minutes=1)
    life.taps("洋")
    life.happens(Tapped(at=early, id="late", can_reply=True, data=life.buttons["和"]))
    assert life.tags == {"洋"}


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "q1|",
        "q1|あ|1|1|s1|好み|c0|",
        "q1|あ|x|1|s1|好み|c0",
        "q1|あ|99|1|s1|好み|c0",
        "q1|い|1|1|s1|好み|c0",
        "q1|あ|1|9|s1|好み|c0",
        "q1|あ|1|1|-|好み|c0",
        "q1|あ|1|1||好み|c0",
        "q1|" + "あ" * 400,
        "q1|あ|1|1|s1|好み|c99",
        "{0.__class__}",
        "q1|あ|1|1|s1|ない|c0",
    ],
)
def test_what_a_button_carries_is_never_believed(data):
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\n? 好み（1つ）\nどちら?\n- 和 → タグ 和\n- 洋\n"
    life = Life((script,))
    life.follow()
    life.wait(minutes=1)
    assert len(life.happens(Tapped(at=life.now, id="t", can_reply=True, data=data))) in (1, 2)
    assert life.tags == set()


def test_a_button_of_a_question_that_was_never_put_does_nothing():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## 5日後 10:00\n? 好み（1つ）\nどちら?\n- 和 → タグ 和\n- 洋\n"
    life = Life((script,))
    life.follow()
    step = there(life.friend.enrollments[0].step)
    data = press_data(Pressed(plan=fold("あ"), version=1, run=1, step=step, question=fold("好み"), verb="c0"))
    life.happens(Tapped(at=life.now, id="t", can_reply=True, data=data))
    assert life.tags == set()


def test_press_data_is_read_back_and_short():
    pressed = Pressed(plan=Key("|~|" * 6), version=12, run=34, step="s~1", question=Key("あ|い"), verb="c12")  # type: ignore[arg-type]
    assert read_press(press_data(pressed)) == pressed
    assert (pressed.option, pressed.page) == (12, None)
    longest = Pressed(
        plan=Key("あ" * 20), version=9999, run=1795000000, step=StepId("s" * 16), question=Key("い" * 20), verb="page12"
    )
    assert len(press_data(longest)) <= 300
    assert there(read_press(press_data(longest))).page == 12


def test_an_unknown_person_who_speaks_is_known_from_now_on():
    life = Life(())
    life.says("こんにちは")
    assert life.friend.joined == life.now
    assert any(effect.kind == "learn_name" for effect in life.effects)
    life.happens(Renamed(at=life.now, name="花子"))
    assert life.friend.name == "花子"
    assert life.follow() == []


def test_clicks_are_kept_and_a_wait_for_a_link_ends():
    life = Life(())
    life.follow()
    life.happens(Clicked(at=life.now, id="c", link="予約ページ"))
    assert fold("予約ページ") in life.friend.pressed


def test_silence_rings_once_and_any_word_puts_it_off():
    script = "# シナリオ 休眠\n開始: 反応なし 30日\n再開始: 許可\n\n## すぐ\nお久しぶりです\n"
    life = Life((script,))
    life.follow()
    life.wait(days=20)
    life.says("こんにちは")
    assert life.until("2027-01-08 12:00") == []
    assert life.until("2027-03-30 12:00") == ["01-09 12:00 お久しぶりです"]
    life.says("はい")
    assert len(life.until("2027-06-30 12:00")) == 1


def test_nothing_of_b_within_an_hour_of_a():
    script = "# シナリオ かご\n開始: カートのあと60分以内に購入なし\n再開始: 許可\n\n## すぐ\nお忘れですか\n"
    life = Life((script,))
    life.follow()
    life.occurs("カート")
    life.wait(minutes=59)
    life.occurs("購入")
    assert life.until("2026-11-20 18:00") == []
    life.occurs("カート")
    assert life.until("2026-11-20 20:00") == ["11-20 19:00 お忘れですか"]


def test_events_that_mean_nothing_change_nothing():
    life = Life(())
    life.follow()
    before = life.friend
    life.happens(Unsent(at=life.now, id="u", message="1"))
    life.happens(CameDue(at=life.now))
    assert replace(life.friend, seen=before.seen) == before
    assert life.friend.id == ME


@pytest.mark.parametrize(
    "text", ["{0.__class__}", "{{7*7}}", "%s", "あ" * 5000, "\x00", "a" * 5000 + "!", "\u200b", "／設定", ""]
)
def test_what_a_friend_types_is_only_text(text):
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\n? ひとこと（文字）\nどうぞ\n\n## すぐ\n{回答:ひとこと|なし}\n"
    life = Life((script,))
    life.follow(name=text)
    life.wait(minutes=1)
    life.says(text)
    life.wait(minutes=1)
    assert life.tags == set()
    assert life.friend.staff is False


def test_a_score_that_crosses_a_line_starts_once_for_each_crossing():
    script = "# シナリオ 熱\n開始: スコア10以上\n\n## すぐ\n熱いですね\n"
    life = Life((script,))
    life.follow()
    from flows.actions import AddScore

    assert life.order(AddScore(points=9)) == []
    assert life.order(AddScore(points=2)) == ["熱いですね"]
    assert life.order(AddScore(points=2)) == []
