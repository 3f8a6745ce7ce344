"""The three example scripts, lived through."""

import pytest

from flows.names import fold
from tests.engine.life import Life
from tests.narrowing import nothing

SCRIPTS = {
    "新規様": """
# シナリオ 新規様
目的: 温める
開始: 友だち追加
ゴール: タグ 予約済
終わったら: なし
再追加: 続きから
時間帯: 毎日 9:00-20:00

## すぐ
{名前さん|お客様}、はじめまして!
サロン花です。友だち追加ありがとうございます。
---
■営業時間 10:00〜19:00

## 2日後 19:00
? 悩み（1つ）
お肌の悩みは、どちらが近いですか?
- 乾燥 → タグ 乾燥、+3点、道 保湿
- しみ → タグ しみ、+3点、道 しみ
- 反応なし → 道 声
待つ: 反応 2日

# 道 保湿
## すぐ
{回答:悩み|お肌}でお悩みの方へ。まずは保湿のお話です。

## 翌日 19:00
もし: スコア5以上
特別なご案内です。
= 知らせる
ちがえば:
保湿ケアのコツをお届けします。
おわり

# 道 しみ
## すぐ
しみのお話です。

# 道 声
## 翌日 19:00
お客様の声をご紹介します。
""",
    "肌診断": """
# アンケート 肌診断
開始: キーワード 肌診断

? 年代（1つ）
年代を教えてください
- 20代 → タグ 20代、+1点
- 30代 → タグ 30代、+2点
- 40代以上 → タグ 40代以上、+3点

? 気になること（いくつでも）
気になることを選んでください
- 乾燥 → タグ 乾燥、+2点
- しみ → タグ しみ、+2点
- たるみ → タグ たるみ、美容+2点

? メール（メール、任意）
ご連絡先のメールアドレスを教えてください

? 誕生日（日付）
お誕生日はいつですか?

## 最後に
= タグ 回答済
もし: スコア5以上
= タグ 見込み客、知らせる
ご回答ありがとうございました。担当からご連絡します。
ちがえば:
ご回答ありがとうございました。
おわり
""",
    "体験会リマインド": """
# シナリオ 体験会リマインド
目的: 動かす
開始: タグ 体験会予約
基準日: 体験会
ゴール: タグ キャンセル
終わったら: タグ 体験会済

## すぐ
{名前さん|お客様}、体験会のお申し込みありがとうございます。
= +5点

## 体験会の3日前 19:00
持ち物は動きやすい服装だけです。

## 体験会の前日 18:00 ※体験会予約 除外 キャンセル
明日はお気をつけてお越しください。

## 体験会の当日 8:00 ※体験会予約 除外 キャンセル
本日お待ちしております。

## 体験会の翌日 12:00
AB: 50/50
案A:
ご参加ありがとうございました!
案B:
昨日はありがとうございました。ご感想をお聞かせください。
おわり
""",
}


def test_the_welcome_is_two_bubbles_in_the_reply():
    life = Life((SCRIPTS["新規様"],))
    assert life.follow() == [
        "さくらさん、はじめまして!\nサロン花です。友だち追加ありがとうございます。",
        "■営業時間 10:00〜19:00",
    ]
    assert life.ways() == ["reply"]
    assert life.counted == 0
    assert life.due == "11-22 19:00"


@pytest.mark.parametrize("words", ["乾燥", "1", "１", "かんそう"])
def test_an_answer_is_a_tap_a_label_or_a_number(words):
    life = Life((SCRIPTS["新規様"],))
    life.follow()
    life.next()
    assert life.clock == "11-22 19:00"
    life.wait(minutes=5)
    if words == "かんそう":
        assert "乾燥でお悩みの方へ" in life.taps("乾燥")[0]
    else:
        assert "乾燥でお悩みの方へ" in life.says(words)[0]
    assert life.ways() == ["reply"]
    assert life.tags == {"乾燥"}
    assert life.score == 3
    assert life.due == "11-23 19:00"
    assert life.next() == ["保湿ケアのコツをお届けします。"]
    assert life.friend.past[fold("新規様")].how == "end"
    assert life.due is None


def test_who_does_not_answer_goes_to_the_path_of_voices():
    life = Life((SCRIPTS["新規様"],))
    life.follow()
    assert life.until("2026-11-30 12:00")[1:] == ["11-25 19:00 お客様の声をご紹介します。"]
    assert life.counted == 2


def test_the_goal_ends_the_walk_at_once_and_nothing_more_is_sent():
    from flows.actions import AddTag

    life = Life((SCRIPTS["新規様"],))
    life.follow()
    life.next()
    life.order(AddTag(name="予約済"))
    assert life.friend.enrollments == ()
    assert life.friend.past[fold("新規様")].how == "goal"
    assert life.due is None
    assert life.until("2026-12-30 12:00") == []


def test_a_double_tap_acts_once_and_a_changed_answer_replaces():
    life = Life((SCRIPTS["新規様"],))
    life.follow()
    life.next()
    life.wait(minutes=1)
    life.taps("乾燥")
    life.wait(seconds=1)
    assert life.taps("乾燥") == []
    assert (life.tags, life.score) == ({"乾燥"}, 3)
    life.wait(minutes=1)
    assert life.taps("しみ") == ["しみのお話です。"]
    assert (life.tags, life.score) == ({"しみ"}, 3)
    assert life.friend.fields[fold("悩み")].value == "しみ"


def test_the_survey_costs_nothing():
    life = Life((SCRIPTS["肌診断"],))
    life.follow()
    assert life.says("肌診断")[0].startswith("年代を教えてください")
    life.wait(minutes=1)
    assert life.taps("30代")[0].startswith("気になることを選んでください")
    life.wait(minutes=1)
    life.taps("乾燥")
    life.wait(minutes=1)
    life.taps("たるみ")
    life.wait(minutes=1)
    assert life.says("決定")[0].startswith("ご連絡先の")
    life.wait(minutes=1)
    assert "お誕生日" not in life.says("あとで")[0]
    life.wait(minutes=1)
    assert life.says("とばす")[0].startswith("お誕生日はいつですか?")
    life.wait(minutes=1)
    assert life.says("1990年4月1日") == ["ご回答ありがとうございました。"]
    assert life.counted == 0
    assert life.tags == {"30代", "乾燥", "たるみ", "回答済"}
    assert (life.score, life.friend.scores[fold("美容")]) == (4, 2)
    assert life.friend.fields[fold("誕生日")].value == "1990-04-01"
    assert "survey_finished" in life.kinds()
    assert life.friend.sitting is None
    assert life.friend.open is None


def test_reminders_go_around_a_date_and_past_ones_are_left_out():
    from flows.actions import AddTag, SetField

    life = Life((SCRIPTS["体験会リマインド"],), start="2026-11-20 12:00")
    life.follow()
    life.order(SetField(field="体験会", value="2026-11-22"), AddTag(name="体験会予約"))
    assert life.skipped() == ["past"]
    said = life.until("2026-12-01 12:00")
    assert said[:2] == ["11-21 18:00 明日はお気をつけてお越しください。", "11-22 08:00 本日お待ちしております。"]
    assert said[2].startswith("11-23 12:00")
    assert "体験会済" in life.tags
    assert life.score == 5


def test_a_friend_without_the_date_waits_and_a_moved_date_moves_what_is_ahead():
    from flows.actions import AddTag, SetField

    life = Life((SCRIPTS["体験会リマインド"],))
    life.follow()
    life.order(AddTag(name="体験会予約"))
    nothing(life.due)
    assert life.held() == ["no_base"] * 4
    life.order(SetField(field="体験会", value="2026-12-10"))
    assert life.due == "12-07 19:00"
    life.order(SetField(field="体験会", value="2026-12-20"))
    assert life.due == "12-17 19:00"
    said = life.until("2026-12-31 12:00")
    assert [each[:11] for each in said] == ["12-17 19:00", "12-19 18:00", "12-20 08:00", "12-21 12:00"]
