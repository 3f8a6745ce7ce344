"""Every friend as a row of a table, straight from the bytes of his record."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Final, TextIO

from bot.moving_rows import Columns, written_tags
from bot.side_by_side import Told
from bot.store.bulk import Bulk
from bot.store.glance import each
from bot.store.keys import SHARDS
from bot.store.store import Store

PORTION: Final = 500


def take_out(store: Store, out: TextIO, told: Told) -> int:
    """Write every friend as a row; how many there were."""
    writer, count = csv.writer(out, lineterminator="\r\n"), 0
    rows = table(store, told)
    writer.writerow(next(rows)[0])
    for portion in rows:
        writer.writerows(portion)
        count += len(portion)
    return count


def table(store: Store, told: Told = lambda _: None) -> Iterator[list[list[str]]]:
    """The titles, and then the friends, some hundred rows at a time; `told` hears how many were looked at."""
    catalog, bulk = store.catalogs.current(), Bulk(store)
    columns, tags = Columns.of(catalog), written_tags(catalog)
    yield [list(columns.titles)]
    for shard in SHARDS:
        friends = store.lookup.everybody(shard)
        while portion := list(islice(friends, PORTION)):
            found = each(dict(zip(portion, bulk.values(portion), strict=True)))
            yield [columns.cells(friend, tags) for friend in found]
            told(len(portion))
