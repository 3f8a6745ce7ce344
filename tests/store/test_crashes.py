"""Stopped before or after any command between commit and removal, nothing is lost and nothing doubles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis

from bot.store.errors import StoreAwayError
from flows.catalog import Catalog
from flows.effects import Send, Way
from flows.facts import ScoreChanged
from flows.names import MAIN
from tests.store.conftest import RUNNERS, World, opened
from tests.store.people import HANAKO, NOW, SAKURA, SHARD, change, text
from tests.store.slots import Guarded, guarded_fake

EVENT = "01EVENT"
LATER = NOW + timedelta(minutes=5)
MOST_STEPS = 40


class Cutting(Guarded):
    """Ends the process at step `at`: before the step is carried out, or after it with the answer lost."""

    def __init__(self, client: Any, at: int, after: bool) -> None:
        super().__init__(client)
        self.at, self.after, self.steps = at, after, 0

    def execute_command(self, *words: Any) -> Any:
        return self._step(lambda: super(Cutting, self).execute_command(*words))

    def pipeline(self, *, transaction: bool) -> Any:
        pipe = super().pipeline(transaction=transaction)
        plain = pipe.execute
        pipe.execute = lambda: self._step(plain)  # type: ignore[method-assign]
        return pipe

    def _step(self, work: Any) -> Any:
        self.steps += 1
        if self.steps == self.at and not self.after:
            raise redis.ConnectionError("cut before")
        found = work()
        if self.steps == self.at:
            raise redis.ConnectionError("cut after")
        return found


def handle(world: World) -> None:
    """An event of two friends: one point each, and words to both; an event already known changes nothing."""
    changes = []
    for record in (world.friends.load(SAKURA), world.friends.load(HANAKO)):
        friend = record.friend
        if EVENT not in friend.seen:
            scores = {MAIN: friend.scores.get(MAIN, 0) + 1}
            after = replace(friend, scores=scores, seen={EVENT: NOW})
            send = Send(bubbles=(text("届きました"),), way=Way.PUSH)
            fact = ScoreChanged(at=NOW, points=1, total=scores[MAIN])
            changes.append(change(record, after, effects=[send], facts=[fact]))
    if changes:
        world.friends.commit(SHARD, changes)


def drain(world: World, sent: Counter[tuple[str, str]]) -> None:
    """Send what waits; LINE takes the same retry key once."""
    for entry in world.outbox.waiting(SHARD, LATER):
        for friend in entry.to:
            sent[(entry.retry_key, friend)] = 1
        world.outbox.remove(SHARD, [entry])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("runner", ["script", "watch"])
def test_stopped_anywhere_nothing_is_lost_and_nothing_doubles(runner: str, after: bool) -> None:
    """A crash between any two commands leaves a state from which a restart continues by itself."""
    cuts = 0
    for at in range(1, MOST_STEPS):
        fake, sent = guarded_fake(), Counter[tuple[str, str]]()
        whole = opened(fake, RUNNERS[runner])
        cutting = World(server=Cutting(fake.client, at, after), keys=whole.keys, runner=whole.runner)
        cutting = replace(cutting, runner=RUNNERS[runner](cutting.server))
        try:
            handle(cutting)
            drain(cutting, sent)
        except StoreAwayError:
            cuts += 1
        handle(whole)
        drain(whole, sent)
        for friend in (SAKURA, HANAKO):
            assert whole.friends.load(friend).friend.scores == {MAIN: 1}
        assert Counter(friend for _, friend in sent) == {SAKURA: 1, HANAKO: 1}
        assert whole.outbox.size() == 0
    assert cuts >= 6


def test_a_commit_whose_answer_was_lost_is_recognised_when_it_is_sent_again(fake: World) -> None:
    """The client repeats a command after a broken connection: we won the race against ourselves."""

    class Stuttering:
        def __init__(self, world: World) -> None:
            self.world = world

        def run(self, *words: Any) -> list[str]:
            self.world.runner.run(*words)
            return self.world.runner.run(*words)

    twice = World(server=fake.server, keys=fake.keys, runner=Stuttering(fake))
    outcome = twice.friends.commit(SHARD, [change(fake.friends.load(SAKURA))])
    assert outcome.losers == frozenset()
    assert fake.friends.load(SAKURA).rev == 1
    stand = twice.consoles.load(SAKURA)
    assert twice.consoles.commit(stand, stand.console, at=NOW).stands
    assert twice.catalogs.commit(Catalog(), expected=0, by="店長", at=NOW)
