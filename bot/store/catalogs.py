"""The configuration in Redis: one snapshot, replaced by compare-and-set, with the last changes and how to undo them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.store import patches
from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.friends import revision_in
from bot.store.instants import moment_of, ms
from bot.store.keys import Keys
from bot.store.meta import reading
from bot.store.runners import Command, Runner
from flows import codec
from flows.catalog import Catalog
from flows.desk import Change, Done
from flows.pace import Limits

MOST_HISTORY = 50
MOST_EVENTS = 1000
_CATALOG = ',"catalog":'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Done):
    """One line of 履歴 with the previous JSON of what it changed; None when it cannot be taken back."""

    undo: Mapping[str, Any] | None = None


def as_it_is(catalog: Catalog) -> Catalog:
    """The catalog unchanged."""
    return catalog


@tells_when_away
class Catalogs:
    """The configuration of one account; `adorn` adds what is known only here (the public address) when it is loaded."""

    def __init__(
        self, server: Redis, keys: Keys, runner: Runner, *, adorn: Callable[[Catalog], Catalog] = as_it_is
    ) -> None:
        self._server = server
        self._keys = keys
        self._runner = runner
        self._adorn = adorn
        self._latest = adorn(Catalog())

    def current(self) -> Catalog:
        """The snapshot in force. One short trip while nothing changed."""
        return self.at(revision_in(self._server.execute_command("GETRANGE", self._keys.catalog(), 0, 24)))

    def limits(self) -> Limits:
        """How much one friend gets at most, as last read here; no trip."""
        return self._latest.account.limits

    def at(self, revision: int) -> Catalog:
        """The snapshot, at this revision or a later one: the one at hand if it is that, else read anew."""
        if self._latest.revision != revision:
            self._latest = self._read()
        return self._latest

    def commit(
        self,
        catalog: Catalog,
        *,
        expected: int,
        changes: Sequence[Change] = (),
        by: str,
        at: datetime,
        event_id: str = "",
    ) -> bool:
        """Put this snapshot in force if revision `expected` still is; the next revision is written into it.

        True also when this very event put it in force before; False when somebody else was quicker.
        """
        new = replace(catalog, revision=expected + 1)
        body = f'{{"rev":{new.revision}{_CATALOG}{codec.dumps(new)}}}'.encode()
        commands = [
            *self._rows(new, changes, by, at),
            *self._remembered(event_id, at),
            ("SET", self._keys.catalog(), body),
        ]
        checks = [(self._keys.catalog(), b'{"rev":%d,' % expected if expected else b"")]
        return not self._runner.run(checks, commands) or self._stands(body) or self.knows(event_id)

    def knows(self, event_id: str) -> bool:
        """Whether this event has already changed the catalog."""
        events = self._keys.catalog_events()
        return bool(event_id) and self._server.execute_command("ZSCORE", events, event_id) is not None

    def history(self, limit: int = MOST_HISTORY) -> tuple[Row, ...]:
        """The last changes, the newest first."""
        rows = self._server.execute_command("LRANGE", self._keys.history(), 0, limit - 1)
        return tuple(map(_row, rows))

    def undo(self, row: Row, catalog: Catalog) -> Catalog:
        """The catalog with what this row changed put back, and nothing else. Raises ValueError when it cannot be."""
        if row.undo is None:
            raise ValueError("this change cannot be taken back")
        return patches.applied(row.undo, catalog)

    def audit(self, start: int = 0, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """Rows of the list that is only ever added to, oldest first: at (ms), by, words, revision, event."""
        rows = self._server.execute_command("LRANGE", self._keys.audit(), start, start + limit - 1)
        return tuple(map(json.loads, rows))

    def _read(self) -> Catalog:
        value = self._server.execute_command("GET", self._keys.catalog())
        if value is None:
            return self._adorn(Catalog())
        with reading(self._server, self._keys):
            catalog = codec.loads(Catalog, value.decode().partition(_CATALOG)[2][:-1])
        return self._adorn(catalog)

    def _stands(self, body: bytes) -> bool:
        # After a broken connection the client sends a command again: the first try may have been carried out.
        return bool(self._server.execute_command("GET", self._keys.catalog()) == body)

    def _rows(self, new: Catalog, changes: Sequence[Change], by: str, at: datetime) -> list[Command]:
        commands: list[Command] = []
        for change in changes:
            row = {"at": ms(at), "by": by, "words": change.words, "revision": new.revision}
            undo = None if change.before is None else patches.between(new, change.before)
            commands.append(("LPUSH", self._keys.history(), _line(row | {"undo": undo})))
            commands.append(("RPUSH", self._keys.audit(), _line(row)))
        if commands:
            commands.append(("LTRIM", self._keys.history(), 0, MOST_HISTORY - 1))
        return commands

    def _remembered(self, event_id: str, at: datetime) -> list[Command]:
        if not event_id:
            return []
        events = self._keys.catalog_events()
        return [("ZADD", events, ms(at), event_id), ("ZREMRANGEBYRANK", events, 0, -MOST_EVENTS - 1)]


def _line(row: Mapping[str, Any]) -> bytes:
    return codec.as_json(row).encode()


def _row(line: bytes) -> Row:
    kept = json.loads(line)
    return Row(
        at=moment_of(kept["at"]), by=kept["by"], words=kept["words"], revision=kept["revision"], undo=kept["undo"]
    )
