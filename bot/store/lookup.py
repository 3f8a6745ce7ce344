"""Finding friends by name, by when they joined, by how long they have waited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import nsmallest
from typing import NamedTuple

from bot.store import records
from bot.store.connection import Redis
from bot.store.errors import tells_when_away
from bot.store.fanning import ask_all, friends_at
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from bot.store.records import Record
from flows.friend import Friend
from flows.names import FriendId, fold

MOST_ROUNDS = 10
"""A search inside names looks at so many portions of each shard …"""

PORTION = 2000
"""… of so many names. Beyond 320,000 friends, names are found by how they begin."""


class _Line(NamedTuple):
    """A line of the index of names."""

    name: str
    shard: Shard
    number: int


@tells_when_away
class Lookup:
    """The indexes for finding a few friends."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def named(self, words: str, limit: int) -> list[Friend]:
        """Friends whose folded name holds these words: the exact name first, then names that begin so."""
        wanted = fold(words).replace("\0", "")
        if not wanted:
            return []
        found = dict.fromkeys(nsmallest(limit, self._beginning(wanted, limit), key=lambda line: (len(line.name), line)))
        if len(found) < limit:
            found |= dict.fromkeys(sorted(self._holding(wanted)))
        places = [(line.shard, line.number) for line in list(found)[:limit]]
        return self.load(friends_at(self._server, self._keys, places))

    def newest(self, limit: int) -> list[Friend]:
        """Those who joined last and can be reached: staff and those who left are left out."""
        # They are few among the newest; some more are read so that enough friends remain.
        friends = self.load(self._by_score("ZREVRANGE", self._keys.newest, 2 * limit + 10, sign=-1))
        return [friend for friend in friends if not friend.staff and friend.left is None][:limit]

    def awaiting(self, limit: int) -> list[Friend]:
        """Those who have waited longest for an answer."""
        return self.load(self._by_score("ZRANGE", self._keys.awaiting, limit, sign=1))

    def everybody(self, shard: Shard) -> Iterator[FriendId]:
        """The ids of all who were ever given a number in a shard, in that order; some may have no record."""
        start = 0
        while True:
            end = start + PORTION * ID_WIDTH
            row: bytes = self._server.execute_command("GETRANGE", self._keys.ids(shard), start, end - 1)
            if not row:
                return
            slots = (row[place : place + ID_WIDTH].rstrip(b"\0") for place in range(0, len(row), ID_WIDTH))
            yield from (FriendId(slot.decode()) for slot in slots if slot)
            start = end

    def count(self) -> int:
        """How many numbers have been given to friends: at least as many as there are records."""
        return sum(int(given or 0) for given in ask_all(self._server, "GET", self._keys.next))

    def load(self, friends: Iterable[FriendId]) -> list[Friend]:
        """The records of friends of any shards, in one trip and in this order; unreadable ones left out."""
        wanted = list(friends)
        with self._server.pipeline(transaction=False) as pipe:
            for friend in wanted:
                pipe.execute_command("GET", self._keys.friend(friend))
            values = pipe.execute()
        return [one.friend for one in records.read_many(wanted, values) if isinstance(one, Record) and one.rev]

    def _beginning(self, wanted: str, limit: int) -> Iterator[_Line]:
        low = wanted.encode("utf-8", "replace")
        exact = ask_all(
            self._server, "ZRANGEBYLEX", self._keys.names, b"[" + low + b"\0", b"(" + low + b"\1", "LIMIT", 0, limit
        )
        longer = ask_all(
            self._server, "ZRANGEBYLEX", self._keys.names, b"[" + low + b"\1", b"(" + low + b"\xff", "LIMIT", 0, limit
        )
        return (
            _line(shard, member)
            for found in (exact, longer)
            for shard, members in zip(SHARDS, found, strict=True)
            for member in members
        )

    def _holding(self, wanted: str) -> Iterator[_Line]:
        pattern = b"*" + _literal(wanted).encode("utf-8", "replace") + b"*\0*"
        cursors: dict[Shard, int] = dict.fromkeys(SHARDS, 0)
        for _ in range(MOST_ROUNDS):
            with self._server.pipeline(transaction=False) as pipe:
                for shard, cursor in cursors.items():
                    pipe.execute_command("ZSCAN", self._keys.names(shard), cursor, "MATCH", pattern, "COUNT", PORTION)
                answers = dict(zip(cursors, pipe.execute(), strict=True))
            for shard, (_, members) in answers.items():
                yield from (_line(shard, member) for member, _ in members)
            cursors = {shard: int(cursor) for shard, (cursor, _) in answers.items() if int(cursor)}
            if not cursors:
                return

    def _by_score(self, command: str, key: Callable[[Shard], str], limit: int, *, sign: int) -> list[FriendId]:
        found = ask_all(self._server, command, key, 0, limit - 1, "WITHSCORES")
        scored = [(sign * float(score), member.decode()) for shard in found for member, score in shard]
        return [FriendId(member) for _, member in nsmallest(limit, scored)]


def _line(shard: Shard, member: bytes) -> _Line:
    name, _, number = member.decode().partition("\0")
    return _Line(name, shard, int(number))


def _literal(words: str) -> str:
    """The words as a pattern that matches nothing but them."""
    return "".join(f"\\{letter}" if letter in "*?[]\\^" else letter for letter in words)
