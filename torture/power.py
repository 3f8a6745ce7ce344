"""Loss of power, pretended: Redis is killed and the end of its append-only file is gone, often inside a transaction."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from pathlib import Path
from typing import Self

WATCH_SECONDS = 0.05
KEPT_SECONDS = 4.0
MULTI = b"*1\r\n$5\r\nMULTI\r\n"
EXEC = b"*1\r\n$4\r\nEXEC\r\n"


def newest_file(folder: Path) -> Path:
    """The append-only file that is written to: Redis 7 keeps several in a folder, older ones a single one."""
    parts = sorted(folder.glob("appendonlydir/*.incr.aof"), key=_number)
    return parts[-1] if parts else folder / "appendonly.aof"


def _number(file: Path) -> int:
    return int(file.name.split(".")[-3])


class Meter:
    """Remembers how long the file was at each moment, so that seconds can be cut from its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: deque[tuple[float, int, int]] = deque(maxlen=int(KEPT_SECONDS / WATCH_SECONDS))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="meter of the append-only file", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(2)

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            file = newest_file(self._folder)
            with contextlib.suppress(FileNotFoundError):
                found = file.stat()
                self._sizes.append((time.monotonic(), found.st_ino, found.st_size))

    def size_before(self, seconds: float, file: Path) -> int | None:
        """How long this very file was so many seconds ago, or when it was first seen; None if it never was.

        A rewritten file takes the place of the old one, and was synced before it did.
        """
        number, moment = file.stat().st_ino, time.monotonic() - seconds
        sizes = [(at, size) for at, which, size in self._sizes if which == number]
        older = [size for at, size in sizes if at <= moment]
        return older[-1] if older else sizes[0][1] if sizes else None


def cut(folder: Path, meter: Meter, dice: random.Random, seconds: float) -> tuple[int, bool]:
    """Take the last so many seconds from the file; every other time end inside a transaction, else anywhere.

    To be called after Redis was killed. Gives the bytes that are gone, and whether the end lies inside a transaction.
    """
    file = newest_file(folder)
    whole = file.stat().st_size
    start = meter.size_before(seconds, file)
    if start is None or start >= whole:
        return 0, False
    with file.open("r+b") as content:
        content.seek(start)
        tail = content.read()
        inside = _inside(tail, dice) if dice.random() < 0.7 else None
        place = inside if inside is not None else dice.randrange(min(len(tail), 4096))
        content.truncate(start + place)
    return whole - start - place, inside is not None


def _inside(tail: bytes, dice: random.Random) -> int | None:
    """A place between the beginning and the end of the first transaction in the tail."""
    begin = tail.find(MULTI)
    end = tail.find(EXEC, begin)
    return dice.randrange(begin + len(MULTI), end + len(EXEC)) if 0 <= begin < end else None
