"""Start-up care: what was settled at the first start, and whether this Redis may hold a record. Reads INFO only."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import redis

from bot.store.connection import Redis, primaries
from bot.store.errors import (
    EvictingServerError,
    NewerDataError,
    NewerRecordError,
    OtherShardsError,
    StoreError,
    tells_when_away,
)
from bot.store.keys import SHARDS, Keys
from flows import codec

SCHEMA = 1
"""The shape of what is kept; a program meets a greater number only when it is the older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the servers say of themselves. `notes` are sentences for whoever runs this, worst first."""

    durable: bool
    evicting: bool
    notes: tuple[str, ...] = ()


@contextlib.contextmanager
def reading(server: Redis, keys: Keys) -> Iterator[None]:
    """What cannot be read inside raises NewerRecordError where a newer program has been at these data, else its own.

    A field or kind that we do not know is a newer program's too, even where it kept the schema.
    """
    try:
        yield
    except (redis.RedisError, StoreError):
        raise
    except Exception as error:
        raise_if_newer(server, keys, error)
        if isinstance(error, codec.Unreadable):
            raise NewerRecordError(str(error)) from error
        raise


def raise_if_newer(server: Redis, keys: Keys, error: Exception) -> None:
    """Raise NewerRecordError where a newer program has been at these data, which explains the error."""
    kept = server.execute_command("HGET", keys.meta(), "schema")
    if kept is not None and int(kept) > SCHEMA:
        raise NewerRecordError(f"written by a program of schema {int(kept)}, this one knows {SCHEMA}") from error


@tells_when_away
class Meta:
    """What is settled once for an account, and the servers it stands on."""

    def __init__(self, server: Redis, keys: Keys) -> None:
        self._server = server
        self._keys = keys

    def start_up(self) -> Standing:
        """Settle or check shard count and schema, refuse an evicting server, cure a freshly started one.

        Raises EvictingServerError, OtherShardsError or NewerDataError, each with its mend.
        """
        standing = self.standing()
        if standing.evicting:
            raise EvictingServerError(" ".join(standing.notes))
        self._settle()
        return Standing(durable=standing.durable, evicting=False, notes=(*standing.notes, *self.meet()))

    def standing(self) -> Standing:
        """Whether the servers keep what they are given, and keep all of it."""
        seen = [_info(node) for node in primaries(self._server)]
        if not all(seen):
            return Standing(durable=False, evicting=False, notes=(_FAKE,))
        policies = {str(one.get("maxmemory_policy", "noeviction")) for one in seen} - {"noeviction"}
        durable = all(int(one.get("aof_enabled", 0)) for one in seen)
        notes = [_EVICTING.format(", ".join(sorted(policies)))] if policies else []
        return Standing(durable=durable, evicting=bool(policies), notes=(*notes, *(() if durable else (_FORGETFUL,))))

    def refusal(self) -> str:
        """Why Redis takes no writes though it answers (a full disk or memory, a replica), "" while it does.

        Asked by a write that changes nothing.
        """
        try:
            self._server.execute_command("SETRANGE", f"{self._keys.meta()}:takes_writes", 0, b"")
        except redis.ResponseError as error:
            return str(error)
        return ""

    def meet(self) -> tuple[str, ...]:
        """Have every server that was started since we last looked rewrite its append-only file; gives what went wrong.

        A power loss can leave half a transaction at the file's end, which such a server would carry out at its next
        start. To be called at start-up and now and then.
        """
        met = set(self._settled("runs").split())
        notes: list[str] = []
        seen = {str(info["run_id"]): (node, info) for node in primaries(self._server) if (info := _info(node))}
        if seen.keys() <= met:
            return ()
        for run in seen.keys() - met:
            notes += _rewritten(*seen[run])
        self._server.execute_command("HSET", self._keys.meta(), "runs", " ".join(sorted(seen)))
        return tuple(notes)

    def owner_code(self, given: str | None) -> str:
        """The owner's one-time code: the given one, else the one that was made at the first start."""
        if given:
            return given
        made = f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"
        self._server.execute_command("HSETNX", self._keys.meta(), "owner_code", made)
        return self._settled("owner_code")

    def _settle(self) -> None:
        meta = self._keys.meta()
        for name, value in (("shards", len(SHARDS)), ("schema", SCHEMA)):
            self._server.execute_command("HSETNX", meta, name, value)
        shards, schema = int(self._settled("shards")), int(self._settled("schema"))
        if shards != len(SHARDS):
            raise OtherShardsError(_OTHER_SHARDS.format(shards, len(SHARDS)))
        if schema > SCHEMA:
            raise NewerDataError(_NEWER.format(schema, SCHEMA))
        if schema < SCHEMA:
            self._server.execute_command("HSET", meta, "schema", SCHEMA)

    def _settled(self, name: str) -> str:
        value = self._server.execute_command("HGET", self._keys.meta(), name)
        return value.decode() if value else ""


def _info(node: Redis) -> Mapping[str, Any]:
    """What the server says of itself; nothing from one that cannot say (the fake)."""
    try:
        return {
            name: value
            for section in ("server", "memory", "persistence")
            for name, value in node.execute_command("INFO", section).items()
        }
    except redis.ResponseError:
        return {}


def _rewritten(node: Redis, info: Mapping[str, Any]) -> list[str]:
    if not int(info.get("aof_enabled", 0)):
        return []
    try:
        node.execute_command("BGREWRITEAOF")
    except redis.ResponseError as error:
        # Some hosts forbid it, and one under way is as good.
        return [] if "in progress" in str(error) else [_NOT_REWRITTEN.format(error)]
    return []


_EVICTING = (
    "このRedisは、いっぱいになると記録を消す設定です（maxmemory-policy={}）→ noeviction にしてください。"
    "例: CONFIG SET maxmemory-policy noeviction、Herokuなら heroku redis:maxmemory --policy noeviction "
    "(this Redis evicts keys when full: set maxmemory-policy to noeviction)"
)
_FORGETFUL = (
    "このRedisは追記ファイル（AOF）を書いていません。落ちると、直前の記録や予定を失います → appendonly yes にするか、"
    "データを保つプランにしてください (no append-only file: a crash loses the latest records)"
)
_FAKE = "練習用のRedisです。止めると何も残りません (a pretended Redis: nothing is kept)"
_OTHER_SHARDS = (
    "この記録は{}シャードで始められていて、いまのプログラムの{}と違います → 始めたときの版に戻してください "
    "(the number of shards never changes)"
)
_NEWER = (
    "この記録は新しい版のプログラムが書いたものです（形式 {}、このプログラムは {} まで）→ 新しい版に戻してください。"
    "記録には触れていません (data was written by a newer version)"
)
_NOT_REWRITTEN = (
    "追記ファイルの書き直し（BGREWRITEAOF）を頼めませんでした。停電のあとなら、ホストの案内に従ってください: {} "
    "(could not ask for a rewrite of the append-only file)"
)
