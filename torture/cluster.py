"""The record on a Redis Cluster of three masters, RQ on a server of its own; one master is killed under load and comes back."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import redis

from bot import children
from torture.joining import settle_in
from torture.rushing import WORKERS, Report, Size, finish
from torture.town import Town, town

MASTERS = 3
AWAY_SECONDS = 3.0


def cluster(seed: int, size: Size) -> Report:
    """A step a day; in each day's rush one master dies, stays away for seconds, and comes back with its file."""
    report = Report(fault="CLUSTER", how="3 masters; one killed under load and started again", seed=seed)
    with contextlib.ExitStack() as nodes, town(seed, *WORKERS, steps=size.steps + 1, masters=MASTERS) as here:
        settle_in(here, size.friends)
        for _ in range(size.steps):
            here.next_day()
            here.pause(here.dice.random() * 0.5)
            _master_dies(here, here.dice, nodes)
            report.recoveries.append(here.settle())
        slots = _keys_by_node(here)
        finish(here, report)
        report.notes.append(f"keys on the masters: {slots}")
    return report


def _master_dies(here: Town, dice: random.Random, nodes: contextlib.ExitStack) -> None:
    port, pid, command, folder = _node(here, dice)
    os.kill(pid, signal.SIGKILL)
    here.redis_kills += 1
    here.pause(AWAY_SECONDS)
    with (folder / "redis.log").open("ab") as log:
        nodes.callback(children.stop, children.spawn(command, output=log), seconds=5)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(redis.RedisError), contextlib.closing(redis.Redis(port=port)) as client:
            if client.ping():
                return
        time.sleep(0.05)
    raise TimeoutError("the master did not come back")


def _node(here: Town, dice: random.Random) -> tuple[int, int, list[str], Path]:
    """A drawn master: its port, process, command and folder."""
    with contextlib.closing(here.store) as store:
        found = store.server.get_primaries()  # type: ignore[attr-defined]
    port = int(dice.choice(sorted(found, key=lambda node: node.port)).port)
    with contextlib.closing(redis.Redis(port=port)) as client:
        pid = int(client.info("server")["process_id"])
    command = _command(pid, port)
    return port, pid, command, Path(command[command.index("--dir") + 1])


def _command(pid: int, port: int) -> list[str]:
    """How the node was started: a server rewrites its own command line, so it is put together anew."""
    program = str(Path(f"/proc/{pid}/exe").readlink())
    with contextlib.closing(redis.Redis(port=port, decode_responses=True)) as client:
        kept = {name: client.config_get(name)[name] for name in ("dir", "appendonly", "cluster-node-timeout")}
    settings = {"bind": "127.0.0.1", "port": str(port), "save": "", "cluster-enabled": "yes", **kept}
    return [program, *(word for name, value in settings.items() for word in (f"--{name}", str(value)))]


def _keys_by_node(here: Town) -> list[int]:
    with contextlib.closing(here.store) as store:
        ports = sorted(int(node.port) for node in store.server.get_primaries())  # type: ignore[attr-defined]
    counts = []
    for port in ports:
        with contextlib.closing(redis.Redis(port=port)) as client:
            counts.append(int(client.dbsize()))
    return counts
