"""Which process of an import or export minds which shards, and how each comes by a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final
from urllib.parse import parse_qsl, urlencode

from bot.side_by_side import hands
from bot.store.keys import SHARDS, Shard
from bot.store.store import Store

Opening = Callable[[], AbstractContextManager[Store]]
"""A store of one's own: two processes cannot speak through one connection."""

Parts = Sequence[Sequence[Shard]]
WHOLE: Final[Parts] = (SHARDS,)
"""One process for all."""


PATIENCE_SECONDS: Final = 30


def patient(url: str) -> str:
    """The address of a Redis that may take its time: nobody waits for an answer here, and it may be busy with others."""
    place, _, query = url.partition("?")
    asked = {"socket_timeout": str(PATIENCE_SECONDS)} | dict(parse_qsl(query, keep_blank_values=True))
    return f"{place}?{urlencode(asked)}"


def parts() -> Parts:
    """The shards in their order, in as many portions as there are hands."""
    share = -(-len(SHARDS) // hands())
    return [SHARDS[start : start + share] for start in range(0, len(SHARDS), share)]
