"""Tags, scores and fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.actions.base import Action, Deed
from flows.quoting import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTag(Action):
    """Put a tag on the friend; a tag that is there already changes nothing."""

    kind: ClassVar[str] = "add_tag"
    title: ClassVar[str] = "タグを付ける"
    word: ClassVar[str] = "タグ"

    name: str

    def take(self, deed: Deed) -> None:
        deed.add_tag(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTag(Action):
    """Take a tag off the friend."""

    kind: ClassVar[str] = "remove_tag"
    title: ClassVar[str] = "タグを外す"
    word: ClassVar[str] = "タグ外し"

    name: str

    def take(self, deed: Deed) -> None:
        deed.remove_tag(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddScore(Action):
    """Move one of the friend's scores; `score` "" is the main one."""

    kind: ClassVar[str] = "add_score"
    title: ClassVar[str] = "点を加える"

    score: str = ""
    points: int

    def take(self, deed: Deed) -> None:
        deed.add_score(self.score, self.points)

    def words(self) -> str:
        return f"{quoted(self.score, before_points=True) if self.score else ''}{self.points:+d}点"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField(Action):
    """Write a value into one of the friend's fields."""

    kind: ClassVar[str] = "set_field"
    title: ClassVar[str] = "項目に書く"

    field: str
    value: str

    def take(self, deed: Deed) -> None:
        deed.set_field(self.field, self.value)

    def words(self) -> str:
        return f"{quoted(self.field)}={quoted(self.value)}"
