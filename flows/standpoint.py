"""From where a condition looks: this moment, and what admins configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from flows.catalog import Catalog
from flows.conditions import Condition, Rank
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
