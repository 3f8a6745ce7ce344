"""Buttons that friends press inside a message, however they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.actions.base import Action
from flows.quoting import quoted

if TYPE_CHECKING:
    from flows.messages.base import Fill

KEPT = "media:"
"""Begins the reference of something that we keep, where else an address stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of a card: it carries effects out, or opens one thing (a tracked link, an address, a file, a telephone)."""

    label: str
    effects: tuple[Action, ...] = ()
    link: str = ""
    url: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.effects, self.link, self.url, self.phone))) > 1:
            raise ValueError("a button does one thing")

    @property
    def reports(self) -> bool:
        """Whether a tap on it comes back to us."""
        return not (self.link or self.url or self.phone)

    def leads(self) -> str:
        """What stands behind its arrow in a script, "" for a button that is only counted."""
        if self.link:
            return f"リンク {quoted(self.link)}"
        return f"電話 {self.phone}" if self.phone else self.url or "、".join(one.words() for one in self.effects)

    def opens(self, fill: Fill) -> str:
        """The address that it opens, "" if there is none."""
        if self.phone:
            return f"tel:{''.join(one for one in self.phone if one in '+0123456789')}"
        if self.url.startswith(KEPT):
            # The viewer inside LINE shows no PDF on some phones (developers.line.biz, uri-action: openExternalBrowser).
            address = fill.address(self.url)
            return address and f"{address}?openExternalBrowser=1"
        return fill.link(self.link) if self.link else self.url

    def action(self, fill: Fill) -> dict[str, Any] | None:
        """What tapping does, for LINE; None where what it opens is not there (点検 says so before anybody is sent it)."""
        action: dict[str, Any] = {"label": self.label}
        if self.reports:
            data = fill.press(self.label, self.effects)
            return action | {"type": "postback", "data": data, "displayText": self.label}
        opened = self.opens(fill)
        return action | {"type": "uri", "uri": opened} if opened else None

    def spoken(self, fill: Fill) -> str:
        """The button in words, for a PC and for those who listen."""
        opened = self.opens(fill)
        return f"［{self.label}］{f' {opened}' if opened else ''}"
