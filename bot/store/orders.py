"""Orders to many: whom they concern is frozen when they are given, and they are carried out piece by piece."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all
from bot.store.instants import moment_of, ms
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from bot.store.runners import Runner
from flows import bitsets, codec, events
from flows.events import Event
from flows.names import FriendId

KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (events.Ordered, events.Rebased, events.Occurred, events.HandedBack, events.Relabelled, events.Retagged)
}
"""What staff may have happen to many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The next friends of one order; `after` is how far we are once they are served."""

    order: str
    event: Event
    given: datetime
    friends: tuple[FriendId, ...]
    after: int


@tells_when_away
class Orders:
    """The orders of one account, shard by shard."""

    def __init__(self, server: Redis, keys: Keys, runner: Runner) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner

    def give(self, order: str, event: Event, members: Mapping[Shard, int], now: datetime) -> int:
        """Freeze whom it concerns; the same order given twice is one. Returns how many friends that are."""
        row = json.dumps(
            {"kind": type(event).__name__, "event": codec.to_data(event), "at": ms(now), "from": 0}, ensure_ascii=False
        )
        for shard, numbers in members.items():
            if numbers:
                self._give(shard, order, row, bitsets.to_bytes(numbers))
        return sum(numbers.bit_count() for numbers in members.values())

    def _give(self, shard: Shard, order: str, row: str, numbers: bytes) -> None:
        key = self._keys.order(shard, order)
        # Whoever comes second finds the bitmap and changes nothing.
        self._runner.run(
            [(key, b"")],
            [("HSET", self._keys.orders(shard), order, row.encode("utf-8", "replace")), ("SET", key, numbers)],
        )

    def next(self, shard: Shard, limit: int) -> Portion | None:
        """The next friends of the oldest order; None when nothing is to be carried out here."""
        found = self._server.execute_command("HGETALL", self._keys.orders(shard))
        rows = {order.decode(): json.loads(row) for order, row in found.items()}
        if not rows:
            return None
        order, row = min(rows.items(), key=lambda item: (item[1]["at"], item[0]))
        return self._portion(shard, order, row, limit)

    def _portion(self, shard: Shard, order: str, row: Mapping[str, Any], limit: int) -> Portion:
        kept: bytes = self._server.execute_command("GET", self._keys.order(shard, order)) or b""
        start = int(row["from"])
        numbers = list(islice((one for one in bitsets.numbers(bitsets.from_bytes(kept)) if one >= start), limit))
        return Portion(
            order=order,
            event=codec.from_data(KINDS[row["kind"]], row["event"]),
            given=moment_of(row["at"]),
            friends=self._ids(shard, numbers),
            after=numbers[-1] + 1 if numbers else start,
        )

    def _ids(self, shard: Shard, numbers: list[int]) -> tuple[FriendId, ...]:
        with self._server.pipeline(transaction=False) as pipe:
            for number in numbers:
                start = number * ID_WIDTH
                pipe.execute_command("GETRANGE", self._keys.ids(shard), start, start + ID_WIDTH - 1)
            return tuple(FriendId(slot.rstrip(b"\0").decode()) for slot in pipe.execute())

    def served(self, shard: Shard, portion: Portion) -> None:
        """These friends are served: go on behind them, or forget the order when they were the last."""
        orders, members = self._keys.orders(shard), self._keys.order(shard, portion.order)
        if not portion.friends:
            # The frozen set goes first: an order without one is over.
            self._runner.run((), [("HDEL", orders, portion.order), ("DEL", members)])
            return
        row = json.loads(self._server.execute_command("HGET", orders, portion.order) or "{}")
        if row:
            row["from"] = max(int(row["from"]), portion.after)
            self._server.execute_command("HSET", orders, portion.order, json.dumps(row, ensure_ascii=False))

    def busy(self) -> tuple[Shard, ...]:
        """The shards with an order to carry out."""
        sizes = ask_all(self._server, "HLEN", self._keys.orders)
        return tuple(shard for shard, size in zip(SHARDS, sizes, strict=True) if size)
