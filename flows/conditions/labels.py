"""Tags, saved segments, fields, scores, routes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flows.conditions.base import Condition


class Comparison(StrEnum):
    """How two values are compared, in normal form."""

    EQUAL = "="
    UNEQUAL = "≠"
    AT_LEAST = ">="
    AT_MOST = "<="
    OVER = ">"
    UNDER = "<"


class Bound(StrEnum):
    """How a number is bounded, in the owner's words."""

    AT_LEAST = "以上"
    AT_MOST = "以下"
    WITHIN = "以内"
    UNDER = "未満"
    OVER = "超"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Condition):
    """タグ X / Xあり / Xなし: the friend has the tag, or has not (`absent`). `spelling` keeps how it was written:
    "bare" (X), "tag" (タグ X), "has" (Xあり), "lacks" (Xなし)."""

    kind: ClassVar[str] = "tagged"
    name: str
    absent: bool = False
    spelling: str = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Condition):
    """対象 X, or a bare name that is a saved segment (`bare`)."""

    kind: ClassVar[str] = "segment"
    name: str
    absent: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFilled(Condition):
    """X あり / X なし where X is a field: it has a value, or none (`absent`)."""

    kind: ClassVar[str] = "field_filled"
    field: str
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldIs(Condition):
    """項目 = 値: unknown while the field has no value. Numbers and dates compare as such, words by their key."""

    kind: ClassVar[str] = "field_is"
    field: str
    op: Comparison
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreIs(Condition):
    """スコア「美容」5以上; `score` "" is the main one. Scores begin at 0."""

    kind: ClassVar[str] = "score_is"
    score: str = ""
    points: int
    bound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRoute(Condition):
    """経路=X: the friend was added through this inflow route."""

    kind: ClassVar[str] = "from_route"
    route: str
