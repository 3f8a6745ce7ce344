"""What differs between two catalogs, as plain JSON data small enough to keep fifty of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from flows import codec
from flows.catalog import Catalog


def between(now: Catalog, then: Catalog) -> dict[str, Any]:
    """What turns `now` into `then`: whole settings, and of each table the rows that differ (None: no such row)."""
    old = codec.to_data(then)
    return {name: _difference(getattr(now, name), getattr(then, name), old.get(name)) for name in _changed(now, then)}


def applied(patch: Mapping[str, Any], catalog: Catalog) -> Catalog:
    """The catalog with the differences put in; everything else, its revision too, stays as it is."""
    whole = codec.to_data(catalog)
    for name, change in patch.items():
        if isinstance(getattr(catalog, name), Mapping):
            rows = {**whole.get(name, {}), **change}
            whole[name] = {key: row for key, row in rows.items() if row is not None}
        elif change is None:
            whole.pop(name, None)
        else:
            whole[name] = change
    return codec.from_data(Catalog, whole)


def _changed(now: Catalog, then: Catalog) -> Iterator[str]:
    for one in fields(Catalog):
        if one.name != "revision" and getattr(now, one.name) != getattr(then, one.name):
            yield one.name


def _difference(now: Any, then: Any, old: Any) -> Any:
    if not isinstance(now, Mapping):
        return old
    rows = old or {}
    return {key: rows.get(key) for key in sorted({*now, *then}) if now.get(key) != then.get(key)}
