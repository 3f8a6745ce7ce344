"""What an operator sees of the record from a terminal: a friend in words, and whether the indexes equal the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from bot.store.audit import Audit
from bot.store.keys import shard_of
from bot.store.records import Record
from bot.store.store import Store
from flows import codec
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId

MOST_NAMESAKES: Final = 10
MOST_SHOWN: Final = 20


def found(store: Store, who: str) -> list[Record]:
    """The friend of this user id, else those whose name holds these words."""
    record = store.friends.load(FriendId(who))
    if not record.is_new:
        return [record]
    return [store.friends.load(friend.id) for friend in store.lookup.named(who.removeprefix("@"), MOST_NAMESAKES)]


def described(record: Record, zone: tzinfo) -> str:
    """A record as a person reads it: where it stands, the friend as JSON, and the last facts in order."""
    head = f"{record.friend.id}  版 {record.rev} (rev)  番号 {record.no} (no)  シャード {shard_of(record.friend.id)} (shard)"
    friend = json.dumps(_readable(record.friend, zone), ensure_ascii=False, indent=2)
    return "\n".join((head, friend, "最近のこと (last facts):", *(_told(fact, zone) for fact in record.facts)))


def named(record: Record) -> str:
    """A line to choose by."""
    return f"{record.friend.id}  {record.friend.name}"


def differences(store: Store) -> Iterator[str]:
    """Each index entry that is not what the records say; nothing when all is well."""
    account = store.catalogs.current().account
    yield from Audit(store.server, store.keys).differences(account.tz, account.limits)


def rebuilt(store: Store) -> None:
    """Have every index equal the records. Nothing else may be writing meanwhile."""
    account = store.catalogs.current().account
    Audit(store.server, store.keys).rebuild(account.tz, account.limits)


def _readable(friend: Friend, zone: tzinfo) -> object:
    return _with_moments(json.loads(codec.dumps(friend)), zone)


def _with_moments(data: object, zone: tzinfo) -> object:
    """Seconds since 1970 as the clock on the owner's wall shows them, wherever they can be nothing else."""
    if isinstance(data, dict):
        return {name: _with_moments(value, zone) for name, value in data.items()}
    if isinstance(data, list):
        return [_with_moments(value, zone) for value in data]
    if isinstance(data, int | float) and not isinstance(data, bool) and data > PLAINLY_A_MOMENT:
        return datetime.fromtimestamp(data, zone).isoformat(sep=" ", timespec="seconds")
    return data


PLAINLY_A_MOMENT: Final = 1_000_000_000
"""In September 2001; scores and counts never reach it."""


def _told(fact: Fact, zone: tzinfo) -> str:
    said = {name: value for name, value in codec.to_data(fact).items() if name not in {"at", "kind"}}
    return f"  {fact.at.astimezone(zone).isoformat(sep=' ', timespec='seconds')}  {fact.kind}  {codec.as_json(said)}"
