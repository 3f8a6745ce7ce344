"""Where names are used, and what becomes of everything when a tag gets another name."""

from __future__ import annotations

import pytest

from admin_commands.uses import places, uses_field, uses_score, uses_tag, walk, with_tag_renamed
from flows.catalog import Role
from flows.desk import Order
from flows.events import Retagged
from flows.names import MAIN, fold
from tests.console.shop import published, shop
from tests.console.world import Phone

SCRIPT = """# シナリオ 使うもの
開始: タグ 常連
ゴール: タグ 常連

## すぐ ※常連
もし: 常連 かつ スコア「保湿力」3以上
{肌質|お肌}のお話です。
= タグ外し 常連、保湿力+2点、肌質=乾燥
おわり
"""


def with_script() -> Phone:
    """The shop with a scenario that uses the tag wherever a tag can stand."""
    phone = shop()
    phone.catalog = published(phone.catalog, SCRIPT)
    return phone


def test_a_name_is_found_wherever_it_stands() -> None:
    """Start, goal, condition, effect, text: what is changed must be known before."""
    catalog = with_script().catalog
    assert places(catalog, uses_tag(fold("常連"))) == ["シナリオ「使うもの」"]
    assert places(catalog, uses_score(fold("保湿力"))) == ["シナリオ「使うもの」"]
    assert places(catalog, uses_field(fold("肌質"))) == ["シナリオ「使うもの」"]
    assert "シナリオ「新規様」" in places(catalog, uses_score(MAIN))
    assert places(catalog, uses_tag(fold("無い"))) == []


def test_a_renamed_tag_is_renamed_everywhere() -> None:
    """A version that friends walk on is changed as well: it is the same tag."""
    catalog = with_script().catalog
    assert sum(map(uses_tag(fold("常連")), walk(catalog))) == 5
    after = with_tag_renamed(catalog, fold("常連"), "お得意様")
    assert sum(map(uses_tag(fold("お得意様")), walk(after))) == 5
    assert not any(map(uses_tag(fold("常連")), walk(after)))
    assert with_tag_renamed(catalog, fold("無い"), "何か") == catalog


def test_renaming_tells_who_is_touched_and_reaches_those_who_block() -> None:
    """A record that keeps the old name would lose its tag."""
    phone = with_script()
    answer = phone.say("タグ名変更 常連 お得意様")
    assert "128人" in answer
    assert "シナリオ「使うもの」" in answer
    assert fold("お得意様") not in phone.catalog.tags
    phone.tap("変える")
    assert fold("お得意様") in phone.catalog.tags
    assert fold("常連") not in phone.catalog.tags
    [order] = phone.orders
    assert isinstance(order, Order)
    assert order.event == Retagged(at=order.event.at, old="常連", new="お得意様")
    assert order.everyone_who is not None
    assert order.everyone_who.words() == "タグ 常連"


def test_merging_many_asks_for_their_number() -> None:
    """What cannot be taken back and touches a hundred takes a typed number."""
    phone = with_script()
    assert "よければ人数「128」を送ってください" in phone.say("タグ統合 常連 乾燥")
    assert "人数が合いません" in phone.say("12")
    assert not phone.orders
    phone.say("タグ統合 常連 乾燥")
    assert "まとめました（128人）" in phone.say("128")
    assert len(phone.orders) == 1


@pytest.mark.parametrize("words", ["タグ名変更 常連 お得意様", "タグを消す 常連", "タグ統合 常連 乾燥"])
def test_a_viewer_changes_no_tag(words: str) -> None:
    """Roles are checked at each word."""
    assert "編集者から使えます" in shop(role=Role.VIEWER).say(words)


def test_a_change_of_tags_on_friends_is_not_taken_back_by_halves() -> None:
    """取消 would put the name back in the scenarios and leave the friends with the new one."""
    phone = shop()
    phone.say("タグ名変更 常連 お得意様")
    phone.tap("変える")
    assert phone.last is not None
    assert phone.last.changes[0].before is None
