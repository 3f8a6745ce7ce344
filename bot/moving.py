"""Friends from a file and into one. A file is read whole before anything is written, and a friend is written whole or not.

Bringing in the same file again changes nothing, so an interrupted import is simply begun again. It starts no scenario.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from bot.clock import SystemClock
from bot.judging import settings_or_exit
from bot.moving_rows import Columns, Row, RowError, with_names
from bot.settings import Settings
from bot.store.friends import Change
from bot.store.keys import SHARDS, Shard, shard_of
from bot.store.records import Record
from bot.store.store import Store, open_store
from flows.catalog import Catalog
from flows.decision import Decision
from flows.facts import Noted
from flows.names import FriendId

BATCH: Final = 200
MOST_SHOWN: Final = 20
ROUNDS: Final = 20
BAR: Final = 30
DONE_WORDS: Final = "取り込み"


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Tally:
    """What an import did."""

    new: int = 0
    changed: int = 0
    same: int = 0


def survey(path: Path, catalog: Catalog) -> Survey:
    """Read the file and find everything that is wrong with it; nothing is written."""
    found = Survey()
    first: dict[FriendId, int] = {}
    try:
        for line, columns, cells in _lines(path, catalog):
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
    if found.columns is None and not found.mistakes:
        found.mistakes.append(Mistake(0, "空のファイルです"))
    return found


def bring_in(store: Store, path: Path, seen: Survey, now: datetime, progress: Progress) -> Tally:
    """Write what `survey` found sound. New names come into the catalog first, so that every tag can be found."""
    assert seen.columns is not None
    catalog = _name_everything(store, seen.columns, seen.tags, now)
    waiting: dict[Shard, list[Row]] = defaultdict(list)
    tally = Tally()
    for _, columns, cells in _lines(path, catalog):
        row = columns.row(cells)
        shard = shard_of(row.id)
        waiting[shard].append(row)
        if len(waiting[shard]) >= BATCH:
            progress.add(_write(store, shard, waiting.pop(shard), catalog, now, tally))
    for shard, rows in waiting.items():
        progress.add(_write(store, shard, rows, catalog, now, tally))
    return tally


def take_out(store: Store, out: TextIO, progress: Progress) -> int:
    """Write every friend as a row; how many there were."""
    catalog = store.catalogs.current()
    columns, names = Columns.of(catalog), {key: tag.name for key, tag in catalog.tags.items()}
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns.titles)
    count = 0
    for shard in SHARDS:
        for friends in _portions(store.lookup.everybody(shard)):
            found = store.friends.load_many(shard, friends)
            rows = [columns.cells(one.friend, names) for one in found if isinstance(one, Record) and one.rev]
            writer.writerows(rows)
            count += len(rows)
            progress.add(len(friends))
    return count


@dataclass(slots=True)
class Progress:
    """A bar that grows on a terminal, and nothing in a log."""

    total: int
    out: TextIO
    done: int = 0

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        if self.out.isatty() and self.total:
            filled = BAR * self.done // self.total
            self.out.write(f"\r{'█' * filled}{'·' * (BAR - filled)} {self.done:,}/{self.total:,}人")
            self.out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.out.isatty() and self.total:
            self.out.write("\n")


def import_friends(file: str, *, dry: bool) -> int:
    """友だちをCSVから取り込みます。 (bring friends in from a file)"""
    path, settings = Path(file), settings_or_exit()
    with _opened(settings) as store:
        seen = survey(path, store.catalogs.current())
        if seen.mistakes:
            return _refuse(seen.mistakes)
        print(f"✓ {seen.rows:,}人分を読めました (rows are sound)")
        if dry:
            print("・ 試しに読んだだけです。何も書いていません (dry run: nothing was written)")
            return 0
        progress = Progress(seen.rows, sys.stderr)
        tally = bring_in(store, path, seen, SystemClock().now(), progress)
        progress.end()
    print(f"✓ 新しい友だち {tally.new:,}人、変わった友だち {tally.changed:,}人、前と同じ {tally.same:,}人")
    return 0


def export_friends(file: str) -> int:
    """友だちをCSVに書き出します。 (write friends to a file)"""
    path, settings = Path(file), settings_or_exit()
    with _opened(settings) as store, written_whole(path) as out:
        progress = Progress(store.lookup.count(), sys.stderr)
        count = take_out(store, out, progress)
        progress.end()
    print(f"✓ {count:,}人を {path} に書き出しました (friends written)", file=sys.stderr)
    return 0


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """A file that is there whole or not at all; what is no file, such as /dev/stdout, is written to as it is."""
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            yield out
        return
    # A link stays a link: /dev/stdout is one, and must not become a file.
    real = path.resolve()
    unfinished = real.with_name(f"{real.name}.part")
    with unfinished.open("w", encoding="utf-8-sig", newline="") as out:
        yield out
    unfinished.replace(real)


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.redis_url, secret=b"", namespace=settings.namespace)
    try:
        store.meta.start_up()
        yield store
    finally:
        store.close()


def _refuse(mistakes: list[Mistake]) -> int:
    print(f"✗ {len(mistakes):,}か所に直すところがあります。何も書いていません (nothing was written)", file=sys.stderr)
    for mistake in mistakes[:MOST_SHOWN]:
        print(f"  {mistake}", file=sys.stderr)
    if len(mistakes) > MOST_SHOWN:
        print(f"  … ほか{len(mistakes) - MOST_SHOWN:,}か所", file=sys.stderr)
    return 1


def _lines(path: Path, catalog: Catalog) -> Iterator[tuple[int, Columns, list[str]]]:
    """The rows behind the first line, each with the number of its own first line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        titles = next(reader, None)
        if titles is None:
            return
        columns = Columns.read(titles, catalog.account.tz)
        before = reader.line_num
        for cells in reader:
            if cells:
                yield before + 1, columns, cells
            before = reader.line_num


def _name_everything(store: Store, columns: Columns, tags: Iterable[str], now: datetime) -> Catalog:
    for _ in range(ROUNDS):
        catalog = store.catalogs.current()
        named = with_names(catalog, columns, list(tags))
        if named == catalog:
            return catalog
        store.catalogs.commit(named, expected=catalog.revision, by=DONE_WORDS, at=now)
    raise TimeoutError("the catalog keeps changing")


def _write(store: Store, shard: Shard, rows: list[Row], catalog: Catalog, now: datetime, tally: Tally) -> int:  # noqa: PLR0917
    left = {row.id: row for row in rows}
    for _ in range(ROUNDS):
        changes = []
        for record in store.friends.load_many(shard, list(left)):
            if not isinstance(record, Record):
                raise record.error
            friend = left[record.friend.id].onto(record.friend, catalog, now)
            if record.is_new or friend != record.friend:
                decision = Decision(friend=friend, facts=(Noted(at=now, words=DONE_WORDS),))
                changes.append(Change(before=record, decision=decision, at=now, zone=catalog.account.tz))
        losers = store.friends.commit(shard, changes).losers if changes else frozenset()
        written = [change for change in changes if change.friend not in losers]
        tally.new += sum(change.before.is_new for change in written)
        tally.changed += sum(not change.before.is_new for change in written)
        tally.same += len(left) - len(changes)
        left = {friend: left[friend] for friend in losers}
        if not left:
            return len(rows)
    raise TimeoutError("some friends keep changing")


def _portions(friends: Iterable[FriendId]) -> Iterator[list[FriendId]]:
    portion: list[FriendId] = []
    for friend in friends:
        portion.append(friend)
        if len(portion) == BATCH:
            yield portion
            portion = []
    if portion:
        yield portion
