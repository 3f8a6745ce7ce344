"""Two members of staff at one scenario: each is told of the other, and neither loses anything."""

from __future__ import annotations

from datetime import timedelta

from admin_commands.desk import Desk
from flows.catalog import Entry
from flows.names import with_san

LATELY = timedelta(minutes=30)


def somebody_else(desk: Desk, entry: Entry) -> str:
    """Who else changed the draft in the last half hour, as screens name him; "" for nobody."""
    mine = entry.changed_by in {"", desk.my_name}
    lately = entry.changed is not None and desk.now - entry.changed <= LATELY
    return with_san(entry.changed_by) if entry.draft is not None and lately and not mine else ""


def other_hand(desk: Desk, entry: Entry) -> str:
    """`✏ 鈴木さんが3分前に直しています。`; "" when nobody else is at it."""
    who = somebody_else(desk, entry)
    if not who or entry.changed is None:
        return ""
    minutes = int((desk.now - entry.changed).total_seconds() // 60)
    return f"✏ {who}が{f'{minutes}分前に' if minutes else 'たったいま'}直しています。"
