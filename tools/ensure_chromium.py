"""Sees to it that the browser test has a Chromium: an installed one, else the system's package, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
SENTENCE = (
    "✗ ブラウザーのテストに使う Chromium が見つからず、用意もできませんでした → Chromium か Google Chrome を入れてから、"
    "もう一度 make test (no Chromium found, and none could be installed: install Chromium or Chrome)"
)


def installed() -> str | None:
    """The program of an installed Chromium or Chrome that starts, or None."""
    found = [*filter(None, map(shutil.which, NAMES)), *([str(MAC)] if MAC.exists() else [])]
    # Ubuntu's package of this name may be a note that the browser is a snap.
    return next((program for program in found if _starts(program)), None)


def _starts(program: str) -> bool:
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def playwrights_own() -> str | None:
    """The program of the Chromium that Playwright downloaded earlier, or None."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - half a second, needed only without an installed one

    with sync_playwright() as playwright:
        program = Path(playwright.chromium.executable_path)
    return str(program) if program.exists() else None


def main() -> int:
    """Find a browser or bring one; 78 with one sentence when neither is possible."""
    if program := installed() or playwrights_own():
        print(f"✓ Chromium: {program}")
        return 0
    print("… Chromium を用意しています (bringing a Chromium)", flush=True)
    if (_from_apt() and installed()) or (_ends_well([sys.executable, "-m", "playwright", "install", "chromium"])):
        print(f"✓ Chromium: {installed() or playwrights_own()}")
        return 0
    print(SENTENCE, file=sys.stderr)
    return 78


def _from_apt() -> bool:
    if shutil.which("apt-get") is None:
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and not (shutil.which("sudo") and _ends_well(["sudo", "-n", "true"])):
        return False
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _ends_well([*apt, "update"])
    return _ends_well([*apt, "install", "-y", "--no-install-recommends", "chromium"])


def _ends_well(command: Sequence[str]) -> bool:
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if ended.returncode != 0:
        print("\n".join(f"    {line}" for line in ended.stderr.splitlines()[-3:]), file=sys.stderr)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
