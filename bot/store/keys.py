"""The only speller of keys. All keys of one shard share a hash tag, hence a slot, hence a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import NewType

from flows.names import FriendId

Shard = NewType("Shard", str)
"""One hexadecimal digit. CRC16 spreads these sixteen tags evenly over three or four masters."""

SHARDS: tuple[Shard, ...] = tuple(Shard(digit) for digit in "0123456789abcdef")
"""Recorded at the first start and never changed: another number would look for friends in the wrong place."""


ID_WIDTH = 33
"""LINE's user ids are `U` and 32 hexadecimal digits."""


@lru_cache(maxsize=65_536)
def shard_of(friend: FriendId) -> Shard:
    """The shard in which this friend lives."""
    return Shard(blake2b(friend.encode("utf-8", "replace"), digest_size=1).hexdigest()[0])


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one account; another account, or a test, is another namespace (no braces in it)."""

    namespace: str = "lm"

    def _in(self, tag: str, rest: str) -> str:
        return f"{self.namespace}:{{{tag}}}:{rest}"

    # -- one friend

    def friend(self, friend: FriendId) -> str:
        """String: the record's envelope."""
        return self._in(shard_of(friend), f"friend:{friend}")

    def spare(self, friend: FriendId) -> str:
        """String: the reply token of a friend's last words that nothing answered, and until when it is good."""
        return self._in(shard_of(friend), f"spare:{friend}")

    def cap(self, scenario: str) -> str:
        """Hash: the counted sends that were granted to a scenario with a cap for all friends together."""
        return self._in(shard_of(FriendId(scenario)), f"cap:{scenario}")

    def console(self, admin: FriendId) -> str:
        """String: where a member of staff stands in the conversation with us."""
        return self._in(shard_of(admin), f"console:{admin}")

    # -- one shard

    def next(self, shard: Shard) -> str:
        """Integer: how many numbers this shard has given to friends."""
        return self._in(shard, "next")

    def ids(self, shard: Shard) -> str:
        """String of 33-byte slots: friend number n's id stands at 33 n."""
        return self._in(shard, "ids")

    def bitmap(self, shard: Shard, name: str) -> str:
        """Bitmap of that name (`flows.index`): bit n is friend number n."""
        return self._in(shard, f"bit:{name}")

    def due(self, shard: Shard) -> str:
        """Sorted set: friend → the earliest millisecond at which to look at him."""
        return self._in(shard, "due")

    def parked(self, shard: Shard) -> str:
        """Sorted set: friends whose decision failed → until when they are left alone."""
        return self._in(shard, "parked")

    def inbox(self, shard: Shard) -> str:
        """Hash: events that wait for something from LINE before they can be decided, by LINE's event id."""
        return self._in(shard, "inbox")

    def orders(self, shard: Shard) -> str:
        """Hash: orders to many that are not carried out yet, by their id: the event, and how far we are."""
        return self._in(shard, "orders")

    def order(self, shard: Shard, order: str) -> str:
        """String: the friends of an order, frozen as a bitmap over their numbers."""
        return self._in(shard, f"order:{order}")

    def sendings(self, shard: Shard) -> str:
        """Set: ids of the broadcasts under way in this shard."""
        return self._in(shard, "sendings")

    def sending(self, shard: Shard, broadcast: str) -> str:
        """String: how far a broadcast is in this shard, its revision first."""
        return self._in(shard, f"sending:{broadcast}")

    def broadcast(self, shard: Shard, broadcast: str) -> str:
        """String: the friends of a broadcast, frozen as a bitmap over their numbers, until it is over."""
        return self._in(shard, f"broadcast:{broadcast}")

    def refused(self, shard: Shard, broadcast: str) -> str:
        """Set: friends for whom LINE refused a broadcast for good."""
        return self._in(shard, f"refused:{broadcast}")

    def outbox(self, shard: Shard) -> str:
        """Sorted set: effects not yet performed, by the millisecond of their commit."""
        return self._in(shard, "outbox")

    def later(self, shard: Shard) -> str:
        """Hash: outbox entry → until when it waits, and how often it was tried."""
        return self._in(shard, "later")

    def held(self, shard: Shard) -> str:
        """Sorted set like the outbox: entries that wait for quota."""
        return self._in(shard, "held")

    def failed(self, shard: Shard) -> str:
        """List: entries given up, newest first."""
        return self._in(shard, "failed")

    def names(self, shard: Shard) -> str:
        """Sorted set in one lexical order: folded name, a zero byte, the friend's number."""
        return self._in(shard, "names")

    def newest(self, shard: Shard) -> str:
        """Sorted set of the last friends who joined, by when."""
        return self._in(shard, "newest")

    def awaiting(self, shard: Shard) -> str:
        """Sorted set of friends who await a reply, by since when."""
        return self._in(shard, "awaiting")

    def count(self, shard: Shard, day: str) -> str:
        """Hash: how often each fact became true on a day."""
        return self._in(shard, f"count:{day}")

    def sent(self, shard: Shard) -> str:
        """Hash: counted sends by scenario, since ever."""
        return self._in(shard, "sent")

    # -- media, spread over the shards by the first digit of the id

    def media(self, media: str, part: int | str) -> str:
        """String: a chunk (0, 1 …) of something kept, or `about` it; set: the friends whose answer it is (`of`)."""
        return self._in(media[:1], f"media:{media}:{part}")

    def media_of(self, friend: FriendId) -> str:
        """Set: the things that this friend sent in as answers."""
        return self._in(shard_of(friend), f"sent-in:{friend}")

    def media_sizes(self, place: str = "") -> str:
        """Hash: thing kept in that place → its bytes."""
        return self._in("media", f"sizes:{place}" if place else "sizes")

    def media_places(self) -> str:
        """Set: the places besides the record in which something was ever kept."""
        return self._in("media", "places")

    def media_leftover(self) -> str:
        """Set: what has still to be deleted outside the record, as place and name."""
        return self._in("media", "leftover")

    # -- the whole account

    def catalog(self) -> str:
        """String: the configuration, its revision first."""
        return self._in("catalog", "published")

    def history(self) -> str:
        """List: the last changes with what undoes them, newest first."""
        return self._in("catalog", "history")

    def audit(self) -> str:
        """List: every change ever made, oldest first."""
        return self._in("catalog", "audit")

    def catalog_events(self) -> str:
        """Sorted set: events that already changed the catalog."""
        return self._in("catalog", "events")

    def quota(self, month: str) -> str:
        """Hash: the messages of one month (`2026-11`)."""
        return self._in("quota", month)

    def begun(self) -> str:
        """Hash: broadcasts that have begun in every shard, by since when."""
        return self._in("broadcasts", "begun")

    def ended(self) -> str:
        """Hash: broadcasts of whose end staff were told."""
        return self._in("broadcasts", "ended")

    def missed(self) -> str:
        """Hash: broadcasts of which staff were told that it is too late to begin."""
        return self._in("broadcasts", "missed")

    def meta(self) -> str:
        """Hash: what was settled at the first start."""
        return f"{self.namespace}:{{meta}}"

    def pace(self, endpoint: str) -> str:
        """Hash: the token bucket of one of LINE's hot endpoints."""
        return self._in("pace", endpoint)

    def beat(self) -> str:
        """Hash: the last tick."""
        return self._in("beat", "tick")

    def workers(self) -> str:
        """Sorted set: workers, by when they were last seen."""
        return self._in("beat", "workers")

    def sends(self) -> str:
        """Hash: how requests to LINE went."""
        return self._in("beat", "sends")

    def downloads(self) -> str:
        """Sorted set: download links that were used, by when."""
        return self._in("downloads", "taken")

    def notices(self) -> str:
        """Sorted set: what staff should be told, by when it came up."""
        return self._in("notices", "all")
