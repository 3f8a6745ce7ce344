"""What did not happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from flows.events import Event, Followed, Left, Occurred, Said, Showed, Tapped
from flows.facts import Fact
from flows.names import fold
from flows.notation import BEHIND, DURATION, NAME_LETTER, Notation, Parts
from flows.quoting import quoted
from flows.triggers.base import Alarm, Trigger

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentDays(Trigger):
    """反応なし 30日: once per silence, when so many days have passed since the last word, tap or answer."""

    kind: ClassVar[str] = "silent_days"
    title: ClassVar[str] = "反応なし"
    notation: ClassVar[Notation | None] = Notation(
        ('WORD NUMBER "日"', 'NUMBER "日" WORD'),
        {"WORD": "反応なし"},
        {"WORD": "反応なし 30日"},
        ("反応なし 30日",),
    )
    days: int

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(days=parts.number("日数", least=1))

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return False

    def words(self) -> str:
        return f"反応なし {self.days}日"

    def alarm(self, happened: Event | Fact, friend: Friend) -> Alarm | None:
        if not isinstance(happened, Followed | Said | Showed | Tapped):
            return None
        return self._name, happened.at + timedelta(days=self.days)

    def cancels(self, happened: Event | Fact) -> bool:
        return isinstance(happened, Left)

    def rings(self, name: str) -> bool:
        return name == self._name

    @property
    def _name(self) -> str:
        return f"{self.kind}/{self.days}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutWithin(Trigger):
    """カートのあと60分以内に購入なし: A occurred and B did not within the time (`after`, `without`, `within`)."""

    kind: ClassVar[str] = "without_within"
    title: ClassVar[str] = "起きなかった"
    notation: ClassVar[Notation | None] = Notation(
        ('AFTER "のあと" DURATION "以内に" WITHOUT "なし"',),
        {
            "AFTER.7": rf"(?:「[^「」]*」|{NAME_LETTER}+)(?= ?のあと ?{DURATION} ?以内に)",
            "WITHOUT.7": rf"(?:「[^「」]*」|{NAME_LETTER}+)(?= ?なし{BEHIND})",
        },
        {"WITHOUT": "名前"},
        ("カートのあと60分以内に購入なし",),
    )
    after: str
    without: str
    within: timedelta
    words_within: str

    @classmethod
    def read(cls, parts: Parts) -> Self:
        within, words = parts.duration()
        return cls(after=parts.name("AFTER"), without=parts.name("WITHOUT"), within=within, words_within=words)

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return False

    def words(self) -> str:
        return f"{quoted(self.after)}のあと{self.words_within}以内に{quoted(self.without)}なし"

    def alarm(self, happened: Event | Fact, friend: Friend) -> Alarm | None:
        if not _occurred(self.after, happened):
            return None
        return self._name, happened.at + self.within

    def cancels(self, happened: Event | Fact) -> bool:
        return isinstance(happened, Left) or _occurred(self.without, happened)

    def rings(self, name: str) -> bool:
        return name == self._name

    @property
    def _name(self) -> str:
        seconds = int(self.within.total_seconds())
        return f"{self.kind}/{seconds}/{fold(self.after)}/{fold(self.without)}"


def _occurred(what: str, happened: Event | Fact) -> bool:
    return isinstance(happened, Occurred) and fold(happened.what) == fold(what)
