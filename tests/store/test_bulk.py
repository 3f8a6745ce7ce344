"""Many friends at once: what stands afterwards is what one commit after another would have left."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.store import past, records
from bot.store.audit import Audit
from bot.store.bulk import Bulk, Newcomer
from bot.store.friends import Change
from bot.store.glance import each, glance
from bot.store.keys import SHARDS, Keys, shard_of
from bot.store.records import Record
from bot.store.store import Store, store_on
from flows import codec
from flows.decision import Decision
from flows.facts import Noted
from flows.friend import Entry, Friend
from flows.names import FriendId, Key
from tests.narrowing import a
from tests.store.people import NOW, TOKYO, enrolled, friend_id, tagged
from tests.store.slots import guarded_fake

FACT = Noted(at=NOW, words="取り込み")


@pytest.fixture
def store() -> Iterator[Store]:
    with contextlib.closing(fresh()) as opened:
        yield opened


def fresh() -> Store:
    """A store of its own, on the fake that refuses what a cluster would."""
    return store_on(guarded_fake(), secret=b"", namespace=f"t{secrets.token_hex(4)}")  # type: ignore[arg-type]


def somebody(number: int) -> Friend:
    """A friend who differs from his neighbours in what the indexes hold."""
    friend = replace(Friend(id=friend_id(number)), name=f"さくら{number}", joined=NOW, staff=number % 50 == 7)
    if number % 3 == 0:
        friend = tagged(friend, f"t{number % 5}")
    if number % 4 == 0:
        friend = enrolled(friend)
    if number % 5 == 0:
        friend = replace(friend, scores={Key("関心度"): number - 150}, awaits_reply=NOW)
    return replace(friend, fields={Key("地域"): Entry(value=f"{number % 9}", at=NOW)})


def everything(store: Store) -> dict[bytes, object]:
    """All that is kept, by key, the namespace and the marks of commits left out."""
    server, found = store.server.client, {}  # type: ignore[attr-defined]
    for key in server.keys(f"{store.keys.namespace}:*"):
        kind = server.type(key).decode()
        value = {
            "string": server.get,
            "zset": lambda key: server.zrange(key, 0, -1, withscores=True),
            "hash": server.hgetall,
        }[kind](key)
        name = key.partition(b":")[2]
        if b":friend:" in name:
            value = replace(records.decode(value), no=0)
        found[name] = value
    return found


def counted(store: Store) -> int:
    """How many of whom the fact became true."""
    return sum(store.counters.of_day(NOW.astimezone(TOKYO).date().isoformat())[FACT.kind].values())


def test_it_leaves_what_commits_would_leave() -> None:
    """Two ways to write the same must not drift apart."""
    one, other = fresh(), fresh()
    for shard in SHARDS:
        people = [friend for number in range(300) if shard_of((friend := somebody(number)).id) == shard]
        blank = [Record(friend=Friend(id=friend.id)) for friend in people]
        changes = [
            Change(before=before, decision=Decision(friend=friend, facts=(FACT,)), at=NOW, zone=TOKYO)
            for before, friend in zip(blank, people, strict=True)
        ]
        one.friends.commit(shard, changes)
        remembered = past.appended("", (FACT,))
        Bulk(other).add(shard, [Newcomer(friend, remembered) for friend in people], (FACT,), TOKYO)
    assert everything(one) == everything(other)
    assert Audit(other.server, other.keys).differences(TOKYO) == []


def test_who_is_there_already_is_left_alone_and_named(store: Store) -> None:
    """Somebody who wrote to us a moment ago must not be overwritten by a file."""
    people = [somebody(number) for number in range(300) if shard_of(friend_id(number)) == "3"]
    first, *rest = people
    change = Change(before=Record(friend=Friend(id=first.id)), decision=Decision(friend=first), at=NOW, zone=TOKYO)
    store.friends.commit(shard_of(first.id), [change])
    there = Bulk(store).add(shard_of(first.id), [Newcomer(friend) for friend in people], (FACT,), TOKYO)
    assert there == {first.id}
    assert store.friends.load(first.id).rev == 1
    assert [a(Record, one).friend.id for one in Bulk(store).known(shard_of(first.id), [one.id for one in people])] == [
        one.id for one in people
    ]
    assert Audit(store.server, store.keys).differences(TOKYO) == []
    assert counted(store) == len([friend for friend in rest if not friend.staff])


def test_a_command_that_is_sent_twice_counts_once(store: Store) -> None:
    """After a broken connection the client sends again what may have been carried out."""
    people = [Newcomer(somebody(number)) for number in range(300) if shard_of(friend_id(number)) == "3"]
    run = store.runner.run

    class Twice:
        def run(self, checks, commands):  # type: ignore[no-untyped-def]
            run(checks, commands)
            return run(checks, commands)

    assert Bulk(replace(store, runner=Twice())).add(shard_of(people[0].friend.id), people, (FACT,), TOKYO) == set()
    assert counted(store) == len([one for one in people if not one.friend.staff])


def test_strangers_to_the_shard_are_refused(store: Store) -> None:
    """They would be written where nobody looks."""
    people = [Newcomer(somebody(number)) for number in range(20)]
    with pytest.raises(ValueError, match="does not live"):
        Bulk(store).add(shard_of(people[0].friend.id), people, (), TOKYO)


@pytest.mark.parametrize(
    "friend",
    [
        somebody(0),
        Friend(id=FriendId("U1")),
        replace(somebody(3), name="半分\ud83c", left=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        replace(somebody(5), note="=1+1\n2行", route="店頭", joined=datetime(1969, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_glance_sees_what_the_record_says(friend: Friend) -> None:
    """Two ways to read the same must not drift apart either."""
    kept = records.encode(Record(friend=friend, rev=3, no=1, past=past.appended("", (FACT,))), "a")
    seen = glance(kept)
    for name in ("id", "name", "joined", "left", "route", "note"):
        assert getattr(seen, name) == getattr(friend, name)
    assert list(seen.tags) == list(friend.tags)
    assert seen.scores == friend.scores
    assert {key: entry.value for key, entry in seen.fields.items()} == {
        key: entry.value for key, entry in friend.fields.items()
    }


def test_a_glance_falls_back_to_the_record_of_an_older_time() -> None:
    """Before records were deflated they were plain, and their friend was read as he was then."""
    old = b'{"rev":1,"no":0,"past":"","friend":' + codec.dumps(somebody(3)).encode() + b"}"
    assert glance(old) == somebody(3)
    people = [FriendId("U1"), FriendId("U2"), FriendId("U3")]
    assert each(people, [old, None, b"?"]) == [somebody(3)]


def test_keys_of_a_glance_are_those_of_the_record() -> None:
    """A field that is renamed in the record must be renamed here."""
    assert {"id", "name", "joined", "left", "route", "note", "tags", "scores", "fields"} <= set(Friend.__slots__)
    assert Keys("a").friend(FriendId("U1")).startswith("a:")
