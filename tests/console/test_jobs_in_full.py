"""The seven first jobs through the whole stack: LINE takes every screen, each job ends done, and a day of them costs 0通."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.menus.panel import TABS
from tests.console.shop import shop
from tests.console.test_transcripts import turns
from tests.console.test_turns import ENDS, FILES
from tests.full_world import FullWorld, full_world
from tests.transcript import shown
from tests.worlds import OWNER_CODE


def heard(world: FullWorld) -> str:
    """What the owner's phone shows since the last look."""
    return "\n".join(shown(one.message) for one in world.heard() if one.who == "staff")


def do(world: FullWorld, said: str, before: str) -> str:
    """One turn of the owner's, as the talk has it; `before` is what her phone showed."""
    if said == "（鈴木さんが登録する）":
        line = re.search(r"登録 [0-9A-Z]{4}-[0-9A-Z]{4}", before)
        assert line is not None
        world.act("鈴木", "follows", "")
        world.act("鈴木", "says", f"{line[0]} なる")
    elif menu := re.fullmatch(r"〔(.+)〕", said):
        world.act("staff", "says", next(area.says for tab in TABS for area in tab.areas if area.title == menu[1]))
    elif button := re.fullmatch(r"［(.+)］", said):
        world.act("staff", "taps", button[1])
    else:
        world.act("staff", "says", said.replace("⏎", "\n"))
    return heard(world)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_job_is_done_through_the_whole_stack_at_no_cost(file: Path) -> None:
    """What the pure room promises, LINE's own rules and a real store must carry."""
    text = file.read_text(encoding="utf-8")
    with full_world() as world:
        world.act("staff", "follows", "")
        world.act("staff", "says", f"登録 {OWNER_CODE}")
        if "（店）" in text.splitlines()[0]:
            made = world.catalog()
            world.install(replace(shop().catalog, revision=made.revision, staff=made.staff, account=made.account))
        answer = heard(world)
        for said, _ in turns(text):
            answer = do(world, said, answer)
        assert ENDS[file.stem[0]] in answer
        assert world.pushes() == 0
