"""Words and numbers of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from flows.questions.base import Heard, Question, Reading, Retry, Understood
from flows.questions.numerals import number


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText(Question):
    """Any words, kept to the character."""

    kind: ClassVar[str] = "free_text"
    title: ClassVar[str] = "文字"
    retry: ClassVar[str] = "文字で送ってください。"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        if heard.what or not heard.text.strip():
            return Retry(reason=self.retry)
        return Understood(value=heard.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """A number: 25, ２５, 二十五, 25歳, 1,000円, 3.5."""

    kind: ClassVar[str] = "number"
    title: ClassVar[str] = "数字"
    retry: ClassVar[str] = "数字で送ってください。例：25"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        value = None if heard.what else number(heard.text)
        return Retry(reason=self.retry) if value is None else Understood(value=value)
