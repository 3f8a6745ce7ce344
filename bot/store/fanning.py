"""Asking many shards in one trip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.store.connection import Redis
from bot.store.keys import ID_WIDTH, SHARDS, Keys, Shard
from flows.names import FriendId

SPARSE = 4
"""With fewer friends than every fourth of a stretch they are asked for one by one."""


def ask_all(server: Redis, command: str, key: Callable[[Shard], str], *rest: Any) -> list[Any]:
    """Each shard's answer to a command about its key, in the order of `SHARDS`."""
    with server.pipeline(transaction=False) as pipe:
        for shard in SHARDS:
            pipe.execute_command(command, key(shard), *rest)
        answers: list[Any] = pipe.execute()
    return answers


def heads(server: Redis, key: Callable[[Shard], str]) -> dict[Shard, float]:
    """The lowest score of each shard's sorted set, for the shards where there is one."""
    found = ask_all(server, "ZRANGE", key, 0, 0, "WITHSCORES")
    return {shard: float(score) for shard, head in zip(SHARDS, found, strict=True) for _, score in head}


def friends_at(server: Redis, keys: Keys, places: Sequence[tuple[Shard, int]]) -> list[FriendId]:
    """The ids of the friends with these numbers, in one trip; neighbours are read as one stretch."""
    if stretch := _stretch(places):
        shard, first, last = stretch
        row = server.execute_command("GETRANGE", keys.ids(shard), first * ID_WIDTH, (last + 1) * ID_WIDTH - 1)
        return [_id_in(row[(number - first) * ID_WIDTH :][:ID_WIDTH]) for _, number in places]
    with server.pipeline(transaction=False) as pipe:
        for shard, number in places:
            start = number * ID_WIDTH
            pipe.execute_command("GETRANGE", keys.ids(shard), start, start + ID_WIDTH - 1)
        return [_id_in(slot) for slot in pipe.execute()]


def _stretch(places: Sequence[tuple[Shard, int]]) -> tuple[Shard, int, int] | None:
    """The shard, the first and the last number, where the numbers are of one shard, ascend and lie close together."""
    if not places:
        return None
    (shard, first), (other, last) = places[0], places[-1]
    is_close = shard == other and len(places) <= last - first + 1 <= SPARSE * len(places)
    return (shard, first, last) if is_close and all(first <= n <= last and s == shard for s, n in places) else None


def _id_in(slot: bytes) -> FriendId:
    return FriendId(slot.rstrip(b"\0").decode())
