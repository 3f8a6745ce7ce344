"""`make check` and `make test`: each check by name with its time; all of them run, and the failed ones are listed."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
TWO_AT_ONCE = ("-n", "2")
FAST = ("-m", "not slow and not browser")

STATIC: tuple[tuple[str, Sequence[str]], ...] = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    (
        "types",
        (
            "mypy",
            "bot",
            "flows",
            "admin_commands",
            "simulator",
            "bench",
            "torture",
            "app.py",
            "tools",
            "gunicorn.conf.py",
            "tests",
        ),
    ),
    ("imports", ("lint-imports",)),
)


def main(words: Sequence[str]) -> int:
    """Run the checks; 1 if any failed."""
    everything = "--all" in words
    tests = ("pytest", "-q", *TWO_AT_ONCE, *(() if everything else FAST))
    failed = [name for name, command in (*STATIC, ("tests", tests)) if not passes(name, command)]
    if failed:
        print(f"✗ {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check with what it says shown, and say how it went and how long it took."""
    print(f"… {name}", flush=True)
    began = time.monotonic()
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    code = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, env=env, check=False).returncode
    print(f"{'✓' if code == 0 else '✗'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
