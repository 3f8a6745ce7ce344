"""B18: friends from a file and into one, by the command that owners use."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import people
from bench.judging import Row, figure
from bench.rows.webhooks import now
from bench.town import ROOT, Town, town
from bot.moving_rows import FIELD, ID, JOINED, NAME, SCORE, TAGS


def b18(count: int) -> list[Row]:
    """So many friends in, and out again."""
    with town() as here:
        people.opened(here.redis_url).close()
        path = here.folder / "in.csv"
        _write(path, count)
        into = _run(here, "import", path)
        again = _run(here, "import", path)
        out = _run(here, "export", here.folder / "out.csv")
        rows = sum(1 for _ in (here.folder / "out.csv").open(encoding="utf-8-sig")) - 1
    assert rows == count
    return [
        Row(
            id="B18",
            work=f"import and export of {count:,} friends",
            figures=(
                figure("in", [count / into.seconds], "rows/s", least=20_000),
                figure("in, everything there already", [count / again.seconds], "rows/s"),
                figure("out", [count / out.seconds], "rows/s", least=50_000),
                figure("peak memory of a process", [max(into.megabytes, out.megabytes)], "MB", most=150),
                figure("start-up, left out above", [into.start, again.start, out.start], "s"),
            ),
            owner="ほかのツールから移るときも、やめるときも、待つのは数秒です。",
        )
    ]


def _write(path: Path, count: int) -> None:
    moment = now()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([ID, NAME, JOINED, TAGS, SCORE, f"{SCORE}:関心度", f"{FIELD}:地域", f"{FIELD}:悩み"])
        for friend, _ in people.drawn(count, moment, due=people.seven_in_the_evening(moment)):
            joined = friend.joined.astimezone(people.TOKYO).isoformat(" ") if friend.joined else ""
            answers = [entry.value for entry in friend.fields.values()]
            scores = list(friend.scores.values())[:2]
            writer.writerow([friend.id, friend.name, joined, "、".join(list(friend.tags)[:3]), *scores, *answers])


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a command went: until it had been loaded, from then to its end, and the most that one of its processes held."""

    start: float
    seconds: float
    megabytes: float


SCRIPT = """
import re, resource, sys, time
from pathlib import Path
from bot import keeping
from bot.cli import main
began = time.monotonic()
code = main(sys.argv[1:])
took = time.monotonic() - began
# Linux counts what the parent held into a child's own peak, even across exec; its status file begins anew.
status = Path("/proc/self/status")
here = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
own = int(here[1]) if here else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print("bench", began, took, peak)
sys.exit(code)
"""


def _run(here: Town, *words: str | Path) -> Run:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        env=here.environment(),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    loaded, took, peak = map(float, done.stdout.rpartition("bench ")[2].split())
    return Run(start=loaded - began, seconds=took, megabytes=peak / 1024)
