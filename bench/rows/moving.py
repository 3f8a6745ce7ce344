"""B18: friends from a file and into one, by the command that owners use."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
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
        path, single = here.folder / "in.csv", here.folder / "single.csv"
        _write(path, count)
        _write(single, 1)
        idle = min(_seconds(here, ["import", "--dry-run", str(single)])[0] for _ in range(3))
        into, memory_in = _run(here, "import", path, idle)
        again, _ = _run(here, "import", path, idle)
        out, memory_out = _run(here, "export", here.folder / "out.csv", idle)
        rows = sum(1 for _ in (here.folder / "out.csv").open(encoding="utf-8-sig")) - 1
    assert rows == count
    return [
        Row(
            id="B18",
            work=f"import and export of {count:,} friends",
            figures=(
                figure("in", [count / into], "rows/s", least=20_000),
                figure("in, everything there already", [count / again], "rows/s"),
                figure("out", [count / out], "rows/s", least=50_000),
                figure("peak memory of a process", [max(memory_in, memory_out)], "MB", most=150),
                figure("start-up, left out above", [idle], "s"),
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


def _run(here: Town, command: str, path: Path, idle: float) -> tuple[float, float]:
    """Seconds, without those that it takes to look at a single row, and the most memory that one of its processes held."""
    seconds, said = _seconds(here, [command, str(path)])
    peak = int(re.findall(r"peak (\d+)", said)[-1])
    return max(0.001, seconds - idle), peak / 1024


def _seconds(here: Town, words: list[str]) -> tuple[float, str]:
    script = (
        "import resource,sys;from bot.cli import main;code=main(sys.argv[1:]);"
        "most=max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF,resource.RUSAGE_CHILDREN));"
        "print('peak',most);sys.exit(code)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=here.environment(),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return time.monotonic() - began, done.stdout
