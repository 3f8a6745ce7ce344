"""What waits to be performed."""

from __future__ import annotations

from datetime import timedelta

from bot.store.entries import Entry
from flows.effects import LearnName, LinkMenu, Send, Source, TellStaff, Way
from tests.store.conftest import World
from tests.store.people import HANAKO, NOW, SAKURA, SHARD, change, friend_id, ids_of_shard, push, text

LATER = NOW + timedelta(minutes=5)


def send(world: World, friend: str, *words: str) -> tuple[Entry, ...]:
    """One commit with one push for each of the words."""
    record = world.friends.load(friend_id(int(friend[1:], 16)))
    return world.friends.commit(SHARD, [change(record, effects=[push(word) for word in words])]).entries


def test_every_kind_of_effect_comes_back_as_it_went_in(world: World) -> None:
    """The performers read nothing but the outbox."""
    record = world.friends.load(SAKURA)
    source = Source(scenario="新規様", version=2, step="s1", run=1, variant="A")
    effects = [
        Send(bubbles=(text('"引用",\n"bubbles":'),), way=Way.PUSH, source=source),
        LinkMenu(menu="管理"),
        TellStaff(text="さくらさんが予約しました", topic="booking"),
        LearnName(),
    ]
    made = world.friends.commit(SHARD, [change(record, effects=effects)]).entries
    read = world.outbox.waiting(SHARD, LATER)
    assert read == made
    assert [entry.member for entry in read] == [entry.member for entry in made]
    assert [(entry.kind, entry.words, entry.topic, entry.source) for entry in read] == [
        ("send", "", "", source),
        ("link_menu", "管理", "", Source()),
        ("tell_staff", "さくらさんが予約しました", "booking", Source()),
        ("learn_name", "", "", Source()),
    ]


def test_removing_is_by_value_and_may_be_repeated(world: World) -> None:
    """Two senders that both finished the same entry do no harm."""
    first, second = send(world, SAKURA, "1", "2")
    world.outbox.remove(SHARD, [first])
    world.outbox.remove(SHARD, [first])
    assert world.outbox.waiting(SHARD, LATER) == (second,)


def test_nothing_overtakes_a_postponed_entry_of_the_same_friend(world: World) -> None:
    """Order per friend holds while LINE answers 500; other friends go on."""
    first, _ = send(world, SAKURA, "1", "2")
    (other,) = send(world, HANAKO, "3")
    world.outbox.postpone(SHARD, first, LATER)
    assert world.outbox.waiting(SHARD, NOW + timedelta(seconds=2)) == (other,)
    again = world.outbox.waiting(SHARD, LATER)
    assert {entry.bubbles[-4:-3]: entry.tries for entry in again} == {"1": 1, "2": 0, "3": 0}


def test_postponed_entries_do_not_use_up_the_limit(world: World) -> None:
    """A hundred friends LINE refuses just now must not starve the others."""
    for friend in ids_of_shard(SHARD, 5):
        (entry,) = send(world, friend, "待って")
        world.outbox.postpone(SHARD, entry, LATER)
    (free,) = send(world, ids_of_shard(SHARD, 6)[-1], "今")
    assert world.outbox.waiting(SHARD, NOW + timedelta(seconds=2), 3) == (free,)


def test_the_oldest_says_since_when_friends_wait(world: World) -> None:
    """The one number that tells whether friends are being served."""
    assert world.outbox.oldest() is None
    (entry,) = send(world, SAKURA, "1")
    assert world.outbox.oldest() == entry.since
    assert (world.outbox.size(), world.outbox.busy()) == (1, (SHARD,))


def test_held_entries_come_back_to_their_old_places(world: World) -> None:
    """When the quota grows, exactly the rest is sent, in order."""
    first, second = send(world, SAKURA, "1", "2")
    world.outbox.hold(SHARD, [first, second])
    assert world.outbox.waiting(SHARD, LATER) == ()
    assert world.outbox.held_recipients() == 2
    (later,) = send(world, SAKURA, "3")
    assert world.outbox.release_held(SHARD) == (first, second)
    assert world.outbox.waiting(SHARD, LATER) == (first, second, later)
    assert world.outbox.held_recipients() == 0


def test_held_entries_can_be_dropped(world: World) -> None:
    """飛ばす: what was held is not sent after all."""
    entries = send(world, SAKURA, "1", "2")
    world.outbox.hold(SHARD, entries)
    world.outbox.drop_held(SHARD, world.outbox.held(SHARD))
    assert world.outbox.release_held(SHARD) == ()


def test_what_is_given_up_is_kept_with_its_reason(world: World) -> None:
    """Nothing vanishes in silence."""
    (entry,) = send(world, SAKURA, "1")
    world.outbox.postpone(SHARD, entry, LATER)
    world.outbox.give_up(SHARD, entry, LATER, "400 不正なメッセージ")
    assert world.outbox.waiting(SHARD, LATER) == ()
    assert [(row.entry, row.reason) for row in world.outbox.failed()] == [(entry, "400 不正なメッセージ")]
    assert world.server.execute_command("HGETALL", world.keys.later(SHARD)) == {}


def test_an_entry_nobody_can_read_does_not_stop_the_others(world: World) -> None:
    """A newer version may have written it; it stays, and its age is seen."""
    unreadable = (
        b'{"id":"00-x","kind":"send","to":["U1"],"since":1,"way":"push","source":{"planet":"Mars"},"bubbles":null}'
    )
    world.server.execute_command("ZADD", world.keys.outbox(SHARD), 1, unreadable)
    (entry,) = send(world, SAKURA, "1")
    assert world.outbox.waiting(SHARD, LATER) == (entry,)
    oldest = world.outbox.oldest()
    assert oldest is not None
    assert oldest.year == 1970
