"""How the requests to LINE went, summed over all processes since ever: for the metrics page."""

from __future__ import annotations

from collections.abc import Mapping

from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.keys import Keys


@tells_when_away
class Sends:
    """Counts by name; the names are the meter's."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def add(self, counts: Mapping[str, int]) -> None:
        """Add these to what is there, in one trip."""
        with self._server.pipeline(transaction=False) as pipe:
            for name, times in counts.items():
                pipe.execute_command("HINCRBY", self._keys.sends(), name, times)
            pipe.execute()

    def read(self) -> dict[str, int]:
        """Everything counted so far."""
        found = self._server.execute_command("HGETALL", self._keys.sends())
        return {name.decode(): int(times) for name, times in found.items()}
