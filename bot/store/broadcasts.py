"""Broadcasts under way: whom they are for is frozen when they begin, and a row in each shard says how far they are.

The row is written in the commit of the friends it speaks of, so it is never ahead of them and never behind. What is
added up from the rows, the outboxes and the refused is the report.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from bot.store import entries
from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all, friends_at
from bot.store.instants import ms
from bot.store.keys import SHARDS, Keys, Shard, shard_of
from bot.store.runners import Check, Command, Runner
from flows import bitsets
from flows.broadcast import Broadcast, Progress
from flows.names import FriendId, Key, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How far one broadcast is in one shard: the number of the next friend, and what became of those before."""

    rev: int = 1
    next: int = 0
    planned: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    stopped: int = 0
    over: bool = False

    def after(self, number: int, sent: Mapping[str, int], skipped: Mapping[str, int]) -> Row:
        """The row once these friends are served; `number` is the first that is not."""
        return replace(
            self,
            rev=self.rev + 1,
            next=number,
            sent=Counter(self.sent) + Counter(sent),
            skipped=Counter(self.skipped) + Counter(skipped),
        )

    def ended(self, *, stopped: bool = False) -> Row:
        """The row when nothing more is to be done; `stopped`: those who were still to come are left out."""
        rest = self.planned - sum(self.sent.values()) - sum(self.skipped.values())
        return replace(self, rev=self.rev + 1, over=True, stopped=rest if stopped else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The next friends of one broadcast in one shard, and the row as it is now; no friends: it has come to its end."""

    id: str
    row: Row
    friends: tuple[FriendId, ...] = ()
    after: int = 0


@tells_when_away
class Broadcasts:
    """The broadcasts of one account, shard by shard."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner

    # -- beginning

    def not_begun(self, candidates: Sequence[Broadcast]) -> tuple[Broadcast, ...]:
        """Those of the candidates that have not begun everywhere."""
        if not candidates:
            return ()
        begun = self._server.execute_command("HMGET", self._keys.begun(), *(one.id for one in candidates))
        return tuple(one for one, since in zip(candidates, begun, strict=True) if since is None)

    def begin(self, broadcast: str, members: Mapping[Shard, int], now: datetime) -> int:
        """Freeze whom it is for. The same one begun again changes nothing; returns how many friends it is for."""
        for shard in SHARDS:
            self._freeze(shard, broadcast, members.get(shard, 0))
        self._server.execute_command("HSETNX", self._keys.begun(), broadcast, ms(now))
        return sum(row.planned for row in self._rows(broadcast) if row)

    def _freeze(self, shard: Shard, broadcast: str, numbers: int) -> None:
        row = Row(planned=numbers.bit_count(), over=not numbers)
        commands: list[Command] = [("SET", self._keys.sending(shard, broadcast), _written(row))]
        if numbers:
            commands.append(("SET", self._keys.broadcast(shard, broadcast), bitsets.to_bytes(numbers)))
            commands.append(("SADD", self._keys.sendings(shard), broadcast))
        # Whoever comes second finds the row and changes nothing.
        self._runner.run([(self._keys.sending(shard, broadcast), b"")], commands)

    # -- under way

    def busy(self) -> tuple[Shard, ...]:
        """The shards in which a broadcast is under way."""
        sizes = ask_all(self._server, "SCARD", self._keys.sendings)
        return tuple(shard for shard, size in zip(SHARDS, sizes, strict=True) if size)

    def next(self, shard: Shard, limit: int) -> Portion | None:
        """The next friends of a broadcast in this shard; None when none is under way."""
        under_way = self._server.execute_command("SMEMBERS", self._keys.sendings(shard))
        if not under_way:
            return None
        broadcast = min(under_way).decode()
        with self._server.pipeline(transaction=False) as pipe:
            pipe.execute_command("GET", self._keys.sending(shard, broadcast))
            pipe.execute_command("GET", self._keys.broadcast(shard, broadcast))
            written, members = pipe.execute()
        row = _read(written)
        served = row.next // 8
        ahead = (served * 8 + one for one in bitsets.numbers(bitsets.from_bytes((members or b"")[served:])))
        numbers = list(islice((one for one in ahead if one >= row.next), limit))
        if not numbers:
            return Portion(id=broadcast, row=row)
        friends = friends_at(self._server, self._keys, [(shard, number) for number in numbers])
        return Portion(id=broadcast, row=row, friends=tuple(friends), after=numbers[-1] + 1)

    def moved(self, shard: Shard, broadcast: str, before: Row, after: Row) -> tuple[list[Check], list[Command]]:
        """What moves the row on, to be part of the commit of the friends it speaks of."""
        key = self._keys.sending(shard, broadcast)
        return [(key, _prefix(before))], [("SET", key, _written(after))]

    def move(self, shard: Shard, broadcast: str, before: Row, after: Row) -> bool:
        """Move the row on where no friend's record changes; False when another worker was quicker."""
        checks, commands = self.moved(shard, broadcast, before, after)
        if after.over:
            commands.append(("SREM", self._keys.sendings(shard), broadcast))
            commands.append(("DEL", self._keys.broadcast(shard, broadcast)))
        return not self._runner.run(checks, commands)

    def tell_over(self, broadcast: str, now: datetime) -> bool:
        """Whether this is the first time that all shards are found to be through with it."""
        rows = self._rows(broadcast)
        if not all(row and row.over for row in rows):
            return False
        return bool(self._server.execute_command("HSETNX", self._keys.ended(), broadcast, ms(now)))

    def tell_missed(self, broadcast: str, now: datetime) -> bool:
        """Whether this is the first time that it is found to be too late to begin."""
        return bool(self._server.execute_command("HSETNX", self._keys.missed(), f"{broadcast}/{ms(now)}", ms(now)))

    def refused(self, broadcast: str, friends: Iterable[FriendId]) -> None:
        """LINE will never take it for these friends."""
        for friend in friends:
            self._server.execute_command("SADD", self._keys.refused(shard_of(friend), broadcast), friend)

    # -- the report

    def progress(self, broadcast: Broadcast) -> Progress | None:
        """How far it has got; None before it begins."""
        rows = [row for row in self._rows(broadcast.id) if row]
        if not rows:
            return None
        sent: Counter[str] = Counter()
        skipped: Counter[str] = Counter()
        for row in rows:
            sent.update(row.sent)
            skipped.update(row.skipped)
        key = fold(broadcast.name)
        return Progress(
            planned=sum(row.planned for row in rows),
            sent=sent,
            skipped=skipped,
            stopped=sum(row.stopped for row in rows),
            waiting=self._in(self._keys.outbox, key),
            held=self._in(self._keys.held, key),
            failed=sum(ask_all(self._server, "SCARD", lambda shard: self._keys.refused(shard, broadcast.id))),
            over=len(rows) == len(SHARDS) and all(row.over for row in rows),
        )

    def _in(self, box: Callable[[Shard], str], key: Key) -> int:
        """For how many friends an entry of this broadcast lies in a box."""
        found = ask_all(self._server, "ZRANGE", box, 0, -1)
        decoded = (entries.decode(one) for members in found for one in members if b'"broadcast":' in one)
        return sum(len(entry.to) for entry in decoded if entry.source.broadcast == key)

    def _rows(self, broadcast: str) -> list[Row | None]:
        found = ask_all(self._server, "GET", lambda shard: self._keys.sending(shard, broadcast))
        return [_read(one) if one else None for one in found]


def _prefix(row: Row) -> bytes:
    return b'{"rev":%d,' % row.rev


def _written(row: Row) -> bytes:
    kept = {
        "rev": row.rev,
        "next": row.next,
        "planned": row.planned,
        "sent": dict(row.sent),
        "skipped": dict(row.skipped),
        "stopped": row.stopped,
        "over": row.over,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _read(written: bytes) -> Row:
    return Row(**json.loads(written))
