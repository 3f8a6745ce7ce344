"""A record with some of its values changed: what `dataclasses.replace` does, without building it from its keywords.

A friend has some thirty values and a decision changes a few of them, so this is where a due step spends its time.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


_Slots = tuple[tuple[str, Any, Any], ...]
_SLOTS: dict[type[Any], tuple[_Slots, bool]] = {}


def _slots(kind: type[Any]) -> tuple[_Slots, bool]:
    """Each value's name, how it is read and how it is written; and whether the class checks itself."""
    if kind not in _SLOTS:
        slots = [(field.name, getattr(kind, field.name)) for field in fields(kind)]
        rows = tuple((name, slot.__get__, slot.__set__) for name, slot in slots)
        _SLOTS[kind] = rows, hasattr(kind, "__post_init__")
    return _SLOTS[kind]


def changed(record: Record, **changes: Any) -> Record:
    """The record with these values in place of its own; it must be a slotted dataclass. Its checks run as ever."""
    kind: type[Any] = type(record)
    slots, checks = _slots(kind)
    new = object.__new__(kind)
    for name, read, write in slots:
        write(new, changes.pop(name) if name in changes else read(record))
    if changes:
        raise TypeError(f"{kind.__name__} has no {', '.join(changes)}")
    if checks:
        new.__post_init__()
    return cast("Record", new)
