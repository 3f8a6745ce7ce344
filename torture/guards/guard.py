"""A guard: the few words of the product that keep a promise, and the test that must turn red without them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


class MovedError(Exception):
    """The words of a guard are no longer where the table says: the table has to follow the product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`words` stand exactly once in `file`, and are replaced by `without`."""

    file: str
    words: str
    without: str

    @property
    def module(self) -> str:
        """The module that the file is."""
        return self.file.removesuffix(".py").replace("/", ".")

    def made_in(self, source: str) -> str:
        """The source with the words replaced."""
        if source.count(self.words) != 1:
            raise MovedError(f"found {source.count(self.words)} times in {self.file}: {self.words.strip()}")
        return source.replace(self.words, self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard(Cut):
    """With its words replaced `test` (a pytest node id) must fail. `also`: where a second net is spread below."""

    invariant: str
    name: str
    test: str
    also: tuple[Cut, ...] = ()

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """Everything that has to go."""
        return (self, *self.also)
