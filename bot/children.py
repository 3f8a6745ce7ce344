"""Starting and ending processes of our own, so that none outlives us and none is signalled twice."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

# prctl(2): which signal the kernel sends us when the thread that made us is gone.
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    cwd: Path | None = None,
    when_orphaned: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a command without a shell, in a process group of its own (a terminal's Ctrl-C reaches us, not it).

    On Linux it gets `when_orphaned` when we die, even by SIGKILL. Call from the main thread: the kernel watches the thread.
    """
    errors = subprocess.STDOUT if output is not None else None
    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        process_group=0,
        preexec_fn=_die_with(os.getpid(), when_orphaned) if _LIBC else None,  # noqa: PLW1509 - one system call, nothing that locks
    )


def _die_with(parent: int, when_orphaned: signal.Signals) -> Callable[[], None]:
    def ask_the_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, when_orphaned)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def stop(child: subprocess.Popen[bytes], *, seconds: float) -> int:
    """Ask a child to end with SIGTERM, once; after so many seconds end its whole group. Returns its exit code."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(seconds)
    end_group(child)
    return child.wait()


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
