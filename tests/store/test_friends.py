"""Loading and committing friends."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.connection import connect
from bot.store.errors import StoreAwayError
from bot.store.friends import Friends
from bot.store.records import Record, Unreadable
from bot.store.runners import ScriptRunner
from flows import bitsets, slices
from flows.facts import ScoreChanged, StepTaken, TagAdded
from flows.names import MAIN, FriendId, Key
from tests.store.conftest import World, opened
from tests.store.people import (
    HANAKO,
    NOW,
    SAKURA,
    SHARD,
    TARO,
    change,
    enrolled,
    ids_of_shard,
    push,
    reply,
    tagged,
)


def bits(world: World, name: str) -> list[int]:
    """The numbers of the friends in a bitmap."""
    return list(
        bitsets.numbers(bitsets.from_bytes(world.server.execute_command("GET", world.keys.bitmap(SHARD, name))))
    )


def join(world: World, *friends: FriendId) -> list[Record]:
    """These friends, committed once."""
    world.friends.commit(
        SHARD, [change(world.friends.load(friend), enrolled(world.friends.load(friend).friend)) for friend in friends]
    )
    return [world.friends.load(friend) for friend in friends]


def test_an_unknown_friend_is_a_blank_record(world: World) -> None:
    """A first word must not need a second way in."""
    record = world.friends.load(SAKURA)
    assert record.is_new
    assert record.friend.id == SAKURA


def test_a_committed_friend_is_read_back_as_he_is(world: World) -> None:
    """Names, tags and times survive, and the revision grows by one."""
    before = world.friends.load(SAKURA)
    after = tagged(replace(enrolled(before.friend), name="さくら🌸\u2028", joined=NOW), "VIP")
    assert world.friends.commit(SHARD, [change(before, after)]).losers == frozenset()
    record = world.friends.load(SAKURA)
    assert (record.friend, record.rev, record.no) == (after, 1, 0)


def test_the_slower_of_two_decisions_loses_and_is_named(world: World) -> None:
    """Two processes never overwrite each other."""
    (before,) = join(world, SAKURA)
    assert not world.friends.commit(SHARD, [change(before, tagged(before.friend, "A"))]).losers
    assert world.friends.commit(SHARD, [change(before, tagged(before.friend, "B"))]).losers == {SAKURA}
    assert list(world.friends.load(SAKURA).friend.tags) == ["A"]
    assert bits(world, "tag:B") == []


def test_losers_do_not_hold_up_the_others_of_their_batch(world: World) -> None:
    """One busy friend must not cost 199 others their step; nor is the loser among the recipients."""
    sakura, hanako = join(world, SAKURA, HANAKO)
    world.friends.commit(SHARD, [change(sakura, tagged(sakura.friend, "A"))])
    outcome = world.friends.commit(
        SHARD,
        [change(one, tagged(one.friend, "B"), effects=[push("同じ")]) for one in (sakura, hanako)],
    )
    assert outcome.losers == {SAKURA}
    assert [entry.to for entry in outcome.entries] == [(HANAKO,)]
    assert bits(world, "tag:B") == [hanako.no]


def test_a_new_friend_loses_when_somebody_was_quicker_to_add_him(world: World) -> None:
    """Two first events at once: one adds him, the other decides again."""
    before = world.friends.load(SAKURA)
    assert not world.friends.commit(SHARD, [change(before, tagged(before.friend, "A"))]).losers
    assert world.friends.commit(SHARD, [change(before, tagged(before.friend, "B"))]).losers == {SAKURA}


def test_bits_follow_the_record(world: World) -> None:
    """A tag taken away leaves its bitmap."""
    sakura, hanako = join(world, SAKURA, HANAKO)
    world.friends.commit(SHARD, [change(one, tagged(one.friend, "A", "B")) for one in (sakura, hanako)])
    again = world.friends.load(SAKURA)
    world.friends.commit(SHARD, [change(again, replace(again.friend, tags={}))])
    assert bits(world, "tag:A") == [hanako.no]
    assert bits(world, slices.name("in", "新規様", "1")) == [0, 1]


def test_a_walk_moved_to_another_version_leaves_the_old_one(world: World) -> None:
    """Publishing asks how many walk on each version: nobody is counted twice, or after the end."""
    (first,) = join(world, SAKURA)
    names = [slices.name("in", "新規様", version) for version in ("1", "2")]
    moved = enrolled(replace(first.friend, enrollments=()), version=2)
    world.friends.commit(SHARD, [change(first, moved)])
    assert [bits(world, name) for name in names] == [[], [0]]
    second = world.friends.load(SAKURA)
    world.friends.commit(SHARD, [change(second, replace(second.friend, enrollments=()))])
    assert [bits(world, name) for name in names] == [[], []]


@pytest.mark.parametrize("where", ["real_url", "cluster_url"])
def test_a_commit_of_thousands_of_friends_is_whole(where: str, request: pytest.FixtureRequest) -> None:
    """Lua takes fewer than 8,000 values in one command; a bit of a bitmap is four of them."""
    many = ids_of_shard(SHARD, 2100)
    with contextlib.closing(connect(request.getfixturevalue(where))) as server:
        world = opened(server)
        blank = world.friends.load_many(SHARD, many)
        changes = [change(one, enrolled(tagged(one.friend, "A"))) for one in blank if isinstance(one, Record)]
        assert world.friends.commit(SHARD, changes).losers == frozenset()
        assert len(bits(world, "tag:A")) == 2100
        assert len(world.due.due(SHARD, NOW + timedelta(seconds=1), 3000)) == 2100
        assert [one.friend.id for one in world.friends.load_many(SHARD, many) if isinstance(one, Record)] == many


def test_a_batch_names_nobody_twice_and_keeps_to_its_shard(fake: World) -> None:
    """Either would lose an update or leave the slot."""
    record = fake.friends.load(SAKURA)
    with pytest.raises(ValueError, match="twice"):
        fake.friends.commit(SHARD, [change(record), change(record)])
    with pytest.raises(ValueError, match="does not live"):
        fake.friends.load_many(SHARD, [FriendId("somebody else")])


def test_one_unreadable_record_does_not_stop_its_neighbours(fake: World) -> None:
    """A batch of 200 is served although one record is damaged."""
    (sakura,) = join(fake, SAKURA)
    fake.server.execute_command("SET", fake.keys.friend(HANAKO), '{"rev":3,"oops":1}')
    read = fake.friends.load_many(SHARD, [SAKURA, HANAKO])
    assert read[0] == sakura
    assert isinstance(read[1], Unreadable)


@pytest.mark.parametrize("kind", ["due", "outbox", "parked"])
def test_a_key_of_the_wrong_type_changes_no_record_and_sends_nothing(world: World, kind: str) -> None:
    """Neither a script nor EXEC rolls back: what matters most is written last, or the error is loud."""
    (before,) = join(world, SAKURA)
    key = getattr(world.keys, kind)(SHARD)
    world.server.execute_command("DEL", key)
    world.server.execute_command("SET", key, "not a sorted set")
    with pytest.raises(StoreAwayError):
        world.friends.commit(SHARD, [change(before, tagged(before.friend, "A"), effects=[push("やあ")])])
    if isinstance(world.runner, ScriptRunner):
        assert world.friends.load(SAKURA) == before
    world.server.execute_command("DEL", key)
    if isinstance(world.runner, ScriptRunner):
        assert world.outbox.waiting(SHARD, NOW + timedelta(days=1)) == ()
    again = world.friends.load(SAKURA)
    assert not world.friends.commit(SHARD, [change(again, tagged(again.friend, "A"))]).losers
    assert world.due.due(SHARD, NOW + timedelta(seconds=1)) == (SAKURA,)


def test_facts_are_read_back_from_the_record(world: World) -> None:
    """「なぜ」 tells what happened, in order, with no key of its own."""
    record = world.friends.load(SAKURA)
    told = [
        StepTaken(at=NOW, scenario="新規様", version=3, step="s2", pushed=True),
        TagAdded(at=NOW, tag="乾燥、肌|%", why="選択: a,b"),
        ScoreChanged(at=NOW, points=-3, total=0),
    ]
    world.friends.commit(SHARD, [change(record, facts=told)])
    assert list(world.friends.load(SAKURA).facts) == [replace(fact, at=NOW.replace(microsecond=0)) for fact in told]


def test_what_is_sent_stands_in_the_outbox_of_the_same_commit(world: World) -> None:
    """There is no moment at which a step is taken and its message is nowhere."""
    record = world.friends.load(SAKURA)
    outcome = world.friends.commit(SHARD, [change(record, effects=[reply("はい"), push("あとで")], reply_token="t")])
    assert world.outbox.waiting(SHARD, NOW) == outcome.entries
    assert [(entry.reply_token, entry.bubbles) for entry in outcome.entries] == [
        ("t", '[{"type":"text","text":"はい"}]'),
        ("", '[{"type":"text","text":"あとで"}]'),
    ]


def test_the_same_push_to_many_is_one_entry(world: World) -> None:
    """A multicast carries up to 500; personal words go alone."""
    records = join(world, SAKURA, HANAKO, TARO)
    outcome = world.friends.commit(
        SHARD, [change(one, effects=[push("同じ"), push(f"{one.no}さん")]) for one in records]
    )
    assert [len(entry.to) for entry in outcome.entries] == [3, 1, 1, 1]
    assert len({entry.retry_key for entry in outcome.entries}) == 4


def test_effects_of_one_friend_keep_the_order_of_his_commits(world: World) -> None:
    """Not even a clock that goes back lets a later message overtake an earlier one."""
    for number, at in enumerate((NOW, NOW, NOW - timedelta(hours=1))):
        record = world.friends.load(SAKURA)
        world.friends.commit(SHARD, [change(record, effects=[push(f"{number}a"), push(f"{number}b")], at=at)])
    sent = [entry.bubbles for entry in world.outbox.waiting(SHARD, NOW + timedelta(minutes=1))]
    assert [words[-5:-3] for words in sent] == ["0a", "0b", "1a", "1b", "2a", "2b"]


def test_the_retry_key_depends_on_what_is_sent_not_on_when(world: World) -> None:
    """After a power loss the replay repeats the key; the same words next week have another."""
    record = world.friends.load(SAKURA)
    first = world.friends.commit(SHARD, [change(record, effects=[push("やあ")])]).entries
    world.server.execute_command("DEL", world.keys.friend(SAKURA))
    later = NOW + timedelta(minutes=3)
    replay = world.friends.commit(SHARD, [change(record, effects=[push("やあ")], at=later)]).entries
    again = world.friends.commit(SHARD, [change(world.friends.load(SAKURA), effects=[push("やあ")])]).entries
    assert first[0].retry_key == replay[0].retry_key != again[0].retry_key


@pytest.mark.parametrize("where", ["real_url", "cluster_url"])
def test_eight_threads_at_one_friend_lose_nothing(where: str, request: pytest.FixtureRequest) -> None:
    """Fifty messages at once equal some order of fifty messages."""
    url = request.getfixturevalue(where)
    server = connect(url)
    try:
        world = opened(server)
        friends = Friends(server, world.keys, world.runner)
        errors: list[Exception] = []

        def work() -> None:
            try:
                for _ in range(25):
                    while True:
                        record = friends.load(SAKURA)
                        score = record.friend.scores.get(MAIN, 0) + 1
                        after = replace(record.friend, scores={MAIN: score})
                        if not friends.commit(SHARD, [change(record, after, effects=[push(str(score))])]).losers:
                            break
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        record = friends.load(SAKURA)
        assert record.friend.scores == {Key(""): 200}
        assert record.rev == 200
        sent = [entry.bubbles for entry in world.outbox.waiting(SHARD, NOW + timedelta(minutes=1), 500)]
        assert sent == [f'[{{"type":"text","text":"{number}"}}]' for number in range(1, 201)]
    finally:
        server.close()
