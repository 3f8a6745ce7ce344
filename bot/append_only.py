"""The append-only file of a Redis we start ourselves: mended after a power loss, and never read by an older server."""

import re
import shutil
import subprocess
from pathlib import Path

# Redis 7 keeps the file as several parts in a folder of this name; 6 would overlook it and start empty.
PARTS = "appendonlydir"
SINGLE = "appendonly.aof"


class OlderServerError(Exception):
    """The data was written by a newer Redis than the one at hand."""


def refuse_newer(folder: Path, program: str) -> None:
    """Raise OlderServerError when this server would overlook the data that lies in the folder."""
    if (folder / PARTS).exists() and major_version(program) < 7:
        raise OlderServerError(
            f"{folder} のデータは Redis 7 以降が書いたものですが、いまあるのは {major_version(program)} です "
            "→ 前に使っていた redis-server（または valkey-server）を PATH に戻してください。データには触れていません "
            "(data was written by Redis 7 or newer; put that server back on the PATH)"
        )


def major_version(program: str) -> int:
    """The server's major version, read from what it says of itself."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v=(\d+)\.", said)
    return int(found[1]) if found else 0


def mend(folder: Path, program: str) -> int:
    """Cut a torn end off the file, keeping a copy of it as it was; returns how many bytes were cut.

    A power loss can leave half a transaction at the end. A server would append after it, and run that half at its next
    start; so it goes before the server starts.
    """
    checked = _file_to_check(folder)
    if checked is None or _check(program, checked, fix=False):
        return 0
    before = _size(folder)
    _keep_copy(folder)
    _check(program, checked, fix=True)
    return before - _size(folder)


def _file_to_check(folder: Path) -> Path | None:
    manifest = folder / PARTS / f"{SINGLE}.manifest"
    return next((file for file in (manifest, folder / SINGLE) if file.exists() and file.stat().st_size), None)


def _check(program: str, file: Path, *, fix: bool) -> bool:
    # The server's program is its own checker when it is called by that name.
    command = ["redis-check-aof", *(["--fix"] if fix else []), str(file)]
    return subprocess.run(command, executable=program, input=b"y\n", capture_output=True, check=False).returncode == 0


def _parts(folder: Path) -> list[Path]:
    return [*(folder / PARTS).glob("*"), *folder.glob(SINGLE)]


def _size(folder: Path) -> int:
    return sum(part.stat().st_size for part in _parts(folder))


def _keep_copy(folder: Path) -> None:
    # An earlier copy stays: the cut may have taken more than a torn end.
    kept = folder / "torn" / str(len(list(folder.glob("torn/*"))) + 1)
    kept.mkdir(parents=True)
    for part in _parts(folder):
        shutil.copy2(part, kept)
