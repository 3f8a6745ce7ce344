"""How people come into the town: by a webhook each, or, where the way in is not what is tortured, all at once."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import replace

from bot.store.friends import Change
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from flows.engine import decide
from flows.events import Followed
from flows.friend import Friend
from simulator.state import Standing
from torture.town import TOKYO, Town, person

BATCH = 200


def settle_in(town: Town, count: int) -> None:
    """So many friends who joined just now, their welcome behind them, through the product's own decision and commit."""
    town.joined = town.now()
    waiting: dict[Shard, list[Change]] = defaultdict(list)
    with contextlib.closing(town.store) as store:
        configured = store.catalogs.current()
        for number in range(count):
            friend = person(number)
            town.acts.add(friend, f"さくら{number}", Standing.FRIEND)
            town.friends.append(friend)
            nobody = Record(friend=Friend(id=friend))
            joined = Followed(at=town.joined, name=f"さくら{number}")
            decision = replace(decide(nobody.friend, joined, configured, town.joined), effects=())
            waiting[shard_of(friend)].append(Change(before=nobody, decision=decision, at=town.joined, zone=TOKYO))
        for shard, changes in waiting.items():
            for start in range(0, len(changes), BATCH):
                store.friends.commit(shard, changes[start : start + BATCH])
