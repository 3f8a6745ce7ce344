"""The month's messages."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.store.counters import Quotas
from tests.store.conftest import World
from tests.store.people import NOW

MONTH = "2026-11"


@pytest.fixture
def quotas(world: World) -> Quotas:
    """The quota on every kind of server."""
    return Quotas(world.server, world.keys)


def test_without_a_known_limit_everything_may_go(quotas: Quotas) -> None:
    """A plan without limit, or LINE not yet asked."""
    assert quotas.reserve(MONTH, 10_000)
    assert quotas.read(MONTH).left is None


def test_the_last_message_is_taken_once(quotas: Quotas) -> None:
    """Never planned beyond the limit; what does not fit takes nothing."""
    quotas.learned(MONTH, limit=10, at_line=4, at=NOW)
    assert quotas.reserve(MONTH, 5)
    assert not quotas.reserve(MONTH, 2)
    assert quotas.reserve(MONTH, 1)
    assert not quotas.reserve(MONTH, 1)
    assert quotas.read(MONTH).left == 0
    quotas.give_back(MONTH, 1)
    assert quotas.read(MONTH).left == 1


def test_what_was_sent_elsewhere_counts_too(quotas: Quotas) -> None:
    """The official manager uses the same quota."""
    quotas.reserve(MONTH, 3)
    quotas.learned(MONTH, limit=100, at_line=50, at=NOW)
    quotas.reserve(MONTH, 2)
    assert (quotas.read(MONTH).used, quotas.read(MONTH).left) == (52, 48)


def test_a_count_of_lines_that_lags_behind_does_not_free_messages(quotas: Quotas) -> None:
    """LINE's consumption is approximate: the larger count holds."""
    quotas.reserve(MONTH, 60)
    quotas.learned(MONTH, limit=100, at_line=10, at=NOW)
    assert quotas.read(MONTH).used == 60


def test_a_refusal_is_reported_once_and_ends_when_there_is_room(quotas: Quotas) -> None:
    """The owner is told once; a larger plan sets sending going again."""
    quotas.learned(MONTH, limit=200, at_line=150, at=NOW)
    assert quotas.exhaust(MONTH, NOW)
    assert not quotas.exhaust(MONTH, NOW + timedelta(hours=1))
    assert not quotas.reserve(MONTH, 1)
    quotas.learned(MONTH, limit=200, at_line=200, at=NOW)
    assert quotas.read(MONTH).left == 0
    quotas.learned(MONTH, limit=5000, at_line=200, at=NOW)
    assert quotas.reserve(MONTH, 1)
    quotas.learned(MONTH, limit=None, at_line=201, at=NOW)
    assert quotas.read(MONTH).left is None


def test_a_new_month_begins_at_nothing(quotas: Quotas) -> None:
    """The quota turns with the month."""
    quotas.learned(MONTH, limit=1, at_line=1, at=NOW)
    assert not quotas.reserve(MONTH, 1)
    assert quotas.reserve("2026-12", 1)


def test_many_workers_never_take_more_than_there_is(quotas: Quotas) -> None:
    """Eight senders and a hundred messages."""
    quotas.learned(MONTH, limit=100, at_line=0, at=NOW)
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(quotas.reserve(MONTH, 1) for _ in range(20))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Two who reach for the last one at the same moment may both be refused; it can be taken afterwards.
    assert sum(taken) <= 100
    while quotas.reserve(MONTH, 1):
        taken.append(True)
    assert sum(taken) == 100
