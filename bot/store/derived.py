"""What a commit writes beside the records: every index is derived from the friend before and the friend after."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from bot.store.instants import ms, ms_up
from bot.store.keys import ID_WIDTH, Keys, Shard
from bot.store.runners import Command, in_portions
from bot.store.stretches import Stretches, runs_of
from flows import clicks, engine, facts, index, slices
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId, fold
from flows.pace import UNLIMITED, Limits

MOST_NEWEST = 50
"""Newcomers that each shard lists."""

PUSHED = "pushed"
"""Counted beside `step_taken` when the step cost one 通."""


class Indexes:
    """The index changes of one commit, gathered over its friends and then written with few commands."""

    def __init__(self, keys: Keys, shard: Shard) -> None:
        self._keys = keys
        self._shard = shard
        self._bits: dict[str, dict[int, int]] = defaultdict(dict)
        self._new = Stretches()
        self._ids: dict[int, FriendId] = {}
        self._blank: list[int] = []
        self._scored: dict[str, dict[str, int]] = defaultdict(dict)
        self._gone: dict[str, list[str]] = defaultdict(list)
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)

    def move(self, no: int, before: Friend | None, after: Friend, zone: tzinfo, limits: Limits = UNLIMITED) -> None:
        """Friend number `no` became another: note every index entry that this changes."""
        on, off = index.changes(before, after, zone, limits)
        walks, left = walks_of(after), walks_of(before)
        if before is None:
            self._new.add(no, on | walks)
            self._ids[no] = after.id
        else:
            self._bits_of(no, on | (walks - left), off | (left - walks))
            # At every commit: it also brings back a friend who had been put off.
            self._gone[self._keys.parked(self._shard)].append(after.id)
        self._due(before, after)
        self._name(no, before, after)
        self._since(self._keys.newest, before.joined if before else None, after.joined, after.id)
        waited = before.awaits_reply if before else None
        self._since(self._keys.awaiting, waited, after.awaits_reply, after.id)

    def remove(self, no: int, before: Friend, zone: tzinfo, limits: Limits = UNLIMITED) -> None:
        """Friend number `no` is forgotten: note every index entry that goes; the number is never given again."""
        self._bits_of(no, (), index.marks(before, zone, limits) | walks_of(before))
        self._blank.append(no)
        self._gone[self._keys.names(self._shard)].extend(filter(None, [name_member(no, before)]))
        for key in (self._keys.due, self._keys.parked, self._keys.newest, self._keys.awaiting):
            self._gone[key(self._shard)].append(before.id)

    def count(self, new: Iterable[Fact], zone: tzinfo, *, times: int = 1) -> None:
        """Count these facts under their day, each so many times."""
        for fact in new:
            day = self._keys.count(self._shard, _day(fact.at, zone))
            for name in counted_as(fact):
                self._counts[day][name] += times
            if isinstance(fact, facts.StepTaken) and fact.pushed:
                self._counts[self._keys.sent(self._shard)][fact.scenario] += times

    def commands(self) -> Iterator[Command]:
        """What can be repeated without harm first, the counts behind it."""
        ids = self._keys.ids(self._shard)
        for first, end in runs_of(self._ids):
            row = b"".join(slot_of(self._ids[no]) for no in range(first, end))
            yield ("SETRANGE", ids, first * ID_WIDTH, row)
        yield from (("SETRANGE", ids, no * ID_WIDTH, bytes(ID_WIDTH)) for no in self._blank)
        yield from self._new.commands(lambda name: self._keys.bitmap(self._shard, name))
        for name, bits in self._bits.items():
            yield from _bit_commands(self._keys.bitmap(self._shard, name), bits)
        for key, members in self._gone.items():
            yield from in_portions("ZREM", key, members)
        for key, scores in self._scored.items():
            there = [value for member, score in scores.items() for value in (score, member)]
            yield from in_portions("ZADD", key, there, each=2)
        newest = self._keys.newest(self._shard)
        if newest in self._scored:
            yield ("ZREMRANGEBYRANK", newest, 0, -MOST_NEWEST - 1)
        for key, counts in self._counts.items():
            yield from (("HINCRBY", key, what, times) for what, times in counts.items())

    def _bits_of(self, no: int, on: Iterable[str], off: Iterable[str]) -> None:
        for name in on:
            self._bits[name][no] = 1
        for name in off:
            self._bits[name][no] = 0

    def _due(self, before: Friend | None, after: Friend) -> None:
        due = engine.next_due(after)
        if due is not None:
            self._scored[self._keys.due(self._shard)][after.id] = ms_up(due)
        elif before is not None:
            self._gone[self._keys.due(self._shard)].append(after.id)

    def _name(self, no: int, before: Friend | None, after: Friend) -> None:
        if before is not None and before.name == after.name:
            return
        old, new = name_member(no, before), name_member(no, after)
        if old != new:
            names = self._keys.names(self._shard)
            self._gone[names].extend([old] if old else [])
            self._scored[names].update({new: 0} if new else {})

    def _since(
        self, key: Callable[[Shard], str], before: datetime | None, after: datetime | None, friend: FriendId
    ) -> None:
        if before == after:
            return
        if after is None:
            self._gone[key(self._shard)].append(friend)
        else:
            self._scored[key(self._shard)][friend] = ms(after)


@lru_cache(maxsize=1024)
def _day(moment: datetime, zone: tzinfo) -> str:
    # The facts of a batch are of one moment.
    return moment.astimezone(zone).date().isoformat()


def walks_of(friend: Friend | None) -> frozenset[str]:
    """The names of the bitmaps of the scenario and survey versions in the middle of which this friend is."""
    if friend is None:
        return frozenset()
    walks = [walk_name(one.scenario, one.version) for one in friend.enrollments]
    sittings = (*((friend.sitting,) if friend.sitting else ()), *friend.shelf)
    return frozenset((*walks, *(walk_name(one.survey, one.version) for one in sittings)))


@lru_cache(maxsize=1024)
def walk_name(scenario: str, version: int) -> str:
    """The bitmap of all who walk through this version."""
    return slices.name("in", scenario, str(version))


def name_member(no: int, friend: Friend | None) -> str:
    """The line of friend number `no` in the index of names; "" without a name."""
    folded = fold(friend.name).replace("\0", "").encode("utf-8", "replace").decode() if friend else ""
    return f"{folded}\0{no}" if folded else ""


def slot_of(friend: FriendId) -> bytes:
    """The id as it stands in the row of ids. Raises ValueError when it is longer than LINE's."""
    slot = friend.encode("utf-8", "replace").ljust(ID_WIDTH, b"\0")
    if len(slot) > ID_WIDTH:
        raise ValueError(f"an id of more than {ID_WIDTH} bytes")
    return slot


def _bit_commands(key: str, bits: dict[int, int]) -> Iterator[Command]:
    if len(bits) == 1:
        yield from (("SETBIT", key, no, value) for no, value in bits.items())
        return
    sets: list[Any] = [word for no, value in bits.items() for word in ("SET", "u1", no, value)]
    yield from in_portions("BITFIELD", key, sets, each=4)


# -- counting ---------------------------------------------------------------------------------------------------

_SUBJECTS: dict[type[Fact], Callable[[Any], tuple[object, ...]]] = {
    facts.Joined: lambda fact: (fact.route,),
    facts.Blocked: lambda fact: (fact.scenario, fact.version, fact.step),
    facts.TagAdded: lambda fact: (fact.tag,),
    facts.TagRemoved: lambda fact: (fact.tag,),
    facts.ScoreChanged: lambda fact: (fact.score,),
    facts.FieldSet: lambda fact: (fact.field,),
    facts.Answered: lambda fact: (fact.field, fact.choice),
    facts.Pressed: lambda fact: (fact.origin, fact.button),
    facts.Asked: lambda fact: (fact.field, fact.origin),
    facts.Enrolled: lambda fact: (fact.scenario, fact.version),
    facts.StepTaken: lambda fact: (fact.scenario, fact.version, fact.step, fact.variant),
    facts.StepSkipped: lambda fact: (fact.scenario, fact.version, fact.step, fact.rule),
    facts.StepHeld: lambda fact: (fact.scenario, fact.version, fact.step, fact.rule),
    facts.PathEntered: lambda fact: (fact.scenario, fact.path),
    facts.ScenarioEnded: lambda fact: (fact.scenario, fact.version, fact.how, fact.step),
    facts.SurveyFinished: lambda fact: (fact.survey,),
    facts.BroadcastSent: lambda fact: (fact.broadcast, fact.variant),
    facts.BroadcastSkipped: lambda fact: (fact.broadcast, fact.why),
    facts.BroadcastAnswered: lambda fact: (fact.broadcast, fact.variant),
    facts.Happened: lambda fact: (fact.what,),
}
"""What each kind of fact is about. Other kinds are counted as a whole."""


def counted_as(fact: Fact) -> Iterator[str]:
    """Under which names a fact is counted: its kind, a tab, and what it was about, its parts joined by tabs."""
    about = _SUBJECTS.get(type(fact), lambda _: ())(fact)
    subject = "\t".join(str(part).replace("\t", " ") for part in about)
    yield f"{fact.kind}\t{subject}"
    if isinstance(fact, facts.StepTaken) and fact.pushed:
        yield f"{PUSHED}\t{subject}"
    if isinstance(fact, facts.Pressed | facts.Answered) and fact.first:
        yield f"{clicks.PEOPLE}\t{clicks.subject(fact)}"
