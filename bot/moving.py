"""Friends from a file and into one, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from bot.clock import SystemClock
from bot.judging import settings_or_exit
from bot.moving_in import Mistake, bring_in, survey
from bot.moving_out import take_out
from bot.moving_parts import parts, patient
from bot.settings import Settings
from bot.store.store import Store, open_store

MOST_SHOWN: Final = 20
BAR: Final = 30


@dataclass(slots=True)
class Progress:
    """A bar that grows on a terminal, and nothing in a log."""

    total: int
    out: TextIO
    done: int = 0
    unit: str = "人"

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        if self.out.isatty() and self.total:
            filled = min(BAR, BAR * self.done // self.total)
            self.out.write(f"\r{'█' * filled}{'·' * (BAR - filled)} {self.done:,}/{self.total:,}{self.unit}")
            self.out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.out.isatty() and self.total:
            self.out.write("\n")


def import_friends(file: str, *, dry: bool) -> int:
    """友だちをCSVから取り込みます。 (bring friends in from a file)"""
    path, settings = Path(file), settings_or_exit()
    with opened(settings) as store:
        catalog = store.catalogs.current()
    seen = survey(path, catalog, parts())
    if seen.mistakes:
        return _refuse(seen.mistakes)
    print(f"✓ {seen.rows:,}人分を読めました (rows are sound)")
    if dry:
        print("・ 試しに読んだだけです。何も書いていません (dry run: nothing was written)")
        return 0
    progress = Progress(seen.rows, sys.stderr)
    tally = bring_in(partial(opened, settings), path, seen, SystemClock().now(), progress.add, parts=parts())
    progress.end()
    print(f"✓ 新しい友だち {tally.new:,}人、変わった友だち {tally.changed:,}人、前と同じ {tally.same:,}人")
    return 0


def export_friends(file: str) -> int:
    """友だちをCSVに書き出します。 (write friends to a file)"""
    path, settings = Path(file), settings_or_exit()
    with opened(settings) as store:
        progress = Progress(store.lookup.count(), sys.stderr)
    with written_whole(path) as out:
        count = take_out(partial(opened, settings), out, progress.add, parts=parts())
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
def opened(settings: Settings) -> Iterator[Store]:
    """The account's store, looked at as at every start."""
    store = open_store(patient(settings.redis_url), secret=b"", namespace=settings.namespace)
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
