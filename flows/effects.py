"""What we ask the world to do, as data. Each effect has one performer of the same name in `bot/performers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

Bubble = Mapping[str, Any]
"""One LINE message object as plain JSON data, ready to be sent."""


class Way(StrEnum):
    """How bubbles travel: in the answer to the event (free), or on our own (counted)."""

    REPLY = "reply"
    PUSH = "push"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a send came from: named in reports, in 「なぜ」 and when a block is attributed."""

    scenario: str = ""
    version: int = 0
    step: str = ""
    run: int = 0
    broadcast: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A request to the world."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Effect):
    """Deliver one to five bubbles to the friend of this decision. A push counts as one 通, a reply as none."""

    kind: ClassVar[str] = "send"
    bubbles: tuple[Bubble, ...]
    way: Way
    source: Source = Source()
    due: datetime | None = None
    """The moment that the step or broadcast had waited for; None for what nobody waited for, such as an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMenu(Effect):
    """Show this rich menu (by its name in the catalog) to the friend; "" takes the personal menu away."""

    kind: ClassVar[str] = "link_menu"
    menu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStaff(Effect):
    """Let staff know about this friend: shown at their next word, and counted nowhere."""

    kind: ClassVar[str] = "tell_staff"
    text: str
    topic: str = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnName(Effect):
    """Ask LINE for the friend's display name; the answer comes back as `Renamed`."""

    kind: ClassVar[str] = "learn_name"


EFFECTS: tuple[type[Effect], ...] = (Send, LinkMenu, TellStaff, LearnName)
