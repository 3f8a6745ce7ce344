"""What can go wrong with the store, in words for the person who has to mend it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import redis

_Class = TypeVar("_Class", bound=type)


class StoreError(Exception):
    """The store cannot be used as it is."""


class StoreAwayError(StoreError):
    """Redis did not carry out what was asked: it is unreachable, slow, loading, full or read-only.

    Whether a commit was carried out is then not known; the event ids inside the records tell at the next try.
    """


class NewerRecordError(StoreAwayError):
    """A newer program has written this and is at work too, as in the minutes of an update: leave it to that one."""


class EvictingServerError(StoreError):
    """Redisがいっぱいになると、記録を消す設定です。"""


class OtherShardsError(StoreError):
    """この記録は、別のシャード数で始められています。"""


class NewerDataError(StoreError):
    """この記録は、もっと新しい版のプログラムが書いたものです。"""


class MediaTooLargeError(StoreError):
    """写真や動画を置く場所が足りません。"""


class MediaAwayError(StoreError):
    """写真や動画の置き場につながりません。"""


def tells_when_away(room: _Class) -> _Class:
    """Have every public method of the class raise StoreAwayError where the Redis client would raise its own errors."""
    for name, method in list(vars(room).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(room, name, _telling(method))
    return room


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return method(*args, **options)
        except redis.RedisError as error:
            raise _away(error) from error

    @functools.wraps(method)
    def walk(*args: Any, **options: Any) -> Any:
        try:
            yield from method(*args, **options)
        except redis.RedisError as error:
            raise _away(error) from error

    return walk if inspect.isgeneratorfunction(method) else call


def _away(error: redis.RedisError) -> StoreAwayError:
    return StoreAwayError(f"{type(error).__name__}: {error}")
