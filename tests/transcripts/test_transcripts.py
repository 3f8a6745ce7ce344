"""Every transcript, in the pure core and through the whole stack. `pytest --update-transcripts` rewrites what the bot says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.full_world import full_world
from tests.pure_world import PureWorld
from tests.transcripts.runner import run
from tests.worlds import World

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.fixture(params=["pure", "full"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Each of the two worlds, fresh."""
    if request.param == "pure":
        yield PureWorld()
        return
    with full_world(request.config.getoption("--redis")) as full:
        yield full


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_transcript(file: Path, world: World, request: pytest.FixtureRequest) -> None:
    """The talk goes as written, word for word."""
    text = file.read_text(encoding="utf-8")
    happened = run(text, world)
    if request.config.getoption("--update-transcripts") and isinstance(world, PureWorld):
        file.write_text(happened, encoding="utf-8")
        text = happened
    assert happened == text


def test_there_are_transcripts() -> None:
    """An empty folder would pass every test above."""
    assert TRANSCRIPTS
