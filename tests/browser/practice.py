"""`make run` on free ports in a folder of its own."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.embedded import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 75.0
STOP_SECONDS = 40.0
# Settings of the person's own shell that would change what is tried.
STRANGERS = ("LINE_", "REDIS_URL", "RQ_REDIS_URL", "OWNER_CODE", "TIMEZONE", "NAMESPACE", "CLOCK", "PUBLIC_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A running `make run`: where its page is, what it printed, and its process."""

    folder: Path
    said: str
    process: subprocess.Popen[bytes]

    @property
    def page(self) -> str:
        """The address it says to open."""
        return self._found(r"(http://\S+)")

    @property
    def code(self) -> str:
        """The owner's one-time code it shows."""
        return self._found(r"登録 (\d{4}-\d{4})")

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.said)
        assert found, self.said
        return found[1]

    def end(self) -> str:
        """Press Ctrl-C; gives what is printed then."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        return _printed(self.folder)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Practice]:
    """Start it in this folder, which keeps its data; ends it if the test has not."""
    # gunicorn's settings are found beside the folder's data, as they are in the project's own.
    with contextlib.suppress(FileExistsError):
        (folder / "gunicorn.conf.py").symlink_to(ROOT / "gunicorn.conf.py")
    with (folder / "printed").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.local"], cwd=folder, env=_environment(), stdout=output, stderr=output
        )
    try:
        yield Practice(folder=folder, said=_when_ready(folder, process), process=process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_SECONDS)


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(STRANGERS)}
    ports = {"PORT": str(free_port()), "SIM_PORT": str(free_port())}
    return own | ports | {"PYTHONPATH": str(ROOT)}


def _when_ready(folder: Path, process: subprocess.Popen[bytes]) -> str:
    began = time.monotonic()
    while "Ctrl-C" not in (said := _printed(folder)):
        assert process.poll() is None, said
        assert time.monotonic() - began < START_SECONDS, said
        time.sleep(0.05)
    return said


def _printed(folder: Path) -> str:
    return (folder / "printed").read_text(encoding="utf-8")


def answers(address: str) -> bool:
    """Whether something serves there."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
