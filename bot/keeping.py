"""What an operator does with the whole record from a terminal: look at a friend, check it, keep a copy, put it back."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TextIO, cast

from bot import looking
from bot.judging import settings_or_exit
from bot.moving import Progress, opened, written_whole
from bot.moving_parts import patient
from bot.store.copying import Copying, NotEmptyError, NotOurLinesError, checked
from bot.store.store import Store, open_store

MOST_SHOWN: Final = 20
YES: Final = frozenset({"はい", "y", "yes"})

Say = Callable[[str], None]


def show(who: str, say: Say) -> int:
    """友だち1人の記録を、読める形で出します。 (one friend's record, readable)"""
    with opened(settings_or_exit()) as store:
        records = looking.found(store, who)
        zone = store.catalogs.current().account.tz
    if not records:
        say(f"✗ 「{who}」は見つかりません → ユーザーID（U…）か名前で (no such friend)")
        return 1
    if len(records) > 1:
        say(
            "\n".join(
                ("何人かいます。ユーザーIDで選んでください (several; choose by id):", *map(looking.named, records))
            )
        )
        return 1
    say(looking.described(records[0], zone))
    return 0


def doctor(say: Say, *, check: bool, mend: bool) -> int:
    """Redisの置き方を、--check で索引と記録が合っているかも調べます。 (how Redis keeps it; do indexes equal facts)"""
    with opened(settings_or_exit()) as store:
        standing = store.meta.standing()
        for note in standing.notes:
            say(f"・ {note}")
        if Copying(store).is_half_done():
            say("✗ 控えを戻す途中で止まっています → もう一度 restore してください (a restoration was interrupted)")
            return 1
        if standing.durable:
            say("✓ Redisは書いたものを残します (durable)")
        if mend:
            looking.rebuilt(store)
            say("✓ 索引を記録から作り直しました (indexes rebuilt)")
        return _checked(store, say) if check or mend else 0


def backup(file: str, say: Say) -> int:
    """すべて（友だち・設定・画像・送るもの）の控えを1つのファイルに。 (everything into one file)"""
    path, count = Path(file), 0
    with opened(settings_or_exit()) as store, _written(path) as out:
        progress = Progress(2 * store.lookup.count(), sys.stderr)
        lines = Copying(store).lines()
        while portion := list(islice(lines, 500)):
            out.write("".join(portion))
            count += len(portion)
            progress.add(len(portion))
    progress.end()
    say(f"✓ {count - 2:,}件を {path} に控えました (entries written)")
    return 0


def restore(file: str, say: Say) -> int:
    """控えを、まだ何もないRedisに戻します。先にたずねます。 (put a copy back into an empty Redis; asks first)"""
    path, settings = Path(file), settings_or_exit()
    try:
        with _read(path) as lines:
            total = checked(lines)
        say(
            f"{total:,}件を戻します。控えのあとに送ったものは、送っていないことになります。よろしいですか？ [はい/いいえ]"
        )
        if sys.stdin.readline().strip().lower() not in YES:
            say("やめました。何も書いていません。 (nothing was written)")
            return 1
        store = open_store(patient(settings.redis_url), secret=b"", namespace=settings.namespace)
        try:
            return _put_back(store, path, total, say)
        finally:
            store.close()
    except NotOurLinesError:
        say(f"✗ {path} は控えのファイルではないか、途中で切れています。何も書いていません (not a whole copy)")
    except NotEmptyError:
        say("✗ このRedisにはもう記録があります → 空のRedisに戻してください (not empty; nothing was written)")
    except OSError as error:
        say(f"✗ 読めません: {error}")
    return 1


def _put_back(store: Store, path: Path, total: int, say: Say) -> int:
    progress = Progress(total, sys.stderr, unit="件")
    with _read(path) as lines:
        count = Copying(store).put(lines, progress.add)
    progress.end()
    store.meta.start_up()
    # The copy was perhaps taken while somebody wrote: the records are the truth, and the indexes are made from them.
    looking.rebuilt(store)
    say(f"✓ {count:,}件を戻し、索引を作り直しました (restored)")
    return 0


def _checked(store: Store, say: Say) -> int:
    wrong = list(looking.differences(store))
    for one in wrong[:MOST_SHOWN]:
        say(f"  {one}")
    if wrong:
        say(f"✗ {len(wrong):,}か所がちがいます → ほかを止めて doctor --mend で直せます (indexes differ from facts)")
        return 1
    say(f"✓ 友だち{store.lookup.count():,}人の記録と索引が合っています (indexes equal facts)")
    return 0


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    with written_whole(path) as out:
        if path.suffix != ".gz":
            yield out
            return
        with gzip.open(out.buffer, "wt", encoding="utf-8", compresslevel=4) as packed:
            yield cast("TextIO", packed)


@contextmanager
def _read(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig") as packed:
            yield cast("TextIO", packed)
        return
    with path.open(encoding="utf-8-sig") as file:
        yield file
