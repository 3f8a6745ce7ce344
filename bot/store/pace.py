"""One token bucket for each of LINE's hot endpoints, shared by all processes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.keys import Keys

SCRIPT = """\
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
level = math.min(burst, level + math.max(0, now - at) * rate / 1000)
local given = math.max(0, math.min(wanted, math.floor(level)))
level = level - given
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', now)
redis.call('PEXPIRE', KEYS[1], 60000)
local wait = 0
if given < wanted then wait = math.ceil((1 - level) * 1000 / rate) end
return {given, math.max(0, wait)}
"""
"""The server's own time: the only one that all processes share, and not the one that tests may move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests a second, and so many at once after a pause. Their sum is the most in any one second."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How many requests may go now; if not all that were asked for, after how many seconds to ask again."""

    count: int
    wait: float


@tells_when_away
class Pace:
    """The buckets of one LINE channel."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def take(self, endpoint: str, rate: Rate, wanted: int) -> Given:
        """Ask for so many requests at an endpoint."""
        key = self._keys.pace(endpoint)
        given, wait = self._server.execute_command("EVAL", SCRIPT, 1, key, rate.per_second, rate.burst, wanted)
        return Given(count=int(given), wait=int(wait) / 1000)

    def drain(self, endpoint: str) -> None:
        """LINE says that we are too fast: begin again from an empty bucket."""
        self._server.execute_command("HSET", self._keys.pace(endpoint), "level", "0")
