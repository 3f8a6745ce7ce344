"""Whole talks about broadcasts in a shop of 412 friends, as they are read on the phone; and what lets nothing go."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from admin_commands.edits import with_segment
from flows.broadcast import Progress
from flows.catalog import Role
from flows.conditions import Everyone, Tagged
from flows.desk import HeadCount, Health, Heard, Quota
from flows.facts import Rule
from flows.scenario import Split
from tests.broadcast.dialogue import NAMES, WHO, CountingReports, phone, say_all
from tests.console.test_transcripts import spoken, turns
from tests.console.world import Phone, actions_of

FILES = sorted((Path(__file__).parent / "talks").glob("*.txt"))
TO_CHECK = ("一斉", "動かす", "全員", "秋の保湿フェア", "この内容で次へ", "土曜10時")


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_talk_reads_as_written(file: Path) -> None:
    """The transcript is what owners will read."""
    text = file.read_text(encoding="utf-8")
    title, mine = text.splitlines()[0], phone()
    parts = [title, *(f"店> {said}\n〉\n{spoken(mine, said)}" for said, _ in turns(text))]
    now = "\n".join(parts) + "\n"
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        file.write_text(now, encoding="utf-8")
        text = now
    assert now == text


def reports(one: Phone) -> CountingReports:
    """What this phone's console asks."""
    assert isinstance(one.reports, CountingReports)
    return one.reports


def test_everybody_must_be_said() -> None:
    """A blank answer or a slip never means all friends."""
    one = phone()
    say_all(one, ("一斉", "動かす"))
    for words in ("　", "かつ", "みんな", "全"):
        assert "全員" in one.say(words)
        assert one.console.form["page"] == "who"


def test_a_hundred_people_need_their_number() -> None:
    """A tap alone sends to a few, never to many."""
    one = phone()
    text = say_all(one, TO_CHECK)
    assert "よければ人数「412」" in text
    assert not any(label.endswith("送る") for label in one.labels)
    for wrong in ("はい", "41", "412通", "送る", "０"):
        assert "✅" not in one.say(wrong)
    assert not one.catalog.broadcasts
    assert "✅ 予約しました" in one.say("４１２人")
    assert len(one.catalog.broadcasts) == 1


def test_a_changed_head_count_voids_what_was_typed() -> None:
    """The screen said 412; by now there are 413."""
    one = phone()
    say_all(one, TO_CHECK)
    reports(one).counts["全員"] = HeadCount(true=413)
    assert "412人から413人に変わっています" in one.say("412")
    assert not one.catalog.broadcasts
    assert "✅" in one.say("413")


def test_a_changed_text_asks_for_the_number_again() -> None:
    """What was checked is what goes."""
    one = phone()
    say_all(one, TO_CHECK)
    say_all(one, ("直す", "本文", "冬の保湿フェア"))
    assert "✅" not in one.say("412")
    assert not one.catalog.broadcasts
    assert "よければ人数" in say_all(one, ("書き直す", "冬の保湿フェア", "この内容で次へ"))
    assert "✅" in one.say("412")
    assert "冬の保湿フェア" in next(iter(one.catalog.broadcasts.values())).name


def test_a_quota_smaller_than_the_audience_is_told_and_the_draft_kept() -> None:
    """Nothing is half sent by surprise."""
    one = phone()
    reports(one).month = Quota(month="2026-11", limit=500, at_line=200, ours=200)
    text = say_all(one, TO_CHECK)
    assert "今月の残りは300通で、412人には112通足りません" in text
    assert "よければ人数" not in text
    one.say("412")
    assert not one.catalog.broadcasts
    assert one.console.form["variants"] == [[{"text": "秋の保湿フェア"}]]


def test_a_moment_that_passes_while_the_screen_is_open_is_not_used() -> None:
    """The owner goes to lunch with the check on her phone."""
    one = phone()
    say_all(one, (*TO_CHECK[:-1], "今日19時"))
    one.now += timedelta(hours=10)
    assert "もう過ぎています" in one.say("412")
    assert not one.catalog.broadcasts


def test_those_half_way_may_get_it_later() -> None:
    """途中の人は後日 makes a second one, for whoever has not got the first."""
    one = phone()
    say_all(one, ("一斉", "動かす", WHO, "途中の人は後日", "7日後", "秋の保湿フェア", "この内容で次へ", "土曜10時"))
    assert "途中の人へは 11/28(土) 10:00" in one.say("111")
    first, second = one.catalog.broadcasts.values()
    assert second.at - first.at == timedelta(days=7)
    assert second.condition.words() == f"{WHO} 除外 配信「{first.name}」の受信者"


def test_newcomers_are_left_out_by_one_tap() -> None:
    """They have not been warmed yet."""
    less = f"{WHO} 除外 登録3日未満"
    one = phone(
        {
            f"（{WHO}） かつ 登録3日未満": HeadCount(true=5),
            less: HeadCount(true=123),
        }
    )
    assert "登録から3日たっていない人が5人います" in say_all(one, ("一斉", "動かす", WHO))
    one.tap("登録3日未満も除く")
    say_all(one, ("秋の保湿フェア", "この内容で次へ", "土曜10時", "123"))
    assert next(iter(one.catalog.broadcasts.values())).condition.words() == less


def test_two_variants_share_the_audience() -> None:
    """別の案とくらべる makes a split whose shares add to a hundred."""
    one = phone()
    say_all(one, ("一斉", "動かす", "全員", "A案です", "別の案とくらべる", "B案です", "この内容で次へ"))
    say_all(one, ("10%ずつ試して残りは良い方", "予約済", "1日後", "多い方を送る", "土曜10時"))
    assert "A案 10%・B案 10%・残り 80%（予約済で決めます）" in one.text
    one.say("412")
    (split,) = next(iter(one.catalog.broadcasts.values())).body
    assert isinstance(split, Split)
    assert [(each.name, each.share) for each in split.variants] == [("A", 10), ("B", 10), ("残り", 80)]


def test_a_viewer_cannot_send() -> None:
    """閲覧者 looks, 送信者 sends; and a role taken away in the middle counts."""
    one = phone()
    say_all(one, TO_CHECK)
    me = one.catalog.staff[one.me]
    one.catalog = replace(one.catalog, staff={**one.catalog.staff, one.me: replace(me, role=Role.VIEWER)})
    assert "送信者から" in one.say("412")
    assert not one.catalog.broadcasts
    one.tap("やめる")
    assert "送信者から使えます" in one.say("一斉配信")


def test_what_runs_is_stopped_once() -> None:
    """中止, 途中停止: the second time it says how things stand."""
    one = phone()
    say_all(one, (*TO_CHECK[:-1], "今から", "412"))
    name = next(iter(one.catalog.broadcasts.values())).name
    one.now += timedelta(minutes=2)
    reports(one).progress[name] = Progress(planned=412, sent={"": 124})
    assert "送信中 124/412" in one.say(f"予定 {name}")
    assert "残りを止めました。124人には、もう送っています（残り 288人）" in one.tap("途中停止")
    reports(one).progress[name] = Progress(planned=412, sent={"": 124}, stopped=288, over=True)
    assert "もう途中で停止です" in one.say(f"配信中止 {name}")
    assert "対象 412人 ＝ 受付 124＋停止で取りやめ 288" in one.say(f"予定 {name}")


def test_the_same_tap_twice_plans_one() -> None:
    """A double tap acts once."""
    one = phone({"少し": HeadCount(true=3)})
    one.catalog = replace(one.catalog, account=replace(one.catalog.account, count_confirm_from=1_000))
    say_all(one, TO_CHECK)
    data = one.data_of("412人に送る")
    one.press(data)
    one.press(data)
    assert len(one.catalog.broadcasts) == 1


def test_five_bubbles_are_one_message_and_a_sixth_is_refused() -> None:
    """≤ 5 bubbles = 1通, shown as such."""
    one = phone()
    say_all(one, ("一斉", "動かす", "全員", "1つ目"))
    for number in range(2, 6):
        say_all(one, ("文を足す", f"{number}つ目"))
    assert "吹き出し5つで、1人1通" in one.text
    assert "文を足す" not in one.labels
    say_all(one, ("この内容で次へ", "土曜10時", "自分に試す（0通）"))
    assert "続きを見る" in one.labels
    assert "5つ目" in one.tap("続きを見る")


def test_the_later_wave_moves_and_falls_with_the_first() -> None:
    """Changed or stopped alone, the first would leave a second that goes to people it was never meant for."""
    one = phone()
    say_all(
        one, ("一斉", "動かす", WHO, "途中の人は後日", "7日後", "秋の保湿フェア", "この内容で次へ", "土曜10時", "111")
    )
    one.tap("変更")
    say_all(one, ("直す", "日時", "明後日10時", "111"))
    first, second = one.catalog.broadcasts.values()
    assert (second.at - first.at).days == 7
    assert second.condition.words().endswith(f"除外 配信「{first.name}」の受信者")
    assert "後日の分も取りやめました" in one.say(f"配信中止 {first.name}")
    assert all(each.stopped for each in one.catalog.broadcasts.values())


def test_the_audience_can_be_put_together_by_taps() -> None:
    """順に選ぶ, for those who do not like to write conditions."""
    one = phone({"乾燥": HeadCount(true=30), "乾燥 除外 予約済": HeadCount(true=25)})
    say_all(one, ("一斉", "温める", "順に選ぶ", "乾燥"))
    assert "乾燥 → 30人" in one.text
    say_all(one, ("除外 もう1つ", "予約済"))
    assert "乾燥 除外 予約済 → 25人" in one.text
    say_all(one, ("これで決める", "お手入れ講座です", "この内容で次へ", "土曜10時", "25人に送る"))
    assert next(iter(one.catalog.broadcasts.values())).condition.words() == "乾燥 除外 予約済"


def test_words_that_came_first_become_the_text() -> None:
    """［一斉配信の本文にする］ asks everything but the text."""
    one = phone()
    one.say("明日は臨時休業です。ご迷惑をおかけします。")
    say_all(one, ("一斉配信の本文にする", "つながる", "全員"))
    assert "この内容で次へ" in one.labels
    say_all(one, ("この内容で次へ", "今日19時", "412"))
    assert "明日は臨時休業です" in next(iter(one.catalog.broadcasts.values())).name


def test_leaving_keeps_what_was_answered() -> None:
    """やめる, and a week later つづける."""
    one = phone()
    say_all(one, (*TO_CHECK, "やめる"))
    one.now += timedelta(days=2)
    one.say("つづける")
    assert "もう過ぎています" in one.text
    say_all(one, ("日時", "土曜10時", "412"))
    assert len(one.catalog.broadcasts) == 1


CAPPED = HeadCount(true=128, names=NAMES, left_out={Rule.CAP: 4, Rule.LEFT: 2})


def test_who_gets_nothing_is_told_and_not_counted() -> None:
    """週の上限に達した4人は、人数に入れていません: the number that is typed is of those who get it."""
    one = phone({"全員": CAPPED})
    text = say_all(one, TO_CHECK)
    assert "124人へ（124通）" in text
    assert "ブロック中 2人、1人あたりの上限 4人（人数に入れていません）" in text
    assert "届かない6人を見る" in one.labels
    assert "確認に戻る" in one.tap("届かない6人を見る")
    one.tap("確認に戻る")
    assert "✅" not in one.say("128")
    assert "✅" in one.say("124")


def test_a_segment_that_changes_behind_the_screen_voids_what_was_typed() -> None:
    """The number is the same, the people are others."""
    one = phone({"対象 会員様": HeadCount(true=412, names=NAMES)})
    one.catalog = with_segment(one.catalog, "会員様", Everyone())
    say_all(one, (*TO_CHECK[:2], "会員様", *TO_CHECK[3:]))
    one.catalog = with_segment(one.catalog, "会員様", Tagged(name="乾燥"))
    assert "絞り込みの条件が変わりました" in one.say("412")
    assert not one.catalog.broadcasts
    assert "✅" in one.say("412")


def test_nothing_goes_while_the_indexes_are_built_anew() -> None:
    """A number that may be wrong is neither asked for nor taken."""
    one = phone()
    say_all(one, TO_CHECK)
    reports(one).well = Health(tick_age=3.0, workers=2, indexed=0.43)
    assert "名簿を整理しなおしています（43%）" in one.say("412")
    assert "終わるまで、送れません" in one.text
    assert not one.catalog.broadcasts
    assert "43%" in one.say("診断")
    reports(one).well = Health(tick_age=3.0, workers=2)
    one.say("つづける")
    assert "✅" in one.say("412")


def test_a_moment_is_picked_on_the_phone() -> None:
    """LINE's picker says its moment; typed, its label says how to type one."""
    one = phone()
    say_all(one, TO_CHECK[:-1])
    (picker,) = [one for one in actions_of(one.shown[-1]) if one["type"] == "datetimepicker"]
    assert picker["mode"] == "datetime"
    assert picker["min"] == "2026-11-20T10:13"
    assert picker["min"] <= picker["initial"] <= picker["max"]
    assert "文字でも送れます" in one.say("日時を選ぶ")
    (picker,) = [one for one in actions_of(one.shown[-1]) if one["type"] == "datetimepicker"]
    one.hear(Heard(at=one.now, event_id="picked", data=picker["data"], picked="2026-11-22T11:30"))
    assert "11/22(日) 11:30 に、412人へ" in one.text


def test_the_only_one_is_stopped_without_asking_which() -> None:
    """A minute of grace is no time for questions."""
    one = phone()
    say_all(one, (*TO_CHECK[:-1], "今から", "412"))
    assert "取りやめました。誰にも送っていません" in one.say("中止")


def test_of_several_texts_the_meant_one_is_changed() -> None:
    """The others stay as they were."""
    one = phone()
    say_all(one, ("一斉", "動かす", "全員", "1つ目", "文を足す", "2つ目", "この内容で次へ", "土曜10時", "文"))
    say_all(one, ("2つ目 2つ目", "あたらしい文"))
    assert "あたらしい文" in one.text
    assert [each["text"] for each in one.console.form["variants"][0]] == ["1つ目", "あたらしい文"]
    assert "412人へ" in one.text
