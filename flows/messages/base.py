"""What every kind of message has: a kind, a title, and its shape at LINE."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol, Self

from flows.actions.base import Action
from flows.effects import Bubble
from flows.messages.buttons import Button


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
        """The HTTPS address of a `media:…` reference; any other address as it is; "" where we have none."""
        ...

    def preview(self, reference: str) -> str:
        """The address of a small picture of it; a picture that lies elsewhere is its own, a film there has ours."""
        ...

    def link(self, name: str) -> str:
        """The address of a tracked link, "" for one that is not there."""
        ...

    def press(self, label: str, effects: tuple[Action, ...]) -> str:
        """The postback data of a button, at most 300 characters."""
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

    def texts(self) -> tuple[str, ...]:
        """Everything in it that friends read, as written."""
        return ()

    def with_texts(self, change: Callable[[str], str]) -> Self:
        """The message with each of its texts put through a change."""
        return self

    def pressable(self) -> tuple[Button, ...]:
        """Its buttons, in order."""
        return ()

    def things(self) -> tuple[str, ...]:
        """The pictures, films and voices in it: `media:…` references and addresses."""
        return ()


def words_instead(title: str, alt: str = "") -> Bubble:
    """What is said where a thing has no address that LINE could fetch it from: the rest of the send still goes."""
    return {"type": "text", "text": alt or f"（{title}）"}
