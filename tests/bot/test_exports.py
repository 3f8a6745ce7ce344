"""全部書出: links that count once, and files that neither lose a word nor run as a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.exports import FILES
from bot.store.keys import Shard
from bot.store.records import Record, Unreadable
from flows.catalog import Role, Staff, Tag
from flows.names import FriendId, fold
from tests.full_world import FullWorld
from tests.transcript import shown
from tests.worlds import OWNER_CODE, id_of, move, published

SCRIPT = """# シナリオ 新規様
開始: 友だち追加

## すぐ
? メモ書き（文字）
ひとことどうぞ
"""


@pytest.fixture
def links(world: FullWorld) -> dict[str, str]:
    """The paths of the four links that the owner gets, in a shop with one friend who writes a formula."""
    catalog = published(world.catalog(), SCRIPT, world.now)
    world.install(replace(catalog, account=replace(catalog.account, base_url="https://shop.example.com")))
    world.act("friend", "follows", "")
    world.act("friend", "says", '=HYPERLINK("http://evil")')
    world.act("staff", "follows", "")
    world.act("staff", "says", f"登録 {OWNER_CODE}")
    world.heard()
    world.act("staff", "says", "全部書出")
    text = "\n".join(shown(one.message) for one in world.heard())
    found = re.findall(r"https://shop\.example\.com(/export/\S+)", text)
    return dict(zip(("friends", "answers", "sends", "all"), found, strict=True))


def rows(world: FullWorld, path: str) -> list[list[str]]:
    """The table behind a link."""
    answer = world.client.post(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_opening_a_link_uses_nothing_up_and_the_button_works_once(world: FullWorld, links: dict[str, str]) -> None:
    """LINE itself opens links to show a preview."""
    for _ in range(3):
        page = world.client.get(links["friends"])
        assert page.status_code == 200
        assert "受け取る" in page.get_data(as_text=True)
        assert page.headers["Cache-Control"] == "no-store"
    assert world.client.post(links["friends"]).status_code == 200
    assert world.client.post(links["friends"]).status_code == 410
    assert world.client.get(links["answers"]).status_code == 200


def test_a_link_runs_out_and_dies_with_the_role(world: FullWorld, links: dict[str, str]) -> None:
    """Half an hour, and never for somebody who is the owner no longer."""
    catalog = world.catalog()
    editor = Staff(role=Role.EDITOR, since=world.now)
    world.install(replace(catalog, staff={id_of("staff"): editor}))
    assert world.client.post(links["friends"]).status_code == 410
    world.install(replace(world.catalog(), staff=catalog.staff))
    world.now += timedelta(minutes=31)
    assert world.client.post(links["friends"]).status_code == 410


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-2] + "AA", lambda token: "", lambda token: "..", lambda token: "あ"]
)
def test_a_link_that_is_not_ours_opens_nothing(world: FullWorld, links: dict[str, str], spoil) -> None:  # type: ignore[no-untyped-def]
    """Nobody makes a link without the secret."""
    head, _, token = links["all"].rpartition("/")
    assert world.client.post(f"{head}/{spoil(token)}").status_code in {404, 410}


def test_the_tables_hold_everybody_and_no_formula(world: FullWorld, links: dict[str, str]) -> None:
    """What a friend types must not run on the owner's PC."""
    titles, *friends = rows(world, links["friends"])
    assert [row[titles.index("名前")] for row in friends if row[0] == id_of("friend")] == ["さくら"]
    _, answer = rows(world, links["answers"])
    assert answer[1:4] == ["さくら", "メモ書き", '\'=HYPERLINK("http://evil")']
    assert sorted(row[1:4:2] for row in rows(world, links["sends"])[1:]) == [
        ["さくら", "シナリオ 新規様"],
        ["花", "シナリオ 新規様"],
    ]


def test_the_whole_is_there_and_no_open_invitation(world: FullWorld, links: dict[str, str]) -> None:
    """A copy to keep: scripts to paste, settings, every record; nothing that opens a door."""
    world.act("staff", "says", "スタッフ追加 編集者")
    whole = json.loads(world.client.post(links["all"]).get_data(as_text=True))
    assert whole["scripts"]["新規様"].startswith("# シナリオ 新規様")
    assert FriendId(id_of("friend")) in {one["id"] for one in whole["friends"]}
    assert fold("新規様") in whole["catalog"]["plans"]
    assert not whole["catalog"].get("invitations")


def test_an_erased_friend_is_in_no_file(world: FullWorld, links: dict[str, str]) -> None:
    """Forgotten is forgotten."""
    world.act("staff", "says", "友だち削除 @さくら")
    world.act("staff", "taps", "すべて消す")
    for path in links.values():
        text = world.client.post(path).get_data(as_text=True)
        assert "さくら" not in text
        assert id_of("friend") not in text


def test_the_table_of_comparisons_says_nothing_about_single_friends(world: FullWorld, links: dict[str, str]) -> None:
    """It is for every member of staff, a viewer too; the files about people are the owner's alone."""
    script = f"{SCRIPT}\n## 3日後 19:00\nAB: 50/50\n案A:\n案B: 3日後 12:00\nおわり\nその後いかがですか？\n"
    world.install(published(world.catalog(), script, world.now))
    viewer = FriendId(id_of("美咲"))
    staff = {**world.catalog().staff, viewer: Staff(role=Role.VIEWER, since=world.now)}
    world.install(replace(world.catalog(), staff=staff))
    world.act("かな", "follows", "")
    move(world, world.now + timedelta(days=4))
    world.act("かな", "says", "はい")
    world.heard()
    world.act("美咲", "says", "AB 新規様 2")
    world.act("美咲", "taps", "CSV")
    text = "\n".join(shown(one.message) for one in world.heard())
    (link,) = re.findall(r"https://shop\.example\.com(/export/\S+)", text)
    titles, *found = rows(world, link)
    assert titles[0] == "くらべたもの"
    assert [row[0:1] + row[3:] for row in found] == [
        ["新規様 2通目", "A", "3日後 19:00", "0", "0", "0", "0", "0"],
        ["新規様 2通目", "B", "3日後 12:00", "1", "1", "0", "1", "0"],
    ]
    world.act("美咲", "says", "全部書出")
    assert "/export/" not in "\n".join(shown(one.message) for one in world.heard())


def test_a_file_begins_at_once_and_comes_in_steady_pieces(
    world: FullWorld, links: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host hangs up where no byte comes for half a minute: neither may be made whole before it is sent."""
    store = world.services.store
    asked: list[int] = []
    load = store.friends.load_many

    def counting(shard: Shard, friends: Sequence[FriendId]) -> list[Record | Unreadable]:
        asked.append(len(friends))
        return load(shard, friends)

    monkeypatch.setattr(store.friends, "load_many", counting)
    for kind in ("answers", "sends", "all"):
        pieces = FILES[kind].lines(store, world.now)
        assert next(pieces)
        assert asked == []
        assert len(list(pieces)) >= len(asked) > 0
        asked.clear()


def test_tags_stand_in_the_table_so_that_it_can_be_brought_in_again(world: FullWorld, links: dict[str, str]) -> None:
    """A name that holds the separator stands in brackets."""
    catalog = world.catalog()
    world.install(replace(catalog, tags={**catalog.tags, fold("乾燥、肌"): Tag(name="乾燥、肌")}))
    world.act("staff", "says", "タグ付け @さくら 「乾燥、肌」")
    titles, *friends = rows(world, links["friends"])
    assert "「乾燥、肌」" in [row[titles.index("タグ")] for row in friends]


FAIR = """# シナリオ フェア
開始: 友だち追加

## すぐ
!カード 秋のフェア
- くわしく → +1点
- 店へ → https://example.com/
"""


def test_results_are_a_table_of_who_was_reached_and_who_tapped(world: FullWorld) -> None:
    """What the chart shows, to reckon with on a PC; it names nobody, so any member of staff may have it."""
    world.act("staff", "follows", "")
    world.act("staff", "says", f"登録 {OWNER_CODE}")
    catalog = published(world.catalog(), FAIR, world.now)
    world.install(replace(catalog, account=replace(catalog.account, base_url="https://shop.example.com")))
    for who in ("friend", "美咲", "かな", "ゆい"):
        world.act(who, "follows", "")
    world.act("friend", "taps", "くわしく")
    staff = world.catalog().staff[id_of("staff")]
    viewer = replace(world.catalog(), staff={id_of("staff"): replace(staff, role=Role.VIEWER)})
    world.install(viewer)
    world.heard()
    world.act("staff", "says", "結果CSV")
    text = "\n".join(shown(one.message) for one in world.heard())
    path = re.findall(r"https://shop\.example\.com(/export/\S+)", text)[0]
    assert "個人情報" not in world.client.get(path).get_data(as_text=True)
    assert rows(world, path)[1:] == [
        ["シナリオ", "フェア", "1", "カード 秋のフェア", "4", "", "", ""],
        ["シナリオ", "フェア", "1", "", "4", "［くわしく］", "1", "25.0"],
    ]
