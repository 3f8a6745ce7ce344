"""Where the simulator keeps its state: an SQLite file that survives a kill at any moment, or nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS things (kind TEXT, id TEXT, json TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (kind TEXT, number INTEGER, json TEXT, PRIMARY KEY (kind, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, type TEXT, bytes BLOB);
"""


class Shelf:
    """Things by kind and id, rows in order, and blobs. Without a directory it keeps blobs in memory only."""

    def __init__(self, directory: Path | None = None) -> None:
        self._blobs: dict[str, tuple[str, bytes]] = {}
        self._base: sqlite3.Connection | None = None
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            # Every use is under the lock of the Line that owns the shelf.
            self._base = sqlite3.connect(directory / "line.sqlite3", check_same_thread=False)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(TABLES)

    @property
    def keeps(self) -> bool:
        """Whether anything outlives this process."""
        return self._base is not None

    def put(self, kind: str, name: str, thing: Any) -> None:
        """Keep or replace one thing."""
        if self._base:
            self._base.execute("REPLACE INTO things VALUES (?, ?, ?)", (kind, name, json.dumps(thing)))

    def drop(self, kind: str, name: str) -> None:
        """Forget one thing."""
        if self._base:
            self._base.execute("DELETE FROM things WHERE kind = ? AND id = ?", (kind, name))

    def put_row(self, kind: str, number: int, thing: Any) -> None:
        """Keep or replace the row of that number."""
        if self._base:
            self._base.execute("REPLACE INTO rows VALUES (?, ?, ?)", (kind, number, json.dumps(thing)))

    def things(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Everything of one kind with its id."""
        if self._base:
            for name, text in self._base.execute("SELECT id, json FROM things WHERE kind = ?", (kind,)):
                yield name, json.loads(text)

    def rows(self, kind: str) -> Iterator[tuple[int, Any]]:
        """All rows of one kind in order, with their numbers."""
        if self._base:
            query = "SELECT number, json FROM rows WHERE kind = ? ORDER BY number"
            for number, text in self._base.execute(query, (kind,)):
                yield number, json.loads(text)

    def put_blob(self, name: str, content_type: str, content: bytes) -> None:
        """Keep bytes with their media type."""
        if self._base:
            self._base.execute("REPLACE INTO blobs VALUES (?, ?, ?)", (name, content_type, content))
        else:
            self._blobs[name] = (content_type, content)

    def blob(self, name: str) -> tuple[str, bytes] | None:
        """Media type and bytes, if there are any of that name."""
        if not self._base:
            return self._blobs.get(name)
        row = self._base.execute("SELECT type, bytes FROM blobs WHERE id = ?", (name,)).fetchone()
        return (str(row[0]), bytes(row[1])) if row else None

    def drop_blob(self, name: str) -> None:
        """Forget bytes."""
        self._blobs.pop(name, None)
        if self._base:
            self._base.execute("DELETE FROM blobs WHERE id = ?", (name,))

    def commit(self) -> None:
        """Make what was put survive this process."""
        if self._base and self._base.in_transaction:
            self._base.commit()

    def clear(self) -> None:
        """Forget everything."""
        self._blobs.clear()
        if self._base:
            self._base.executescript("DELETE FROM things; DELETE FROM rows; DELETE FROM blobs;")

    def close(self) -> None:
        """Keep what was put, and let go of the file."""
        if self._base:
            self.commit()
            self._base.close()
