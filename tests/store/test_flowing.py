"""An outbox that is emptied while the wire is full: nobody is overtaken, nothing is begun twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Timer

from bot.draining import BATCH, Draining
from bot.performers import Done, Later, Performed
from bot.store.entries import Entry
from flows.effects import Send
from flows.names import FriendId
from tests.store.conftest import World
from tests.store.people import NOW, SHARD, change, ids_of_shard, push

FRIENDS = BATCH + BATCH // 2


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same."""
        return NOW + timedelta(seconds=5)


class Counting:
    """The month's messages, counted."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, costs: Sequence[int], now: datetime) -> int:
        """All of them."""
        self.taken += sum(costs)
        return len(costs)

    def give_back(self, messages: int, now: datetime) -> None:
        """Not used after all."""
        self.taken -= messages


class Wire:
    """Answers each send a little later, and notes what was on the way together."""

    def __init__(self, *, later: FriendId) -> None:
        self.asked: defaultdict[FriendId, list[str]] = defaultdict(list)
        self.most = 0
        self._later = later
        self._under_way: list[FriendId] = []

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Begin."""
        (friend,) = entry.to
        assert friend not in self._under_way
        self.asked[friend].append(entry.bubbles)
        self._under_way.append(friend)
        self.most = max(self.most, len(self._under_way))
        done: Future[Performed] = Future()
        Timer(0.001, self._answer, (friend, done)).start()
        return done

    def _answer(self, friend: FriendId, done: Future[Performed]) -> None:
        self._under_way.remove(friend)
        done.set_result(Later(seconds=0, reason="for later") if friend == self._later else Done(counted=1))


def test_a_full_outbox_flows_in_order_and_once(world: World) -> None:
    """A batch that waits for its slowest answer before the next begins would leave the wire empty half of the time."""
    friends = ids_of_shard(SHARD, FRIENDS)
    for start in range(0, FRIENDS, 100):
        part = friends[start : start + 100]
        effects = [[push(f"{friend}の1"), push(f"{friend}の2")] for friend in part]
        world.friends.commit(
            SHARD,
            [change(world.friends.load(friend), effects=each) for friend, each in zip(part, effects, strict=True)],
        )
    wire, purse = Wire(later=friends[0]), Counting()
    draining = Draining(world.outbox, {Send.kind: wire}, Still(), purse, lambda *_: None)
    assert draining.flow(SHARD) == 2 * (FRIENDS - 1)
    assert [entry.to for entry in world.outbox.waiting(SHARD, Still().now())] == [(friends[0],)] * 2
    assert len(wire.asked[friends[0]]) == 1
    for friend in friends[1:]:
        assert [words.count(f"{friend}の{number}") for number, words in enumerate(wire.asked[friend], 1)] == [1, 1]
    assert wire.most <= BATCH
    assert purse.taken == 2 * (FRIENDS - 1) + 1
