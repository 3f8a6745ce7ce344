"""The worlds in which the store's contract is tested."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.embedded import running_cluster, running_redis
from bot.store.catalogs import Catalogs
from bot.store.connection import Redis, connect
from bot.store.consoles import Consoles
from bot.store.due import Due
from bot.store.friends import Friends
from bot.store.keys import Keys
from bot.store.outbox import Outbox
from bot.store.runners import Runner, ScriptRunner, WatchRunner
from tests.store.slots import Guarded, guarded_fake


@dataclass(frozen=True)
class World:
    """One account on one server, its rooms open."""

    server: Redis
    keys: Keys
    runner: Runner

    @property
    def friends(self) -> Friends:
        return Friends(self.server, self.keys, self.runner)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.server, self.keys, self.runner)

    @property
    def due(self) -> Due:
        return Due(self.server, self.keys, self.runner)

    @property
    def catalogs(self) -> Catalogs:
        return Catalogs(self.server, self.keys, self.runner)

    @property
    def consoles(self) -> Consoles:
        return Consoles(self.server, self.keys, self.runner)


@pytest.fixture(scope="session")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server; where there is none the test fails, it is not skipped."""
    with running_redis(Path(tmp_path_factory.mktemp("redis"))) as url:
        yield url


@pytest.fixture(scope="session")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real cluster of three masters."""
    with running_cluster(Path(tmp_path_factory.mktemp("cluster"))) as url:
        yield f"{url}?cluster=1"


def opened(server: Redis, runner: type[ScriptRunner | WatchRunner] = ScriptRunner) -> World:
    """A world of its own on this server: nobody else has its namespace."""
    return World(server=server, keys=Keys(f"t{secrets.token_hex(6)}"), runner=runner(server))


RUNNERS: dict[str, type[ScriptRunner | WatchRunner]] = {"script": ScriptRunner, "watch": WatchRunner}


@pytest.fixture(params=["fake-script", "fake-watch", "real-script", "real-watch", "cluster-script", "cluster-watch"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Each kind of server, with each way to write."""
    where, _, runner = request.param.partition("-")
    if where == "fake":
        yield opened(guarded_fake(), RUNNERS[runner])
        return
    url = request.getfixturevalue(f"{where}_url")
    with contextlib.closing(connect(url)) as server:
        yield opened(Guarded(server), RUNNERS[runner])


@pytest.fixture
def fake() -> World:
    """The in-process fake, for what does not depend on the server."""
    return opened(guarded_fake())
