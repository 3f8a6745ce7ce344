"""Options of the whole suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """How transcripts are run."""
    group = parser.getgroup("ayumi")
    group.addoption("--update-transcripts", action="store_true", help="rewrite what the bot says in tests/transcripts")
    group.addoption("--redis", default=None, metavar="URL", help="run the transcripts' full stack on this Redis")
