"""What decides an A/B test, and what is done where it decides nothing."""

from __future__ import annotations

from enum import StrEnum


class Aim(StrEnum):
    """What a friend does for a variant to have worked, besides getting a tag or reacting at all."""

    PRESS = "押した"
    """A tap on one of the message's own buttons or choices, or on a tracked link."""
    ANSWER = "回答した"
    """An answer, tapped or typed, to the question that the step asks."""


class Unclear(StrEnum):
    """What is done when the time is up and nobody can say yet which variant is better."""

    ASK = "送らずに聞く"
    AHEAD = "多い方にする"
    FIRST = "A案にする"


def measure(aim: Aim | None, goal: str) -> str:
    """Which outcome of a trial is counted: `clicked`, `goal` or `reacted`."""
    if aim is Aim.PRESS:
        return "clicked"
    return "goal" if goal or aim is Aim.ANSWER else "reacted"


def aim_words(aim: Aim | None, goal: str) -> str:
    """What is counted, as screens say it."""
    if aim is not None:
        return aim.value
    return goal or "反応"
