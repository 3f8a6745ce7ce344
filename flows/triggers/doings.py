"""Answers, surveys, scenarios, links, and events of the shop's life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.triggers.base import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Trigger):
    """回答 項目 or 回答 項目=値: an answer was given (`value` "" is any)."""

    kind: ClassVar[str] = "answer_given"
    title: ClassVar[str] = "回答した"
    field: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDone(Trigger):
    """アンケート X: the survey was answered to its end."""

    kind: ClassVar[str] = "survey_done"
    title: ClassVar[str] = "アンケートに答えた"
    survey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDone(Trigger):
    """シナリオ X: another scenario came to its end."""

    kind: ClassVar[str] = "scenario_done"
    title: ClassVar[str] = "シナリオが終わった"
    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClicked(Trigger):
    """クリック X: a tracked link was opened."""

    kind: ClassVar[str] = "link_clicked"
    title: ClassVar[str] = "クリック"
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Something(Trigger):
    """予約, 来店, 購入, キャンセル, or イベント X: it occurred (`Occurred.what`)."""

    kind: ClassVar[str] = "something"
    title: ClassVar[str] = "予約・来店・購入"
    what: str
