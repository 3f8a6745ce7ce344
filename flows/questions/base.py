"""What every question has: how it is put, and how an answer is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, ClassVar

from flows.actions.base import Action
from flows.effects import Bubble
from flows.names import fold
from flows.questions.showing import Press, button, with_buttons

SKIP = "飛ばす"
SKIP_WORDS = frozenset(map(fold, (SKIP, "とばす", "スキップ", "skip", "パス")))
_SKIPPABLE = f"（「{SKIP}」で次に進めます）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice: its label (≤ 20 graphemes shown, as LINE cuts there), and what choosing it does."""

    label: str
    effects: tuple[Action, ...] = ()
    own_words: bool = False
    """「その他（文字）」: asks for the person's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a person answered with: typed words, a tap on option number `choice` (0 is the first), a picked date,
    or a thing (`what`: image, location …; `media` its reference)."""

    text: str = ""
    choice: int | None = None
    picked: str = ""
    what: str = ""
    media: str = ""
    skip: bool = False
    done: bool = False
    """「これで決定」 of a multiple choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The answer cannot be used; `reason` is the kind sentence for the person."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The answer: its value as kept in the field ("" where it was skipped), and the numbers of the options chosen.

    `open` means the question goes on (a multiple choice before 決定, 「その他」 before its words); then
    `value` and `chosen` hold what is so far, and `chosen` is handed back to `ask` and `read`.
    """

    value: str
    chosen: tuple[int, ...] = ()
    open: bool = False


Reading = Understood | Retry


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(ABC):
    """A question whose answer goes into the field `name`; kinds say how it is put and read."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """The kind's word in a script: 1つ, いくつでも, 文字 …"""
    has_options: ClassVar[bool] = False

    name: str
    text: str
    optional: bool = False
    options: tuple[Option, ...] = ()
    answered: tuple[Action, ...] | None = None
    """`- 回答あり → …`: any answer."""
    silent: tuple[Action, ...] | None = None
    """`- 反応なし → …`: none in time."""
    wait: timedelta | None = None
    """`待つ: 反応 2日`: the friend is held here at most so long."""
    wait_words: str = ""

    def ask(self, text: str, press: Press, *, chosen: tuple[int, ...] = (), page: int = 0) -> Bubble:
        """The bubble that asks, `text` already filled in, with its quick replies and numbered choices.

        `press` makes postback data of a verb: `c0` (the first choice), `skip`, `done`, `page1` (the second page),
        `pick` (a date picker). Whatever the buttons say can be typed as well.
        """
        lines = [*self.lines(chosen, page), *([_SKIPPABLE] if self.optional else [])]
        buttons = list(self.buttons(press, chosen, page))
        if self.optional:
            buttons.append(button(SKIP, press("skip")))
        return with_buttons(self.heading(text, chosen), lines, buttons)

    def read(self, heard: Heard, now: datetime, zone: tzinfo, *, chosen: tuple[int, ...] = ()) -> Reading:
        """What the person meant; `chosen` is what a multiple choice holds so far."""
        if heard.skip or fold(heard.text) in SKIP_WORDS:
            return Understood(value="") if self.optional else Retry(reason=f"お手数ですが、{self.retry}")
        return self.understand(heard, now, zone, chosen)

    retry: ClassVar[str]
    """The kind sentence that says how to answer."""

    @abstractmethod
    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        """`read` without skipping, the same for all kinds."""

    def heading(self, text: str, chosen: tuple[int, ...]) -> str:
        """The words that ask; mostly the owner's."""
        return text

    def own_words(self, value: str, chosen: tuple[int, ...]) -> str:
        """What of this answer is none of the choices: the person's own words behind 「その他」."""
        return ""

    def lines(self, chosen: tuple[int, ...], page: int) -> Sequence[str]:
        """Lines under the words: the numbered choices."""
        return ()

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        """The kind's own quick replies."""
        return ()
