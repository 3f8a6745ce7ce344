"""Staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.actions.base import Action, Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyStaff(Action):
    """Tell staff about this friend."""

    kind: ClassVar[str] = "notify_staff"
    title: ClassVar[str] = "スタッフに知らせる"
    word: ClassVar[str] = "知らせる"

    def take(self, deed: Deed) -> None:
        deed.notify_staff()

    def words(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitReply(Action):
    """Tell staff, and put the friend on the list of those to be answered."""

    kind: ClassVar[str] = "await_reply"
    title: ClassVar[str] = "返信待ちにする"
    word: ClassVar[str] = "返信待ち"

    def take(self, deed: Deed) -> None:
        deed.await_reply()

    def words(self) -> str:
        return self.word
