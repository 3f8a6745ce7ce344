"""Options of the whole suite."""

from __future__ import annotations

import pytest
import structlog


def pytest_addoption(parser: pytest.Parser) -> None:
    """How transcripts are run."""
    group = parser.getgroup("ayumi")
    group.addoption("--update-transcripts", action="store_true", help="rewrite what the bot says in tests/transcripts")
    group.addoption("--redis", default=None, metavar="URL", help="run the transcripts' full stack on this Redis")


def pytest_configure() -> None:
    """Log plainly: the default shows every local variable of a traceback, which takes seconds."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain], cache_logger_on_first_use=False)
