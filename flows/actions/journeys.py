"""Paths, scenarios and surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.actions.base import Action, Deed
from flows.quoting import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo(Action):
    """Leave the present line for good and go on along a path."""

    kind: ClassVar[str] = "go_to"
    title: ClassVar[str] = "道へ進む"
    word: ClassVar[str] = "道"

    name: str

    def take(self, deed: Deed) -> None:
        deed.go_to(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpTo(Action):
    """Go to a later question of the same survey."""

    kind: ClassVar[str] = "jump_to"
    title: ClassVar[str] = "質問へ進む"
    word: ClassVar[str] = "質問"

    name: str

    def take(self, deed: Deed) -> None:
        deed.jump_to(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartScenario(Action):
    """Begin a scenario for the friend, if its re-entry rule allows."""

    kind: ClassVar[str] = "start_scenario"
    title: ClassVar[str] = "シナリオを始める"
    word: ClassVar[str] = "シナリオ開始"

    name: str

    def take(self, deed: Deed) -> None:
        deed.start_scenario(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopScenario(Action):
    """Stop a scenario for the friend."""

    kind: ClassVar[str] = "stop_scenario"
    title: ClassVar[str] = "シナリオを止める"
    word: ClassVar[str] = "シナリオ停止"

    name: str

    def take(self, deed: Deed) -> None:
        deed.stop_scenario(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSurvey(Action):
    """Ask the first question of a survey."""

    kind: ClassVar[str] = "open_survey"
    title: ClassVar[str] = "アンケートを開く"
    word: ClassVar[str] = "アンケート"

    name: str

    def take(self, deed: Deed) -> None:
        deed.open_survey(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndScenario(Action):
    """End the scenario for the friend."""

    kind: ClassVar[str] = "end_scenario"
    title: ClassVar[str] = "シナリオを終わる"
    word: ClassVar[str] = "終わる"

    def take(self, deed: Deed) -> None:
        deed.end_scenario()

    def words(self) -> str:
        return self.word
