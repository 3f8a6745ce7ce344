"""Which of LINE's events a friend's record has already seen: each one acts once, however often it is brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from flows.events import Event
from flows.friend import Friend

KEPT = timedelta(hours=25)
"""Longer than LINE brings an event again."""

AT_LEAST, AT_MOST = 16, 1000
"""So many are kept whatever their age; beyond so many the oldest go whatever theirs."""


def digest(event_id: str) -> str:
    """Twelve hexadecimal digits of an event id."""
    return blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def is_known(friend: Friend, event: Event) -> bool:
    """Whether this very event has acted already."""
    return bool(event.id) and digest(event.id) in friend.seen


def remembered(friend: Friend, event: Event, now: datetime) -> Mapping[str, datetime]:
    """The events seen, with this one: all of the last day, the last sixteen in any case."""
    seen = {**friend.seen, digest(event.id): event.at}
    if len(seen) <= AT_LEAST:
        return seen
    rows = list(seen.items())[-AT_MOST:]
    fresh = [(name, at) for name, at in rows[:-AT_LEAST] if at > now - KEPT]
    return dict(fresh + rows[-AT_LEAST:])
