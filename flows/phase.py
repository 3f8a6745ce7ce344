"""The table of legal moves of a conversation. Which question is open is data, not a state."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any

from transitions import Machine, MachineError

from flows.friend import Phase


class By(StrEnum):
    """What moves a conversation on."""

    ASK = "ask"
    ANSWER = "answer"
    REVIEW = "review"
    LEAVE = "leave"
    HAND_OVER = "hand_over"
    HAND_BACK = "hand_back"
    BLOCK = "block"
    COME_BACK = "come_back"


_HERE = [Phase.IDLE, Phase.ASKING, Phase.REVIEWING, Phase.TALKING]
_EXPECTING = [Phase.ASKING, Phase.REVIEWING]

MOVES: tuple[tuple[By, list[Phase], Phase], ...] = (
    (By.ASK, _HERE, Phase.ASKING),
    (By.REVIEW, _HERE, Phase.REVIEWING),
    (By.ANSWER, _EXPECTING, Phase.IDLE),
    (By.LEAVE, _EXPECTING, Phase.IDLE),
    (By.HAND_OVER, _HERE, Phase.TALKING),
    (By.HAND_BACK, [Phase.TALKING], Phase.IDLE),
    (By.BLOCK, [*_HERE, Phase.AWAY], Phase.AWAY),
    (By.COME_BACK, [Phase.AWAY], Phase.IDLE),
)
"""Each move: what causes it, from where, and where it leads."""


class _Bare:
    """Holds a state while the machine is asked. Never bound to the machine, so threads may share it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class IllegalMove(Exception):
    """この会話の状態からは、その動きはできません。"""


# A shared machine must not be queued: the queue would belong to all threads together.
_MACHINE: Any = Machine(
    model=None,
    states=[str(phase) for phase in Phase],
    transitions=[
        {"trigger": str(by), "source": [str(phase) for phase in sources], "dest": str(dest)}
        for by, sources, dest in MOVES
    ],
    initial=str(Phase.IDLE),
    auto_transitions=False,
)


@cache
def move(phase: Phase, by: By) -> Phase:
    """Where the conversation stands after this; IllegalMove if the table has no such move."""
    model = _Bare(str(phase))
    try:
        _MACHINE.events[str(by)].trigger(model)
    except MachineError as error:
        raise IllegalMove(f"{phase} by {by}") from error
    return Phase(model.state)


def allows(phase: Phase, by: By) -> bool:
    """Whether the table has this move."""
    return any(cause is by and phase in sources for cause, sources, _ in MOVES)
