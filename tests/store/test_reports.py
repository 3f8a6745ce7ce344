"""What the console may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.store.keys import shard_of
from bot.store.notices import Notice
from bot.store.store import Store, store_on
from flows.catalog import Catalog, Entry, Segment
from flows.conditions import AllOf, FieldIs, Tagged
from flows.conditions.labels import Comparison, Named
from flows.desk import Change as CatalogChange
from flows.desk import Done, Reports
from flows.facts import Fact, StepTaken, TagAdded
from flows.friend import Entry as Value
from flows.friend import Friend
from flows.names import FriendId, Key
from flows.scenario import Line, Scenario
from tests.store.conftest import World
from tests.store.people import NOW, SAKURA, SHARD, change, enrolled, friend_id, push, tagged


@pytest.fixture
def store(world: World) -> Store:
    """All rooms, on every kind of server."""
    return store_on(world.server, secret=b"secret", namespace=world.keys.namespace)


def keep(store: Store, friend: Friend, *facts: Fact) -> None:
    """Commit this friend as he is."""
    record = store.friends.load(friend.id)
    store.friends.commit(shard_of(friend.id), [change(record, friend, facts=facts)])


def person(number: int, name: str = "", joined: datetime = NOW) -> Friend:
    """A friend who can be reached."""
    return Friend(id=friend_id(number), name=name, joined=joined)


def asked(store: Store) -> Reports:
    """The reports as the console sees them."""
    return store.reports(NOW)


def test_a_friend_is_seen_with_his_past(store: Store) -> None:
    """友だち and なぜ read the same record."""
    facts = [TagAdded(at=NOW.replace(microsecond=0), tag="VIP"), TagAdded(at=NOW + timedelta(days=1), tag="乾燥肌")]
    for fact in facts:
        keep(store, person(1, "さくら"), fact)
    view = asked(store).friend(friend_id(1))
    assert view is not None
    assert view.friend.name == "さくら"
    assert [fact.tag for fact in view.past if isinstance(fact, TagAdded)] == ["VIP", "乾燥肌"]
    assert asked(store).friend(FriendId("nobody")) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("さくら", ["さくら", "さくらこ", "山田さくら"]),
        ("サクラ", ["さくら", "さくらこ", "山田さくら"]),
        ("ＹＡＭＡＤＡ", ["Yamada*"]),
        ("*", ["Yamada*"]),
        ("[a-z]", []),
        ("?", []),
        ("U000", []),
        ("3", []),
        ("", []),
        ("\0", []),
    ],
)
def test_names_are_found_however_they_are_typed_and_never_as_patterns(
    store: Store, words: str, found: list[str]
) -> None:
    """The exact name comes first, then names that begin so, then names that hold the words."""
    for number, name in enumerate(["山田さくら", "さくらこ", "さくら", "花子", "Yamada*"]):
        keep(store, person(number, name))
    assert [friend.name for friend in asked(store).named(words)] == found


def test_a_renamed_friend_is_found_by_the_new_name_only(store: Store) -> None:
    """An old name must not lead to somebody else's message."""
    keep(store, person(1, "旧姓"))
    keep(store, person(1, "新姓"))
    assert asked(store).named("旧姓") == []
    assert [friend.id for friend in asked(store).named("新姓")] == [friend_id(1)]


def test_no_more_names_than_asked_for(store: Store) -> None:
    """A list on a phone is short."""
    for number in range(30):
        keep(store, person(number, f"田中{number}"))
    assert len(asked(store).named("田中", 10)) == 10
    assert len(asked(store).named("中", 4)) == 4


def test_newest_lists_newcomers_and_no_staff(store: Store) -> None:
    """友だち without a word shows who just came."""
    for number in range(70):
        keep(store, person(number, str(number), NOW + timedelta(minutes=number)))
    keep(store, replace(person(69, "69", NOW + timedelta(minutes=69)), staff=True))
    assert [friend.name for friend in asked(store).newest(3)] == ["68", "67", "66"]


def test_those_who_wait_for_an_answer_are_listed_longest_first(store: Store) -> None:
    """返信待ち is a list to work through."""
    keep(store, replace(person(1, "後"), awaits_reply=NOW))
    keep(store, replace(person(2, "先"), awaits_reply=NOW - timedelta(hours=1)))
    keep(store, replace(person(3, "済"), awaits_reply=NOW))
    keep(store, person(3, "済"))
    assert [friend.name for friend in asked(store).awaiting()] == ["先", "後"]


def test_a_head_count_knows_true_unknown_and_some_names(store: Store) -> None:
    """A comparison with a field nobody filled is unknown, not false."""
    for number in range(40):
        keep(store, tagged(person(number, f"{number}さん"), "vip"))
    keep(store, replace(person(3, "3さん"), fields={Key("年代"): Value(value="20代", at=NOW)}))
    keep(store, replace(tagged(person(4, "4さん"), "vip"), fields={Key("年代"): Value(value="20代", at=NOW)}))
    keep(store, replace(tagged(person(5, "5さん"), "vip"), left=NOW))
    condition = AllOf(of=(Tagged(name="VIP"), FieldIs(field="年代", op=Comparison.EQUAL, value="20代")))
    count = asked(store).count(condition, Catalog(), NOW)
    assert (count.true, count.unknown, count.names) == (1, 37, ("4さん",))
    assert asked(store).following() == 39


def test_a_head_count_takes_two_trips(store: Store, world: World) -> None:
    """Sixteen shards are asked at once; names cost two trips more."""
    keep(store, tagged(person(1), "vip"))
    world.server.commands.clear()  # type: ignore[attr-defined]
    asked(store).count(Tagged(name="VIP"), Catalog(), NOW)
    names = [words[0] for words in world.server.commands]  # type: ignore[attr-defined]
    assert names == ["MGET"] * 16 + ["GETRANGE", "GET"]


def test_a_saved_segment_counts_as_its_condition(store: Store) -> None:
    """対象 X asks the catalog what X means."""
    keep(store, tagged(person(1, "さくら"), "vip"))
    keep(store, person(2, "花子"))
    catalog = Catalog(segments={Key("常連"): Segment(name="常連", condition=Tagged(name="VIP"))})
    assert asked(store).count(Named(name="常連"), catalog, NOW).true == 1


def test_the_ids_of_a_segment_are_read_shard_by_shard(store: Store) -> None:
    """An order to many goes to exactly those who were counted."""
    for number in range(50):
        keep(store, tagged(person(number), "vip") if number % 3 else person(number))
    found = store.segments.members(Tagged(name="VIP"), Catalog(), NOW)
    ids = [friend for shard, members in found.items() for friend in store.segments.ids(shard, members.true)]
    assert sorted(ids) == sorted(friend_id(number) for number in range(50) if number % 3)


def test_walkers_are_counted_by_version(store: Store) -> None:
    """Publishing asks what becomes of those on older versions."""
    plan = Scenario(name="新規様", lines=(Line(steps=()),))
    entry = Entry(name="新規様", versions={1: plan, 2: plan, 3: plan}, current=3)
    store.catalogs.commit(Catalog(plans={Key("新規様"): entry}), expected=0, by="店長", at=NOW)
    for number, version in enumerate([1, 2, 2, 2]):
        keep(store, enrolled(person(number), version=version))
    keep(store, replace(enrolled(person(9), version=2), left=NOW))
    assert asked(store).in_scenario(Key("新規様")) == {1: 1, 2: 3}
    assert asked(store).in_scenario(Key("ない")) == {}


def test_facts_are_counted_by_the_shops_day(store: Store) -> None:
    """23:30 in London is tomorrow in Tokyo."""
    late = NOW.replace(hour=23)
    step = StepTaken(at=late, scenario="新規様", version=2, step="s1", pushed=True)
    keep(store, person(1), step, TagAdded(at=NOW, tag="VIP"))
    keep(store, person(2), step, TagAdded(at=NOW, tag="VIP"), replace(step, pushed=False))
    reports = asked(store)
    assert reports.facts("tag_added", "2026-11-20") == {"VIP": 2}
    assert reports.facts("step_taken", "2026-11-21") == {"新規様\t2\ts1\t": 3}
    assert reports.facts("pushed", "2026-11-21") == {"新規様\t2\ts1\t": 2}
    assert reports.facts("step_taken", "2026-11-20") == {}
    assert store.counters.sent() == {"新規様": 2}


def test_scheduled_counts_those_who_are_due_before(store: Store) -> None:
    """The forecast is an upper bound: one 通 for each."""
    for number in range(5):
        keep(store, enrolled(person(number), due=NOW + timedelta(days=number)))
    assert asked(store).scheduled(NOW + timedelta(days=3)) == 3


def test_quota_tells_both_counts_and_what_is_held(store: Store) -> None:
    """The difference between LINE's count and ours is shown, not hidden."""
    store.quotas.learned("2026-11", limit=200, at_line=30, at=NOW)
    assert store.quotas.reserve("2026-11", 5)
    record = store.friends.load(SAKURA)
    entries = store.friends.commit(SHARD, [change(record, effects=[push("やあ")])]).entries
    store.outbox.hold(SHARD, entries)
    quota = asked(store).quota()
    assert (quota.month, quota.limit, quota.at_line, quota.ours, quota.held) == ("2026-11", 200, 30, 5, 1)
    assert quota.asked == NOW.replace(microsecond=123_000)


def test_health_tells_how_late_we_are(store: Store) -> None:
    """A silent clock or worker shows before friends complain."""
    assert asked(store).health().tick_age is None
    store.heartbeat.tick(NOW - timedelta(seconds=30))
    store.heartbeat.worker(NOW - timedelta(seconds=5), "w1")
    store.heartbeat.worker(NOW - timedelta(minutes=5), "w2")
    record = store.friends.load(SAKURA)
    waiting = change(record, enrolled(record.friend, due=NOW - timedelta(minutes=2)), effects=[push("やあ")])
    store.friends.commit(SHARD, [replace(waiting, at=NOW - timedelta(minutes=1))])
    health = asked(store).health()
    assert health.tick_age == pytest.approx(30, abs=0.01)
    assert health.oldest_due == pytest.approx(120, abs=0.01)
    assert health.oldest_waiting == pytest.approx(60, abs=0.01)
    assert (health.waiting, health.workers, health.evicting) == (1, 1, False)


def test_each_member_of_staff_hears_a_notice_once(store: Store) -> None:
    """What a colleague has read is still news to the others."""
    for _ in range(2):
        store.notices.add(Notice(at=NOW, text="さくらさんが予約", topic="booking", friend=SAKURA))
    store.notices.add(Notice(at=NOW + timedelta(seconds=1), text="通数がなくなりました"))
    assert store.reports(NOW).notices() == ["さくらさんが予約", "通数がなくなりました"]
    assert store.reports(NOW, told=NOW).notices() == ["通数がなくなりました"]


def test_a_kind_of_notice_that_somebody_turned_off_is_not_told_to_her(store: Store) -> None:
    """The others still hear it."""
    store.notices.add(Notice(at=NOW, text="さくらさんが予約", topic="notice", friend=SAKURA))
    store.notices.add(Notice(at=NOW, text="通数がなくなりました", topic="quota"))
    assert store.reports(NOW).notices(("notice",)) == ["通数がなくなりました"]


def test_history_rows_can_be_taken_back_through_the_reports(store: Store) -> None:
    """取消 knows a row by its revision and its words."""
    after = Catalog(segments={Key("常連"): Segment(name="常連", condition=Tagged(name="VIP"))})
    changes = [CatalogChange(words="常連を保存", before=Catalog())]
    store.catalogs.commit(after, expected=0, changes=changes, by="店長", at=NOW)
    reports, catalog = asked(store), store.catalogs.current()
    (row,) = reports.history()
    plain = Done(at=row.at, by=row.by, words=row.words, revision=row.revision)
    for one in (row, plain):
        undone = reports.undone(one, catalog)
        assert undone is not None
        assert undone.segments == {}
    assert reports.undone(replace(plain, revision=99), catalog) is None
