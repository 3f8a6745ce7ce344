"""What a question's buttons carry: which question of which walk is meant, and what pressing says about it.

The data comes back from outside, so it is a claim and never a permission: whoever reads it looks up the friend's
own record before anything is believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.names import Key, StepId

MARK = "q1"
"""Opens the data of a question's button. Another form of the data gets another mark."""

_FIELDS = 7
LONGEST_DATA = 300
"""Postback data: at most 300 characters (developers.line.biz, postback-action)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of a question: plan, version, run (surveys: which sitting), step ("" in a survey), question, verb."""

    plan: Key
    version: int
    run: int
    step: StepId
    question: Key
    verb: str

    @property
    def parts(self) -> tuple[Key, int, int, StepId, Key, str]:
        """All of it, in the order written."""
        return self.plan, self.version, self.run, self.step, self.question, self.verb

    @property
    def option(self) -> int | None:
        """The number of the option, from 0, if the verb chooses one."""
        digits = self.verb[1:]
        return int(digits) if self.verb[:1] == "c" and is_small(digits) else None

    @property
    def page(self) -> int | None:
        """The page to turn to, if the verb turns pages."""
        digits = self.verb[4:]
        return int(digits) if self.verb[:4] == "page" and is_small(digits) else None


def press_data(pressed: Pressed) -> str:
    """The data of such a button."""
    parts = (MARK, pressed.plan, str(pressed.version), str(pressed.run), pressed.step, pressed.question, pressed.verb)
    return "|".join(escaped(part) for part in parts)


def read_press(data: str) -> Pressed | None:
    """What the button refers to; None if the data is not a question's."""
    parts = [plain(part) for part in data.split("|")] if len(data) <= LONGEST_DATA else []
    if len(parts) != _FIELDS or parts[0] != MARK or not (is_small(parts[2]) and is_small(parts[3])):
        return None
    return Pressed(
        plan=Key(parts[1]),
        version=int(parts[2]),
        run=int(parts[3]),
        step=StepId(parts[4]),
        question=Key(parts[5]),
        verb=parts[6],
    )


def escaped(part: str) -> str:
    """A part of such data, its bars written so that they part nothing."""
    return part.replace("~", "~0").replace("|", "~1")


def plain(part: str) -> str:
    """The part as it was before `escaped`."""
    return part.replace("~1", "|").replace("~0", "~")


def is_small(digits: str) -> bool:
    """Whether these are the digits of a number that one of ours could be."""
    return digits.isascii() and digits.isdigit() and len(digits) <= 12
