"""Links, buttons and broadcasts: what reached the friend and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.conditions.base import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Condition):
    """[X]を押した / 押していない（7日以内）: a tracked link or named button; `days` 0 is ever."""

    kind: ClassVar[str] = "pressed"
    link: str
    absent: bool = False
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Condition):
    """配信「X」の受信者 / に反応した / に無反応 (`how`: received, reacted, silent)."""

    kind: ClassVar[str] = "reached"
    broadcast: str
    how: str
