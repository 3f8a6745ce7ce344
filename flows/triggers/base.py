"""What every trigger has: which events and facts set it off, and which alarm it has us set."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.events import Event
from flows.facts import Fact
from flows.notation import Written

if TYPE_CHECKING:
    from flows.friend import Friend

Alarm = tuple[str, datetime]
"""A name, kept in `friend.alarms`, and when it rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Written, ABC):
    """Something that starts a scenario (or opens a survey, or an auto-reply).

    Most are set off by what happened. Those that wait for something *not* to happen set an alarm instead: the
    engine keeps it in `friend.alarms`, takes it away when the trigger `cancels`, and asks `rings` when it rings.
    """

    kind: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        """Whether this event or fact sets it off. `friend` is as he was before what it will start."""

    @abstractmethod
    def words(self) -> str:
        """The trigger in normal form, as scripts write it after `開始:`."""

    def alarm(self, happened: Event | Fact, friend: Friend) -> Alarm | None:
        """The alarm to set (or to move, if one of that name is set) because of what happened."""
        return None

    def cancels(self, happened: Event | Fact) -> bool:
        """Whether what happened takes this trigger's alarms away."""
        return False

    def rings(self, name: str) -> bool:
        """Whether an alarm of this name is this trigger's: when it rings, the trigger is set off."""
        return False
