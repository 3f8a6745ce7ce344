"""Small changes to the catalog, each a new catalog."""

from __future__ import annotations

from dataclasses import replace

from flows.catalog import Account, Catalog, Segment, Tag
from flows.conditions import Condition
from flows.names import fold


def with_tag(catalog: Catalog, name: str, folder: str = "") -> Catalog:
    """The catalog with this tag."""
    return replace(catalog, tags={**catalog.tags, fold(name): Tag(name=name, folder=folder)})


def with_segment(catalog: Catalog, name: str, condition: Condition) -> Catalog:
    """The catalog with this condition saved under a name."""
    return replace(catalog, segments={**catalog.segments, fold(name): Segment(name=name, condition=condition)})


def with_account(catalog: Catalog, account: Account) -> Catalog:
    """The catalog with these settings."""
    return replace(catalog, account=account)
