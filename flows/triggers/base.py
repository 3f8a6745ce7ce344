"""What every trigger has: which facts set it off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from flows.events import Event
from flows.facts import Fact

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(ABC):
    """Something that starts a scenario (or opens a survey, or an auto-reply)."""

    kind: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        """Whether this event or fact sets it off. `friend` is as he was before what it will start."""

    @abstractmethod
    def words(self) -> str:
        """The trigger in normal form, as scripts write it after `開始:`."""
