"""友だちモード: a member of staff walks as a friend, and the way back stands under every answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.catalog import Catalog
from flows.decision import Decision
from flows.effects import Bubble, Effect, Send, Way
from flows.names import FriendId

WAY_BACK: Final = "管理に戻る"
MOST_QUICK_REPLIES: Final = 13
"""LINE shows no more (developers.line.biz, quick-reply)."""


def with_way_back(decision: Decision, person: FriendId, catalog: Catalog) -> Decision:
    """The decision, with the way back under its answers if this person is staff in 友だちモード."""
    staff = catalog.staff.get(person)
    if staff is None or staff.as_friend is None:
        return decision
    return replace(decision, effects=tuple(map(_led_back, decision.effects)))


def _led_back(effect: Effect) -> Effect:
    if not isinstance(effect, Send) or effect.way is not Way.REPLY or not effect.bubbles:
        return effect
    return replace(effect, bubbles=(*effect.bubbles[:-1], _under(effect.bubbles[-1])))


def _under(bubble: Bubble) -> Bubble:
    items = list((bubble.get("quickReply") or {}).get("items") or ())[: MOST_QUICK_REPLIES - 1]
    action = {"type": "message", "label": WAY_BACK, "text": WAY_BACK}
    return {**bubble, "quickReply": {"items": [*items, {"type": "action", "action": action}]}}
