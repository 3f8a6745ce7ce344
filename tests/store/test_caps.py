"""Counted sends of a scenario that may be sent only so often in all."""

import threading

import pytest

from bot.store.caps import Caps
from tests.store.conftest import World

FAIR = "秋のフェア"


@pytest.fixture
def caps(world: World) -> Caps:
    """The grants on every kind of server."""
    return Caps(world.server, world.keys)


def take(caps: Caps, *names: str, cap: int = 3, before: int = 0) -> bool:
    return caps.take(FAIR, names, cap=cap, before=lambda _: before)


def test_so_many_are_granted_and_no_more(caps: Caps) -> None:
    assert take(caps, "a")
    assert take(caps, "b", "c")
    assert not take(caps, "d")


def test_what_does_not_fit_whole_takes_nothing(caps: Caps) -> None:
    assert take(caps, "a", "b")
    assert not take(caps, "c", "d")
    assert take(caps, "c")


def test_the_same_send_is_granted_once_however_often_it_is_asked_for(caps: Caps) -> None:
    """A worker died between grant and commit: the next one decides the same send again."""
    assert all(take(caps, "a") for _ in range(5))
    assert take(caps, "b", "c")
    assert take(caps, "a")


def test_what_lost_a_race_is_given_back(caps: Caps) -> None:
    assert take(caps, "a", "b", "c")
    caps.give_back(FAIR, ["b"])
    assert take(caps, "d")
    assert not take(caps, "b")


def test_what_was_sent_before_the_cap_was_set_counts(caps: Caps) -> None:
    assert take(caps, "a", before=2)
    assert not take(caps, "b", before=0)


def test_many_workers_never_get_more_than_the_cap(caps: Caps) -> None:
    """Eight workers reach for ten sends at the same moment."""
    granted: list[bool] = []

    def work(worker: int) -> None:
        granted.extend(take(caps, f"{worker}/{send}", cap=10) for send in range(10))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Two who reach for the last one at the same moment may both give way; it can be had afterwards.
    got = sum(granted)
    assert got <= 10
    while take(caps, f"after/{got}", cap=10):
        got += 1
    assert got == 10
