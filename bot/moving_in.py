"""Friends from a file. It is read whole before anything is written, and a friend is written whole or not.

Bringing in the same file again changes nothing, so an interrupted import is simply begun again. It starts no scenario.
Where there are two cores, two processes share the shards between them: each reads the file and minds its own friends.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.moving_parts import WHOLE, Opening, Parts
from bot.moving_rows import ID, Columns, Row, RowError, with_names
from bot.side_by_side import Told, side_by_side
from bot.store import past
from bot.store.bulk import Bulk, Newcomer
from bot.store.friends import Change
from bot.store.keys import Shard, shard_of
from bot.store.records import Record, Unreadable
from bot.store.store import Store
from flows.catalog import Catalog
from flows.decision import Decision
from flows.facts import Noted
from flows.names import FriendId

BATCH: Final = 500
"""Redis is held up by a batch for some four milliseconds."""
ROUNDS: Final = 20
DONE_WORDS: Final = "取り込み"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong, and in which line of the file; 0: the whole file."""

    line: int
    says: str

    def __str__(self) -> str:
        """As a terminal shows it."""
        return f"{self.line}行目: {self.says}" if self.line else self.says


@dataclass(slots=True)
class Survey:
    """What a file holds, after reading it once."""

    rows: int = 0
    tags: dict[str, None] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    columns: Columns | None = None

    def __or__(self, other: Survey) -> Survey:
        """Both parts of one file; what both found in its whole is said once."""
        return Survey(
            rows=self.rows + other.rows,
            tags=self.tags | other.tags,
            mistakes=sorted({*self.mistakes, *other.mistakes}),
            columns=self.columns or other.columns,
        )


@dataclass(slots=True)
class Tally:
    """What an import did."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.new + other.new, self.changed + other.changed, self.same + other.same)


def survey(path: Path, catalog: Catalog, parts: Parts = WHOLE) -> Survey:
    """Read the file and find everything that is wrong with it; nothing is written."""
    found = Survey()
    for one in side_by_side(lambda shards, _: _survey(path, catalog, shards), parts, lambda _: None):
        found |= one
    if found.columns is None and not found.mistakes:
        found.mistakes.append(Mistake(0, "空のファイルです"))
    return found


def bring_in(opening: Opening, path: Path, seen: Survey, now: datetime, told: Told, *, parts: Parts = WHOLE) -> Tally:
    """Write what `survey` found sound. New names come into the catalog first, so that every tag can be found."""
    assert seen.columns is not None
    with opening() as store:
        catalog = _name_everything(store, seen.columns, seen.tags, now)
        if not store.lookup.count():
            # What comes into an empty account comes as the indexes want it: nobody need look through it again.
            store.reindexing.step(catalog.account.tz, catalog.account.limits)

    def bring(shards: Collection[Shard], told: Told) -> Tally:
        with opening() as store:
            # Committing looks at the account's limits as last read.
            return Bringing(store, store.catalogs.current(), now, told).all(path, shards)

    return sum(side_by_side(bring, parts, told), Tally())


@dataclass(slots=True)
class Bringing:
    """One process's share of an import."""

    store: Store
    catalog: Catalog
    now: datetime
    told: Told
    tally: Tally = field(default_factory=Tally)

    def all(self, path: Path, shards: Collection[Shard]) -> Tally:
        """Bring in the rows of these shards' friends."""
        waiting: dict[Shard, list[Row]] = defaultdict(list)
        for shard, _, columns, cells in _mine(path, self.catalog, shards):
            waiting[shard].append(columns.row(cells))
            if len(waiting[shard]) >= BATCH:
                self.write(shard, waiting.pop(shard))
        for shard, rows in waiting.items():
            self.write(shard, rows)
        return self.tally

    def write(self, shard: Shard, rows: Sequence[Row]) -> None:
        """Write one shard's rows; again and again for friends whom something else changes meanwhile."""
        left = {row.id: row for row in rows}
        for _ in range(ROUNDS):
            known = Bulk(self.store).known(shard, list(left))
            losers = self._change(shard, left, known)
            there = {record.friend.id if isinstance(record, Record) else record.id for record in known}
            losers |= self._add(shard, [row for friend, row in left.items() if friend not in there])
            self.told(len(left) - len(losers))
            left = {friend: left[friend] for friend in losers}
            if not left:
                return
        raise TimeoutError("some friends keep changing")

    def _change(self, shard: Shard, left: dict[FriendId, Row], known: Iterable[Record | Unreadable]) -> set[FriendId]:
        changes = []
        for record in known:
            if not isinstance(record, Record):
                raise record.error
            friend = left[record.friend.id].onto(record.friend, self.catalog, self.now)
            if friend is record.friend:
                self.tally.same += 1
                continue
            decision = Decision(friend=friend, facts=(self._fact,))
            changes.append(Change(before=record, decision=decision, at=self.now, zone=self.catalog.account.tz))
        losers = set(self.store.friends.commit(shard, changes).losers) if changes else set()
        self.tally.changed += len(changes) - len(losers)
        return losers

    def _add(self, shard: Shard, rows: Sequence[Row]) -> set[FriendId]:
        remembered = past.appended("", (self._fact,))
        newcomers = [Newcomer(row.alone(self.catalog, self.now), remembered) for row in rows]
        there = Bulk(self.store).add(shard, newcomers, (self._fact,), self.catalog.account.tz) if rows else set()
        self.tally.new += len(rows) - len(there)
        return there

    @property
    def _fact(self) -> Noted:
        return Noted(at=self.now, words=DONE_WORDS)


def _survey(path: Path, catalog: Catalog, shards: Collection[Shard]) -> Survey:
    found = Survey()
    first: dict[FriendId, int] = {}
    try:
        for _, line, columns, cells in _mine(path, catalog, shards):
            found.columns = columns
            try:
                row = columns.row(cells)
            except RowError as error:
                found.mistakes.append(Mistake(line, str(error)))
                continue
            if row.id in first:
                found.mistakes.append(Mistake(line, f"{row.id} は{first[row.id]}行目にもあります"))
            first.setdefault(row.id, line)
            found.rows += 1
            found.tags.update(dict.fromkeys(row.tags))
    except RowError as error:
        found.mistakes.append(Mistake(1, str(error)))
    except UnicodeDecodeError:
        found.mistakes.append(
            Mistake(0, "文字コードがUTF-8ではありません → 「CSV UTF-8」で保存し直してください (not UTF-8)")
        )
    except (OSError, csv.Error) as error:
        found.mistakes.append(Mistake(0, f"読めません: {error}"))
    return found


def _mine(
    path: Path, catalog: Catalog, shards: Collection[Shard]
) -> Iterator[tuple[Shard, int, Columns, Sequence[str]]]:
    """The rows of friends of these shards, each with its shard, its first line's number, and what its columns mean."""
    mine = frozenset(shards)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        titles = next(reader, None)
        if titles is None:
            return
        columns = Columns.read(titles, catalog.account.tz)
        place, before = columns.titles.index(ID), reader.line_num
        for cells in reader:
            # What has no id at all is somebody's too, so that it is complained of.
            if cells and (shard := shard_of(FriendId(cells[place] if place < len(cells) else ""))) in mine:
                yield shard, before + 1, columns, cells
            before = reader.line_num


def _name_everything(store: Store, columns: Columns, tags: Iterable[str], now: datetime) -> Catalog:
    for _ in range(ROUNDS):
        catalog = store.catalogs.current()
        named = with_names(catalog, columns, list(tags))
        if named == catalog:
            return catalog
        store.catalogs.commit(named, expected=catalog.revision, by=DONE_WORDS, at=now)
    raise TimeoutError("the catalog keeps changing")
