"""Small changes to the catalog, each a new catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flows.actions import Action
from flows.catalog import Account, Catalog, Segment, Tag
from flows.conditions import Condition
from flows.names import fold
from flows.script import new_names_of, with_new_names


def with_tag(catalog: Catalog, name: str, folder: str = "") -> Catalog:
    """The catalog with this tag."""
    return replace(catalog, tags={**catalog.tags, fold(name): Tag(name=name, folder=folder)})


def with_names_of(catalog: Catalog, actions: Iterable[Action]) -> Catalog:
    """The catalog with the tags, scores and fields that these actions name outright."""
    return with_new_names(catalog, new_names_of(actions, catalog))


def with_segment(catalog: Catalog, name: str, condition: Condition) -> Catalog:
    """The catalog with this condition saved under a name."""
    return replace(catalog, segments={**catalog.segments, fold(name): Segment(name=name, condition=condition)})


def with_account(catalog: Catalog, account: Account) -> Catalog:
    """The catalog with these settings."""
    return replace(catalog, account=account)
