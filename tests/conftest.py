"""Options of the whole suite."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from xdist.scheduler import LoadScopeScheduling

# Files whose tests share something dear: one running practice, what was counted while living.
TOGETHER = ("tests/browser/", "tests/engine/test_invariants.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How transcripts are run."""
    group = parser.getgroup("ayumi")
    group.addoption("--update-transcripts", action="store_true", help="rewrite what the bot says in tests/transcripts")
    group.addoption("--redis", default=None, metavar="URL", help="run the transcripts' full stack on this Redis")


def pytest_configure() -> None:
    """Log plainly: the default shows every local variable of a traceback, which takes seconds."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain], cache_logger_on_first_use=False)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Each test to whoever is free, but those of some files to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """How `-n 2` deals tests out."""
    return Scheduling(config, log)
