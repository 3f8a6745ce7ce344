"""A client that refuses what a cluster would refuse: keys of two slots in one command, script or transaction.

A cluster does not notice a foreign key inside a script when one node owns both slots, so the command list is read too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

import fakeredis
from redis.crc import key_slot

from bot.store.runners import SCRIPT, SHA

KEYLESS = frozenset({"INFO", "PING", "TIME", "DBSIZE", "BGREWRITEAOF", "SCAN", "FLUSHALL"})


class CrossSlotError(AssertionError):
    """Keys of two slots where only one is possible."""


def guarded_fake() -> Guarded:
    """An in-process fake of its own, guarded."""
    return Guarded(fakeredis.FakeRedis(version=(7,)))


def keys_of(words: tuple[Any, ...]) -> list[Any]:
    """The keys that a command touches, those in our script's command list included."""
    name = words[0]
    if name in KEYLESS:
        return []
    if name in {"MGET", "DEL", "WATCH", "UNLINK"}:
        return list(words[1:])
    if name in {"EVAL", "EVALSHA"}:
        count = int(words[2])
        keys, rest = list(words[3 : 3 + count]), words[3 + count :]
        return [*keys, *(_inside(rest[count:]) if words[1] in {SCRIPT, SHA} else ())]
    return [words[1]]


def _inside(words: tuple[Any, ...]) -> Iterator[Any]:
    position = 0
    while position < len(words):
        length = int(words[position])
        yield from keys_of(tuple(words[position + 1 : position + 1 + length]))
        position += length + 1


def require_one_slot(keys: Iterable[Any]) -> None:
    """Raise CrossSlotError unless all keys lie in one slot."""
    slots = {key_slot(key if isinstance(key, bytes) else key.encode()) for key in keys}
    if len(slots) > 1:
        raise CrossSlotError(f"{len(slots)} slots in one step: {sorted(map(str, keys))[:6]}")


class Guarded:
    """Any client, and the guard before it. `commands` counts what went through."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.commands: list[tuple[Any, ...]] = []

    def execute_command(self, *words: Any) -> Any:
        self.commands.append(words)
        require_one_slot(keys_of(words))
        return self.client.execute_command(*words)

    def pipeline(self, *, transaction: bool) -> GuardedPipeline:
        return GuardedPipeline(self.client.pipeline(transaction=transaction), transaction, self.commands)

    def close(self) -> None:
        self.client.close()


class GuardedPipeline:
    """A pipeline, and the guard before it."""

    def __init__(self, pipe: Any, transaction: bool, commands: list[tuple[Any, ...]]) -> None:
        self.pipe = pipe
        self.transaction = transaction
        self.commands = commands
        self.first: list[Any] = []

    def __enter__(self) -> Self:
        self.pipe.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.pipe.__exit__(*error)

    def execute_command(self, *words: Any) -> Any:
        self.commands.append(words)
        self._see(keys_of(words))
        return self.pipe.execute_command(*words)

    def watch(self, *keys: str) -> Any:
        self._see(list(keys))
        return self.pipe.watch(*keys)

    def multi(self) -> None:
        self.pipe.multi()

    def execute(self) -> list[Any]:
        return self.pipe.execute()

    def _see(self, keys: list[Any]) -> None:
        require_one_slot([*self.first, *keys] if self.transaction else keys)
        self.first = self.first or keys[:1]
