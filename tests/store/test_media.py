"""Pictures and films in the record."""

from __future__ import annotations

import pytest

from bot.store.errors import MediaTooLargeError
from bot.store.media import Media
from bot.store.media_places import CHUNK
from tests.store.conftest import World

PICTURE = bytes(range(256)) * 4096 + b"the end"


@pytest.fixture
def media(world: World) -> Media:
    """Room for 3 MB."""
    return Media(world.server, world.keys, b"secret", budget=3 * 1024 * 1024)


def test_what_is_kept_comes_back_byte_for_byte_in_small_pieces(media: Media) -> None:
    """No piece holds up other commands."""
    about = media.put(PICTURE, "image/jpeg")
    assert media.about(about.id) == about
    pieces = list(media.read(about))
    assert b"".join(pieces) == PICTURE
    assert max(map(len, pieces)) <= CHUNK
    assert b"".join(media.read(about, start=CHUNK + 5)) == PICTURE[CHUNK + 5 :]


def test_the_same_picture_is_kept_once(media: Media) -> None:
    """Sent to two steps, it takes its room once; as another type it is another thing."""
    first = media.put(PICTURE, "image/jpeg")
    assert media.put(PICTURE, "image/jpeg") == first
    assert media.used() == len(PICTURE)
    assert media.put(PICTURE, "image/png").id != first.id


def test_beyond_the_budget_it_says_so_and_keeps_nothing(media: Media) -> None:
    """A full Redis would stop everything else."""
    about = media.put(PICTURE, "image/jpeg")
    media.put(PICTURE, "image/png")
    with pytest.raises(MediaTooLargeError, match="3MB"):
        media.put(PICTURE + b"!", "image/jpeg")
    assert media.used() == 2 * len(PICTURE)
    media.forget(about)
    assert media.about(about.id) is None
    assert media.put(PICTURE + b"!", "image/jpeg").size == len(PICTURE) + 1


def test_a_small_picture_lies_beside_the_large_one_and_goes_with_it(media: Media) -> None:
    """It takes room, too, and gives it back."""
    about = media.put(PICTURE, "image/jpeg", b"small")
    assert media.about(about.id) == about
    assert media.preview(about) == b"small"
    assert media.used() == len(PICTURE) + len(b"small")
    media.forget(about)
    assert (media.preview(about), media.used()) == (b"", 0)


def test_an_empty_thing_is_a_thing(media: Media) -> None:
    """Nothing special happens at zero bytes."""
    about = media.put(b"", "text/plain")
    assert list(media.read(about)) == []


@pytest.mark.parametrize("guess", ["", "0" * 40, "x" * 40, "１" * 40, "../etc/passwd", "{0}" * 10])
def test_an_id_cannot_be_guessed_and_a_wrong_one_asks_nothing(media: Media, world: World, guess: str) -> None:
    """No key is made from an address a stranger typed."""
    about = media.put(b"a", "image/png")
    world.server.commands.clear()  # type: ignore[attr-defined]
    assert media.about(guess) is None
    assert media.about(about.id[:-1] + ("0" if about.id[-1] != "0" else "1")) is None
    assert world.server.commands == []  # type: ignore[attr-defined]


def test_another_secret_makes_other_ids(world: World) -> None:
    """Who knows the content does not know its address."""
    one, other = (Media(world.server, world.keys, secret) for secret in (b"a", b"b"))
    assert not other.is_genuine(one.put(b"x", "image/png").id)


def test_a_thing_half_written_is_not_there_and_can_be_kept_again(media: Media, world: World) -> None:
    """Killed in the middle of a film, the next try completes it."""
    about = media.put(PICTURE, "video/mp4")
    world.server.execute_command("DEL", world.keys.media(about.id, "about"))
    assert media.about(about.id) is None
    assert media.put(PICTURE, "video/mp4") == about
    assert media.used() == len(PICTURE)
