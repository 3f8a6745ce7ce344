"""Fixtures of the adapters' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.embedded import running_redis
from tests.full_world import FullWorld, full_world


@pytest.fixture
def world() -> Iterator[FullWorld]:
    """The whole stack on a fake Redis."""
    with full_world() as made:
        yield made


@pytest.fixture(scope="session")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server; where there is none the test fails, it is not skipped."""
    with running_redis(Path(tmp_path_factory.mktemp("redis"))) as url:
        yield url
