"""What every kind of message has: a kind, a title, and its shape at LINE."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol

from flows.effects import Bubble


class Fill(Protocol):
    """Puts a friend's own words into a body, and an address where `media:…` stands."""

    def text(self, body: str) -> str:
        """The body with `{名前さん|お客様}` and its like replaced, `{{` made plain."""
        ...

    def address(self, reference: str) -> str:
        """The HTTPS address of a `media:…` reference; any other address as it is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(ABC):
    """One bubble as the owner wrote it: placeholders inside, not yet for anyone in particular."""

    kind: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def bubble(self, fill: Fill) -> Bubble:
        """LINE's message object for one friend."""

    @abstractmethod
    def summary(self) -> str:
        """One short line that lets an owner recognise the message."""
