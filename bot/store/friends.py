"""Friends in Redis: load one or many, and commit decisions with everything that follows from them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import NamedTuple

from bot.store import entries, outbox, past, records
from bot.store.connection import Redis
from bot.store.derived import Indexes
from bot.store.entries import Entry
from bot.store.errors import tells_when_away
from bot.store.instants import ms
from bot.store.keys import Keys, Shard, shard_of
from bot.store.meta import raise_if_newer, reading
from bot.store.records import Record, Unreadable
from bot.store.runners import Check, Command, Runner
from flows.decision import Decision
from flows.friend import Friend
from flows.names import FriendId
from flows.pace import UNLIMITED, Limits

_REVISION_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision to be committed: what it was decided on, when, and the account's zone, which the day indexes need."""

    before: Record
    decision: Decision
    at: datetime
    zone: tzinfo
    reply_token: str = ""
    token_until: datetime | None = None

    @property
    def friend(self) -> FriendId:
        """Whom it is about."""
        return self.before.friend.id


class Committed(NamedTuple):
    """Who lost the race (load again, decide again; all others are committed), and what is now in the outbox."""

    losers: frozenset[FriendId]
    entries: tuple[Entry, ...] = ()


class Met(NamedTuple):
    """A record, the catalog's revision, and whether any event of the shard waits in its inbox."""

    record: Record
    revision: int
    waiting: bool


@tells_when_away
class Friends:
    """The friends of one account."""

    def __init__(
        self, server: Redis, keys: Keys, runner: Runner, *, limits: Callable[[], Limits] = lambda: UNLIMITED
    ) -> None:
        """`limits`: the account's, as last known here; one of the indexes depends on them."""
        self._server = server
        self._keys = keys
        self._runner = runner
        self._limits = limits

    def load(self, friend: FriendId) -> Record:
        """The friend's record; a blank one (`rev` 0) for somebody unknown. Raises when it cannot be read."""
        return self._read(friend, self._server.execute_command("GET", self._keys.friend(friend)))

    def meet(self, friend: FriendId) -> Met:
        """The record, and in the same trip what else an event has to know (the revision is for `Catalogs.at`)."""
        with self._server.pipeline(transaction=False) as pipe:
            pipe.execute_command("GET", self._keys.friend(friend))
            pipe.execute_command("GETRANGE", self._keys.catalog(), 0, _REVISION_BYTES)
            pipe.execute_command("HLEN", self._keys.inbox(shard_of(friend)))
            value, head, waiting = pipe.execute()
        return Met(self._read(friend, value), revision_in(head), bool(waiting))

    def load_many(self, shard: Shard, friends: Sequence[FriendId]) -> list[Record | Unreadable]:
        """The records of one shard's friends in one trip, in the order asked for. Raises NewerRecordError."""
        if not friends:
            return []
        _require_home(shard, friends)
        values = self._server.execute_command("MGET", *map(self._keys.friend, friends))
        found = records.read_many(friends, values)
        if bad := next((one for one in found if isinstance(one, Unreadable)), None):
            raise_if_newer(self._server, self._keys, bad.error)
        return found

    def _read(self, friend: FriendId, value: bytes | None) -> Record:
        with reading(self._server, self._keys):
            return records.read(friend, value)

    def commit(self, shard: Shard, changes: Sequence[Change]) -> Committed:
        """Commit these decisions of one shard, each whole or not at all; those who lost a race are named.

        One trip, and one more for each round of losers or when there are new friends. Raises StoreAwayError when it
        is not known whether it was committed: decide again then, the event ids in the records tell.
        """
        _require_home(shard, [change.friend for change in changes])
        left = self._numbered(shard, changes)
        mark = secrets.token_hex(4)
        lost: set[FriendId] = set()
        while left:
            since = max(ms(left[0].at), *(change.before.out + 1 for change in left))
            new = entries.entries_of(map(_ask, left), since)
            told = {friend for entry in new for friend in entry.to}
            after = {change.friend: _after(change, since if change.friend in told else None) for change in left}
            losers = self._write(shard, left, after, new, mark)
            if not losers or self._wrote(losers, after, mark):
                return Committed(frozenset(lost), new)
            lost |= losers
            left = [change for change in left if change.friend not in losers]
        return Committed(frozenset(lost))

    def commit_with(
        self, shard: Shard, changes: Sequence[Change], checks: Sequence[Check], commands: Sequence[Command]
    ) -> tuple[Entry, ...] | None:
        """Commit all these decisions of one shard together with commands that have checks of their own, or nothing.

        None: somebody was quicker with one of the friends or with what is checked; load everything again. Raises
        StoreAwayError as `commit` does.
        """
        _require_home(shard, [change.friend for change in changes])
        left = self._numbered(shard, changes)
        mark = secrets.token_hex(4)
        since = max(ms(left[0].at), *(change.before.out + 1 for change in left))
        new = entries.entries_of(map(_ask, left), since)
        told = {friend for entry in new for friend in entry.to}
        after = {change.friend: _after(change, since if change.friend in told else None) for change in left}
        losers = self._write(shard, left, after, new, mark, also=(checks, commands))
        return new if not losers or self._wrote(losers & after.keys(), after, mark) else None

    def erase(self, friend: FriendId, zone: tzinfo) -> Record:
        """Forget this person: the record, every index entry, and the place in all that is under way to many.

        Gives what was forgotten; a blank record when nothing was kept. Counts of past days stay: they name nobody.
        """
        shard, key = shard_of(friend), self._keys.friend(friend)
        while True:
            record = self.load(friend)
            if record.is_new:
                return record
            indexes = Indexes(self._keys, shard)
            indexes.remove(record.no, record.friend, zone, self._limits())
            frozen: list[Command] = [("SETBIT", one, record.no, 0) for one in self._frozen(shard)]
            commands = [*indexes.commands(), *frozen, ("DEL", key)]
            if not self._runner.run([(key, records.prefix_of(record.rev))], commands):
                return record

    def _frozen(self, shard: Shard) -> list[str]:
        """The sets of friends whom orders and broadcasts under way concern in this shard."""
        orders = self._server.execute_command("HKEYS", self._keys.orders(shard))
        sendings = self._server.execute_command("SMEMBERS", self._keys.sendings(shard))
        names = (
            *(self._keys.order(shard, one.decode()) for one in orders),
            *(self._keys.broadcast(shard, one.decode()) for one in sendings),
        )
        return [name for name in names if self._server.execute_command("EXISTS", name)]

    def _numbered(self, shard: Shard, changes: Sequence[Change]) -> list[Change]:
        fresh = [change for change in changes if change.before.no == records.NOBODY]
        if not fresh:
            return list(changes)
        last: int = self._server.execute_command("INCRBY", self._keys.next(shard), len(fresh))
        numbers = iter(range(last - len(fresh), last))
        return [
            replace(change, before=replace(change.before, no=next(numbers)))
            if change.before.no == records.NOBODY
            else change
            for change in changes
        ]

    def _write(
        self,
        shard: Shard,
        changes: Sequence[Change],
        after: dict[FriendId, Record],
        new: Sequence[Entry],
        mark: str,
        *,
        also: tuple[Sequence[Check], Sequence[Command]] = ((), ()),
    ) -> set[FriendId]:
        owners = {self._keys.friend(change.friend): change.friend for change in changes}
        checks = [(key, records.prefix_of(change.before.rev)) for key, change in zip(owners, changes, strict=True)]
        indexes, limits = Indexes(self._keys, shard), self._limits()
        for change in changes:
            record = after[change.friend]
            indexes.move(record.no, _known(change.before), record.friend, change.zone, limits)
            if not record.friend.staff:
                # What staff live through in 友だちモード is in no statistics.
                indexes.count(change.decision.facts, change.zone)
        written: list[Command] = [("SET", key, records.encode(after[friend], mark)) for key, friend in owners.items()]
        commands = [*indexes.commands(), *outbox.added(self._keys, shard, new), *also[1], *written]
        return {owners.get(key, FriendId(key)) for key in self._runner.run([*checks, *also[0]], commands)}

    def _wrote(self, losers: Iterable[FriendId], after: dict[FriendId, Record], mark: str) -> bool:
        # After a broken connection the client sends a command again: the first try may have been carried out.
        with self._server.pipeline(transaction=False) as pipe:
            wanted = [records.mark_of(after[friend].rev, mark) for friend in losers]
            for friend, prefix in zip(losers, wanted, strict=True):
                pipe.execute_command("GETRANGE", self._keys.friend(friend), 0, len(prefix) - 1)
            return any(head == prefix for head, prefix in zip(pipe.execute(), wanted, strict=True))


def revision_in(head: bytes | None) -> int:
    """The revision that the first bytes of a kept value name; 0 for nothing."""
    return int(head.partition(b":")[2].partition(b",")[0]) if head else 0


def _require_home(shard: Shard, friends: Sequence[FriendId]) -> None:
    if any(shard_of(friend) != shard for friend in friends):
        raise ValueError(f"a friend who does not live in shard {shard}")
    if len(set(friends)) != len(friends):
        raise ValueError("a friend twice in one batch: the second would undo the first")


def _known(before: Record) -> Friend | None:
    return None if before.is_new else before.friend


def _after(change: Change, out: int | None) -> Record:
    before, decision = change.before, change.decision
    if decision.friend.id != before.friend.id:
        raise ValueError("a decision about somebody else")
    return Record(
        rev=before.rev + 1,
        no=before.no,
        out=out or before.out,
        past=past.appended(before.past, decision.facts),
        friend=decision.friend,
    )


def _ask(change: Change) -> entries.Ask:
    return entries.Ask(
        to=change.friend,
        rev=change.before.rev + 1,
        effects=change.decision.effects,
        reply_token=change.reply_token,
        token_until=change.token_until,
    )
