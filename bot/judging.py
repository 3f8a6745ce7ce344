"""Settings or a list of what is wrong with them: all at once, no traceback, exit code 78."""

import difflib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.settings import Settings

# sysexits.h: something was found misconfigured.
EX_CONFIG = 78
GUIDE = "docs/ja/はじめる/LINEにつなぐ.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One setting that is wrong or absent, with its mend."""

    name: str
    says: str
    absent: bool

    def __str__(self) -> str:
        return f"✗ {self.name}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The settings if all is well, else every problem and the names of those that are fine."""

    settings: Settings | None
    problems: tuple[Problem, ...] = ()
    good: tuple[str, ...] = ()

    def report(self) -> str:
        """What a person reads: wrong ones first, then absent ones, then the good ones."""
        ordered = sorted(self.problems, key=lambda problem: problem.absent)
        head = "設定に直すところがあります (settings to mend):"
        return "\n".join([head, *map(str, ordered), *(f"✓ {name}" for name in self.good), f"→ {GUIDE}"])


def judge() -> Judgement:
    """Read the environment and judge it as a whole."""
    try:
        return Judgement(settings=Settings())
    except ValidationError as error:
        problems = tuple(_problem(detail) for detail in error.errors(include_url=False))
    wrong = {problem.name for problem in problems}
    return Judgement(settings=None, problems=problems, good=tuple(name for name in _given() if name not in wrong))


def settings_or_exit() -> Settings:
    """The settings; if any is wrong, the whole list on standard error and exit code 78."""
    judgement = judge()
    if judgement.settings is None:
        print(judgement.report(), file=sys.stderr)
        raise SystemExit(EX_CONFIG)
    return judgement.settings


def _given() -> list[str]:
    return [name for name in names() if os.environ.get(name)]


def names() -> list[str]:
    """Every environment variable we read."""
    return [field.upper() for field in Settings.model_fields]


def _problem(detail: Any) -> Problem:
    name = str(detail["loc"][0]).upper()
    if detail["type"] == "missing":
        return Problem(
            name=name, says=f"ありません → 入れてください{_lookalike(name, os.environ)} (missing)", absent=True
        )
    says = str(detail.get("ctx", {}).get("error") or detail["msg"])
    return Problem(name=name, says=says, absent=not os.environ.get(name))


def _lookalike(name: str, given: Iterable[str]) -> str:
    unknown = [other for other in given if other not in names()]
    near = difflib.get_close_matches(name, unknown, n=1, cutoff=0.75)
    return f"。{near[0]} という名前で入っていませんか？" if near else ""
