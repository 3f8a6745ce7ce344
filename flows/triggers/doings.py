"""Answers, surveys, scenarios, links, and events of the shop's life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.conditions.labels import equals
from flows.events import Clicked, Event, Occurred
from flows.facts import Answered, Fact, ScenarioEnded, SurveyFinished
from flows.moments import BUILT_IN_BASES
from flows.names import fold
from flows.notation import BEHIND, Notation, Parts, named
from flows.quoting import quoted
from flows.triggers.base import Trigger

if TYPE_CHECKING:
    from flows.friend import Friend

PLAIN_EVENTS: tuple[str, ...] = (*BUILT_IN_BASES[1:], "キャンセル")
"""Events that are written without イベント: 予約, 来店, 購入, キャンセル."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Trigger):
    """回答 項目 or 回答 項目=値: an answer was given (`value` "" is any)."""

    kind: ClassVar[str] = "answer_given"
    title: ClassVar[str] = "回答した"
    notation: ClassVar[Notation | None] = Notation(
        ('WORD NAME ["=" NAME]',), {"WORD": "回答(?=[ 「])"}, {"WORD": "回答 項目=値"}, ("回答 項目=値",)
    )
    field: str
    value: str = ""

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(field=parts.name(), value=parts.name(nth=1))

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        if not isinstance(happened, Answered) or fold(happened.field) != fold(self.field):
            return False
        entry = friend.fields.get(fold(self.field))
        return not self.value or (entry is not None and equals(entry, self.value))

    def words(self) -> str:
        return f"回答 {quoted(self.field)}{f'={quoted(self.value)}' if self.value else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDone(Trigger):
    """アンケート X: the survey was answered to its end."""

    kind: ClassVar[str] = "survey_done"
    title: ClassVar[str] = "アンケートに答えた"
    notation: ClassVar[Notation | None] = named("アンケート")
    survey: str

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, SurveyFinished) and fold(happened.survey) == fold(self.survey)

    def words(self) -> str:
        return f"アンケート {quoted(self.survey)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDone(Trigger):
    """シナリオ X: another scenario came to its end (not: was stopped, or left by its goal)."""

    kind: ClassVar[str] = "scenario_done"
    title: ClassVar[str] = "シナリオが終わった"
    notation: ClassVar[Notation | None] = named("シナリオ")
    scenario: str

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        if not isinstance(happened, ScenarioEnded) or happened.how != "end":
            return False
        return fold(happened.scenario) == fold(self.scenario)

    def words(self) -> str:
        return f"シナリオ {quoted(self.scenario)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClicked(Trigger):
    """クリック X: a tracked link was opened."""

    kind: ClassVar[str] = "link_clicked"
    title: ClassVar[str] = "クリック"
    notation: ClassVar[Notation | None] = named("クリック")
    link: str

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Clicked) and fold(happened.link) == fold(self.link)

    def words(self) -> str:
        return f"クリック {quoted(self.link)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Something(Trigger):
    """予約, 来店, 購入, キャンセル, or イベント X: it occurred (`Occurred.what`)."""

    kind: ClassVar[str] = "something"
    title: ClassVar[str] = "予約・来店・購入"
    notation: ClassVar[Notation | None] = Notation(
        ("PLAIN", "WORD NAME"),
        {"PLAIN.9": f"(?:{'|'.join(PLAIN_EVENTS)}){BEHIND}", "WORD": "イベント(?=[ 「])"},
        {"PLAIN": "予約・来店・購入・キャンセル"},
        (*PLAIN_EVENTS, "イベント 名"),
    )
    what: str

    @classmethod
    def read(cls, parts: Parts) -> Self:
        return cls(what=parts.word("PLAIN") or parts.name())

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Occurred) and fold(happened.what) == fold(self.what)

    def words(self) -> str:
        return self.what if self.what in PLAIN_EVENTS else f"イベント {quoted(self.what)}"
