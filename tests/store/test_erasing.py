"""友だち削除 in the store: nothing of the person is left, and nobody else loses anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.store.keys import shard_of
from bot.store.store import Store
from flows.conditions import Everyone, Tagged
from flows.events import Ordered
from flows.friend import Entry, Friend, Label
from flows.names import Key
from tests.store.people import NOW, TOKYO, friend_id
from tests.store.test_reports import asked, keep, person, store

__all__ = ["store"]


def full(number: int, name: str) -> Friend:
    """Somebody with something in every index."""
    return replace(
        person(number, name),
        tags={Key("vip"): Label(at=NOW)},
        scores={Key(""): 7},
        fields={Key("メール"): Entry(value="a@example.com", at=NOW)},
        awaits_reply=NOW,
        alarms={"x": NOW + timedelta(days=1)},
    )


def traces(store: Store, *words: str) -> list[str]:
    """The keys whose value holds one of these words."""
    found = []
    for key in store.server.execute_command("KEYS", f"{store.keys.namespace}:*"):
        kind = store.server.execute_command("TYPE", key).decode()
        how = {"string": ("GET", key), "hash": ("HGETALL", key), "zset": ("ZRANGE", key, 0, -1)}
        how |= {"set": ("SMEMBERS", key), "list": ("LRANGE", key, 0, -1)}
        value = str(store.server.execute_command(*how[kind])) + key.decode()
        found += [key.decode() for word in words if word in value]
    return found


def test_nothing_of_an_erased_person_is_left(store: Store) -> None:
    """A person has the right to be forgotten: by name, by id, by what she wrote, in every index."""
    keep(store, full(1, "sakurako"))
    keep(store, full(2, "hanako"))
    store.friends.erase(friend_id(1), TOKYO)
    assert traces(store, friend_id(1), "sakurako") == []
    assert asked(store).named("sakurako") == []
    assert [one.name for one in asked(store).awaiting()] == ["hanako"]
    assert asked(store).friend(friend_id(1)) is None
    assert store.friends.load(friend_id(1)).is_new


def test_the_others_are_counted_as_before(store: Store) -> None:
    """The number of the forgotten is not given again, and her bits are gone from every set."""
    for number in range(20):
        keep(store, full(number, f"p{number}"))
    store.friends.erase(friend_id(3), TOKYO)
    catalog = store.catalogs.current()
    for condition in (Everyone(), Tagged(name="vip")):
        assert asked(store).count(condition, catalog, NOW).true == 19
    keep(store, full(3, "again"))
    assert asked(store).count(Everyone(), catalog, NOW).true == 20
    assert [one.name for one in asked(store).named("again")] == ["again"]


def test_an_order_under_way_leaves_the_forgotten_out(store: Store) -> None:
    """Her place in a frozen set must not become somebody without an id."""
    keep(store, full(1, "a"))
    catalog = store.catalogs.current()
    found = store.segments.members(Everyone(), catalog, NOW)
    store.orders.give("o1", Ordered(at=NOW, actions=()), {shard: one.true for shard, one in found.items()}, NOW)
    store.friends.erase(friend_id(1), TOKYO)
    portion = store.orders.next(shard_of(friend_id(1)), 10)
    assert portion is not None
    assert portion.friends == ()


def test_erasing_twice_finds_nothing(store: Store) -> None:
    """A double tap."""
    keep(store, full(1, "a"))
    assert store.friends.erase(friend_id(1), TOKYO).friend.name == "a"
    assert store.friends.erase(friend_id(1), TOKYO).is_new
