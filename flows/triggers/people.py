"""Friends coming, coming back, and being started by staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from flows.events import Event, Followed
from flows.facts import Fact, Joined, Returned
from flows.names import fold
from flows.notation import Notation, named, plain
from flows.quoting import quoted
from flows.triggers.base import Trigger

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendAdded(Trigger):
    """友だち追加: set off by the fact that the friend joined, once in a lifetime."""

    kind: ClassVar[str] = "friend_added"
    title: ClassVar[str] = "友だち追加"
    notation: ClassVar[Notation | None] = plain("友だち追加", "友達追加")

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Joined)

    def words(self) -> str:
        return "友だち追加"


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendBack(Trigger):
    """ブロック解除: set off by the fact that the friend came back."""

    kind: ClassVar[str] = "friend_back"
    title: ClassVar[str] = "ブロック解除"
    notation: ClassVar[Notation | None] = plain("ブロック解除")

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Returned)

    def words(self) -> str:
        return "ブロック解除"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteEntered(Trigger):
    """経路 X: added through, or scanned again, this inflow route: each `Followed` that names it."""

    kind: ClassVar[str] = "route_entered"
    title: ClassVar[str] = "経路"
    notation: ClassVar[Notation | None] = named("経路")
    route: str

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return isinstance(happened, Followed) and fold(happened.route) == fold(self.route)

    def words(self) -> str:
        return f"経路 {quoted(self.route)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand(Trigger):
    """手動: only staff, or another scenario, start it."""

    kind: ClassVar[str] = "by_hand"
    title: ClassVar[str] = "手動"
    notation: ClassVar[Notation | None] = plain("手動")

    def set_off(self, happened: Event | Fact, friend: Friend) -> bool:
        return False

    def words(self) -> str:
        return "手動"
