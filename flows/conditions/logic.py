"""Conditions made of conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.conditions.base import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyone(Condition):
    """全員: every friend. Must be said; nothing else ever means it."""

    kind: ClassVar[str] = "everyone"

    def words(self) -> str:
        return "全員"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Condition):
    """A または B."""

    kind: ClassVar[str] = "any"
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Condition):
    """A かつ B."""

    kind: ClassVar[str] = "all"
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Except(Condition):
    """A 除外 B: those for whom A is true, less those for whom B is true (unknown in B stays in)."""

    kind: ClassVar[str] = "except"
    base: Condition
    less: Condition
