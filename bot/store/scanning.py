"""Looking through all keys of a server; never while somebody waits for an answer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.store.connection import Redis


def scanned(node: Redis, pattern: str) -> Iterator[str]:
    """The keys of a node that match."""
    cursor = 0
    while True:
        cursor, found = node.execute_command("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
        yield from (key.decode() for key in found)
        if not int(cursor):
            return
