"""What every action has: its words in a script, and what it does in a turn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol


class Deed(Protocol):
    """What an action may do to the friend of the turn. `flows/turn.py` is the real one.

    Names are as written by people; the turn folds them. A journey action (`go_to`, `end`) takes effect
    once the actions beside it are done.
    """

    def add_tag(self, tag: str) -> None: ...

    def remove_tag(self, tag: str) -> None: ...

    def add_score(self, score: str, points: int) -> None: ...

    def set_field(self, field: str, value: str) -> None: ...

    def go_to(self, path: str) -> None: ...

    def jump_to(self, question: str) -> None: ...

    def start_scenario(self, scenario: str) -> None: ...

    def stop_scenario(self, scenario: str) -> None: ...

    def open_survey(self, survey: str) -> None: ...

    def show_menu(self, menu: str) -> None: ...

    def send_part(self, part: str) -> None: ...

    def run_bundle(self, bundle: str) -> None: ...

    def notify_staff(self) -> None: ...

    def await_reply(self) -> None: ...

    def end_scenario(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(ABC):
    """Something done to a friend. All actions of one tap happen together or not at all."""

    kind: ClassVar[str]
    title: ClassVar[str]
    word: ClassVar[str] = ""
    """The word that opens it in a script, where it has that simple form (`タグ 名`)."""

    @abstractmethod
    def take(self, deed: Deed) -> None:
        """Do it."""

    @abstractmethod
    def words(self) -> str:
        """The action in normal form, as scripts write it."""
