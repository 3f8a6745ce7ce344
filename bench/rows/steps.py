"""B7, B9, B10, B11, B20, B22, B23: what comes due, from the index to LINE, against one job for each friend."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median
from subprocess import Popen

import redis

from bench import load, machine, people
from bench.judging import Row, figure, percentile, ratios
from bench.rows.webhooks import OURS, now, now_ms
from bench.town import Town, is_ready, town
from bot.clock import OFFSET_KEY
from bot.store.store import Store
from flows.broadcast import Broadcast
from flows.conditions import Everyone
from flows.friend import Friend
from flows.messages.text import Text
from flows.names import fold
from flows.scenario import Say

NAIVE = "bench.baselines.job_per_friend"
PERSONAL = "{名前さん|お客様}、こんにちは。今日のお知らせです。"
SETTLE_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    rounds: int
    friends: int
    naive: int
    personal: int
    seconds: int
    """For what is watched over a while."""


QUICK = Size(rounds=2, friends=6000, naive=60, personal=5000, seconds=6)
FULL = Size(rounds=3, friends=100_000, naive=400, personal=20_000, seconds=30)


@dataclass(slots=True)
class Scene:
    """Friends who walk through a plan of a step a day, and a clock that is moved from day to day."""

    here: Town
    store: Store
    began: datetime
    count: int
    days: int = 0
    workers: list[Popen[bytes]] = field(default_factory=list)

    def worker(self, core: int | None) -> Popen[bytes]:
        """One more worker."""
        child = self.here.start([sys.executable, "-m", "bot.worker"], core=core, CLOCK="movable")
        self.workers.append(child)
        wait_until(lambda: "worker.ready" in self.here.logs[child.pid].read_text(errors="replace"), "a worker")
        # Once in its life it draws the panels for staff: that is no part of any row.
        wait_until(lambda: _is_at_rest(child.pid), "a worker at rest")
        return child

    def dismiss(self) -> None:
        """The last worker goes home."""
        child = self.workers.pop()
        child.terminate()
        child.wait(30)

    def next_evening(self) -> float:
        """Move the clock to the next 19:00 at which everybody is due; the machine's moment."""
        self.days += 1
        due = people.seven_in_the_evening(self.began, days=self.days)
        self.move((due - now()).total_seconds() + 0.001)
        return time.monotonic()

    def move(self, seconds: float) -> None:
        """Set the clock so many seconds ahead."""
        with contextlib.closing(redis.Redis.from_url(self.here.redis_url)) as server:
            server.set(OFFSET_KEY, repr(seconds))

    def served(self) -> int:
        """Recipients so far."""
        return int(self.here.line("count")[1])

    def all_served(self, count: int) -> None:
        """Wait until so many have received something."""
        wait_until(lambda: self.served() >= count, f"{count} deliveries", SETTLE_SECONDS)

    def await_more(self, count: int) -> None:
        """Wait until so many more than now have received something."""
        before = self.served()
        wait_until(lambda: self.served() >= before + count, "sends")

    def evening(self) -> Evening:
        """Everybody is due: deliver, and tell how it went."""
        self.here.line("reset")
        before = [machine.cpu_seconds(child.pid) for child in self.workers]
        jumped = self.next_evening()
        self.all_served(self.count)
        used = sum(machine.cpu_seconds(one.pid) - then for one, then in zip(self.workers, before, strict=True))
        sends = self.here.line("log")["sends"]
        return Evening(jumped=jumped, sends=sends, cpu=used, count=self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """How one step for everybody went."""

    jumped: float
    sends: list[tuple[float, str, int, str]]
    cpu: float
    count: int

    @property
    def rate(self) -> float:
        """Friends a second, from the first send to the last."""
        first, last = min(send[0] for send in self.sends), max(send[0] for send in self.sends)
        return (sum(send[2] for send in self.sends) - self.sends[0][2]) / max(0.001, last - first)

    @property
    def per_cpu_second(self) -> float:
        """Friends for a second of the workers' processor time."""
        return self.count / max(0.001, self.cpu)

    @property
    def early(self) -> int:
        """Recipients who got it before it was due."""
        return sum(send[2] for send in self.sends if send[0] < self.jumped - 0.005)

    @property
    def too_many(self) -> int:
        """Recipients beyond one each."""
        return sum(send[2] for send in self.sends) - self.count

    def most_in_a_second(self, how: str) -> int:
        """Requests of a kind in the busiest second."""
        moments = sorted(send[0] for send in self.sends if send[1] == how)
        return max((_until(moments, number, at + 1) - number for number, at in enumerate(moments)), default=0)


def _is_at_rest(pid: int, seconds: float = 1.0) -> bool:
    before = machine.cpu_seconds(pid)
    time.sleep(seconds)
    return machine.cpu_seconds(pid) - before < seconds / 10


def _until(moments: list[float], start: int, end: float) -> int:
    from bisect import bisect_left

    return bisect_left(moments, end, start)


def wait_until(done: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for something; a clear failure if it does not come."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"no {what} within {seconds:.0f} s")
        time.sleep(0.05)


@contextlib.contextmanager
def scene(count: int, *, body: str | None = None, latency: float = 0) -> Iterator[Scene]:
    """So many friends whose next step is due tomorrow at 19:00, and a clock process."""
    with town(latency_ms=latency) as here:
        store, began = people.opened(here.redis_url), now()
        people.publish(store, people.catalog(body=body) if body else people.catalog(), began)
        due = people.seven_in_the_evening(began)
        people.put_many(here.redis_url, count, began, due=due)
        machine.pin(os.getpid(), machine.cores().others)
        here.start([sys.executable, "-m", "bot.timer"], core=machine.cores().others, CLOCK="movable")
        yield Scene(here=here, store=store, began=began, count=count)


def naive(here: Town, count: int) -> float:
    """Friends a second of one forking worker on one core with a job for each friend."""
    here.line("reset")
    here.start([sys.executable, "-m", NAIVE, "put", str(count)]).wait(120)
    here.start([sys.executable, "-m", NAIVE, "work"], core=machine.cores().product).wait(300)
    moments = [send[0] for send in here.line("log")["sends"]]
    rate: float = (len(moments) - 1) / (max(moments) - min(moments))
    return rate


def b7(size: Size) -> list[Row]:
    """A step for everybody, by one worker and by two, and by the naive design."""
    core = machine.cores()
    with scene(size.friends) as here:
        ours: list[Evening] = []
        two: list[Evening] = []
        theirs: list[float] = []
        here.worker(core.product)
        for _ in range(size.rounds):
            ours.append(here.evening())
            theirs.append(naive(here.here, size.naive))
            here.worker(core.others)
            two.append(here.evening())
            here.dismiss()
        bytes_used = here.store.outbox.size()
    rates = [one.rate for one in ours]
    return [
        Row(
            id="B7",
            work=f"a step due for {size.friends:,} friends in one minute, full decision for each",
            figures=(
                figure("friends/s of one worker core ÷ a job for each friend", ratios(rates, theirs), "x", least=200),
                figure("ours, one worker on one core", rates, "friends/s"),
                figure("one RQ job for each friend, forking", theirs, "friends/s"),
                figure(
                    "two workers ÷ one, for a CPU second",
                    [median(e.per_cpu_second for e in two) / median(e.per_cpu_second for e in ours)],
                    "x",
                    least=0.85,
                ),
                figure("two workers", [one.rate for one in two], "friends/s"),
                figure("early", [sum(one.early for one in (*ours, *two))], most=0),
                figure("received twice", [sum(one.too_many for one in (*ours, *two))], most=0),
                figure(
                    "multicasts in the busiest second",
                    [max(e.most_in_a_second("multicast") for e in (*ours, *two))],
                    most=200,
                ),
                figure("left in the outbox", [bytes_used], most=0),
            ),
            owner="19時に10万人。約束の時刻から何秒で全員に届くかが、この数字です。",
        )
    ]


def b9_b11_b22(size: Size) -> list[Row]:
    """Lateness of a single friend, webhooks beside the rush, and doing nothing."""
    with scene(size.friends) as here:
        here.worker(None)
        port, web = here.here.web(OURS, ours=True)
        wait_until(lambda: is_ready(port), "a web process that has loaded everything")
        quiet = _idle_cpu(here, web, size.seconds)
        idle = _lateness(here, size.seconds, first=10_000_000)
        alone = _webhooks(port, size, itertools.count(1))
        beside: list[float] = []
        thread = threading.Thread(target=lambda: beside.extend(_webhooks(port, size, itertools.count(10**6))))
        thread.start()
        time.sleep(0.5)
        here.here.line("reset")
        jumped = here.next_evening()
        late = _lateness(here, 3, first=20_000_000, expect=here.count)
        thread.join()
        assert jumped
    return [
        Row(
            id="B9",
            work="one friend due at a random second",
            figures=(
                figure("lateness p50, idle", [percentile(idle, 0.5)], "s", most=0.5),
                figure("lateness p99, idle", [percentile(idle, 0.99)], "s", most=1.5),
                figure("lateness p99, during B7", [percentile(late, 0.99)], "s", most=5),
                figure("early", [sum(one < 0 for one in (*idle, *late))], most=0),
            ),
            owner="「19:00に」は、19:00のことです。19:01ではありません。",
        ),
        Row(
            id="B11",
            work="webhook p99 while B7 runs ÷ alone, 100/s",
            figures=(
                figure("ratio", [percentile(beside, 0.99) / percentile(alone, 0.99)], "x", most=2),
                figure("alone", [percentile(alone, 0.99) * 1000], "ms"),
                figure("while B7 runs", [percentile(beside, 0.99) * 1000], "ms"),
            ),
            owner="大量に配信している間も、話しかけた友だちを待たせません。",
        ),
        Row(
            id="B22",
            work=f"{size.friends:,} friends, nothing due",
            figures=(figure("CPU of web, worker and Redis", [quiet * 100], "% of a core", most=2),),
            owner="何もすることがないときは、何もしません。",
        ),
    ]


def _idle_cpu(here: Scene, web: Popen[bytes], seconds: int) -> float:
    from bench.town import redis_pid

    pids = [*machine.family(web.pid), *(child.pid for child in here.workers), redis_pid(here.here)]
    time.sleep(3)
    before = sum(map(machine.cpu_seconds, pids))
    time.sleep(seconds)
    return (sum(map(machine.cpu_seconds, pids)) - before) / seconds


def _lateness(here: Scene, seconds: int, *, first: int, expect: int = 0) -> list[float]:
    """Seconds from being due to being sent, of friends due at random moments within so many seconds."""
    dice = random.Random(first)
    # The machine's clock first: what happens between the two must not make anybody look early.
    offset, machine_now = _offset(here), time.monotonic()
    began = now()
    expected: dict[str, float] = {}
    drawn = people.friends(seconds * 3, began, due=began, seed=first)
    singles = []
    for number, (friend, facts) in enumerate(drawn):
        wait = 1 + dice.random() * seconds
        one = people.friend_id(first + number)
        due = began + timedelta(seconds=offset + wait)
        expected[one] = machine_now + wait
        # The third step: its time is past, so it goes when the walk says so.
        singles.append((_due_at(replace(friend, id=one), due), facts))
    people.put(here.store, singles, began + timedelta(seconds=offset))
    if not expect:
        here.here.line("reset")
    here.all_served(expect + len(singles))
    # A multicast tells its first recipient only; these are pushes, each with words of its own day.
    sends = {whom: at for at, _, _, whom in here.here.line("log")["sends"] if whom in expected}
    return [sends[one] - at for one, at in expected.items() if one in sends]


def _due_at(friend: Friend, due: datetime) -> Friend:
    (walk,) = friend.enrollments
    return replace(friend, enrollments=(replace(walk, due=due, entered=due - timedelta(days=1)),))


def _offset(here: Scene) -> float:
    with contextlib.closing(redis.Redis.from_url(here.here.redis_url)) as server:
        return float(server.get(OFFSET_KEY) or 0)


def _webhooks(port: int, size: Size, numbers: itertools.count[int]) -> list[float]:
    hooks = [
        load.webhook([load.text_event(people.friend_id(number % size.friends), "こんにちは", next(numbers), now_ms())])
        for number in range(100 * min(size.seconds, 8))
    ]
    return load.at_random(port, hooks, rate=100).waits


def b10(size: Size) -> list[Row]:
    """Personal words, LINE at 50 ms."""
    with scene(size.personal, body=PERSONAL, latency=50) as here:
        here.worker(machine.cores().product)
        evening = here.evening()
    seconds = max(send[0] for send in evening.sends) - min(send[0] for send in evening.sends)
    return [
        Row(
            id="B10",
            work=f"personal text to {size.personal:,} friends, LINE at 50 ms",
            figures=(
                figure("pushes/s ÷ LINE's 2,000", [evening.rate / 2000], "x", least=0.95),
                figure("share of a core", [evening.cpu / seconds], most=0.4),
                figure("pushes in the busiest second", [evening.most_in_a_second("push")], most=2000),
            ),
            owner="名前を入れた文は1人ずつ送ります。LINEが許す速さで。",
        )
    ]


CEILING = 100_000
"""Friends a second: 200 multicasts of 500 (developers.line.biz: messaging-api reference, rate limits)."""
GRACE_SECONDS = 61.0


def b8_sent(size: Size) -> list[Row]:
    """A broadcast of the same words to everybody, from the first send to the last."""
    with scene(size.friends) as here:
        here.worker(machine.cores().product)
        configured, moment = here.store.catalogs.current(), now()
        one = Broadcast(
            id="bench",
            name="秋のフェア",
            condition=Everyone(),
            body=(Say(message=Text(body="秋の保湿フェア、今週末まで")),),
            at=moment,
            made=moment,
        )
        people.publish(here.store, replace(configured, broadcasts={fold(one.name): one}), moment)
        here.here.line("reset")
        here.move(GRACE_SECONDS)
        jumped = time.monotonic()
        here.all_served(here.count)
        sends = here.here.line("log")["sends"]
    going = Evening(jumped=jumped, sends=sends, cpu=1.0, count=here.count)
    return [
        Row(
            id="B8",
            work=f"a broadcast to {size.friends:,} friends, one worker",
            figures=(
                figure("friends/s ÷ LINE's ceiling of 100,000", [going.rate / CEILING], "x", least=0.95),
                figure("friends/s", [going.rate]),
                figure("from its moment to the first send", [min(one[0] for one in sends) - jumped], "s"),
                figure("received twice", [going.too_many], most=0),
            ),
            owner="全員に同じ文を送るときの速さです。",
        )
    ]


def b20(size: Size) -> list[Row]:
    """B7 with a file that is synced at every commit, and as usual, by turns."""
    found: dict[str, list[float]] = {"everysec": [], "always": []}
    with scene(min(size.friends, 50_000)) as here:
        here.worker(machine.cores().product)
        for number in range(max(1, size.rounds - 1)):
            for policy in list(found) if number % 2 == 0 else reversed(found):
                with contextlib.closing(redis.Redis.from_url(here.here.redis_url)) as server:
                    server.config_set("appendfsync", policy)
                found[policy].append(here.evening().rate)
    return [
        Row(
            id="B20",
            work="B7 with appendfsync always ÷ everysec",
            figures=(figure("ratio", ratios(found["always"], found["everysec"]), "x", least=0.9),),
            owner="停電で1秒分も失いたくないなら、always にしてもこの速さです。",
        )
    ]


def b23(size: Size) -> list[Row]:
    """A sender killed in the middle; the dyno starts another."""
    waits: list[float] = []
    with scene(size.friends, body=PERSONAL, latency=20) as here:
        dyno = here.here.start([sys.executable, "-m", "bot.dyno"], CLOCK="movable", PORT=str(_free()))
        wait_until(lambda: "worker.ready" in here.here.logs[dyno.pid].read_text(errors="replace"), "the dyno's worker")
        here.here.line("reset")
        here.next_evening()
        for _ in range(3):
            here.await_more(300)
            victim = next(pid for pid in machine.family(dyno.pid) if "bot.worker" in _command(pid))
            os.kill(victim, signal.SIGKILL)
            killed = time.monotonic()
            time.sleep(0.3)  # What was on its way when it died arrives.
            here.await_more(1)
            waits.append(time.monotonic() - killed)
    return [
        Row(
            id="B23",
            work="sender killed in B7 → next accepted send, one dyno",
            figures=(figure("seconds", waits, "s", most=5),),
            owner="送る係が倒れても、数秒で次が立ちます。",
        )
    ]


def _command(pid: int) -> str:
    from pathlib import Path

    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _free() -> int:
    from bot.embedded import free_port

    return free_port()
