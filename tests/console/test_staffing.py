"""Staff come and go, through the whole stack: the invitation, the notice, the roles, the removal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from flows.catalog import Role
from tests.full_world import FullWorld, full_world
from tests.transcript import shown
from tests.worlds import OWNER_CODE, id_of

SCRIPT = "# シナリオ 秋のご案内\n開始: 手動\n\n## すぐ\nこんにちは\n"


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """A shop with its owner."""
    with full_world() as made:
        made.act("staff", "follows", "")
        made.act("staff", "says", f"登録 {OWNER_CODE}")
        made.heard()
        yield made


def say(world: FullWorld, who: str, words: str) -> str:
    """What the phone of `who` shows after these words."""
    world.act(who, "says", words)
    return "\n".join(shown(one.message) for one in world.heard() if one.who == who)


def invite(world: FullWorld, role: str) -> str:
    """The line that the owner hands on."""
    answer = say(world, "staff", f"スタッフ追加 {role}")
    found = re.search(r"登録 [0-9A-Z]{4}-[0-9A-Z]{4}", answer)
    assert found is not None
    return found[0]


def join(world: FullWorld, role: str, who: str = "鈴木") -> None:
    """Somebody takes the invitation."""
    world.act(who, "follows", "")
    line = invite(world, role)
    assert f"「{role}」になりますか" in say(world, who, line)
    assert "になりました" in say(world, who, f"{line} なる")


def test_an_invitation_makes_one_member_and_the_owner_hears_of_it(world: FullWorld) -> None:
    """Once, within thirty minutes, and told at the owner's next word at no cost."""
    world.act("鈴木", "follows", "")
    line = invite(world, "編集者")
    world.now += timedelta(seconds=5)
    say(world, "鈴木", f"{line} なる")
    assert world.catalog().staff[id_of("鈴木")].role is Role.EDITOR
    assert (world.fake.menu(id_of("鈴木")) or {})["chatBarText"] == "管理メニュー"
    assert say(world, "佐藤", line) == ""
    world.now += timedelta(seconds=5)
    assert "🔔 鈴木さんが編集者になりました" in say(world, "staff", "ホーム")
    world.now += timedelta(seconds=5)
    assert "🔔" not in say(world, "staff", "ホーム")
    assert world.pushes() == 0


def test_an_invitation_is_void_after_half_an_hour_or_when_taken_back(world: FullWorld) -> None:
    """A line in an old talk opens nothing."""
    late, withdrawn = invite(world, "編集者"), invite(world, "閲覧者")
    say(world, "staff", f"招待取消 {withdrawn.removeprefix('登録 ')}")
    assert say(world, "鈴木", withdrawn) == ""
    world.now += timedelta(minutes=31)
    assert say(world, "鈴木", late) == ""


def test_a_removed_member_loses_the_menu_and_the_drafts_at_once(world: FullWorld) -> None:
    """Her next word is a friend's; what she was making goes to the owner."""
    join(world, "編集者")
    say(world, "鈴木", SCRIPT)
    assert "作りかけ1件（秋のご案内）" in say(world, "staff", "スタッフ 鈴木")
    assert "作りかけ1件（秋のご案内）はあなたに移ります" in say(world, "staff", "スタッフ外す 鈴木")
    assert "あなたに移りました" in say(world, "staff", "外す")
    assert world.fake.menu(id_of("鈴木")) is None
    assert say(world, "鈴木", "シナリオ") == ""
    entry = next(iter(world.catalog().plans.values()))
    assert (entry.draft is not None, entry.changed_by) == (True, "花")
    assert not world.friend("鈴木").staff


def test_ownership_is_handed_over_once(world: FullWorld) -> None:
    """The new owner can do all, the old one what an editor can."""
    join(world, "閲覧者")
    assert "元に戻せるのは鈴木さんだけです" in say(world, "staff", "ゆずる 鈴木")
    assert "鈴木さんが所有者になりました" in say(world, "staff", "ゆずる")
    assert "所有者から使えます" in say(world, "staff", "スタッフ追加 閲覧者")
    assert "招待を作りました" in say(world, "鈴木", "スタッフ追加 閲覧者")


def test_undo_never_pretends_to_take_back_a_change_of_staff(world: FullWorld) -> None:
    """Roles are given by hand, and 友だちモード is no change of the shop."""
    join(world, "編集者")
    say(world, "staff", "役割 鈴木 閲覧者")
    assert "元に戻せません" in say(world, "staff", "取消")
    say(world, "staff", SCRIPT)
    say(world, "staff", "友だちモード")
    say(world, "staff", "管理に戻る")
    assert "取り消した変更：「秋のご案内」の下書きを入れました" in say(world, "staff", "取消")


def test_what_a_person_did_is_found_by_name_and_by_thing(world: FullWorld) -> None:
    """Who did what, also long after fifty other changes."""
    join(world, "編集者")
    say(world, "鈴木", SCRIPT)
    for number in range(55):
        say(world, "staff", f"タグ作成 印{number}")
    assert "鈴木：「秋のご案内」の下書きを入れました" in say(world, "staff", "履歴 鈴木")
    assert "鈴木：" in say(world, "staff", "履歴 秋のご案内")
    assert "鈴木" not in say(world, "staff", "履歴")


def test_a_role_taken_away_counts_at_the_next_tap(world: FullWorld) -> None:
    """A screen from before gives no rights."""
    join(world, "編集者")
    say(world, "鈴木", SCRIPT)
    say(world, "鈴木", "公開")
    say(world, "staff", "役割 鈴木 閲覧者")
    world.act("鈴木", "taps", "公開する")
    answer = "\n".join(shown(one.message) for one in world.heard())
    assert "編集者から使えます" in answer
    assert next(iter(world.catalog().plans.values())).versions == {}


def test_a_script_comes_as_a_file(world: FullWorld) -> None:
    """A long script is easier to send from a PC; Notepad's bytes are read as well."""
    for number, blob in enumerate((SCRIPT.encode(), SCRIPT.replace("秋", "冬").encode("cp932"))):
        world.fake.send_file(id_of("staff"), f"script{number}.txt", blob)
        world.work()
        assert "下書きにしました" in "\n".join(shown(one.message) for one in world.heard())
    assert [entry.name for entry in world.catalog().plans.values()] == ["秋のご案内", "冬のご案内"]


def test_a_trial_begins_anew_after_reset(world: FullWorld) -> None:
    """リセット wipes what 試す left on the owner, and nothing of a friend."""
    say(world, "staff", SCRIPT.replace("こんにちは", "こんにちは\n= タグ 体験済"))
    say(world, "staff", "公開")
    say(world, "staff", "公開する")
    say(world, "staff", "試す 秋のご案内")
    assert "体験済" in world.friend("staff").tags
    say(world, "staff", "管理に戻る")
    assert "始まった人 0人" in say(world, "staff", "結果 秋のご案内")
    assert "消しました" in say(world, "staff", "リセット")
    assert world.friend("staff").tags == {}
    assert world.friend("staff").staff
    assert "こんにちは" in say(world, "staff", "試す 秋のご案内")


def test_a_form_that_was_never_saved_goes_to_the_owner_as_well(world: FullWorld) -> None:
    """Half an auto-reply is work too; the owner finds it where her own unfinished things are."""
    join(world, "編集者")
    say(world, "鈴木", "自動応答作成 営業時間")
    say(world, "鈴木", "含む")
    assert "作りかけ1件（自動応答作成「営業時間」）はあなたに移ります" in say(world, "staff", "スタッフ外す 鈴木")
    assert "あなたに移りました" in say(world, "staff", "外す")
    assert "つづきから始めます" in say(world, "staff", "つづける")
    assert "10時から19時です" in say(world, "staff", "10時から19時です")
    assert "返事をするようにしました" in say(world, "staff", "これで保存")
