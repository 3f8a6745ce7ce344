"""Events that wait for something from LINE (a name, a photo) before they can be decided: kept until they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all
from bot.store.instants import moment_of, ms
from bot.store.keys import SHARDS, Keys, Shard
from flows.names import FriendId


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event as LINE sent it, and when we received it."""

    id: str
    raw: Mapping[str, Any]
    since: datetime


@tells_when_away
class Inbox:
    """The inboxes of all shards. An event decided twice does no harm: the records remember its id."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def put(self, shard: Shard, event_id: str, raw: Mapping[str, Any], now: datetime) -> None:
        """Keep an event; a redelivery of it renews when it was received, since its reply token is good again."""
        kept = json.dumps({"at": ms(now), "raw": raw}, ensure_ascii=False, separators=(",", ":"))
        self._server.execute_command("HSET", self._keys.inbox(shard), event_id, kept.encode("utf-8", "replace"))

    def remove(self, shard: Shard, event_id: str) -> None:
        """It is decided: forget it."""
        self._server.execute_command("HDEL", self._keys.inbox(shard), event_id)

    def waiting(self, shard: Shard, before: datetime) -> tuple[Waiting, ...]:
        """What was received before that moment, the oldest first."""
        found = self._server.execute_command("HGETALL", self._keys.inbox(shard))
        events = [_read(event_id.decode(), kept) for event_id, kept in _pairs(found)]
        return tuple(sorted((one for one in events if one.since < before), key=lambda one: one.since))

    def waiting_of(self, shard: Shard, friend: FriendId) -> tuple[Waiting, ...]:
        """What waits of one friend, in the order received."""
        mark = friend.encode()
        found = self._server.execute_command("HGETALL", self._keys.inbox(shard))
        events = [_read(event_id.decode(), kept) for event_id, kept in _pairs(found) if mark in kept]
        return tuple(sorted(events, key=lambda one: one.since))

    def busy(self) -> tuple[Shard, ...]:
        """The shards with anything in their inbox."""
        sizes = ask_all(self._server, "HLEN", self._keys.inbox)
        return tuple(shard for shard, size in zip(SHARDS, sizes, strict=True) if size)


def _pairs(found: Any) -> list[tuple[bytes, bytes]]:
    return list(found.items()) if isinstance(found, dict) else list(zip(found[::2], found[1::2], strict=True))


def _read(event_id: str, kept: bytes) -> Waiting:
    told = json.loads(kept)
    return Waiting(id=event_id, raw=told["raw"], since=moment_of(told["at"]))
