"""What every kind of message has: a kind, a title, and its shape at LINE."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol

from flows.effects import Bubble


class Emoji(NamedTuple):
    """One of LINE's own emojis in a text: the place of its `$` in UTF-16 units, its product and its number there."""

    at: int
    product: str
    number: str


class Filled(NamedTuple):
    """A body filled in."""

    text: str
    emojis: tuple[Emoji, ...] = ()


class Fill(Protocol):
    """Puts a friend's own words into a body, and an address where `media:…` stands."""

    def text(self, body: str) -> str:
        """The body with `{名前さん|お客様}` and its like replaced, `{{` made plain."""
        ...

    def filled(self, body: str) -> Filled:
        """The same, with LINE's own emojis in their places."""
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
