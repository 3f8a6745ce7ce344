"""Everything that an account keeps, as lines of JSON and back: another Redis, of any version, one server or a cluster.

The first line says whose lines these are, the last how many there were, so that a file that was cut is known for one.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from bot.store.connection import primaries
from bot.store.errors import tells_when_away
from bot.store.keys import SHARDS
from bot.store.meta import SCHEMA
from bot.store.runners import Command, in_portions
from bot.store.scanning import scanned
from bot.store.store import Store

PORTION: Final = 200
FORM: Final = 1
RESTORING: Final = "restoring"
"""In `meta` from the first line of a restoration to the last: what stands there then is half of something."""


class NotOurLinesError(ValueError):
    """控えのファイルではないか、途中で切れています。"""


class NotEmptyError(Exception):
    """このRedisにはもう記録があります。"""


@tells_when_away
class Copying:
    """Taking everything out, and putting it back. Nothing else should be writing meanwhile."""

    def __init__(self, store: Store) -> None:
        """`store` is the account's."""
        self._server = store.server
        self._keys = store.keys

    def lines(self) -> Iterator[str]:
        """All there is. Media and what waits to be sent are in it; what the job queue keeps for itself is not."""
        yield _line({"ayumi": FORM, "schema": SCHEMA, "shards": len(SHARDS)})
        count = 0
        keys = (key for node in primaries(self._server) for key in scanned(node, f"{self._keys.namespace}:*"))
        while portion := list(islice(keys, PORTION)):
            for key, kind, value, left in self._read(portion):
                if value:
                    yield _line({"key": key, "type": kind, "value": value} | ({"ms": left} if left > 0 else {}))
                    count += 1
        yield _line({"end": count})

    def put(self, lines: Iterable[str], told: Callable[[int], None]) -> int:
        """Write what `lines` gave; how many keys. Raises NotEmptyError where there is something already.

        What was interrupted is begun again: until the last line nothing of it counts as a record.
        """
        meta = self._keys.meta()
        if self._holds_something() and not self.is_half_done():
            raise NotEmptyError
        self._server.execute_command("HSET", meta, RESTORING, 1)
        count, kept = 0, iter(lines)
        while portion := [json.loads(line) for line in islice(kept, PORTION)]:
            entries = [entry for entry in portion if "key" in entry]
            with self._server.pipeline(transaction=False) as pipe:
                for command in itertools.chain.from_iterable(self._commands(entry) for entry in entries):
                    pipe.execute_command(*command)
                pipe.execute()
            count += len(entries)
            told(len(entries))
        self._server.execute_command("HDEL", meta, RESTORING)
        return count

    def is_half_done(self) -> bool:
        """Whether a restoration was begun here and not ended."""
        return bool(self._server.execute_command("HEXISTS", self._keys.meta(), RESTORING))

    def _holds_something(self) -> bool:
        keys = (self._keys.catalog(), *map(self._keys.next, SHARDS))
        return any(self._each(("EXISTS", key) for key in keys))

    def _commands(self, entry: Mapping[str, Any]) -> Iterator[Command]:
        key, kind, value = entry["key"], entry["type"], entry["value"]
        if not key.startswith(f"{self._keys.namespace}:"):
            raise NotOurLinesError
        # What an interrupted restoration left of it goes; its mark stays.
        if key != self._keys.meta():
            yield ("DEL", key)
        yield from WRITING[kind](key, value)
        if "ms" in entry:
            yield ("PEXPIRE", key, entry["ms"])

    def _read(self, keys: Sequence[str]) -> Iterator[tuple[str, str, Any, int]]:
        kinds = [kind.decode() for kind in self._each(("TYPE", key) for key in keys)]
        left = self._each(("PTTL", key) for key in keys)
        asked = [
            READING[kind][0](key) if kind in READING else ("TYPE", key) for key, kind in zip(keys, kinds, strict=True)
        ]
        for key, kind, value, ms in zip(keys, kinds, self._each(asked), left, strict=True):
            yield key, kind, READING[kind][1](value) if kind in READING else None, int(ms)

    def _each(self, commands: Iterable[Command]) -> list[Any]:
        with self._server.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            return pipe.execute()


def checked(lines: Iterable[str]) -> int:
    """How many keys these lines hold. Raises NotOurLinesError when they are not ours, of a later form, or not all there."""
    count, end = 0, None
    try:
        for number, line in enumerate(lines):
            entry = json.loads(line)
            if number == 0 and (entry["ayumi"] > FORM or entry["schema"] > SCHEMA or entry["shards"] != len(SHARDS)):
                raise NotOurLinesError
            count += "key" in entry
            end = entry.get("end")
    except (EOFError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise NotOurLinesError from trouble
    if end != count:
        raise NotOurLinesError
    return count


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _scored(key: str, value: Sequence[Sequence[Any]]) -> list[Command]:
    return in_portions("ZADD", key, [word for member, score in value for word in (score, _bytes(member))], each=2)


_bytes = base64.b64decode

READING: Final[Mapping[str, tuple[Callable[[str], Command], Callable[[Any], Any]]]] = {
    "string": (lambda key: ("GET", key), lambda value: _text(value) if value else None),
    "hash": (lambda key: ("HGETALL", key), lambda value: {_text(name): _text(one) for name, one in value.items()}),
    "zset": (
        lambda key: ("ZRANGE", key, 0, -1, "WITHSCORES"),
        lambda value: [(_text(member), float(score)) for member, score in value],
    ),
    "list": (lambda key: ("LRANGE", key, 0, -1), lambda value: [_text(one) for one in value]),
    "set": (lambda key: ("SMEMBERS", key), lambda value: sorted(_text(one) for one in value)),
}
"""For each type of key how it is asked for, and how the answer stands in a line."""

WRITING: Final[Mapping[str, Callable[[str, Any], list[Command]]]] = {
    "string": lambda key, value: [("SET", key, _bytes(value))],
    "hash": lambda key, value: in_portions(
        "HSET", key, [_bytes(word) for pair in value.items() for word in pair], each=2
    ),
    "zset": _scored,
    "list": lambda key, value: in_portions("RPUSH", key, [_bytes(one) for one in value]),
    "set": lambda key, value: in_portions("SADD", key, [_bytes(one) for one in value]),
}
"""And how it is written again."""
