"""LearnName: the friend's display name, asked of LINE; the answer is an event like any other."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import datetime

from bot.handling import Friendly
from bot.line import LineClient
from bot.performers.base import Done, Performed
from bot.performers.pooled import Pooled
from bot.store.entries import Entry
from flows.events import Renamed


class LearnNamePerformer(Pooled):
    """Asks LINE, and has the name decided and committed."""

    def __init__(self, pool: Executor, line: LineClient, friendly: Friendly) -> None:
        super().__init__(pool, self._learn)
        self._line = line
        self._friendly = friendly

    def _learn(self, entry: Entry, now: datetime) -> Performed:
        friend = entry.to[0]
        # None: LINE does not tell about people who are not friends (any more).
        if name := self._line.display_name(friend):
            self._friendly.act(friend, Renamed(at=now, id=entry.id, name=name))
        return Done()
