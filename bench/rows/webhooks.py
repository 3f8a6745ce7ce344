"""B1, B2, B4, B5, B6, B19: from a webhook to a committed, answered event, against the documented echo bot."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from subprocess import Popen

from bench import load, machine, people
from bench.judging import Figure, Row, alternating, figure, percentile, ratios
from bench.town import Town, town
from bot.clock import SystemClock
from bot.store.store import Store

FRIENDS = 2000
ECHO = "bench.baselines.echo:app"
OURS = "app:create_app()"
WARM = 200
WORDS, MOMENTS, ANSWERS = frozenset({"B1", "B2"}), frozenset({"B4", "B6"}), frozenset({"B5"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: a quick look, or a figure to stand behind."""

    rounds: int
    events: int
    open_events: int
    """Webhooks at random moments."""


QUICK = Size(rounds=2, events=1200, open_events=2000)
FULL = Size(rounds=5, events=6000, open_events=100_000)


@dataclass(slots=True)
class Sides:
    """Both sides, standing beside each other on one core, one of them idle."""

    here: Town
    store: Store
    ours: int
    ours_process: Popen[bytes]
    echo: int
    echo_process: Popen[bytes]
    numbers: Iterator[int]
    per_cpu: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By port: events for a second of the process's own processor time."""

    def said(
        self, count: int, text: str = "こんにちは", *, first: int = 0, friends: int = FRIENDS
    ) -> list[load.Webhook]:
        """Webhooks of friends who write, each once before anybody writes again."""
        at = now_ms()
        return [
            load.webhook([load.text_event(people.friend_id(first + number % friends), text, next(self.numbers), at)])
            for number in range(count)
        ]

    def rate(self, port: int, hooks: list[load.Webhook], *, connections: int = 8) -> float:
        """Events a second, all of them answered with 200."""
        pid = (self.ours_process if port == self.ours else self.echo_process).pid
        before = machine.family_cpu_seconds(pid)
        heard = load.as_fast_as_answered(port, hooks, connections=connections)
        self.per_cpu[port].append(len(hooks) / max(0.01, machine.family_cpu_seconds(pid) - before))
        if heard.refused:
            raise RuntimeError(f"{heard.refused} webhooks were not answered with 200")
        return heard.rate


def now() -> datetime:
    """The present moment."""
    return SystemClock().now()


def now_ms() -> int:
    """The present moment as LINE writes it."""
    return int(now().timestamp() * 1000)


def both(here: Town, configured: Callable[[], None] | None = None) -> Sides:
    """Start both sides."""
    core = machine.cores().product
    machine.pin(os.getpid(), machine.cores().others)
    store = people.opened(here.redis_url)
    people.publish(store, people.catalog(), now())
    people.put(store, people.bare(FRIENDS, now()), now())
    echo, echo_process = here.web(ECHO, threads=4, core=core)
    ours, process = here.web(OURS, core=core, ours=True)
    # A worker and a clock stand by, as they do for an owner, on the other core.
    for module in ("bot.worker", "bot.timer"):
        here.start([sys.executable, "-m", module], core=machine.cores().others)
    sides = Sides(
        here=here,
        store=store,
        ours=ours,
        ours_process=process,
        echo=echo,
        echo_process=echo_process,
        numbers=itertools.count(1),
    )
    for port in (ours, echo):
        sides.rate(port, sides.said(WARM))
    sides.per_cpu.clear()
    return sides


def told(size: Size, asked: frozenset[str]) -> list[Row]:
    """Those of B1, B2, B4, B5 and B6 that were asked for, with both sides started once."""
    rows: list[Row] = []
    with town() as here:
        sides = both(here)
        for ids, measure in ((WORDS, b1_b2), (MOMENTS, b4_b6), (ANSWERS, b5)):
            if ids & asked:
                rows += measure(sides, size)
    return rows


def b1_b2(sides: Sides, size: Size) -> list[Row]:
    """One core, LINE at 0 ms and at 50 ms."""
    left: list[float] = []

    def ours(connections: int) -> float:
        rate = sides.rate(sides.ours, sides.said(size.events), connections=connections)
        time.sleep(1)
        left.append(sides.store.outbox.size())
        return rate

    fast = alternating(
        {"ours": lambda: ours(8), "echo": lambda: sides.rate(sides.echo, sides.said(size.events))}, size.rounds
    )
    frugal = ratios(sides.per_cpu[sides.ours], sides.per_cpu[sides.echo])
    sides.here.line("latency/50")
    slow = alternating(
        {
            "ours": lambda: ours(8),
            "echo": lambda: sides.rate(sides.echo, sides.said(max(100, size.events // 12)), connections=8),
        },
        size.rounds,
    )
    sides.here.line("latency/0")
    return [
        Row(
            id="B1",
            work="text message → committed, deduplicated, replied; LINE at 0 ms, 8 connections",
            figures=(
                figure("ours ÷ flask-echo, one core", ratios(fast["ours"], fast["echo"]), "x", least=1.4),
                figure("the same for a second of the process's CPU", frugal, "x"),
                figure("ours", fast["ours"], "events/s"),
                figure("flask-echo", fast["echo"], "events/s"),
                figure("left in the outbox 1 s after the end", left, most=0),
            ),
            owner="話しかけられたら、記録してから返事をします。それでも、返事だけのボットとあまり変わらない速さです。",
        ),
        Row(
            id="B2",
            work="the same, LINE at 50 ms",
            figures=(
                figure("ours ÷ flask-echo on 4 threads", ratios(slow["ours"], slow["echo"]), "x", least=15),
                figure("÷ our own B1", [median(slow["ours"]) / median(fast["ours"])], "x", least=0.8),
                figure("ours", slow["ours"], "events/s"),
                figure("flask-echo", slow["echo"], "events/s"),
            ),
            owner="LINEの返事が遅い日も、受け取る速さはほとんど変わりません。",
        ),
    ]


def b5(sides: Sides, size: Size) -> list[Row]:
    """Answers to a survey, and bare words, by turns."""
    first, friends = 1_000_000, 600
    configured = people.asking(sides.store.catalogs.current())
    people.publish(sides.store, configured, now())
    people.put(sides.store, people.asked(friends, configured, now(), first=first), now())
    turn = itertools.count()

    def answer(number: int) -> load.Webhook:
        # Each answer comes after the question it answers.
        at = now_ms() + 1000 * (next(turn) // friends + 1)
        friend, words = people.friend_id(first + number % friends), people.WORRIES[number % 4]
        return load.webhook([load.text_event(friend, words, next(sides.numbers), at)])

    def answers() -> float:
        return sides.rate(sides.ours, [answer(number) for number in range(min(size.events, friends * 3))])

    found = alternating(
        {"bare": lambda: sides.rate(sides.ours, sides.said(size.events)), "answers": answers}, min(size.rounds, 5)
    )
    answered = sum(
        len(sides.store.friends.load(people.friend_id(first + number)).friend.fields) for number in range(friends)
    )
    return [
        Row(
            id="B5",
            work="survey answer: phase, tag, score, next question",
            figures=(
                figure("answers ÷ our own bare text", ratios(found["answers"], found["bare"]), "x", least=0.75),
                figure("answers", found["answers"], "events/s"),
                figure("of them recorded", [answered]),
            ),
            owner="アンケートに答えるたびに、タグと点数が付き、次の質問が返ります。",
        )
    ]


def b4_b6(sides: Sides, size: Size) -> list[Row]:
    """Arrivals at random: how long until our 200, and until LINE has the reply."""
    count = size.open_events
    ours_heard = load.at_random(sides.ours, sides.said(count), rate=600)
    time.sleep(1)
    echo_heard = load.at_random(sides.echo, sides.said(min(count, 6000)), rate=600)
    time.sleep(1)
    replied = _replied(sides, count=min(count, 6000), rate=300)
    waits = ours_heard.waits
    return [
        Row(
            id="B4",
            work="600 events/s, arrivals at random",
            figures=(
                figure(
                    "p99 of our 200 ÷ flask-echo's",
                    [percentile(waits, 0.99) / percentile(echo_heard.waits, 0.99)],
                    "x",
                    most=0.15,
                ),
                figure("our p99", [percentile(waits, 0.99) * 1000], "ms"),
                figure("flask-echo's p99", [percentile(echo_heard.waits, 0.99) * 1000], "ms"),
                figure(f"over 1 s, of {count:,}", [sum(one > 1 for one in waits) + ours_heard.refused], most=0),
            ),
            owner="LINEは2秒で待つのをやめます。そこに近づくことはありません。",
        ),
        Row(
            id="B6",
            work="webhook arrives → LINE has the reply, 300/s",
            figures=(
                figure("p99, LINE's own time left out", [percentile(replied, 0.99) * 1000], "ms", most=25),
                figure("median", [percentile(replied, 0.5) * 1000], "ms"),
            ),
            owner="友だちが送ってから返事が出るまで、まばたきより短い時間です。",
        ),
    ]


def _replied(sides: Sides, *, count: int, rate: float) -> list[float]:
    """Seconds from the moment a webhook was due until LINE had the reply to it."""
    sides.here.line("reset")
    heard = load.at_random(sides.ours, sides.said(count), rate=rate)
    time.sleep(1)
    came = {token: at for at, _, _, token in sides.here.line("log")["sends"]}
    return [came.get(token, at + 60) - at for token, status, at, _ in heard.answered if status == 200]


def b19(size: Size) -> list[Row]:
    """A starting web process, and what it holds."""
    core = machine.cores().product
    with town() as here:
        people.publish(people.opened(here.redis_url), people.catalog(), now())
        megabytes: dict[str, list[float]] = {"ours": [], "echo": []}

        def start(name: str, app: str) -> float:
            began = time.monotonic()
            _, process = here.web(app, core=core, threads=4, ours=name == "ours")
            seconds = time.monotonic() - began
            time.sleep(2.5)
            megabytes[name].append(machine.family_mb(process.pid))
            process.terminate()
            process.wait(30)
            return seconds

        found = alternating(
            {"ours": lambda: start("ours", OURS), "echo": lambda: start("echo", ECHO)}, min(3, size.rounds)
        )
    figures: tuple[Figure, ...] = (
        figure("start to first answer ÷ flask-echo", ratios(found["ours"], found["echo"]), "x", most=1.2),
        figure("memory ÷ flask-echo", ratios(megabytes["ours"], megabytes["echo"]), "x", most=1.2),
        figure("ours", found["ours"], "s"),
        figure("ours", megabytes["ours"], "MB"),
    )
    return [
        Row(
            id="B19",
            work="web process: start to first answer, and memory",
            figures=figures,
            owner="眠っていたサーバーも、すぐに起きます。",
        )
    ]
