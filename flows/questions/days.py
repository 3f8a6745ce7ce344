"""Days and moments: picked, or written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from flows.questions.base import Heard, Question, Reading, Retry, Understood
from flows.questions.daywords import NoSuchDay, read_day, read_moment
from flows.questions.showing import Press, quick

_BIRTH = ("誕生", "生年", "生まれ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Question):
    """A day, kept as 2026-11-25: picked, or written as 11/25, 明日, 平成2年4月1日."""

    kind: ClassVar[str] = "date"
    title: ClassVar[str] = "日付"
    retry: ClassVar[str] = "日付を送ってください。例：4月1日、1990/4/1"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        today = now.astimezone(zone).date()
        day = _picked_day(heard.picked) if heard.picked else read_day(heard.text, today, past=self._of_birth)
        match day:
            case date():
                return Understood(value=day.isoformat())
            case NoSuchDay(words):
                return Retry(reason=_no_such_day(words))
            case None:
                return Retry(reason=self.retry)

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        picker = {"type": "datetimepicker", "label": "日付を選ぶ", "data": press("pick"), "mode": "date"}
        return [quick(picker | {"initial": "1990-01-01"} if self._of_birth else picker)]

    @property
    def _of_birth(self) -> bool:
        """A birthday lies behind us, and its picker should not open at today."""
        return any(word in self.name for word in _BIRTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Question):
    """A day and a clock time in the account's zone, kept as 2026-11-25T10:00."""

    kind: ClassVar[str] = "moment"
    title: ClassVar[str] = "日時"
    retry: ClassVar[str] = "日付と時刻を送ってください。例：11月25日 14:00"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        here = now.astimezone(zone).replace(tzinfo=None)
        moment = _picked_moment(heard.picked) if heard.picked else read_moment(heard.text, here)
        match moment:
            case datetime():
                return Understood(value=moment.isoformat(timespec="minutes"))
            case NoSuchDay(words):
                return Retry(reason=_no_such_day(words))
            case None:
                return Retry(reason=self.retry)

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        return [quick({"type": "datetimepicker", "label": "日時を選ぶ", "data": press("pick"), "mode": "datetime"})]


def _no_such_day(words: str) -> str:
    return f"{words}という日はカレンダーにないようです。もう一度、日付を送ってください。"


def _picked_day(picked: str) -> date | None:
    moment = _picked_moment(picked)
    return moment.date() if moment else None


def _picked_moment(picked: str) -> datetime | None:
    """What LINE's picker sent: 2026-11-25 or 2026-11-25T10:00, without a zone (developers.line.biz, postback-params)."""
    try:
        return datetime.fromisoformat(picked).replace(tzinfo=None)
    except ValueError:
        return None
