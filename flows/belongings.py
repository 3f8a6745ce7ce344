"""What the shop itself still needs of the pictures, films, voices and files that are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flows.catalog import Catalog

LONG_AGO = timedelta(days=30)
"""A broadcast that went before so long no longer keeps its pictures from being thrown away."""


def needed(catalog: Catalog, now: datetime) -> Catalog:
    """The configuration without the broadcasts that went long ago."""
    recent = {key: one for key, one in catalog.broadcasts.items() if one.at >= now - LONG_AGO}
    return replace(catalog, broadcasts=recent)
