"""Runs the tests of guards: all of them as things are, then each with its guard taken out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from torture.guards import GUARDS
from torture.guards.guard import ROOT, Guard

FAILED = 1
"""pytest's exit code where tests ran and some failed; others tell of tests that could not be run."""
SECONDS = 60
"""Longer than any of the tests takes: without its guard one may not come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How the test of a guard went: green with it, red without, and why not if not."""

    guard: Guard
    was_green: bool
    turned_red: bool
    seconds: float
    why: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the test holds the guard."""
        return self.was_green and self.turned_red


def greens(tests: Iterable[str]) -> frozenset[str]:
    """Which of the tests pass as things are."""
    wanted = list(dict.fromkeys(tests))
    said = _pytest(*wanted, "-rA", "--tb=no").stdout
    marks = [row.split(" ", 2) for row in said.splitlines() if row.startswith(("PASSED ", "FAILED ", "ERROR "))]
    bad = {_bare(row[1]) for row in marks if row[0] != "PASSED"}
    return frozenset({_bare(row[1]) for row in marks if row[0] == "PASSED"} - bad)


def tried(guard: Guard, *, was_green: bool) -> Tried:
    """The guard's test without the guard."""
    began = time.monotonic()
    ran = _pytest(guard.test, "-x", "--tb=line", f"--timeout={SECONDS}", guard=guard)
    red = ran.returncode == FAILED and "\nERROR tests/" not in ran.stdout
    why = "" if red else f"exit {ran.returncode}: {(ran.stdout + ran.stderr).strip()[-300:]}"
    return Tried(guard=guard, was_green=was_green, turned_red=red, seconds=time.monotonic() - began, why=why)


def _bare(node: str) -> str:
    """A node id without what one run of a test was given."""
    return node.partition("[")[0]


def _pytest(*words: str, guard: Guard | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"GUARD": str(GUARDS.index(guard) + 1)} if guard else {})
    without = ("-p", "torture.guards.unguarded") if guard else ()
    command = (sys.executable, "-m", "pytest", "-q", *without, "-p", "no:cacheprovider", *words)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
