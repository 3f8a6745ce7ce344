"""From where a condition looks: this moment, and what admins configured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from flows.catalog import Catalog
from flows.conditions import Condition
from flows.names import Key


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What conditions may look at besides the friend (`flows.conditions.Sight`)."""

    now: datetime
    catalog: Catalog

    @property
    def zone(self) -> tzinfo:
        """The account's zone."""
        return self.catalog.account.tz

    def segment(self, name: Key) -> Condition | None:
        """The saved segment of that name, None if there is none."""
        found = self.catalog.segments.get(name)
        return found.condition if found else None
