"""Over the wire: faults that only a socket can have, and a state that survives a kill."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from simulator.faults import Fault
from simulator.world import TOKEN, FakeLine, user_id
from tests.simulator.support import SAKURA, key, text

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def served() -> Iterator[FakeLine]:
    """LINE on a port, with さくら as a friend."""
    with FakeLine() as made:
        made.add_person(SAKURA, "さくら", friend=True)
        made.faults.hang_seconds = 0.2
        yield made


def request(port: int, method: str, path: str, body: Any = None, timeout: float = 5, **headers: str) -> tuple[int, Any]:
    """One request over a fresh connection: status and JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    given = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"} | headers
    try:
        connection.request(method, path, None if body is None else json.dumps(body), given)
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if "json" in (answer.getheader("Content-Type") or "") else raw
    finally:
        connection.close()


def push(fake: FakeLine, words: str = "a", timeout: float = 5) -> int:
    headers = {"X-Line-Retry-Key": key()}
    body = {"to": SAKURA, "messages": [text(words)]}
    return request(fake.port, "POST", "/v2/bot/message/push", body, timeout, **headers)[0]


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (Fault.RESET_BEFORE, ConnectionError, 0),
        (Fault.RESET_AFTER, ConnectionError, 1),
        (Fault.HANG_BEFORE, TimeoutError, 0),
        (Fault.HANG_AFTER, TimeoutError, 1),
    ],
)
def test_connections_are_lost_before_or_after_accepting(
    served: FakeLine, fault: Fault, error: type[Exception], arrived: int
) -> None:
    """The product cannot know which; its retry key can."""
    served.faults.script("push", [fault])
    with pytest.raises(error):
        push(served, timeout=0.1)
    assert push(served) == (409 if arrived else 200)
    assert len(served.ledger) == 1


def test_a_script_of_faults_is_played_in_order(served: FakeLine) -> None:
    """Then all is well again."""
    served.faults.script("push", [Fault.RATE, Fault.ERROR_BEFORE, Fault.NONE])
    assert [push(served, str(n)) for n in range(3)] == [429, 500, 200]


def test_chance_is_the_same_for_the_same_seed(served: FakeLine) -> None:
    """So that a failure can be replayed."""

    def draws() -> list[Fault]:
        served.faults.reset(seed=7)
        served.faults.chance(Fault.ERROR_BEFORE, 0.5, "push")
        return [served.faults.draw("push") for _ in range(20)]

    first = draws()
    assert first == draws()
    assert {Fault.NONE, Fault.ERROR_BEFORE} == set(first)


def test_the_rate_limit_is_a_token_bucket(served: FakeLine) -> None:
    """Bursts pass, then one per refill."""
    now = [0.0]
    served.faults.limit("push", per_second=2, burst=2, seconds=lambda: now[0])
    draws = [served.faults.draw("push") for _ in range(3)]
    now[0] = 0.5
    assert [*draws, served.faults.draw("push")] == [Fault.NONE, Fault.NONE, Fault.RATE, Fault.NONE]


def test_an_answer_can_take_its_time(served: FakeLine) -> None:
    """Benchmarks let LINE answer in 50 ms."""
    served.faults.latency(0.05, "push")
    began = time.monotonic()
    assert push(served) == 200
    assert time.monotonic() - began >= 0.05


def test_many_at_once_are_all_written_down(served: FakeLine) -> None:
    """The lock holds."""
    body = {"to": SAKURA, "messages": [text()]}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: request(served.port, "POST", "/v2/bot/message/push", body)[0], range(80)))
    assert statuses == [200] * 80
    assert len(served.ledger) == len(served.received(SAKURA)) == 80


def test_a_body_above_two_megabytes_is_refused(served: FakeLine) -> None:
    """Without being read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request("POST", "/v2/bot/message/push", b" " * 2_200_000, {"Authorization": f"Bearer {TOKEN}"})
    assert connection.getresponse().status == 413
    connection.close()


def test_the_state_is_taken_up_again(tmp_path: Path) -> None:
    """People, talks, counts, keys and menus."""
    with FakeLine(directory=tmp_path, serving=False) as before:
        before.add_person(SAKURA, "さくら", friend=True)
        before.receive_with(lambda body, headers: 200)
        before.say(SAKURA, "覚えて")
        before.call("POST", "/v2/bot/message/push", {"to": SAKURA, "messages": [text("はい")]}, x_line_retry_key=key())
        talk, ledger = before.talk(SAKURA), before.ledger
    with FakeLine(directory=tmp_path, serving=False) as after:
        again = after.call(
            "POST", "/v2/bot/message/push", {"to": SAKURA, "messages": [text("はい")]}, x_line_retry_key=key()
        )
        assert again.status == 409
        assert (after.talk(SAKURA), after.ledger, after.used) == (talk, ledger, 1)
        after.call("POST", "/v2/bot/message/push", {"to": SAKURA, "messages": [text("次")]})
        assert len({bubble.id for bubble in after.talk(SAKURA)}) == 3


class Simulator:
    """The program itself, in a process of its own."""

    def __init__(self, state: Path) -> None:
        command = [sys.executable, "-m", "simulator", "--port", "0", "--state", str(state), "--suggest-owner", "登録 1"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stdout
        self.port = int(re.findall(r":(\d+)/", self.process.stdout.readline())[0])

    def end(self, how: signal.Signals) -> int:
        """Send a signal and wait."""
        os.kill(self.process.pid, how)
        status = self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()
        return status


def test_the_program_survives_a_kill_and_stops_when_asked(tmp_path: Path) -> None:
    """What LINE accepted before kill -9 is there afterwards."""
    body = {"to": user_id("店の人"), "messages": [text("残る")]}
    killed = Simulator(tmp_path)
    try:
        assert request(killed.port, "POST", "/v2/bot/message/push", body)[0] == 200
    finally:
        killed.end(signal.SIGKILL)
    again = Simulator(tmp_path)
    try:
        _, talk = request(again.port, "GET", f"/sim/talk?person={user_id('店の人')}")
        _, state = request(again.port, "GET", "/sim/state")
    finally:
        status = again.end(signal.SIGTERM)
    assert [bubble["message"]["text"] for bubble in talk["bubbles"]] == ["残る"]
    assert state["counters"]["counted"] == 1
    assert state["ownerSays"] == ["登録 1"]
    assert status == 0
