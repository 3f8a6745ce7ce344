"""One way to Redis for a single server: the client's own connections, without what it does around each command.

A command through redis-py costs 60 to 130 us of processor time in a busy web process, of which the trip itself is 25. Half
of a webhook's price was that. Here a command is packed by hiredis, written, and its answer read by redis-py's
connection, which knows about TLS, passwords and errors. Where a connection turns out to be broken, redis-py takes over,
with its own retries.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import hiredis
import redis

Words = tuple[Any, ...]


class Trips(redis.Redis):
    """A client of a single server whose plain commands and untransacted pipelines take the short way."""

    def __init__(self, *, connection_pool: redis.ConnectionPool) -> None:
        """Connections are lent from the pool, as many as are in use at once, and kept."""
        super().__init__(connection_pool=connection_pool)
        self._kept: deque[Any] = deque()
        self._process = os.getpid()
        self._callbacks: Any = self.response_callbacks

    def execute_command(self, *words: Any, **options: Any) -> Any:
        """As redis-py's; what has options, or a name of two words, goes its way."""
        usual: Any = super()
        if options or " " in words[0]:
            return usual.execute_command(*words, **options)
        try:
            (answer,) = self._trip([words])
        except redis.ConnectionError:
            return usual.execute_command(*words)
        if isinstance(answer, redis.RedisError):
            raise answer
        return answer

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Any:
        """Commands that travel together; a transaction is redis-py's own."""
        return super().pipeline(transaction, shard_hint) if transaction else _Together(self)

    def together(self, commands: Sequence[Words]) -> list[Any]:
        """The answers to all of these, in one trip; raises the first error, after all were read."""
        if not commands:
            return []
        try:
            answers = self._trip(commands)
        except redis.ConnectionError:
            usual: Any = super().pipeline(transaction=False)
            with usual as pipe:
                for words in commands:
                    pipe.execute_command(*words)
                return list(pipe.execute())
        for answer in answers:
            if isinstance(answer, redis.RedisError):
                raise answer
        return answers

    def close(self) -> None:
        """Give every connection back."""
        while self._kept:
            self.connection_pool.release(self._kept.pop())
        super().close()

    def _trip(self, commands: Sequence[Words]) -> list[Any]:
        connection = self._lent()
        try:
            connection.send_packed_command([b"".join(map(hiredis.pack_command, commands))])
            answers = [self._answer(connection, words) for words in commands]
        except BaseException:
            # Somebody else's answers may still be on the wire.
            connection.disconnect()
            self.connection_pool.release(connection)
            raise
        self._kept.append(connection)
        return answers

    def _answer(self, connection: Any, words: Words) -> Any:
        try:
            answer = connection.read_response()
        except redis.ResponseError as error:
            return error
        callback = self._callbacks.get(words[0])
        return answer if callback is None else callback(answer)

    def _lent(self) -> Any:
        if self._process != os.getpid():
            # After a fork the sockets are the parent's.
            self._process = os.getpid()
            self._kept.clear()
        try:
            return self._kept.pop()
        except IndexError:
            return self.connection_pool.get_connection()


class _Together:
    """Commands gathered for one trip."""

    def __init__(self, server: Trips) -> None:
        self._server = server
        self._commands: list[Words] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._commands.clear()

    def execute_command(self, *words: Any) -> Self:
        """One more."""
        self._commands.append(words)
        return self

    def execute(self) -> list[Any]:
        """All of them, in one trip."""
        commands, self._commands = self._commands, []
        return self._server.together(commands)
