"""A record with some of its values changed: what `dataclasses.replace` does, without building it from its keywords.

A friend has some thirty values and a decision changes a few of them, so this is where a due step spends its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


_Copy = Callable[[Any, dict[str, Any]], Any]
_COPIES: dict[type[Any], tuple[_Copy, frozenset[str]]] = {}


def _copy(kind: type[Any]) -> tuple[_Copy, frozenset[str]]:
    """What copies a record of this class with changes, written out value by value; and the names of its values."""
    if kind not in _COPIES:
        names = [field.name for field in fields(kind)]
        known: dict[str, Any] = {"kind": kind, "new": object.__new__}
        lines = ["def made(record, changes):", "    copy = new(kind)"]
        for number, name in enumerate(names):
            known[f"set{number}"] = getattr(kind, name).__set__
            lines.append(f"    set{number}(copy, changes[{name!r}] if {name!r} in changes else record.{name})")
        checked = ["    copy.__post_init__()"] if hasattr(kind, "__post_init__") else []
        exec("\n".join([*lines, *checked, "    return copy"]), known)  # noqa: S102 (our own field names only)
        _COPIES[kind] = known["made"], frozenset(names)
    return _COPIES[kind]


def changed(record: Record, **changes: Any) -> Record:
    """The record with these values in place of its own; it must be a slotted dataclass. Its checks run as ever."""
    kind: type[Any] = type(record)
    copy, names = _COPIES.get(kind) or _copy(kind)
    if not names.issuperset(changes):
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(changes.keys() - names))}")
    return cast("Record", copy(record, changes))
