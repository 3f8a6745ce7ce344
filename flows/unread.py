"""A mapping of a stored record that nobody has looked into yet: read at the first look, written back as it stands.

A due step looks at a friend's walks and sends, not at his tags and answers: reading those and writing them again was
half of what a friend cost.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any


class Unread(Mapping[Any, Any]):
    """Equal to the mapping it will be read as. Immutable like all of a record, so that `kept` stays true."""

    __slots__ = ("_found", "_read", "kept")

    def __init__(self, kept: Any, read: Callable[[Any], Mapping[Any, Any]]) -> None:
        """`kept` is the JSON as it stands, `read` makes the mapping of it; what cannot be read raises at the first look."""
        self.kept = kept
        self._read = read
        self._found: Mapping[Any, Any] | None = None

    def _all(self) -> Mapping[Any, Any]:
        if self._found is None:
            self._found = self._read(self.kept)
        return self._found

    def __getitem__(self, key: Any) -> Any:
        return self._all()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._all()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def get(self, key: Any, default: Any = None) -> Any:
        return self._all().get(key, default)

    def keys(self) -> KeysView[Any]:
        return self._all().keys()

    def values(self) -> ValuesView[Any]:
        return self._all().values()

    def items(self) -> ItemsView[Any, Any]:
        return self._all().items()

    def __or__(self, other: Mapping[Any, Any]) -> dict[Any, Any]:
        return {**self._all(), **other}

    def __ror__(self, other: Mapping[Any, Any]) -> dict[Any, Any]:
        return {**other, **self._all()}

    def __eq__(self, other: object) -> bool:
        return self is other or self._all() == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._all())
