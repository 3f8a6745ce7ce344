"""Friends and changes for the store's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.store.friends import Change
from bot.store.keys import SHARDS, Shard, shard_of
from bot.store.records import Record
from flows.decision import Decision
from flows.effects import Effect, Send, Way
from flows.facts import Fact
from flows.friend import Enrollment, Friend, Label
from flows.names import FriendId, Key, StepId

NOW = datetime(2026, 11, 20, 3, 0, 0, 123_456, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def friend_id(number: int) -> FriendId:
    """An id shaped like LINE's."""
    return FriendId(f"U{number:032x}")


def ids_of_shard(shard: Shard, many: int) -> list[FriendId]:
    """So many ids that live in one shard."""
    found: list[FriendId] = []
    number = 0
    while len(found) < many:
        number += 1
        if shard_of(friend_id(number)) == shard:
            found.append(friend_id(number))
    return found


SHARD = SHARDS[7]
SAKURA, HANAKO, TARO = ids_of_shard(SHARD, 3)


def text(words: str) -> dict[str, str]:
    """A bubble."""
    return {"type": "text", "text": words}


def push(*words: str) -> Send:
    """A counted send."""
    return Send(bubbles=tuple(map(text, words)), way=Way.PUSH)


def reply(*words: str) -> Send:
    """A free answer."""
    return Send(bubbles=tuple(map(text, words)), way=Way.REPLY)


def tagged(friend: Friend, *tags: str, at: datetime = NOW) -> Friend:
    """The friend with these tags as well."""
    return replace(friend, tags={**friend.tags, **{Key(tag): Label(at=at) for tag in tags}})


def enrolled(friend: Friend, scenario: str = "新規様", version: int = 1, due: datetime | None = NOW) -> Friend:
    """The friend walking through a scenario."""
    walk = Enrollment(scenario=Key(scenario), version=version, began=NOW, entered=NOW, step=StepId("s1"), due=due)
    return replace(friend, enrollments=(*friend.enrollments, walk))


def change(
    before: Record,
    after: Friend | None = None,
    *,
    effects: Sequence[Effect] = (),
    facts: Sequence[Fact] = (),
    at: datetime = NOW,
    reply_token: str = "",
) -> Change:
    """A decision about the friend in `before`."""
    return Change(
        before=before,
        decision=Decision(friend=after or before.friend, effects=tuple(effects), facts=tuple(facts)),
        at=at,
        zone=TOKYO,
        reply_token=reply_token,
        token_until=at + timedelta(minutes=1) if reply_token else None,
    )
