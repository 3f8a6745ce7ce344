"""What several processes say, copied to one place line by line, each line with its speaker's name before it."""

import contextlib
import os
import selectors
from dataclasses import dataclass
from typing import IO, BinaryIO

WIDTH = 6
# A line without end is cut here, so that one process cannot fill our memory.
LONGEST_LINE = 1 << 20


@dataclass(slots=True)
class Voice:
    """One process's output: who speaks, and the line that has not ended yet."""

    name: str
    pipe: IO[bytes]
    unfinished: bytes = b""


class Voices:
    """Copies many pipes to one stream without threads: a forked process must not inherit a lock somebody held."""

    def __init__(self, out: BinaryIO) -> None:
        """Lines go to `out`."""
        self._out = out
        self._selector = selectors.DefaultSelector()

    def listen(self, name: str, pipe: IO[bytes]) -> None:
        """Copy this pipe too, until it ends."""
        os.set_blocking(pipe.fileno(), False)
        self._selector.register(pipe, selectors.EVENT_READ, Voice(name, pipe))

    def wake_on(self, bell: int) -> None:
        """Let `copy` return early when something arrives at this descriptor; what arrives is thrown away."""
        self._selector.register(bell, selectors.EVENT_READ, None)

    def copy(self, seconds: float) -> None:
        """Copy what is being said; returns when something was said, the bell rang, or so many seconds have passed."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 4096)
            else:
                self._take(key.data)

    def say(self, name: str, words: str) -> None:
        """Add a line of our own."""
        self._write(name, words.encode())

    def _take(self, voice: Voice) -> None:
        said = b""
        with contextlib.suppress(BlockingIOError):
            said = os.read(voice.pipe.fileno(), 65_536)
        *lines, voice.unfinished = (voice.unfinished + said).split(b"\n")
        ended = not said
        if voice.unfinished and (ended or len(voice.unfinished) > LONGEST_LINE):
            lines, voice.unfinished = [*lines, voice.unfinished], b""
        for line in lines:
            self._write(voice.name, line)
        if ended:
            self._selector.unregister(voice.pipe)
            voice.pipe.close()

    def _write(self, name: str, line: bytes) -> None:
        self._out.write(f"{name:<{WIDTH}} | ".encode() + line + b"\n")
        self._out.flush()

    def close(self) -> None:
        """Copy what is left and let go of every pipe."""
        while any(isinstance(key.data, Voice) for key in self._selector.get_map().values()):
            if not self._selector.select(0):
                break
            self.copy(0)
        self._selector.close()
