"""Two members of staff at one scenario: each hears of the other, and neither loses anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.catalog import Role, Staff
from flows.desk import Console
from flows.names import FriendId, fold
from tests.console.shop import AUTUMN, shop
from tests.console.world import Phone

OTHER = FriendId("U" + "c" * 32)


def two() -> tuple[Phone, Phone]:
    """The owner's phone and that of 鈴木, an editor; `hand_over` brings what one did to the other."""
    owner = shop()
    owner.catalog = replace(
        owner.catalog,
        staff={**owner.catalog.staff, OTHER: Staff(role=Role.EDITOR, name="鈴木", since=owner.now - timedelta(days=1))},
    )
    suzuki = Phone(
        me=OTHER,
        role=Role.EDITOR,
        name="鈴木",
        catalog=owner.catalog,
        reports=owner.reports,
        console=Console(admin=OTHER),
    )
    return owner, suzuki


def hand_over(one: Phone, to: Phone) -> None:
    """What one did is in force for the other."""
    to.catalog, to.now = one.catalog, max(one.now, to.now)


def test_each_is_told_that_the_other_is_at_it() -> None:
    """Two people who know of each other talk; two who do not overwrite."""
    owner, suzuki = two()
    suzuki.say("時刻 秋のご案内 2 3日後19時")
    hand_over(suzuki, owner)
    assert "✏ 鈴木さんがたったいま直しています。" in owner.say("秋のご案内")
    assert "✏ 鈴木さん" in owner.say("直す 秋のご案内")
    owner.now += timedelta(minutes=40)
    assert "✏" not in owner.say("秋のご案内")


def test_edits_of_both_are_kept() -> None:
    """Each edit is made on what is there now, and says whose other work is in it."""
    owner, suzuki = two()
    suzuki.say("時刻 秋のご案内 2 3日後19時")
    hand_over(suzuki, owner)
    answer = owner.say("複製 秋のご案内 1")
    assert "鈴木さんの変更も、そのまま入っています" in answer
    assert "3日後 19:00" in answer
    hand_over(owner, suzuki)
    assert "花さんの変更も" in suzuki.say("時刻 秋のご案内 2 1日後19時")


def test_a_text_goes_to_its_step_although_the_other_moved_it() -> None:
    """The number is what she saw; the step is what she meant."""
    owner, suzuki = two()
    owner.say("本文 秋のご案内 2")
    owner.say("今週末までです！")
    suzuki.say("複製 秋のご案内 1")
    hand_over(suzuki, owner)
    assert "3通目の本文を書き直しました" in owner.say("これで保存")
    assert "今週末までです！" in owner.say("書出 秋のご案内")


def test_a_text_for_a_step_that_the_other_rewrote_is_asked_about() -> None:
    """Whoever comes second decides with both in sight; the text she wrote is kept."""
    owner, suzuki = two()
    owner.say("本文 秋のご案内 2")
    owner.say("花の文です。")
    suzuki.say("本文 秋のご案内 2")
    suzuki.say("鈴木の文です。")
    suzuki.say("これで保存")
    hand_over(suzuki, owner)
    answer = owner.say("これで保存")
    assert "鈴木さんが2通目を変えました" in answer
    assert "鈴木の文です。" in answer
    assert "鈴木の文です。" in str(owner.catalog.plans[fold("秋のご案内")].draft)
    owner.tap("やめる")
    assert "鈴木さんが2通目を変えました" in owner.say("つづける")
    assert "書き直しました" in owner.tap("それでも入れ替える")
    assert "花の文です。" in str(owner.catalog.plans[fold("秋のご案内")].draft)


def test_a_pasted_script_does_not_replace_what_came_after_its_diff_was_shown() -> None:
    """The button was under another draft than the one there is now."""
    owner, suzuki = two()
    assert "入れ替えると、こう変わります" in owner.say(AUTUMN.replace("今週末", "来週末"))
    suzuki.say("時刻 秋のご案内 2 5日後19時")
    hand_over(suzuki, owner)
    answer = owner.tap("入れ替える")
    assert "まだ何も変えていません" in answer
    assert "5日後 19:00" in str(owner.catalog.plans[fold("秋のご案内")].draft)
    owner.tap("入れ替える")
    assert "来週末" in str(owner.catalog.plans[fold("秋のご案内")].draft)
