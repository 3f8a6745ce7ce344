"""Many friends of a shard at once, for imports: what `Friends.commit` would write for each, at a third of the price.

Nothing is decided and nothing sent here, so neither decisions nor effects are built, and one fact serves all.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple

from bot.store import records
from bot.store.derived import Indexes
from bot.store.errors import tells_when_away
from bot.store.keys import Shard, shard_of
from bot.store.records import Record, Unreadable
from bot.store.runners import MOST_MEMBERS, Command
from bot.store.store import Store
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId


class Newcomer(NamedTuple):
    """Somebody of whom nothing is kept yet, and what he is to remember (`bot.store.past`)."""

    friend: Friend
    past: str = ""


@tells_when_away
class Bulk:
    """Reading whom we know, and adding whom we do not."""

    def __init__(self, store: Store) -> None:
        """`store` is the account's."""
        self._server = store.server
        self._keys = store.keys
        self._runner = store.runner
        self._limits = store.catalogs.limits

    def known(self, shard: Shard, friends: Sequence[FriendId]) -> list[Record | Unreadable]:
        """The records of those of these friends of whom something is kept, in one trip."""
        if not friends:
            return []
        values = self.values(friends)
        there = [(friend, value) for friend, value in zip(friends, values, strict=True) if value]
        return records.read_many([friend for friend, _ in there], [value for _, value in there])

    def values(self, friends: Sequence[FriendId]) -> list[bytes | None]:
        """One shard's records as they are kept, in the order asked for."""
        values: list[bytes | None] = self._server.execute_command("MGET", *map(self._keys.friend, friends))
        return values

    def add(self, shard: Shard, newcomers: Sequence[Newcomer], new: Iterable[Fact], zone: tzinfo) -> set[FriendId]:
        """Keep these friends of one shard, each whole or not at all; who was there already is left alone and named.

        `new` became true of each of them, and is counted so. Raises StoreAwayError when it is not known whether it was
        done: add again then, those who are there are named.
        """
        left = {newcomer.friend.id: newcomer for newcomer in newcomers}
        if len(left) < len(newcomers) or any(shard_of(friend) != shard for friend in left):
            raise ValueError(f"a friend twice, or one who does not live in shard {shard}")
        mark, facts, there = secrets.token_hex(4), tuple(new), set[FriendId]()
        while left:
            first = self._server.execute_command("INCRBY", self._keys.next(shard), len(left)) - len(left)
            losers = self._write(shard, first, left, facts, zone, mark)
            if not losers or self._wrote(losers, mark):
                return there
            there |= losers
            left = {friend: newcomer for friend, newcomer in left.items() if friend not in losers}
        return there

    def _write(  # noqa: PLR0917
        self,
        shard: Shard,
        first: int,
        people: dict[FriendId, Newcomer],
        facts: Sequence[Fact],
        zone: tzinfo,
        mark: str,
    ) -> set[FriendId]:
        indexes, owners = Indexes(self._keys, shard), dict[str, FriendId]()
        written: list[str | bytes] = []
        for no, (friend, past) in enumerate(people.values(), first):
            indexes.move(no, None, friend, zone, self._limits())
            key = self._keys.friend(friend.id)
            owners[key] = friend.id
            written += (key, records.encode(Record(rev=1, no=no, past=past, friend=friend), mark))
        # What staff live through is in no statistics.
        indexes.count(facts, zone, times=sum(not newcomer.friend.staff for newcomer in people.values()))
        commands = [*indexes.commands(), *sets(written)]
        return {owners[key] for key in self._runner.run([(key, b"") for key in owners], commands)}

    def _wrote(self, losers: Iterable[FriendId], mark: str) -> bool:
        # After a broken connection the client sends a command again: the first try may have been carried out.
        prefix = records.mark_of(1, mark)
        return any((value or b"").startswith(prefix) for value in self.values(list(losers)))


def sets(words: Sequence[str | bytes]) -> Iterable[Command]:
    """One MSET for many keys and their values by turns, cut so that none is too long."""
    most = 2 * MOST_MEMBERS
    return (("MSET", *words[start : start + most]) for start in range(0, len(words), most))
