"""The one way to write: compare what was read, and only if nothing changed run a list of plain Redis commands."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1
from typing import Any, Protocol

import redis

from bot.store.connection import Redis

Command = tuple[Any, ...]
"""A Redis command: its name, its key, its arguments."""

Check = tuple[str, bytes]
"""A key, and the first bytes its value must have; b"" means that the key must be absent."""

SCRIPT = """\
local lost = {}
for i = 1, #KEYS do
  if redis.call('GETRANGE', KEYS[i], 0, #ARGV[i] - 1) ~= ARGV[i] then lost[#lost + 1] = KEYS[i] end
end
if #lost > 0 then return lost end
local i = #KEYS + 1
while i <= #ARGV do
  local last = i + tonumber(ARGV[i])
  redis.call(unpack(ARGV, i + 1, last))
  i = last + 1
end
return lost
"""
"""It knows nothing of the layout and decides nothing. An absent key reads as "", and `0, -1` reads a whole value."""

SHA = sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()

MOST_MEMBERS = 1000
"""Members of one variadic command: Lua's `unpack` takes fewer than 8,000 values."""


class Runner(Protocol):
    """Runs all commands, or none of them and names the keys whose check failed. All keys lie in one shard."""

    def run(self, checks: Sequence[Check], commands: Sequence[Command]) -> list[str]: ...


class ScriptRunner:
    """One trip, by the script."""

    def __init__(self, server: Redis) -> None:
        self._server = server

    def run(self, checks: Sequence[Check], commands: Sequence[Command]) -> list[str]:
        """The keys that lost; empty when the commands were run. A failing command stops those behind it."""
        if not checks:
            return _transaction(self._server, commands)
        keys = [key for key, _ in checks]
        values: list[Any] = [prefix for _, prefix in checks]
        for command in commands:
            values += (len(command), *_sendable(command))
        try:
            lost = self._server.execute_command("EVALSHA", SHA, len(keys), *keys, *values)
        except redis.exceptions.NoScriptError:
            lost = self._server.execute_command("EVAL", SCRIPT, len(keys), *keys, *values)
        return [key.decode() for key in lost]


class WatchRunner:
    """Three trips, by WATCH, MULTI and EXEC: for servers that refuse scripts. EXEC goes on behind a failing command."""

    def __init__(self, server: Redis) -> None:
        self._server = server

    def run(self, checks: Sequence[Check], commands: Sequence[Command]) -> list[str]:
        """The keys that lost; empty when the commands were run."""
        if not checks:
            return _transaction(self._server, commands)
        while True:
            try:
                return self._once(checks, commands)
            except redis.WatchError:
                continue

    def _once(self, checks: Sequence[Check], commands: Sequence[Command]) -> list[str]:
        with self._server.pipeline(transaction=True) as pipe:
            pipe.watch(*(key for key, _ in checks))
            values = pipe.execute_command("MGET", *(key for key, _ in checks))
            lost = [key for (key, prefix), value in zip(checks, values, strict=True) if not _stands(prefix, value)]
            if lost:
                return lost
            pipe.multi()
            for command in commands:
                pipe.execute_command(*_sendable(command))
            pipe.execute()
            return []


def _transaction(server: Redis, commands: Sequence[Command]) -> list[str]:
    with server.pipeline(transaction=True) as pipe:
        for command in commands:
            pipe.execute_command(*_sendable(command))
        pipe.execute()
    return []


def _stands(prefix: bytes, value: bytes | None) -> bool:
    return (value or b"").startswith(prefix) if prefix else not value


def _sendable(command: Command) -> Command:
    """The command with half characters from outside replaced: they must not stop a commit."""
    name, *words = command
    return (name, *(word.encode("utf-8", "replace") if isinstance(word, str) else word for word in words))


def runner_for(server: Redis) -> Runner:
    """The quickest runner that this server allows; of one that is away, the best is expected."""
    try:
        server.execute_command("EVAL", "return 1", 1, "{any}")
    except (redis.ConnectionError, redis.TimeoutError):
        return ScriptRunner(server)
    except redis.ResponseError:
        return WatchRunner(server)
    return ScriptRunner(server)


def in_portions(name: str, key: str, members: Sequence[Any], *, each: int = 1) -> list[Command]:
    """One variadic command for many members (`each` values apiece), cut so that none is too long."""
    most = MOST_MEMBERS * each
    return [(name, key, *members[start : start + most]) for start in range(0, len(members), most)]
