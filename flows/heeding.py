"""How often a friend reacts to what we send: each of the last deliveries, and whether a word or a tap came of it.

The last thirty-two deliveries stand in a ring of bits: number n in bit n mod 32. So a delivery or a reaction changes
few bits, and a set of friends can be asked as one (`flows/conditions/responding.py`).
"""

from __future__ import annotations

from datetime import datetime

from flows.friend import Friend, Sent

RING = 32
COUNTED = 4096
"""Deliveries are counted up to here, and then from half of it: a friend who got so many has got thirty-two long since."""


def delivered(count: int, ring: int) -> tuple[int, int]:
    """The count of deliveries and the ring after one more, to which nobody has reacted yet."""
    return (count + 1 if count + 1 < COUNTED else COUNTED // 2), ring & ~(1 << count % RING)


def heeded(sends: tuple[Sent, ...], count: int, ring: int, since: datetime, until: datetime) -> int:
    """The ring once the friend has reacted: it counts for the last thing that was sent from then until then."""
    ours = tuple(dict.fromkeys(sent for sent in sends if sent.scenario or sent.broadcast))
    met = [number for number, sent in enumerate(ours, count - len(ours)) if since <= sent.at <= until]
    return ring | 1 << met[-1] % RING if met and met[-1] >= max(0, count - RING) else ring


def reactions(friend: Friend, last: int) -> int | None:
    """To how many of the last so many deliveries the friend reacted; None where there were fewer."""
    if friend.deliveries < last:
        return None
    return sum(friend.heeded >> (friend.deliveries - back) % RING & 1 for back in range(1, last + 1))
