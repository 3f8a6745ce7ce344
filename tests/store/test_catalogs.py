"""The configuration: one snapshot after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.catalogs import Catalogs
from flows.catalog import Account, Catalog, Tag
from flows.desk import Change
from flows.names import Key
from tests.store.conftest import World
from tests.store.people import NOW, SAKURA


def with_tag(catalog: Catalog, name: str) -> Catalog:
    """The catalog with one more tag."""
    return replace(catalog, tags={**catalog.tags, Key(name): Tag(name=name)})


def put(world: World, catalog: Catalog, words: str = "変更", event_id: str = "") -> bool:
    """Commit on the revision in the catalog."""
    before = world.catalogs.current()
    return world.catalogs.commit(
        catalog,
        expected=catalog.revision,
        changes=[Change(words=words, before=before)],
        by="店長",
        at=NOW,
        event_id=event_id,
    )


def test_nothing_configured_is_an_empty_catalog(world: World) -> None:
    """The first word to a new account finds something to decide on."""
    assert world.catalogs.current() == Catalog()


def test_a_snapshot_is_read_back_with_the_next_revision(world: World) -> None:
    """Every process sees the same."""
    assert put(world, with_tag(Catalog(), "VIP"))
    assert world.catalogs.current() == replace(with_tag(Catalog(), "VIP"), revision=1)


def test_of_two_editors_the_slower_one_is_told(world: World) -> None:
    """No change of a colleague is overwritten unseen."""
    assert put(world, with_tag(Catalog(), "A"))
    assert not put(world, with_tag(Catalog(), "B"))
    first = world.catalogs.current()
    assert put(world, with_tag(first, "C"))
    assert not put(world, with_tag(first, "D"))
    assert list(world.catalogs.current().tags) == ["A", "C"]


def test_the_same_event_again_finds_its_change_made(world: World) -> None:
    """Killed between catalog and console, then redelivered: one change, and no error."""
    assert put(world, with_tag(Catalog(), "A"), event_id="e1")
    assert put(world, with_tag(Catalog(), "A"), event_id="e1")
    assert world.catalogs.knows("e1")
    assert not world.catalogs.knows("e2")
    assert world.catalogs.current().revision == 1
    assert len(world.catalogs.history()) == 1


def test_an_unchanged_snapshot_is_not_read_again(world: World) -> None:
    """The revision travels with the friend's record; the snapshot itself stays in memory."""
    put(world, with_tag(Catalog(), "A"))
    catalogs = world.catalogs
    first = catalogs.current()
    revision = world.friends.meet(SAKURA).revision
    assert revision == 1
    assert catalogs.at(revision) is first
    put(world, with_tag(first, "B"))
    revision = world.friends.meet(SAKURA).revision
    assert sorted(catalogs.at(revision).tags) == ["A", "B"]


def test_what_only_the_process_knows_is_added_when_loading(world: World) -> None:
    """The public address is a setting, not configuration."""

    def adorn(catalog: Catalog) -> Catalog:
        return replace(catalog, account=replace(catalog.account, base_url="https://a.example"))

    catalogs = Catalogs(world.server, world.keys, world.runner, adorn=adorn)
    assert catalogs.current().account.base_url == "https://a.example"
    put(world, with_tag(Catalog(), "A"))
    assert catalogs.current().account.base_url == "https://a.example"


def test_history_takes_back_one_change_and_leaves_later_ones(world: World) -> None:
    """取消 of the older of two changes does not undo the newer one."""
    put(world, with_tag(Catalog(), "A"), "タグAを作成")
    put(world, replace(world.catalogs.current(), account=Account(name="店")), "名前を変更")
    put(world, with_tag(world.catalogs.current(), "B"), "タグBを作成")
    rows = world.catalogs.history()
    assert [(row.words, row.by, row.revision) for row in rows] == [
        ("タグBを作成", "店長", 3),
        ("名前を変更", "店長", 2),
        ("タグAを作成", "店長", 1),
    ]
    catalog = world.catalogs.current()
    assert list(world.catalogs.undo(rows[2], catalog).tags) == ["B"]
    assert world.catalogs.undo(rows[1], catalog).account == Account()
    assert world.catalogs.undo(rows[0], catalog).account == Account(name="店")


def test_history_keeps_fifty_and_the_audit_everything(fake: World) -> None:
    """履歴 is for undoing, the audit for answering who did what."""
    for number in range(60):
        put(fake, with_tag(fake.catalogs.current(), f"t{number}"), f"{number}")
    assert len(fake.catalogs.history()) == 50
    assert [row["words"] for row in fake.catalogs.audit()] == [str(number) for number in range(60)]


def test_a_change_without_a_before_cannot_be_taken_back(fake: World) -> None:
    """An act such as a broadcast stands in the history, but has no undo."""
    fake.catalogs.commit(Catalog(), expected=0, changes=[Change(words="配信")], by="店長", at=NOW + timedelta(days=1))
    (row,) = fake.catalogs.history()
    with pytest.raises(ValueError, match="cannot be taken back"):
        fake.catalogs.undo(row, fake.catalogs.current())
