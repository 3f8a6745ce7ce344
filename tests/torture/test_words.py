"""What people write and what they are called goes to nobody but the shop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from bot.log import HIDDEN, hide_private
from simulator.faults import Fault
from tests.full_world import FullWorld, full_world
from tests.worlds import OWNER_CODE, id_of

WORDS = "痩せたい理由は秘密です"
NAME = "秘密の花子"


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """The whole stack."""
    with full_world() as made:
        yield made


def test_neither_words_nor_names_reach_the_log(world: FullWorld) -> None:
    """A log is copied into many places; whatever goes well or wrong, it tells of nobody's affairs."""
    world.fake.add_person(id_of("friend"), NAME)
    with capture_logs() as lines:
        world.act("friend", "follows", "")
        world.act("friend", "says", WORDS)
        world.act("friend", "says", f"登録 {WORDS}")
        world.act("staff", "says", f"登録 {OWNER_CODE}")
        world.act("staff", "says", f"タグ作成 {WORDS}")
        world.fake.faults.chance(Fault.ERROR_AFTER, 1.0, "reply")
        world.act("friend", "says", WORDS)
    told = "\n".join(str(hide_private(None, "", dict(line))) for line in lines)
    assert "event.decided" in told
    assert "console.decided" in told
    assert WORDS not in told
    assert NAME not in told
    assert HIDDEN not in told
