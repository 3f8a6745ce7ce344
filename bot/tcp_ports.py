"""Ports on this machine: whether one is free, and who has it."""

import contextlib
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

_LISTENING = "0A"


def is_free(port: int) -> bool:
    """Whether a server of ours could listen on this loopback port."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """The first free port after this one."""
    return next(candidate for candidate in range(port + 1, 65_536) if is_free(candidate))


def holder(port: int) -> str | None:
    """Name and number of the process that listens on the port, where the system lets us see it."""
    if Path("/proc/net/tcp").exists():
        return _holder_in_proc(port)
    return _holder_by_lsof(port)


def _holder_in_proc(port: int) -> str | None:
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) in wanted:
                process = link.parent.parent
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return None


def _listening_inodes(port: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text().splitlines()[1:] if table.exists() else ():
            columns = row.split()
            if columns[3] == _LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                yield columns[9]


def _holder_by_lsof(port: int) -> str | None:
    command = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"p(\d+)\nc(.+)", said)
    return f"{found[2]} (pid {found[1]})" if found else None
