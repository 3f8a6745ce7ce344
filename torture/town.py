"""The whole town under torture: Redis, the simulator as LINE, the product's processes, people, and a clock to move."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import time as machine_time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import redis

from bot import embedded
from bot.clock import OFFSET_KEY
from bot.store.errors import StoreError
from bot.store.store import Store, open_store
from flows.actions import AddScore, AddTag
from flows.catalog import Account, AutoReply, Catalog, Entry, Score, Tag
from flows.messages.text import Text
from flows.moments import AtOnce, OnDay
from flows.names import FriendId, Key, StepId, fold
from flows.scenario import Do, Line, Say, Scenario, Start, State, Step
from flows.triggers import FriendAdded, KeywordSaid
from simulator.acts import Acts
from simulator.clock import Clock
from simulator.ids import user_id
from simulator.line import Line as FakeLine
from simulator.server import Door, ThreadedServer
from simulator.state import Menu
from simulator.webhook import Webhook
from torture.crew import BIN, Crew, crew
from torture.servers import RedisServer

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "t" * 172
TOKYO = ZoneInfo("Asia/Tokyo")
PLAN = "歩み"
WELCOME = "ようこそ。"
POINT = "1点です。"
SAID = "ポイント"
FALLBACK = "ありがとうございます。"
SETTLE_SECONDS = 180.0
_PANELS: dict[str, Menu] = {}
"""The admins' panels as LINE has them once they are drawn."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_words(number: int) -> str:
    """What a step says; every second one is personal and goes by push."""
    return f"第{number}回 {{名前さん|お客様}}" if number % 2 == 0 else f"第{number}回 みなさま"


def catalog(steps: int) -> Catalog:
    """A welcome, a step for each of so many days at 19:00, and a word that gives a point."""
    welcome = Step(
        id=StepId("s0"),
        when=AtOnce(words="すぐ"),
        body=(Say(message=Text(body=WELCOME)), Do(actions=(AddTag(name="新規"),))),
    )
    plan = Scenario(
        name=PLAN,
        starts=(Start(trigger=FriendAdded()),),
        lines=(Line(steps=(welcome, *(step(number) for number in range(1, steps + 1)))),),
    )
    reply = AutoReply(
        name="点", trigger=KeywordSaid(keyword=SAID), messages=(Text(body=POINT),), actions=(AddScore(points=1),)
    )
    return Catalog(
        account=Account(name="花", fallback=FALLBACK, quiet_from=time(0), quiet_until=time(0)),
        plans={fold(PLAN): Entry(name=PLAN, state=State.LIVE, versions={1: plan}, current=1)},
        tags={fold("新規"): Tag(name="新規")},
        scores={Key(""): Score(name="")},
        autoreplies={fold("点"): reply},
    )


def step(number: int) -> Step:
    """The step of that day."""
    when = OnDay(days=number, clock=time(19), words=f"{number}日後 19:00")
    return Step(id=StepId(f"s{number}"), when=when, body=(Say(message=Text(body=step_words(number))),))


@dataclass(slots=True)
class Town:
    """Everything, and what was planned for it."""

    folder: Path
    server: RedisServer
    line: FakeLine
    acts: Acts
    crew: Crew
    dice: random.Random
    steps: int
    friends: list[FriendId] = field(default_factory=list)
    joined: datetime = EPOCH
    day: int = 0
    """The last step that everybody was due for."""
    power_losses: int = 0
    redis_kills: int = 0
    notes: list[str] = field(default_factory=list)
    offset: float = 0.0
    days_apart: bool = False
    """Power will be lost: what belongs to one day must be on the disk before the next one begins."""
    record: str = ""
    """The address of the record where it is not `server`: a cluster's."""
    slack: float = 0.0
    """By how many seconds the clock was moved back on purpose: what was on its way then is not early."""

    @property
    def store(self) -> Store:
        """The record, looked at past the proxies. To be closed."""
        return open_store(self.record or self.server.url, secret=b"torture")

    def now(self) -> datetime:
        """The town's moved time."""
        return datetime.fromtimestamp(self.line.clock(), UTC)

    def move(self, offset: float) -> None:
        """Set everybody's clock so many seconds ahead of the machine's: LINE's first, so that nothing early is hidden."""
        self.offset = offset
        self.line.clock.offset = offset
        self.keep_time()

    def keep_time(self) -> None:
        """Write the offset once more: a power loss may have taken it."""
        with contextlib.closing(self.store) as store:
            store.server.execute_command("SET", OFFSET_KEY, repr(self.offset))

    def due_of(self, number: int) -> datetime:
        """When that step is due: everybody joined on the same day."""
        day = (self.joined.astimezone(TOKYO) + timedelta(days=number)).replace(
            hour=19, minute=0, second=0, microsecond=0
        )
        return day.astimezone(UTC)

    def next_day(self) -> None:
        """Go to the moment of the next step."""
        self.day += 1
        self.move((self.due_of(self.day) - self.now()).total_seconds() + self.line.clock.offset + 0.001)

    def is_settled(self) -> bool:
        """Whether nobody is due and nothing waits."""
        try:
            with contextlib.closing(self.store) as store:
                busy = (store.due.shards_due(self.now()), store.outbox.busy(), store.inbox.busy(), store.orders.busy())
        except (StoreError, redis.RedisError):
            return False
        return not any(busy)

    def is_met(self) -> bool:
        """Whether the product has noticed this Redis since it was started, and had it rewrite its file."""
        try:
            with contextlib.closing(self.store) as store:
                info = store.server.execute_command("INFO")
                met = store.server.execute_command("HGET", store.keys.meta(), "runs") or b""
        except (StoreError, redis.RedisError):
            return False
        return str(info["run_id"]) in met.decode() and not int(info["aof_rewrite_in_progress"])

    def settle(self, seconds: float = SETTLE_SECONDS) -> float:
        """Wait until everything planned so far is done; how long it took."""
        began = machine_time.monotonic()
        self.crew.until(self.is_settled, "rest in the town", seconds)
        return machine_time.monotonic() - began

    def restart_redis(self) -> None:
        """Kill it and start it again."""
        self.server.kill()
        self.redis_kills += 1
        self.server.start()
        self.keep_time()

    def pause(self, seconds: float) -> None:
        """Let the town live on for so many seconds of the machine's time."""
        end = machine_time.monotonic() + seconds
        while machine_time.monotonic() < end:
            self.crew.watch()
            machine_time.sleep(min(0.05, max(0.0, end - machine_time.monotonic())))


@contextlib.contextmanager
def town(
    seed: int,
    *roles: str,
    steps: int,
    fsync: str = "everysec",
    mends: bool = True,
    masters: int = 0,
    roots: Mapping[str, Path] | None = None,
    outputs: Mapping[str, Path] | None = None,
) -> Iterator[Town]:
    """A town with these processes, nobody in it yet; with `masters` its record is on a cluster of so many.

    `roots`: the processes that run another version of the product, and where it lies. `outputs`: those whose log goes
    elsewhere.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        server = RedisServer(folder / "redis", fsync=fsync, mends=mends)
        server.start()
        stack.callback(server.stop)
        line = FakeLine(secret=SECRET, token=TOKEN, channel_id="1234567890", clock=Clock(), keeping_talks=False)
        stack.callback(line.close)
        # Drawing the panels takes seconds; those of the last town serve the next.
        line.memory.menus.update(_PANELS)
        stack.callback(lambda: _PANELS.update(line.memory.menus))
        line.faults.reset(seed)
        door = ThreadedServer(Door(line))
        base = f"http://127.0.0.1:{door.start()}"
        stack.callback(door.stop)
        acts = Acts(line, Webhook(line))
        record = _cluster(stack, folder, masters) if masters else ""
        with contextlib.closing(open_store(record or server.url, secret=b"torture")) as store:
            store.meta.start_up()
            store.catalogs.commit(
                catalog(steps), expected=0, by="torture", at=datetime.fromtimestamp(line.clock(), UTC)
            )
        apart = {"REDIS_URL": record, "RQ_REDIS_URL": server.url} if record else None
        here = stack.enter_context(
            crew(folder, server, _environment(base), *roles, past_proxies=apart, roots=roots, outputs=outputs)
        )
        yield Town(
            folder=folder,
            server=server,
            line=line,
            acts=acts,
            crew=here,
            record=record,
            dice=random.Random(seed),
            steps=steps,
        )


def _cluster(stack: contextlib.ExitStack, folder: Path, masters: int) -> str:
    return f"{stack.enter_context(embedded.running_cluster(folder / 'cluster', masters=masters))}?cluster=1"


def _environment(base: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"DYNO", "LINE_CHANNEL_ID"}} | {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_URL": base,
        "OWNER_CODE": "1234-5678",
        "CLOCK": "movable",
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def person(number: int) -> FriendId:
    """The id of a person of the town."""
    return FriendId(user_id(f"person {number}"))


Check = Callable[[], bool]
