"""Counts: facts per day, sends per scenario, and the month's messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all
from bot.store.instants import moment_of, ms
from bot.store.keys import Keys


@tells_when_away
class Counters:
    """Sums over the shards; the counts themselves are written by commits."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def of_day(self, day: str) -> dict[str, Counter[str]]:
        """All counted facts of a day (`2026-11-20`), by kind: what they were about, parts joined by tabs → how often."""
        counts: dict[str, Counter[str]] = {}
        for shard in ask_all(self._server, "HGETALL", lambda shard: self._keys.count(shard, day)):
            for name, times in shard.items():
                kind, _, subject = name.decode().partition("\t")
                counts.setdefault(kind, Counter())[subject] += int(times)
        return counts

    def sent(self) -> dict[str, int]:
        """Counted sends by scenario since ever, for caps."""
        total: Counter[str] = Counter()
        for shard in ask_all(self._server, "HGETALL", self._keys.sent):
            total.update({scenario.decode(): int(times) for scenario, times in shard.items()})
        return dict(total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The messages of one month as counted by us and by LINE. `limit` None: there is none, or it is not known yet."""

    ours: int = 0
    """What we took for our own sends."""
    limit: int | None = None
    at_line: int | None = None
    ours_then: int = 0
    """What we had taken when LINE was asked."""
    asked: datetime | None = None
    exhausted: datetime | None = None
    """Since when LINE has been refusing for want of quota."""

    @property
    def used(self) -> int:
        """The larger of both counts: LINE's, with what we took since, also knows sends made elsewhere."""
        return self.ours if self.at_line is None else max(self.ours, self.at_line + self.ours - self.ours_then)

    @property
    def left(self) -> int | None:
        """Messages that may still be sent; None without a limit."""
        if self.limit is None:
            return None
        return 0 if self.exhausted else max(0, self.limit - self.used)


@tells_when_away
class Quotas:
    """The month's messages, taken before they are sent so that no two workers send the last one."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def read(self, month: str) -> Month:
        """What is known about a month (`2026-11`)."""
        return _month(self._server.execute_command("HGETALL", self._keys.quota(month)))

    def reserve(self, month: str, messages: int) -> bool:
        """Take so many messages; False when there are not so many left, and then none is taken."""
        key = self._keys.quota(month)
        with self._server.pipeline(transaction=True) as pipe:
            pipe.execute_command("HINCRBY", key, "ours", messages)
            pipe.execute_command("HGETALL", key)
            _, kept = pipe.execute()
        known = _month(kept)
        if known.limit is None or (known.exhausted is None and known.used <= known.limit):
            return True
        self.give_back(month, messages)
        return False

    def give_back(self, month: str, messages: int) -> None:
        """So many were taken and not sent after all."""
        self._server.execute_command("HINCRBY", self._keys.quota(month), "ours", -messages)

    def learned(self, month: str, *, limit: int | None, at_line: int, at: datetime) -> None:
        """LINE told its limit (None: none) and its count. With room again, the refusal is over."""
        key = self._keys.quota(month)
        ours = int(self._server.execute_command("HGET", key, "ours") or 0)
        known = {"at_line": at_line, "ours_then": ours, "asked": ms(at)} | ({} if limit is None else {"limit": limit})
        over = ["exhausted"] if limit is None or at_line < limit else []
        gone = [*over, *(["limit"] if limit is None else [])]
        with self._server.pipeline(transaction=True) as pipe:
            pipe.execute_command("HSET", key, *(word for pair in known.items() for word in pair))
            if gone:
                pipe.execute_command("HDEL", key, *gone)
            pipe.execute()

    def tell(self, month: str, at: datetime) -> bool:
        """Whether staff are to be told now that the month is spent: True the first time."""
        return bool(self._server.execute_command("HSETNX", self._keys.quota(month), "told", ms(at)))

    def exhaust(self, month: str, at: datetime) -> bool:
        """LINE refuses for want of quota; True the first time, so that the owner is told once."""
        return bool(self._server.execute_command("HSETNX", self._keys.quota(month), "exhausted", ms(at)))


def _month(kept: Mapping[bytes, bytes]) -> Month:
    known = {name.decode(): int(value) for name, value in kept.items()}
    return Month(
        ours=known.get("ours", 0),
        limit=known.get("limit"),
        at_line=known.get("at_line"),
        ours_then=known.get("ours_then", 0),
        asked=moment_of(known["asked"]) if "asked" in known else None,
        exhausted=moment_of(known["exhausted"]) if "exhausted" in known else None,
    )
