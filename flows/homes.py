"""Where a card's button was put, and what its postback carries: the place, and a short mark of the button itself.

The data comes back from outside, so it is a claim and never a permission. The mark is made of what the button says
and does: where its place has been rewritten since, an old button finds nothing instead of doing something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from flows.actions.base import Action
from flows.names import Key, StepId
from flows.press import LONGEST_DATA, escaped, is_small, plain

MARK = "k1"
"""Opens the data of a card's button. Another form of the data gets another mark."""

PART, REPLY = StepId("*part"), StepId("*reply")
"""Stand for a step where `plan` is the key of a saved part, or of an auto-reply."""

_FIELDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The place of a message: a step of a plan's version and run, a survey's end, a broadcast, a part, an auto-reply."""

    plan: Key = Key("")
    version: int = 0
    run: int = 0
    step: StepId = StepId("")


NO_HOME = Home()
"""Where nobody presses anything: a preview, or words of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPress:
    """A press of a card's button, as its data claims it."""

    home: Home
    mark: str


def button_mark(label: str, effects: Iterable[Action]) -> str:
    """The short mark of a button."""
    words = "\n".join((label, *(action.words() for action in effects)))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def button_data(home: Home, mark: str) -> str:
    """The data of a card's button."""
    parts = (MARK, home.plan, str(home.version), str(home.run), home.step, mark)
    return "|".join(escaped(part) for part in parts)


def read_button(data: str) -> CardPress | None:
    """What the button refers to; None if the data is not a card's."""
    parts = [plain(part) for part in data.split("|")] if len(data) <= LONGEST_DATA else []
    if len(parts) != _FIELDS or parts[0] != MARK or not (is_small(parts[2]) and is_small(parts[3])):
        return None
    home = Home(plan=Key(parts[1]), version=int(parts[2]), run=int(parts[3]), step=StepId(parts[4]))
    return CardPress(home=home, mark=parts[5])
