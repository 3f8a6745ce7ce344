"""Families of commands: the decorator registers, the signature declares arguments, the docstring is the help."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from flows.catalog import Role

Run = Callable[..., None]
Example = tuple[str, str]
"""What is typed, and words that the answer holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a command, read by its type."""

    name: str
    type: Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Command:
    """One word that staff can say.

    `acts`: saying it changes something, so its buttons count on their own screen only. `hidden`: it is
    reached through a screen that shows the consequence, never by a line of its own. `verbatim`: what follows the
    friend's name is somebody's own words, taken as typed, over any number of lines.
    """

    word: str
    family: str
    run: Run
    help: str
    spellings: tuple[str, ...]
    examples: tuple[Example, ...]
    needs: Role
    usage: str
    acts: bool
    hidden: bool
    verbatim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The commands about one noun."""

    name: str
    about: str
    commands: list[Command] = field(default_factory=list)

    def command(
        self,
        word: str,
        *,
        alias: Sequence[str] = (),
        examples: Sequence[Example] = (),
        needs: Role = Role.VIEWER,
        usage: str = "",
        acts: bool = False,
        hidden: bool = False,
        verbatim: bool = False,
    ) -> Callable[[Run], Run]:
        """Register the function under this word and its aliases (kana reading, other names, English)."""

        def register(run: Run) -> Run:
            self.commands.append(
                Command(
                    word=word,
                    family=self.name,
                    run=run,
                    help=inspect.cleandoc(run.__doc__ or ""),
                    spellings=(word, *alias),
                    examples=tuple(examples),
                    needs=needs,
                    usage=usage or word,
                    acts=acts,
                    hidden=hidden,
                    verbatim=verbatim,
                )
            )
            return run

        return register


def arguments(run: Run) -> Iterator[Argument]:
    """The arguments of a command's function after the desk, with their types."""
    types = get_type_hints(run)
    for name in list(inspect.signature(run).parameters)[1:]:
        yield Argument(name=name, type=types[name])


RANKS = (Role.VIEWER, Role.SENDER, Role.EDITOR, Role.OWNER)


def may(role: Role, needs: Role) -> bool:
    """Whether somebody of this role may do what needs that one."""
    return RANKS.index(role) >= RANKS.index(needs)
