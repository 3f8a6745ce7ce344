"""Parts, menus and bundles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.actions.base import Action, Deed
from flows.quoting import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMenu(Action):
    """Show the friend a rich menu."""

    kind: ClassVar[str] = "show_menu"
    title: ClassVar[str] = "メニューを変える"
    word: ClassVar[str] = "メニュー"

    name: str

    def take(self, deed: Deed) -> None:
        deed.show_menu(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPart(Action):
    """Send a saved part."""

    kind: ClassVar[str] = "send_part"
    title: ClassVar[str] = "部品を送る"
    word: ClassVar[str] = "送る"

    name: str

    def take(self, deed: Deed) -> None:
        deed.send_part(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBundle(Action):
    """Carry out a saved bundle of effects."""

    kind: ClassVar[str] = "run_bundle"
    title: ClassVar[str] = "アクションを行う"
    word: ClassVar[str] = "アクション"

    name: str

    def take(self, deed: Deed) -> None:
        deed.run_bundle(self.name)

    def words(self) -> str:
        return f"{self.word} {quoted(self.name)}"
