"""Every friend as a row of a table, straight from the bytes of his record."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from bot.moving_parts import WHOLE, Opening, Parts
from bot.moving_rows import Columns, written_tags
from bot.side_by_side import Told, side_by_side
from bot.store.bulk import Bulk
from bot.store.glance import each
from bot.store.keys import SHARDS, Shard
from bot.store.store import Store
from flows.catalog import Catalog

PORTION: Final = 500
LINE_END: Final = "\r\n"


def take_out(opening: Opening, out: TextIO, told: Told, *, parts: Parts = WHOLE) -> int:
    """Write every friend as a row; how many there were. Several processes write a file each, which are put together."""
    with opening() as store:
        catalog = store.catalogs.current()
    csv.writer(out, lineterminator=LINE_END).writerow(Columns.of(catalog).titles)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        spools = [Path(folder) / str(number) for number in range(len(parts))]

        def spool(number: int, told: Told) -> int:
            with opening() as store, spools[number].open("w", encoding="utf-8", newline="") as file:
                return _write(table(store, catalog, parts[number], told), file)

        count = sum(side_by_side(spool, range(len(parts)), told))
        for path in spools:
            with path.open(encoding="utf-8", newline="") as file:
                shutil.copyfileobj(file, out, 1 << 20)
    return count


def table(
    store: Store, catalog: Catalog, shards: Sequence[Shard] = SHARDS, told: Told = lambda _: None
) -> Iterator[list[list[str]]]:
    """The friends of these shards, some hundred rows at a time; `told` hears how many were looked at."""
    columns, tags, bulk = Columns.of(catalog), written_tags(catalog), Bulk(store)
    for shard in shards:
        friends = store.lookup.everybody(shard)
        while portion := list(islice(friends, PORTION)):
            yield [columns.cells(friend, tags) for friend in each(portion, bulk.values(portion))]
            told(len(portion))


def _write(rows: Iterator[list[list[str]]], file: TextIO) -> int:
    writer, count = csv.writer(file, lineterminator=LINE_END), 0
    for portion in rows:
        writer.writerows(portion)
        count += len(portion)
    return count
