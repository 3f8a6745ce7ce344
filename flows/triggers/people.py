"""Friends coming, coming back, and being started by staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flows.triggers.base import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendAdded(Trigger):
    """友だち追加"""

    kind: ClassVar[str] = "friend_added"
    title: ClassVar[str] = "友だち追加"


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendBack(Trigger):
    """ブロック解除"""

    kind: ClassVar[str] = "friend_back"
    title: ClassVar[str] = "ブロック解除"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteEntered(Trigger):
    """経路 X: added through, or scanned again, this inflow route."""

    kind: ClassVar[str] = "route_entered"
    title: ClassVar[str] = "経路"
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand(Trigger):
    """手動: only staff, or another scenario, start it."""

    kind: ClassVar[str] = "by_hand"
    title: ClassVar[str] = "手動"
