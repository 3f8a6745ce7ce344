"""Indexes equal what the records say, after anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.audit import Audit
from bot.store.friends import Change
from bot.store.keys import SHARDS, shard_of
from bot.store.records import Record
from flows.friend import Entry, Friend, Past
from flows.names import Key
from tests.store.conftest import World, opened
from tests.store.people import NOW, SAKURA, SHARD, TOKYO, change, enrolled, friend_id, tagged
from tests.store.slots import Guarded, guarded_fake

KEYS = st.sampled_from([Key("乾燥"), Key("%:1")])
DAYS = st.integers(0, 400).map(lambda days: NOW - timedelta(days=days, seconds=days * 77))


def edits() -> st.SearchStrategy[Any]:
    """One random change of a friend."""
    return st.one_of(
        st.tuples(st.just("tag"), KEYS),
        st.tuples(st.just("untag"), KEYS),
        st.tuples(st.just("score"), KEYS, st.integers(-9, 9)),
        st.tuples(st.just("field"), KEYS, st.sampled_from(["", "はい", "12", "2026-01-02"])),
        st.tuples(st.just("walk"), KEYS, st.integers(1, 3), DAYS),
        st.tuples(st.just("end"), KEYS),
        st.tuples(st.just("name"), st.sampled_from(["", "さくら", "SAKURA", "山田\0太郎", "🌸", "\ud83c半分"])),
        st.tuples(st.just("joined"), DAYS),
        st.tuples(st.just("left"), st.none() | DAYS),
        st.tuples(st.just("awaits"), st.none() | DAYS),
        st.tuples(st.just("reacted"), DAYS),
        st.tuples(st.just("staff"), st.booleans()),
    )


def edited(friend: Friend, edit: Any) -> Friend:
    """The friend after the change."""
    match edit:
        case ("tag", key):
            return tagged(friend, key)
        case ("untag", key):
            return replace(friend, tags={tag: label for tag, label in friend.tags.items() if tag != key})
        case ("score", key, points):
            return replace(friend, scores={**friend.scores, key: points})
        case ("field", key, value):
            return replace(friend, fields={**friend.fields, key: Entry(value=value, at=NOW)})
        case ("walk", key, version, due):
            kept = tuple(one for one in friend.enrollments if one.scenario != key)
            return enrolled(replace(friend, enrollments=kept), key, version, due)
        case ("end", key):
            kept = tuple(one for one in friend.enrollments if one.scenario != key)
            past = {**friend.past, key: Past(version=1, runs=1, ended=NOW, how="end")}
            return replace(friend, enrollments=kept, past=past)
        case ("name", name):
            return replace(friend, name=name)
        case ("awaits", since):
            return replace(friend, awaits_reply=since)
        case (name, value):
            return replace(friend, **{name: value})
    raise AssertionError(edit)


def commit(world: World, number: int, edit: Any) -> None:
    """One random event of one friend."""
    record = world.friends.load(friend_id(number))
    world.friends.commit(shard_of(record.friend.id), [change(record, edited(record.friend, edit))])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 2), edits()), max_size=30))
def test_whatever_is_committed_the_indexes_equal_their_rebuild(events: list[tuple[int, Any]]) -> None:
    """An index that drifts sends to the wrong people."""
    world = opened(guarded_fake())
    audit = Audit(world.server, world.keys)
    for number, edit in events:
        commit(world, number, edit)
    assert audit.differences(TOKYO) == []
    audit.rebuild(TOKYO)
    assert audit.differences(TOKYO) == []


def test_a_batch_leaves_the_same_indexes_as_one_by_one(world: World) -> None:
    """Many bits of one bitmap are written with one command, on every kind of server."""
    ids = [friend_id(number) for number in range(300)]
    for shard in SHARDS:
        blank = world.friends.load_many(shard, [one for one in ids if shard_of(one) == shard])
        changes: list[Change] = []
        for record in blank:
            assert isinstance(record, Record)
            after = replace(tagged(enrolled(record.friend), "VIP"), name=record.friend.id[-3:], joined=NOW)
            changes.append(change(record, after))
        world.friends.commit(shard, changes)
    assert isinstance(world.server, Guarded)
    assert Audit(world.server.client, world.keys).differences(TOKYO) == []


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("SETBIT", "bit:tag:VIP", 0, 0), "bitmap tag:VIP"),
        (("SETBIT", "bit:tag:gone", 4, 1), "bitmap tag:gone"),
        (("ZADD", "due", 1, SAKURA), "due"),
        (("ZREM", "due", SAKURA), "due"),
        (("ZADD", "names", 0, "だれか\x009"), "names"),
        (("ZADD", "newest", 5, "U1"), "newest"),
        (("ZADD", "awaiting", 5, "U1"), "awaiting"),
        (("SETRANGE", "ids", 0, "U9"), "ids"),
        (("SET", "next", 0), "next"),
        (("SET", f"friend:{SAKURA}", "?"), "cannot be read"),
    ],
)
def test_every_kind_of_damage_is_named_and_mended(fake: World, command: tuple[Any, ...], says: str) -> None:
    """An audit that cannot fail would say nothing."""
    record = fake.friends.load(SAKURA)
    after = replace(tagged(enrolled(record.friend), "VIP"), name="さくら", joined=NOW)
    fake.friends.commit(SHARD, [change(record, after)])
    name, key, *rest = command
    fake.server.execute_command(name, f"{fake.keys.namespace}:{{{SHARD}}}:{key}", *rest)
    audit = Audit(fake.server, fake.keys)
    assert any(says in one for one in audit.differences(TOKYO))
    if says not in {"next", "cannot be read"}:
        audit.rebuild(TOKYO)
        assert audit.differences(TOKYO) == []


def test_a_gap_among_the_newest_is_no_difference_but_a_missing_newcomer_is(fake: World) -> None:
    """Who was erased leaves the list shorter; who has just joined must be on it."""
    ids = [one for number in range(1200) if shard_of(one := friend_id(number)) == SHARD]
    assert len(ids) > 60
    blank = fake.friends.load_many(SHARD, ids)
    joined = [NOW - timedelta(minutes=number) for number in range(len(ids))]
    known = [record for record in blank if isinstance(record, Record)]
    changes = [change(one, replace(one.friend, joined=at)) for one, at in zip(known, joined, strict=True)]
    fake.friends.commit(SHARD, changes)
    fake.friends.erase(ids[20], TOKYO)
    earlier = fake.friends.load(ids[30])
    fake.friends.commit(SHARD, [change(earlier, replace(earlier.friend, joined=NOW - timedelta(days=9)))])
    audit = Audit(fake.server, fake.keys)
    assert audit.differences(TOKYO) == []
    fake.server.execute_command("ZREM", fake.keys.newest(SHARD), ids[3])
    assert any("newest" in one for one in audit.differences(TOKYO))


def test_a_parked_friend_is_no_difference(fake: World) -> None:
    """He was put off on purpose."""
    record = fake.friends.load(SAKURA)
    fake.friends.commit(SHARD, [change(record, enrolled(record.friend))])
    fake.due.park(SAKURA, NOW + timedelta(hours=1))
    assert Audit(fake.server, fake.keys).differences(TOKYO) == []


def test_after_a_change_of_zone_the_days_are_rebuilt(fake: World) -> None:
    """A day begins elsewhere in another zone."""
    record = fake.friends.load(SAKURA)
    late = NOW.replace(hour=20)
    fake.friends.commit(SHARD, [change(record, replace(record.friend, joined=late))])
    audit, new_york = Audit(fake.server, fake.keys), ZoneInfo("America/New_York")
    assert audit.differences(new_york) != []
    audit.rebuild(new_york)
    assert audit.differences(new_york) == []
