"""The one-time code stands in the log until somebody owns the account."""

from __future__ import annotations

from app import owner_words
from tests.full_world import FullWorld


def test_the_log_tells_the_code_until_it_was_used(world: FullWorld) -> None:
    """Without it nobody could become the owner of a fresh server."""
    assert "「登録 1234-5678」" in owner_words(world.services)
    world.act("staff", "says", "登録 1234-5678")
    world.heard()
    assert owner_words(world.services) == ""


def test_a_code_that_nobody_chose_is_made_once(world: FullWorld) -> None:
    """Web and worker, and the next start, speak of the same one."""
    made = world.services.store.meta.owner_code(None)
    assert made == world.services.store.meta.owner_code(None)
    assert len(made) == len("1234-5678")
