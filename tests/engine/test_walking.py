"""Order, times, waits, paths, ends: what a walk does and never does."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from flows.actions import AddTag, RemoveTag, SetField, StartScenario, StopScenario
from flows.catalog import Account
from flows.decision import Tally
from flows.effects import Send
from flows.facts import Blocked, StepTaken
from flows.names import fold
from flows.scenario import Scenario, State
from tests.engine.life import Life
from tests.narrowing import a, nothing, there

DAILY = """
# シナリオ 毎日
開始: 友だち追加

## すぐ
一
## 1日後 19:00
二
## 2日後 19:00
三
## 3日後 19:00
四
"""


def test_days_count_from_the_day_of_entering_and_hours_from_the_real_send():
    life = Life(("# シナリオ あ\n開始: 友だち追加\n\n## 1日後 20:30\n一\n\n## 30分後\n二\n\n## 次の土曜 10:00\n三\n",))
    life.follow()
    assert life.due == "11-21 20:30"
    life.next()
    assert life.due == "11-21 21:00"
    assert life.next() == []
    assert life.held() == ["hours"]
    assert life.due == "11-22 08:00"
    assert life.next() == ["二"]
    assert life.due == "11-28 10:00"
    assert life.next() == ["三"]


def test_the_same_hold_is_noted_once():
    life = Life((DAILY,), tally=Tally(left=0))
    life.follow()
    life.until("2026-11-22 12:00")
    assert life.held() == ["quota"]
    assert life.counted == 0
    life.tally = Tally(left=5)
    assert life.until("2026-11-22 14:00") == ["11-22 13:00 二"]


@pytest.mark.parametrize(("after_reset", "said"), [("送る", ["12-01 08:00 二"]), ("飛ばす", [])])
def test_when_the_month_turns_the_owner_has_chosen_what_becomes_of_held_steps(after_reset, said):
    life = Life((DAILY.replace("2日後", "20日後").replace("3日後", "21日後"),), tally=Tally(left=0))
    life.account = None
    life.catalog = replace(life.catalog, account=replace(life.catalog.account, after_reset=after_reset))
    life.follow()
    life.until("2026-11-30 23:30")
    life.tally = Tally(left=100)
    assert life.until("2026-12-01 12:00") == said
    assert life.skipped() == ([] if said else ["quota"])


def test_late_steps_come_one_in_each_stretch_of_open_hours():
    life = Life((DAILY,))
    life.follow()
    life.sleep("2026-11-25 10:00")
    assert life.ring() == ["二"]
    said = life.until("2026-11-30 12:00")
    assert said == ["11-26 08:00 三", "11-27 08:00 四"]


@pytest.mark.parametrize(
    ("policy", "at_once", "later"),
    [
        ("今すぐ", ["二", "三", "四"], []),
        ("次の時間帯", ["二"], ["11-26 08:00 三", "11-27 08:00 四"]),
        ("飛ばす", [], []),
    ],
)
def test_what_is_late_after_downtime_goes_as_the_owner_chose(policy, at_once, later):
    life = Life((DAILY.replace("開始: 友だち追加", f"開始: 友だち追加\n遅れたら: {policy}"),))
    life.follow()
    life.sleep("2026-11-25 10:00")
    assert life.ring() == at_once
    assert life.until("2026-11-30 12:00") == later
    assert len(at_once) + len(later) + len(life.skipped()) == 3
    assert life.due is None


def test_a_friend_who_was_long_in_answering_loses_no_step():
    script = """
# シナリオ あ
開始: 友だち追加
遅れたら: 飛ばす

## すぐ
? 好み（1つ）
どちら?
- 和
- 洋
待つ: 反応 9日

## 1日後 19:00
二
## 2日後 19:00
三
"""
    life = Life((script,))
    life.follow()
    life.wait(days=5)
    assert life.says("和") == ["二"]
    assert life.ways() == ["push"]
    assert life.until("2026-12-01 12:00") == ["11-26 08:00 三"]


def test_a_step_bound_to_a_date_is_not_sent_on_another_day():
    script = "# シナリオ 予約\n開始: 手動\n\n## 予約の前日 18:00\n明日です\n\n## 予約の当日 8:00\n本日です\n"
    life = Life((script,))
    life.follow()
    life.occurs("予約", date(2026, 11, 25))
    life.order(StartScenario(name="予約"))
    assert life.due == "11-24 18:00"
    life.sleep("2026-11-25 07:00")
    assert life.ring() == []
    assert life.skipped() == ["past"]
    assert life.until("2026-11-26 12:00") == ["11-25 08:00 本日です"]


def test_ten_minutes_of_downtime_lose_no_reminder():
    script = "# シナリオ 予約\n開始: 手動\n\n## 予約の前日 18:00\n明日です\n\n## 予約の2時間前\nもうすぐです\n"
    life = Life((script,))
    life.follow()
    life.occurs("予約", life.local("2026-11-25 15:00"))
    life.order(StartScenario(name="予約"))
    life.sleep("2026-11-24 18:10")
    assert life.ring() == ["明日です"]
    assert life.due == "11-25 13:00"
    life.sleep("2026-11-25 15:01")
    assert life.ring() == []
    assert life.skipped() == ["past"]


def test_a_cancelled_booking_takes_its_reminders_along():
    script = "# シナリオ 予約\n開始: 予約\n\n## 予約の前日 18:00\n明日です\n"
    life = Life((script,))
    life.follow()
    life.occurs("予約", date(2026, 11, 25))
    assert life.due == "11-24 18:00"
    life.occurs("キャンセル")
    nothing(life.due)
    life.occurs("予約", date(2026, 11, 28))
    assert life.due == "11-27 18:00"


def test_a_birthday_comes_every_year_once():
    script = "# シナリオ 誕生日\n開始: 友だち追加\n基準日: 誕生日\n\n## 毎年基準日の1週間前 10:00\nもうすぐ\n\n## 毎年基準日の当日 10:00\nおめでとう\n"
    life = Life((script,), start="2026-02-25 12:00")
    life.follow()
    life.order(SetField(field="誕生日", value="2000-02-29"))
    said = life.until("2029-01-01 12:00")
    assert [each[:5] for each in said] == ["02-28", "02-21", "02-28", "02-22", "02-29"]
    years = [at.year for at, _ in life.pushes]
    assert years == [2026, 2027, 2027, 2028, 2028]


def test_if_has_three_outcomes():
    script = """
# シナリオ あ
開始: 友だち追加

## すぐ
もし: 年齢 >= 20
大人
不明なら:
不明
ちがえば:
子ども
おわり
""".replace("不明なら:\n不明\nちがえば:\n子ども", "ちがえば:\n子ども\n不明なら:\n不明")
    for value, said in (("", "不明"), ("30", "大人"), ("10", "子ども")):
        life = Life(("# アンケート 項目\n開始: 手動\n\n? 年齢（数字）\nいくつ\n", script))
        if value:
            life.order(SetField(field="年齢", value=value))
        assert life.follow() == [said]


def test_unknown_goes_to_otherwise_where_nothing_else_is_written():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\nもし: 年齢 >= 20\n大人\nちがえば:\nほか\nおわり\n"
    life = Life(("# アンケート 項目\n開始: 手動\n\n? 年齢（数字）\nいくつ\n", script))
    assert life.follow() == ["ほか"]


def test_a_step_only_for_some_is_left_out_for_the_others_and_for_the_unknown():
    life = Life(
        ("# シナリオ あ\n開始: 友だち追加\n\n## すぐ ※タグ 会員\n会員の方へ\n\n## すぐ\n皆さまへ\n= タグ 会員\n",)
    )
    assert life.follow() == ["皆さまへ"]
    assert life.skipped() == ["condition"]


def test_variants_are_the_same_for_the_same_friend_and_spread_over_many():
    from flows.names import FriendId

    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\nAB: 30/70\n案A:\nえー\n案B:\nびー\nおわり\n"
    counts = {"えー": 0, "びー": 0}
    arms = set()
    for number in range(400):
        life = Life((script,))
        life.friend = replace(life.friend, id=FriendId(f"U{number:032x}"))
        (said,) = life.follow()
        counts[said] += 1
        arms.add(a(StepTaken, life.facts[-2]).variant)
        again = Life((script,))
        again.friend = replace(again.friend, id=FriendId(f"U{number:032x}"))
        assert again.follow() == [said]
    assert 90 <= counts["えー"] <= 150
    assert arms == {"A", "B"}


WAITING = """
# シナリオ 待つ
開始: 友だち追加
終わったら: タグ 済

## すぐ
? 好み（1つ）
どちら?
- 和 → タグ 和
- 洋 → 終わる
- 回答あり → +1点
- 反応なし → タグ 無言
待つ: 反応 2日

## 翌日 19:00
次です
"""


def test_without_a_journey_the_walk_goes_on_behind_the_question():
    life = Life((WAITING,))
    life.follow()
    assert life.due == "11-22 12:00"
    life.wait(hours=1)
    assert life.taps("和") == []
    assert (life.tags, life.score) == ({"和"}, 1)
    assert life.due == "11-21 19:00"
    assert life.next() == ["次です"]
    assert "済" in life.tags


def test_no_answer_in_time_is_a_branch_of_its_own():
    life = Life((WAITING,))
    life.follow()
    assert life.until("2026-11-22 13:00") == ["11-22 12:00 次です"]
    assert "無言" in life.tags


def test_the_end_can_be_chosen_and_what_comes_after_it_happens():
    life = Life((WAITING,))
    life.follow()
    life.wait(hours=1)
    life.taps("洋")
    assert life.due is None
    assert life.tags == {"済"}
    assert life.friend.past[fold("待つ")].how == "end"


def test_a_typed_answer_counts_until_the_next_send_comes():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\n? 好み（1つ）\nどちら?\n- 和 → タグ 和\n- 洋 → タグ 洋\n\n## 1日後 19:00\n次です\n"
    life = Life((script,))
    life.follow()
    life.next()
    life.wait(minutes=1)
    assert life.says("和") == []
    assert life.tags == set()
    life.taps("洋")
    assert life.tags == {"洋"}


def test_words_that_are_no_answer_are_met_kindly_and_the_question_stays():
    life = Life((WAITING,))
    life.follow()
    life.wait(minutes=1)
    said = life.says("明日あいてますか")
    assert said[0].startswith("下から選んでください。")
    assert "担当者" in said[0]
    assert said[1].startswith("どちら?")
    life.wait(minutes=1)
    assert life.shows("sticker")[1].startswith("どちら?")
    life.wait(minutes=1)
    life.says("２")
    assert life.friend.past[fold("待つ")].how == "end"


def test_a_wait_for_any_reaction():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\nこんにちは\n待つ: 反応 3日\n- 反応なし → タグ 静か\n\n## すぐ\nありがとう\n"
    life = Life((script,))
    assert life.follow() == ["こんにちは"]
    life.wait(hours=2)
    assert life.says("はーい") == ["ありがとう"]
    assert life.told == []
    assert life.friend.awaits_reply is None
    quiet = Life((script,))
    quiet.follow()
    assert quiet.until("2026-11-24 12:00") == ["11-23 12:00 ありがとう"]
    assert quiet.tags == {"静か"}


def test_what_follows_a_branch_with_a_question_comes_after_the_answer():
    script = """
# シナリオ あ
開始: 友だち追加

## すぐ
もし: タグ 会員
会員ですね
ちがえば:
? 会員（1つ）
会員になりますか
- はい → タグ 会員
- いいえ
待つ: 反応 1日
おわり
ではまた
"""
    life = Life((script,))
    life.follow()
    life.wait(minutes=1)
    assert life.says("はい") == ["ではまた"]
    quiet = Life((script,))
    quiet.follow()
    assert quiet.until("2026-11-22 12:00") == ["11-21 12:00 ではまた"]


def test_at_night_what_follows_a_time_out_waits_for_the_morning_and_has_no_effect_before():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\nどうぞ\n待つ: 反応 11時間\n- 反応なし → タグ 静か、道 別\n\n# 道 別\n## すぐ\n= タグ 別\nお元気ですか\n"
    life = Life((script,))
    life.follow()
    life.next()
    assert life.clock == "11-20 23:00"
    assert life.tags == {"静か"}
    assert life.next() == ["お元気ですか"]
    assert (life.clock, life.tags) == ("11-21 08:00", {"静か", "別"})


CIRCLE = """
# シナリオ 輪
開始: 友だち追加

## すぐ
= 道 問い

# 道 問い
## 1日後 10:00
? 元気（1つ）
元気ですか
- はい → 終わる
- 反応なし → 道 問い
待つ: 反応 6日
"""


def test_a_circle_with_a_wait_goes_round_and_ends_by_an_answer():
    life = Life((CIRCLE,))
    life.follow()
    said = life.until("2026-12-15 12:00")
    assert [each[:5] for each in said] == ["11-21", "11-28", "12-05", "12-12"]
    life.wait(minutes=1)
    life.says("はい")
    assert life.due is None


def test_a_circle_without_time_in_it_stops():
    script = "# シナリオ 輪\n開始: 友だち追加\n\n## すぐ\n一\n= 道 い\n\n# 道 い\n## すぐ\n二\n= 道 ろ\n\n# 道 ろ\n## すぐ\n三\n= 道 い\n"
    life = Life((script,))
    said = life.follow()
    assert said == ["一", "二", "三"]
    assert life.due is None


def test_more_than_five_bubbles_go_partly_as_a_counted_send():
    steps = "\n".join(f"## すぐ\n{number}\n---\n{number}の2" for number in range(1, 5))
    life = Life((f"# シナリオ 長い\n開始: 友だち追加\n\n{steps}\n",))
    said = life.follow()
    assert len(said) == 8
    assert life.ways() == ["reply", "push"]
    assert [len(a(Send, effect).bubbles) for effect in there(life.last).effects] == [4, 4]
    assert life.counted == 1


def test_a_step_that_takes_two_sends_waits_until_the_quota_holds_both():
    from flows.catalog import Part
    from flows.messages import Text
    from flows.names import fold

    life = Life(("# シナリオ 大\n開始: 友だち追加\n\n## 1日後 19:00\n一\n= タグ 大\n",))
    entry = life.catalog.plans[fold("大")]
    old = a(Scenario, entry.versions[1])
    step = old.lines[0].steps[0]
    from flows.actions import SendPart
    from flows.scenario import Do

    body = (*step.body, Do(actions=(SendPart(name="部品"),)))
    plan = replace(old, lines=(replace(old.lines[0], steps=(replace(step, body=body),)),))
    parts = {fold("部品"): Part(name="部品", messages=tuple(Text(body=str(number)) for number in range(5)))}
    life.catalog = replace(life.catalog, plans={fold("大"): replace(entry, versions={1: plan})}, parts=parts)
    life.tally = Tally(left=1)
    life.follow()
    assert life.next() == []
    assert (life.tags, life.held()) == (set(), ["quota"])
    life.tally = Tally(left=2)
    assert len(life.next()) == 6
    assert life.counted == 2


def test_a_turn_takes_twenty_steps_and_the_next_goes_on():
    steps = "\n".join(f"## すぐ\n= タグ t{number}" for number in range(30))
    life = Life((f"# シナリオ 長い\n開始: 友だち追加\n\n{steps}\n",))
    life.follow()
    assert len(life.tags) == 20
    assert life.due == "11-20 12:00"
    life.ring()
    assert len(life.tags) == 30


def test_a_tag_starts_another_scenario_in_the_same_turn():
    first = "# シナリオ 一\n開始: 友だち追加\n\n## すぐ\n一です\n= タグ 会員\n"
    second = "# シナリオ 二\n開始: タグ 会員\n\n## すぐ\n二です\n"
    life = Life((first, second))
    assert life.follow() == ["一です", "二です"]
    life.order(RemoveTag(name="会員"), AddTag(name="会員"))
    assert life.taken().count("s1") <= 2
    assert life.friend.past[fold("二")].runs == 1


def test_with_restarting_allowed_a_tag_gained_again_begins_again():
    script = "# シナリオ 二\n開始: タグ 会員\n再開始: 許可\n\n## 1日後 19:00\n二です\n"
    life = Life((script,))
    life.follow()
    life.order(AddTag(name="会員"))
    life.wait(days=1)
    life.order(AddTag(name="会員"))
    assert life.due == "11-21 19:00"
    life.order(RemoveTag(name="会員"), AddTag(name="会員"))
    assert life.due == "11-22 19:00"
    assert life.friend.enrollments[0].run == 2
    assert life.friend.past[fold("二")].how == "replaced"


def test_stopping_and_a_period():
    life = Life((DAILY, "# シナリオ 冬\n開始: 手動\n期間: 2026/12/1-2026/12/31\n\n## すぐ\n冬\n"))
    life.follow()
    life.order(StopScenario(name="毎日"), StartScenario(name="冬"))
    assert life.due is None
    assert life.friend.past[fold("毎日")].how == "stopped"
    assert "冬" not in life.friend.past
    life.sleep("2026-12-01 12:00")
    assert life.order(StartScenario(name="冬")) == ["冬"]


# -- versions, pauses, blocks -------------------------------------------------------------------------------------


def test_friends_stay_on_their_version_until_moved():
    life = Life((DAILY,))
    life.follow()
    life.edit(DAILY.replace("二", "弐").replace("三", "参"))
    assert life.next() == ["二"]
    life.rebase("毎日", 2)
    assert life.next() == ["参"]
    assert life.friend.enrollments[0].version == 2


def test_a_pause_keeps_the_place_and_nothing_is_repeated():
    life = Life((DAILY,))
    life.follow()
    life.next()
    life.state("毎日", State.PAUSED)
    assert life.until("2026-12-01 12:00") == []
    assert life.held() == ["paused"]
    assert life.due is None
    life.state("毎日", State.LIVE)
    assert life.rebase("毎日", 1) == ["三"]
    assert life.until("2026-12-05 12:00") == ["12-02 08:00 四"]


def test_blocking_stops_everything_and_is_put_down_to_the_last_send():
    life = Life((DAILY,))
    life.follow()
    life.next()
    life.wait(hours=3)
    life.block()
    blocked = next(fact for fact in life.facts if isinstance(fact, Blocked))
    assert (blocked.scenario, blocked.step) == ("毎日", life.taken()[-1])
    assert life.due is None
    assert life.ring() == []
    assert len(life.friend.enrollments) == 1


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("続きから", ["12-01 12:00 三", "12-02 08:00 四"]),
        ("最初から", ["12-02 19:00 二", "12-03 19:00 三", "12-04 19:00 四"]),
        ("送らない", []),
    ],
)
def test_coming_back_follows_the_choice_of_the_scenario(choice, said):
    life = Life((DAILY.replace("開始: 友だち追加", f"開始: 友だち追加\n再追加: {choice}"),))
    life.follow()
    life.next()
    life.wait(hours=30)
    life.block()
    life.sleep("2026-12-01 12:00")
    back = life.follow(unblocked=True)
    assert back == (["一"] if choice == "最初から" else ["三"] if choice == "続きから" else [])
    rest = life.until("2026-12-10 12:00")
    assert rest == [each for each in said if not each.startswith("12-01 12:00")]


def test_a_block_that_is_told_after_the_return_changes_nothing():
    from flows.events import Left

    life = Life((DAILY,))
    life.follow()
    early = life.now
    life.wait(hours=1)
    life.says("こんにちは")
    life.happens(Left(at=early, id="late"))
    assert life.friend.left is None


def test_a_person_takes_over_and_hands_back():
    from flows.events import HandedBack, StaffSpoke
    from flows.messages import Text

    life = Life((DAILY,))
    life.follow()
    assert life.says("担当者")[0].startswith("担当者に伝えました")
    assert life.due is None
    assert life.friend.awaits_reply is not None
    assert life.until("2026-11-23 12:00") == []
    life.happens(StaffSpoke(at=life.now, messages=(Text(body="{名前さん|お客様}、鈴木です"),), by="鈴木"))
    nothing(life.friend.awaits_reply)
    assert life.ways() == ["push"]
    said = life.happens(HandedBack(at=life.now, by="鈴木"))
    assert said == ["二"]
    assert life.until("2026-11-30 12:00") == ["11-24 08:00 三", "11-25 08:00 四"]


def test_staff_leave_their_scenarios():
    from flows.events import BecameStaff

    life = Life((DAILY,))
    life.follow()
    life.happens(BecameStaff(at=life.now))
    assert life.due is None
    assert life.order(StartScenario(name="毎日")) == []


# -- pace, caps, hours --------------------------------------------------------------------------------------------


def test_half_pace_is_at_most_one_in_two_days():
    life = Life((DAILY,))
    life.follow()
    assert "2日に1通" in life.says("通知を減らす")[0]
    said = life.until("2026-12-05 12:00")
    assert [each[:11] for each in said] == ["11-21 19:00", "11-23 08:00", "11-25 08:00"]


def test_no_pace_keeps_the_place_and_replies_still_work():
    life = Life((DAILY, "# シナリオ 語\n開始: キーワード メニュー\n\n## すぐ\nメニューです\n"))
    life.follow()
    life.says("配信停止")
    assert life.until("2026-12-05 12:00") == []
    assert life.says("メニュー") == ["メニューです"]
    life.wait(minutes=1)
    said = life.says("配信再開")
    assert said[0].startswith("お知らせを再開しました")
    assert said[1:] == ["二"]


def test_caps_of_the_account_count_everything():
    life = Life((DAILY, DAILY.replace("毎日", "別")), account=Account(per_day=1, per_week=3))
    life.follow()
    said = life.until("2026-12-10 12:00")
    days = [at.astimezone(ZoneInfo("Asia/Tokyo")).date() for at, _ in life.pushes]
    assert len(days) == len(set(days)) == len(said)
    for day in days:
        assert sum(0 <= (other - day).days < 7 for other in days) <= 3


def test_caps_of_the_scenario():
    life = Life((DAILY.replace("開始: 友だち追加", "開始: 友だち追加\n上限: 全部で300通"),))
    life.tally = Tally(sent={"毎日": 299})
    life.follow()
    assert life.until("2026-11-21 20:00") == ["11-21 19:00 二"]
    life.tally = Tally(sent={"毎日": 300})
    assert life.until("2026-12-21 20:00") == []
    assert life.held() == ["scenario_cap"]


@pytest.mark.parametrize(
    ("zone", "start", "sent"),
    [
        ("Asia/Tokyo", "2026-03-07 12:00", "2026-03-08T19:00:00+09:00"),
        ("America/New_York", "2026-03-07 12:00", "2026-03-08T19:00:00-04:00"),
        ("America/New_York", "2026-10-31 12:00", "2026-11-01T19:00:00-05:00"),
        ("Europe/London", "2026-03-28 12:00", "2026-03-29T19:00:00+01:00"),
        ("Pacific/Auckland", "2026-09-26 12:00", "2026-09-27T19:00:00+13:00"),
    ],
)
def test_a_clock_time_is_the_shops_own_on_both_sides_of_a_change(zone, start, sent):
    life = Life((DAILY,), zone=zone, start=start)
    life.follow()
    life.next()
    assert life.pushes[0][0] == datetime.fromisoformat(sent)


def test_quiet_hours_and_windows_hold_both():
    account = Account(quiet_from=time(20), quiet_until=time(10))
    script = "# シナリオ あ\n開始: 友だち追加\n時間帯: 平日 9:00-12:00\n\n## 1日後 19:00\n二\n"
    life = Life((script,), account=account)
    life.follow()
    life.next()
    assert life.due == "11-23 10:00"


def test_a_step_without_words_is_not_held_by_the_night():
    life = Life(("# シナリオ あ\n開始: 友だち追加\n\n## 1日後 3:00\n= タグ 夜\n",))
    life.follow()
    life.next()
    assert life.tags == {"夜"}
    assert life.clock == "11-21 03:00"


def test_a_late_answer_that_would_end_a_walk_ends_it_only_once():
    script = "# シナリオ あ\n開始: 友だち追加\n\n## すぐ\n? 好み（1つ）\nどちら?\n- 和 → 道 和\n- 洋 → 終わる\n\n# 道 和\n## すぐ\n和です\n"
    life = Life((script,))
    life.follow()
    life.wait(minutes=1)
    life.taps("洋")
    assert life.kinds().count("scenario_ended") == 1
    life.wait(minutes=1)
    assert life.taps("和") == ["和です"]
    assert life.kinds().count("scenario_ended") == 2
