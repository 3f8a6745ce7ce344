"""From where a condition looks: this moment, and what admins configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from flows.bitsets import at_least, line, read
from flows.catalog import Catalog
from flows.conditions import Condition, Index, Rank
from flows.index import score_slices
from flows.names import Key


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What conditions may look at besides the friend (`flows.conditions.Sight`)."""

    now: datetime
    catalog: Catalog
    lines: Mapping[Rank, int] = field(default_factory=dict)
    """How many points it takes to be one of the highest, where somebody looked at all friends."""

    @property
    def zone(self) -> tzinfo:
        """The account's zone."""
        return self.catalog.account.tz

    def segment(self, name: Key) -> Condition | None:
        """The saved segment of that name, None if there is none."""
        found = self.catalog.segments.get(name)
        return found.condition if found else None

    def line(self, rank: Rank) -> int | None:
        """How many points it takes to be one of these; None where nobody looked."""
        return self.lines.get(rank)

    def over(self, index: Index, condition: Condition) -> Standpoint:
        """The same where all friends together can be seen: with the lines that a condition asks for."""
        return replace(self, lines={rank: _line(index, rank) for rank in condition.ranks(self)})


def _line(index: Index, rank: Rank) -> int:
    bits = read(index.bitmap, score_slices(rank.score))
    # Points above nothing have no sign.
    return line([(bits[:-1], at_least(bits, 1, index.everyone, signed=True))], rank.most)
