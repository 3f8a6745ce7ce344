"""Another version of the product beside this one: the next one as declared here, or an earlier one from the history."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.store import records
from bot.store.meta import SCHEMA
from bot.store.store import Store
from flows.names import FriendId
from torture.crew import ROOT
from torture.guards.guard import Cut

ROOMS = ("admin_commands", "bot", "flows")
FILES = ("app.py", "gunicorn.conf.py")
MARK = b'"mark":"next"'

NEXT: tuple[Cut, ...] = (
    Cut(file="bot/store/meta.py", words="\nSCHEMA = ", without="\nSCHEMA = 1 + "),
    Cut(
        file="flows/friend.py",
        words='    """One person at this account."""\n\n    id: FriendId\n',
        without='    """One person at this account."""\n\n    id: FriendId\n    mark: str = ""\n',
    ),
    Cut(
        file="bot/store/friends.py",
        words="        friend=decision.friend,\n    )",
        without='        friend=replace(decision.friend, mark="next"),\n    )',
    ),
)
"""The next version: every record it writes holds a word that this one does not know, and its schema is one more."""


def next_version(folder: Path) -> Path:
    """This tree with `NEXT` made in it."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy2(ROOT / file, folder / file)
    for cut in NEXT:
        place = folder / cut.file
        place.write_text(cut.made_in(place.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def earlier_version(folder: Path) -> tuple[Path, str] | None:
    """The oldest tree of the last commits that knows how to step back, and its commit; None without such a history.

    Versions before that lost what was said to their web process while a newer one was at work.
    """
    for back in (400, 300, 200, 150, 100, 70, 50, 40, 30, 20, 15, 10, 7, 5, 3, 2, 1):
        place = folder / str(back)
        told = _unpacked(place, back)
        if told and _steps_back(place) and _starts(place):
            return place, told
    return None


def _steps_back(place: Path) -> bool:
    errors = place / "bot" / "store" / "errors.py"
    return errors.exists() and "NewerRecordError" in errors.read_text(encoding="utf-8")


def forget_marks(store: Store, friends: Iterable[FriendId]) -> int:
    """Make the next version's records readable for this one, for the audit: without the word it does not know.

    Gives how many the next version had written.
    """
    found = 0
    for friend in friends:
        key = store.keys.friend(friend)
        value: bytes = store.server.execute_command("GET", key)
        written = records.friend_json(value) or b""
        if MARK in written:
            found += 1
            head = value[: value.index(b"}")].replace(b',"z":1', b"")
            plain = written.replace(MARK + b",", b"").replace(b"," + MARK, b"")
            store.server.execute_command("SET", key, head + b',"past":"","friend":' + plain + b"}")
    store.server.execute_command("HSET", store.keys.meta(), "schema", SCHEMA)
    return found


def _starts(place: Path) -> bool:
    command = (sys.executable, "-c", "import app, bot.worker, bot.timer")
    return subprocess.run(command, cwd=place, capture_output=True, check=False).returncode == 0


def _unpacked(folder: Path, back: int) -> str | None:
    told = _git("rev-parse", "--short", f"HEAD~{back}")
    if told is None:
        return None
    packed = subprocess.run(("git", "archive", told, *ROOMS, *FILES), cwd=ROOT, capture_output=True, check=False)
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = subprocess.run(("tar", "-x"), cwd=folder, input=packed.stdout, capture_output=True, check=False)
    return told if packed.returncode == unpacked.returncode == 0 else None


def _git(*words: str) -> str | None:
    try:
        ran = subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None
