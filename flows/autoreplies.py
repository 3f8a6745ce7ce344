"""Which auto-reply answers: the most urgent of those that these words set off, in its hours, and not again too soon."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from flows.catalog import AutoReply, Catalog
from flows.events import Said
from flows.friend import Friend
from flows.names import Key, fold
from flows.timing import is_open
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match

KEPT = timedelta(days=31)
"""The longest rest between two answers to the same friend."""
_NEVER_QUIET = time(0)


def chosen(friend: Friend, said: Said, catalog: Catalog) -> AutoReply | None:
    """The auto-reply that these words set off now, None if there is none."""
    zone = catalog.account.tz
    matching = [
        each
        for each in catalog.autoreplies.values()
        if is_on(each, said.at, zone) and each.trigger.set_off(said, friend)
    ]
    return min(matching, key=urgency, default=None)


def is_on(reply: AutoReply, at: datetime, zone: tzinfo) -> bool:
    """Whether it answers at this hour."""
    return is_open(at, reply.hours, _NEVER_QUIET, _NEVER_QUIET, zone)


def rests(reply: AutoReply, friend: Friend, at: datetime) -> bool:
    """Whether it has answered this friend a short while ago."""
    last = friend.replied.get(fold(reply.name))
    return reply.rest is not None and last is not None and at < last + reply.rest


def urgency(reply: AutoReply) -> tuple[int, bool, int, str]:
    """The least goes first: the owner's rank, then the very word before a part of it, then the longer keyword."""
    trigger = reply.trigger
    keyword = trigger.keyword if isinstance(trigger, KeywordSaid) else ""
    exact = isinstance(trigger, KeywordSaid) and trigger.match is Match.EXACT
    return reply.rank, not exact, -len(fold(keyword)), reply.name


def remembered(friend: Friend, reply: AutoReply, at: datetime) -> dict[Key, datetime]:
    """When which resting auto-reply was last given, with this one given now."""
    kept = {name: last for name, last in friend.replied.items() if last > at - KEPT}
    return {**kept, fold(reply.name): at} if reply.rest is not None else kept
