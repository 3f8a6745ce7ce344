"""Runs a transcript in a world and writes down what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from flows.catalog import Catalog
from flows.engine import next_due
from flows.friend import Friend
from flows.names import MAIN, Key, fold
from tests.transcript import Line, parse, shown, write
from tests.worlds import Bubble, World, move, published, with_owner

RESTS = {"働き手が止まる": True, "働き手が戻る": False}
REACHABLE = "外から見えるアドレスがある"
OF_REDIS = re.compile(r"\n・練習用のRedis[^\n〕]*")
"""What 状態 says of the Redis at hand, which is not the same everywhere."""
ANSWERS = {"返事が消える": True, "もとどおり": False}
CLOCK = r"(\d{1,2}):(\d{2})"
MOVES = {
    re.compile(rf"(\d+)日後(?: {CLOCK})?"): "days",
    re.compile(r"(\d+)時間後"): "hours",
    re.compile(r"(\d+)分後"): "minutes",
    re.compile(rf"(\d+)/(\d+) {CLOCK}"): "date",
    re.compile(r"次の予定"): "next",
}


def run(text: str, world: World) -> str:
    """The transcript as it happens in this world: the same acts, what the bot then said, what is then true."""
    runner = _Runner(world)
    for line in parse(text):
        if line.kind != "bot":
            runner.take(line)
    return "\n".join(runner.written) + "\n"


class _Runner:
    def __init__(self, world: World) -> None:
        self.world = world
        self.written: list[str] = []
        self.who = "friend"
        self.about = "friend"
        self.people: list[str] = []

    def take(self, line: Line) -> None:
        self.written.append(write(line) if line.kind != "true" else self._true(line))
        match line.kind:
            case "script":
                self.world.install(published(self.world.catalog(), line.text, self.world.now))
            case "act":
                self._act(line)
            case "move" if line.text in RESTS:
                self.world.rest(RESTS[line.text])
            case "move":
                move(self.world, self._moment(line.text))
            case "line":
                self._line(line.text)
        # What comes to several people at the same moment comes in any order.
        self.written += [self._said(one) for one in sorted(self.world.heard(), key=self._place)]

    def _place(self, one: Bubble) -> tuple[bool, int]:
        return one.who != self.who, self.people.index(one.who)

    def _act(self, line: Line) -> None:
        self.who = line.who
        if line.who not in self.people:
            self.people.append(line.who)
        if line.who != "staff":
            self.about = line.who
        if line.verb == "is staff":
            self.world.install(with_owner(self.world.catalog(), line.who, self.world.now))
        else:
            self.world.act(line.who, line.verb, line.text)

    def _line(self, words: str) -> None:
        if words == REACHABLE:
            catalog = self.world.catalog()
            self.world.install(replace(catalog, account=replace(catalog.account, base_url="https://shop.example")))
            return
        if words == "再送":
            self.world.again()
            return
        if words in ANSWERS:
            self.world.unsure(ANSWERS[words])
            return
        messages = words.removeprefix("上限 ").removesuffix("通")
        self.world.limit(None if messages == "なし" else int(messages))

    def _said(self, one: Bubble) -> str:
        other = "" if one.who == self.who else one.who
        return write(Line(kind="bot", verb=one.how, who=other, text=OF_REDIS.sub("", shown(one.message))))

    def _true(self, line: Line) -> str:
        name, _, about = line.verb.partition(" ")
        friend = self.world.friend(self.about)
        value = TRUTHS[name](friend, self.world.catalog(), fold(about))
        if name == "通数":
            value = str(self.world.pushes())
        return write(Line(kind="true", verb=line.verb, text=value))

    def _moment(self, words: str) -> datetime:
        zone = self.world.catalog().account.tz
        now = self.world.now.astimezone(zone)
        for pattern, kind in MOVES.items():
            if (found := pattern.fullmatch(words)) is not None:
                return self._at(kind, [int(one) if one else None for one in found.groups()], now)
        raise ValueError(f"no such moment: {words!r}")

    def _at(self, kind: str, found: list[int | None], now: datetime) -> datetime:
        first = found[0] if found else 0
        match kind:
            case "days":
                day = now + timedelta(days=first or 0)
                return day if found[1] is None else _clock(day, found[1], found[2])
            case "hours":
                return now + timedelta(hours=first or 0)
            case "minutes":
                return now + timedelta(minutes=first or 0)
            case "date":
                then = _clock(now.replace(month=first or 1, day=found[1] or 1), found[2], found[3])
                return then if then >= now else then.replace(year=then.year + 1)
        due = self.world.next_due()
        assert due is not None, "nothing is due any more"
        return due


def _clock(day: datetime, hour: int | None, minute: int | None) -> datetime:
    return day.replace(hour=hour or 0, minute=minute or 0, second=0, microsecond=0)


def _tags(friend: Friend, catalog: Catalog, about: Key) -> str:
    return "、".join(catalog.tags[key].name if key in catalog.tags else key for key in friend.tags)


def _score(friend: Friend, catalog: Catalog, about: Key) -> str:
    return str(friend.scores.get(about or MAIN, 0))


def _field(friend: Friend, catalog: Catalog, about: Key) -> str:
    entry = friend.fields.get(about)
    return entry.value if entry else ""


def _walks(friend: Friend, catalog: Catalog, about: Key) -> str:
    walks = [
        f"{catalog.plans[walk.scenario].name}{f' 道 {walk.line}' if walk.line else ''}" for walk in friend.enrollments
    ]
    return "、".join(walks)


def _past(friend: Friend, catalog: Catalog, about: Key) -> str:
    return "、".join(f"{catalog.plans[key].name} {past.how}" for key, past in friend.past.items())


def _next(friend: Friend, catalog: Catalog, about: Key) -> str:
    due = next_due(friend)
    return f"{due.astimezone(catalog.account.tz):%m/%d %H:%M}" if due else ""


def _nothing(friend: Friend, catalog: Catalog, about: Key) -> str:
    return ""


TRUTHS: dict[str, Callable[[Friend, Catalog, Key], str]] = {
    "タグ": _tags,
    "スコア": _score,
    "項目": _field,
    "購読": _walks,
    "終わり": _past,
    "次": _next,
    "通数": _nothing,
}
