"""Three whole scripts, as an owner would paste them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.catalog import Catalog
from flows.script import Script, read, write

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.md"))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_what_was_exported_is_read_and_exported_the_same(file: Path) -> None:
    """A script in git that changed by being imported would make every diff a lie."""
    text = file.read_text(encoding="utf-8")
    script = read(text, Catalog(), NOW)
    assert isinstance(script, Script), script.sentence()
    assert write(script.plan) == text


def test_there_are_three() -> None:
    """An empty directory would let the test above pass by saying nothing."""
    assert len(GOLDEN) == 3
