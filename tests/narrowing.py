"""Saying what a value is, so that the reader and the type checker know it too; a value that is not that fails the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def a(kind: type[T], value: object) -> T:
    """The value, which is of this class."""
    assert isinstance(value, kind), f"{value!r} is no {kind.__name__}"
    return value


def there(value: T | None) -> T:
    """The value, which is not None."""
    assert value is not None
    return value


def nothing(value: object) -> None:
    """There is none now; the checker does not take it for settled, as it would after `is None`."""
    assert value is None


def cases_of(test: Callable[..., object]) -> Sequence[Any]:
    """The cases a parametrized test is run with."""
    marks = vars(test)["pytestmark"]
    return a(list, next(mark for mark in marks if mark.name == "parametrize").args[1])
