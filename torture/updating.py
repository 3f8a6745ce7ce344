"""F24v, F24h: an update while everybody is at work, two versions on one record; F27: a backup, and the way back."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.store.errors import NewerDataError
from bot.store.store import open_store
from torture.audit import audit
from torture.crew import ROOT
from torture.joining import settle_in
from torture.knocking import knock
from torture.rushing import ON_DISK_SECONDS, WORKERS, Report, Size, finish
from torture.servers import RedisServer
from torture.talking import arrivals, points
from torture.town import Town, town
from torture.versions import earlier_version, forget_marks, next_version

OLD = ("web", "worker-1", "clock-1")
NEW = ("worker-2", "clock-2")
RATE = 40
"""Words a second: the change of the door lies among them."""
MOST_WORDS = 120
PARKED_SECONDS = 660.0
"""Longer than a friend is put aside whom nobody at work can read."""


def side_by_side(report: Report, size: Size, old: Path, new: Path) -> Report:
    """Steps and words go on while the new version joins, takes the door over, and the old one goes."""
    with town(report.seed, *OLD, steps=size.steps + 2, roots=dict.fromkeys(OLD, old)) as here:
        knock(here, arrivals(here, size.friends))
        report.recoveries.append(here.settle())
        for name in NEW:
            here.crew.roots[name] = new
            here.crew.hire(name)
        here.crew.until(here.crew.are_ready, "ready processes", 60)
        planned: Counter[str] = Counter()
        again = 0
        for turn in range(size.steps + 1):
            here.next_day()
            batches, more = points(here, min(size.friends, MOST_WORDS))
            planned.update(more)
            heard = knock(here, batches, meanwhile=_take_over(here, new) if turn == 0 else None, rate=RATE)
            report.findings.lost += heard.never
            again += heard.again
            here.settle()
            here.move(here.offset + PARKED_SECONDS)
            report.recoveries.append(here.settle())
            if turn == 0:
                for name in OLD[1:]:
                    here.crew.dismiss_for_good(name)
        with contextlib.closing(here.store) as store:
            written = forget_marks(store, here.friends)
        never = report.findings.lost
        finish(here, report)
        report.findings = audit(here, points=dict(planned), welcomes=True)
        report.findings.lost += never
        report.notes.append(f"{again} webhooks came again; {written} of {len(here.friends)} records in the next form")
    return report


def _take_over(here: Town, new: Path) -> Callable[[], None]:
    """The web process is replaced by the new version's when some of the words have come."""
    left = [25]

    def meanwhile() -> None:
        left[0] -= 1
        if left[0] == 0:
            here.crew.roots["web"] = new
            here.crew.kill("web")

    return meanwhile


def f24_next(seed: int, size: Size) -> Report:
    """This version is the old one; the next is declared in `versions`: it writes what this one cannot read."""
    report = Report(fault="F24v", how="an update to a version whose records this one cannot read", seed=seed)
    with tempfile.TemporaryDirectory(prefix="torture-next-") as folder:
        return side_by_side(report, size, ROOT, next_version(Path(folder)))


def f24_earlier(seed: int, size: Size) -> Report:
    """An earlier commit is the old one; without a history there is none, and the row says so."""
    report = Report(fault="F24h", how="an update from an earlier commit to this one", seed=seed)
    with tempfile.TemporaryDirectory(prefix="torture-earlier-") as folder:
        found = earlier_version(Path(folder))
        if found is None:
            report.notes.append("not run: this copy has no history to take an earlier version from")
            return report
        report.notes.append(f"from {found[1]}")
        return side_by_side(report, size, found[0], ROOT)


def f27(seed: int, size: Size) -> Report:
    """A copy of the file is taken in the rush of a step, and started elsewhere a day later."""
    report = Report(fault="F27", how="a backup taken in the rush of a step, restored elsewhere", seed=seed)
    with town(seed, *WORKERS, steps=size.steps + 2) as here:
        settle_in(here, size.friends)
        here.pause(ON_DISK_SECONDS)
        here.next_day()
        here.pause(here.dice.random() * 0.5)
        backup = here.folder / "backup"
        shutil.copytree(here.server.folder, backup)
        report.recoveries.append(here.settle())
        sent = len(here.line.memory.ledger)
        here.pause(ON_DISK_SECONDS)
        _put_back(here, backup)
        report.recoveries.append(here.settle())
        again = len(here.line.memory.ledger) - sent
        report.findings.doubled += again
        for _ in range(size.steps - 1):
            here.next_day()
            report.recoveries.append(here.settle())
        finish(here, report)
        report.findings.doubled += again
        report.notes.append(f"{again} messages sent again of {sent}: the restored record repeats the keys LINE knows")
        _downgrade(here, report)
    return report


def _put_back(here: Town, backup: Path) -> None:
    """The server goes on from the backup, as after a restore: the town's own processes find it there."""
    here.server.kill()
    shutil.rmtree(here.server.folder)
    shutil.copytree(backup, here.server.folder)
    here.server.start()
    here.keep_time()


def _downgrade(here: Town, report: Report) -> None:
    """Data of a newer version are refused at the start, in one clear sentence, and not touched."""
    server: RedisServer = here.server
    with contextlib.closing(open_store(server.url, secret=b"torture")) as store:
        store.server.execute_command("HSET", store.keys.meta(), "schema", 99)
        try:
            store.meta.start_up()
        except NewerDataError as error:
            report.notes.append(f"a downgrade is refused: {str(error)[:40]}…")
        else:
            report.findings.anomalies += 1
            report.findings.say("data of schema 99 were taken")


UPDATING: dict[str, Callable[[int, Size], Report]] = {"F24v": f24_next, "F24h": f24_earlier, "F27": f27}
