"""What a friend has done or not done over the days. Days are calendar days in the account's zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.conditions.base import Condition
from flows.conditions.labels import Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedDays(Condition):
    """登録3日以上 / 以内 / 未満: days since the friend was added."""

    kind: ClassVar[str] = "joined_days"
    days: int
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentFor(Condition):
    """反応なし（30日）: no word, tap or answer for so many days."""

    kind: ClassVar[str] = "silent_for"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought(Condition):
    """購入なし（7日）: no purchase in so many days."""

    kind: ClassVar[str] = "not_bought"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InScenario(Condition):
    """シナリオ「X」中 / 済: the friend is in it now, or has been through it (`done`)."""

    kind: ClassVar[str] = "in_scenario"
    scenario: str
    done: bool = False
