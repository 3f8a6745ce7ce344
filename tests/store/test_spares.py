"""Reply tokens kept for a person: one for each friend, taken once, and only while LINE takes it."""

from datetime import timedelta

import pytest

from bot.store.spares import Spares
from flows.names import FriendId
from tests.store.conftest import World
from tests.store.people import NOW

ME = FriendId("U" + "1" * 32)
UNTIL = NOW.replace(microsecond=0) + timedelta(seconds=50)


@pytest.fixture
def spares(world: World) -> Spares:
    """The tokens on every kind of server."""
    return Spares(world.server, world.keys)


def test_a_token_is_taken_once(spares: Spares) -> None:
    spares.keep(ME, "token", UNTIL)
    assert spares.until(ME, NOW) == UNTIL
    assert spares.take(ME, NOW) == "token"
    assert (spares.take(ME, NOW), spares.until(ME, NOW)) == ("", None)


def test_one_that_is_too_old_is_none(spares: Spares) -> None:
    spares.keep(ME, "token", NOW)
    assert (spares.until(ME, NOW), spares.take(ME, NOW)) == (None, "")


def test_the_last_words_count(spares: Spares) -> None:
    for token in ("first", "second"):
        spares.keep(ME, token, UNTIL)
    assert spares.take(ME, NOW) == "second"
