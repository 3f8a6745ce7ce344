"""Buttons: what they carry, what an old one does, what a double tap does, and that a screen fits LINE."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from admin_commands.screens import Button, Screen, Tap, pieces, render
from flows.catalog import Role, Staff
from flows.codec import dumps, loads
from flows.conditions import InScenario
from flows.desk import Console, Heard
from flows.events import Rebased
from flows.names import FriendId, fold, utf16_length
from flows.scenario import State
from flows.script import cut
from tests.console.shop import shop
from tests.console.world import check_limits, friend


def test_a_number_and_a_label_do_what_the_tap_does() -> None:
    """On a PC there are no buttons."""
    for said in ("公開する", "1", "１", "1。"):
        phone = shop()
        phone.say("公開 秋のご案内")
        phone.say(said)
        assert phone.catalog.plans[fold("秋のご案内")].state is State.LIVE


def test_a_tag_that_is_not_named_is_asked_for_with_the_tags_there_are() -> None:
    """A bare request for a name leaves open whose."""
    phone = shop()
    asked = phone.say("タグ付け @さくら")
    assert "どのタグですか" in asked
    assert "1 予約済" in asked
    phone.tap("予約済")
    assert "タグ「予約済」を付けました" in phone.text


def test_a_label_wins_over_a_number() -> None:
    """A choice that is called 2 is meant by 2."""
    phone = shop()
    phone.console = replace(phone.console, labels=("2", "ほか"), taps=("ホーム", "通数"))
    assert "今日" in phone.say("2")


def test_an_old_button_changes_nothing_and_shows_the_present_screen() -> None:
    """A week later, the button is still on the phone."""
    phone = shop()
    phone.say("公開 秋のご案内")
    old = phone.data_of("公開する")
    phone.say("通数")
    before = phone.catalog
    answer = phone.press(old)
    assert "以前の画面" in answer
    assert "残り" in answer
    assert phone.catalog == before
    phone.tap("ホーム")
    assert "今日" in phone.text


def test_a_double_tap_acts_once() -> None:
    """Phones are slow, thumbs are quick."""
    phone = shop()
    phone.say("公開 秋のご案内")
    data = phone.data_of("公開する")
    phone.press(data)
    after = phone.catalog
    answer = phone.press(data)
    assert phone.catalog == after
    assert "もう受け取っています" in answer
    assert "公開しました" in answer


def test_the_same_event_twice_changes_nothing_and_says_nothing() -> None:
    """LINE may bring a webhook again."""
    phone = shop()
    heard = Heard(at=phone.now, event_id="01SAME", text="タグ作成 新しいタグ")
    phone.hear(heard)
    after = phone.catalog
    phone.hear(heard)
    assert phone.catalog == after
    assert phone.last is not None
    assert phone.last.bubbles == ()


def test_a_button_that_publishes_is_void_when_somebody_changed_the_draft() -> None:
    """Two members of staff on one scenario are told of each other and lose nothing."""
    phone = shop()
    phone.say("公開 秋のご案内")
    other = shop(name="鈴木", me=FriendId("U" + "d" * 32), role=Role.EDITOR)
    other.catalog = replace(phone.catalog, staff={**phone.catalog.staff, **other.catalog.staff})
    other.say("時刻 秋のご案内 2 3日後19時")
    phone.catalog = other.catalog
    answer = phone.tap("公開する")
    assert "鈴木さんが" in answer
    assert "何もしていません" in answer
    assert phone.catalog.plans[fold("秋のご案内")].state is State.DRAFT
    assert phone.tap("今の画面を開く").startswith("シナリオ ▸ 秋のご案内")


def test_a_button_of_a_friend_is_explained() -> None:
    """A preview shows real buttons."""
    answer = shop().press("q1|shinki|1|1|s2|nayami|c0")
    assert "友だちに見えるボタン" in answer


def test_a_card_button_that_only_shows_works_for_ever() -> None:
    """Lists are looked at again later."""
    phone = shop()
    phone.say("シナリオ")
    data = phone.data_of("新規様")
    for word in ("通数", "ホーム", "友だち"):
        phone.say(word)
    assert phone.press(data).startswith("シナリオ ▸ 新規様")


def test_a_name_of_several_is_asked_about_and_the_line_goes_on() -> None:
    """Never a guess."""
    phone = shop()
    phone.say("開始 新規様 @山田")
    assert phone.labels == ["山田花子さん", "山田太郎さん"]
    phone.say("山田太郎さん")
    assert not phone.orders
    phone.tap("始める")
    [order] = phone.orders
    assert order.friend == phone.reports.friends[2].id


def test_notices_come_first_and_once_told_are_marked() -> None:
    """Staff are told at their next word."""
    phone = shop()
    phone.reports.told = ["さくらさんが担当者を待っています"]
    assert phone.say("通数").startswith("🔔 さくらさんが")
    assert phone.console.told is not None


@pytest.mark.parametrize(
    "screen",
    [
        Screen(text="あ" * 30_000, taps=tuple(Tap(label=f"とても長い名前のボタンその{n}番目") for n in range(20))),
        Screen(text="い\n" * 9_000, taps=(Tap(label="はい"),), lasts=True),
        Screen(text="😀" * 3_000, where="どこか"),
        Screen(text="", taps=(Tap(label="👨‍👩‍👧‍👦" * 30),)),
    ],
    ids=["long", "card", "emoji", "empty"],
)
def test_any_screen_fits_lines_limits(screen: Screen) -> None:
    """What LINE refuses never leaves us."""
    buttons = tuple(Button(label=one.label[:20], data="x") for one in screen.taps[:13])
    bubbles = render(screen, buttons)
    check_limits(bubbles)
    assert 1 <= len(bubbles) <= 5


def test_pieces_keep_every_line() -> None:
    """A long list is cut between lines, and nothing of it is lost."""
    text = "\n".join(f"{n}行目のことば" for n in range(2_000))
    parts = list(pieces(text))
    assert "\n".join(parts) == text
    assert all(utf16_length(part) <= 5_000 for part in parts)


def test_hostile_names_are_only_shown() -> None:
    """A display name is never a command, a key or a pattern."""
    for name in ("公開", "(.*)+$", "{名前さん|お客様}", "do:公開 0 新規様", "「」", "\u202eevil", "*" * 200):
        phone = shop()
        phone.reports.friends = [friend(name)]
        before = phone.catalog
        phone.say("友だち")
        phone.say(f"友だち {name}")
        phone.say("なぜ @id:" + phone.reports.friends[0].id)
        assert phone.catalog == before


def test_a_form_survives_a_week_and_other_work() -> None:
    """Drafts are offered again."""
    phone = shop()
    phone.say("シナリオ作成 冬のご案内")
    phone.say("温める")
    phone.press("c:通数")
    phone.say("ホーム")
    assert "つづける：冬のご案内" in phone.labels
    assert "いつ始めますか" in phone.tap("つづける：冬のご案内")


def test_a_wrong_word_in_a_form_keeps_the_question_on_the_screen() -> None:
    """An error teaches, and the question stands under it."""
    phone = shop()
    phone.say("シナリオ作成 冬のご案内")
    answer = phone.say("なんでも")
    assert "選べませんでした" in answer
    assert "どんなシナリオですか" in answer
    assert phone.labels[0] == "温める"


def test_staff_without_the_role_cannot_paste_a_script() -> None:
    """A paste is a change too."""
    phone = shop(role=Role.VIEWER)
    before = phone.catalog
    assert "編集者から" in phone.say("# シナリオ あ\n開始: 手動\n\n## すぐ\nこんにちは")
    assert phone.catalog == before


def test_a_long_script_comes_in_parts_in_any_order() -> None:
    """A message holds 5,000 units."""
    body = "\n\n".join(f"## {n}日後 19:00\n{'長い文です。' * 130}" for n in range(1, 31))
    text = f"# シナリオ 長い案内\n開始: 手動\n\n{body}\n"
    phone = shop()
    phone.say("ホーム")
    first, *rest = cut(text, "長い案内")
    assert rest
    for part in reversed(rest):
        assert "残りは" in phone.say(part)
    assert "下書きにしました" in phone.say(first)
    plan = phone.catalog.plans[fold("長い案内")].draft
    assert plan is not None
    assert "# つづき 1/" in phone.say("書出 長い案内")
    assert "# つづき 5/" in phone.tap("続きを見る")


def test_a_draft_is_not_replaced_without_asking() -> None:
    """Somebody's unfinished work is never lost to a paste."""
    phone = shop()
    text = "# シナリオ 秋のご案内\n開始: 手動\n\n## すぐ\n新しい本文です。\n"
    before = phone.catalog
    answer = phone.say(text)
    assert "まだ何も変えていません" in answer
    assert "＋新しい本文です。" in answer
    assert phone.catalog == before
    assert "下書きにしました" in phone.tap("入れ替える")


def test_the_owner_cannot_be_removed() -> None:
    """A shop without an owner could not be run."""
    phone = shop()
    staff = {**phone.catalog.staff, FriendId("U" + "e" * 32): Staff(role=Role.EDITOR, name="鈴木", since=phone.now)}
    phone.catalog = replace(phone.catalog, staff=staff)
    assert "外せません" in phone.say("スタッフ外す 花")
    phone.say("スタッフ外す 鈴木")
    assert "外しました" in phone.tap("外す")
    assert phone.last is not None
    assert FriendId("U" + "e" * 32) in phone.last.staff_effects
    assert FriendId("U" + "e" * 32) not in phone.catalog.staff


def test_every_console_can_be_kept_and_read_back() -> None:
    """A restart forgets nothing: forms, what was kept, the present screen."""
    phone = shop()
    for said in (
        "シナリオ作成 冬のご案内",
        "温める",
        "友だち追加",
        "こんにちは",
        "ホーム",
        "ホームを開く",
        "公開 秋のご案内",
        "開始 新規様 @山田",
    ):
        phone.say(said)
        assert loads(Console, dumps(phone.console)) == phone.console


def test_a_form_taken_up_again_never_loses_a_published_version() -> None:
    """The draft was published meanwhile; going on with the form must not strand the friends on that version."""
    phone = shop()
    for said in (
        "シナリオ作成 冬のご案内",
        "温める",
        "手動",
        "こんにちは",
        "やめる",
        "公開 冬のご案内",
        "公開する",
        "つづける",
    ):
        phone.say(said)
    phone.say("翌日19時")
    phone.say("またどうぞ")
    phone.say("2通で終わり")
    entry = phone.catalog.plans[fold("冬のご案内")]
    assert list(entry.versions) == [1]
    assert entry.state is State.LIVE
    assert entry.draft is not None
    assert "第2版として公開します" in phone.say("公開")


def test_taking_back_never_undoes_somebody_elses_later_work() -> None:
    """Two people, one scenario."""
    phone = shop()
    phone.say("時刻 秋のご案内 2 5日後の10時")
    entry = phone.catalog.plans[fold("秋のご案内")]
    later = replace(entry, changed=phone.now + timedelta(minutes=5), changed_by="鈴木")
    phone.catalog = replace(phone.catalog, plans={**phone.catalog.plans, fold("秋のご案内"): later})
    assert "また変わっている" in phone.say("取消")
    assert phone.catalog.plans[fold("秋のご案内")] == later


def test_going_on_after_a_stop_wakes_everybody_where_he_stands() -> None:
    """A walk that was held has no due time of its own."""
    phone = shop()
    phone.say("停止 新規様")
    phone.say("再開 新規様")
    assert not phone.orders
    phone.tap("再開する")
    [order] = phone.orders
    assert isinstance(order.event, Rebased)
    assert (order.event.scenario, order.event.to_version) == (fold("新規様"), 0)
    assert order.everyone_who == InScenario(scenario="新規様")


def test_a_day_of_work_costs_nothing() -> None:
    """Whatever staff say is answered by a reply; only orders reach friends."""
    phone = shop()
    for said in (
        "ホーム",
        "シナリオ",
        "プレビュー 新規様",
        "早送り 新規様",
        "しみ",
        "点検 秋のご案内",
        "診断",
        "ヘルプ",
        "テンプレ",
    ):
        phone.say(said)
        assert phone.last is not None
        assert phone.last.bubbles
        assert not phone.last.effects
        assert not phone.last.orders
