"""One piece of work in several processes, each with its part of it. Where there is one core, or no fork, in this one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
Told = Callable[[int], None]

MOST: Final = 4
"""Beyond this Redis, which has one core, is what everybody waits for."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a part's work raised."""

    error: BaseException


def hands() -> int:
    """How many processes are worth having here."""
    if sys.platform != "linux":
        return 1
    return min(MOST, len(os.sched_getaffinity(0)))


def side_by_side(work: Callable[[Part, Told], Result], parts: Sequence[Part], told: Told) -> list[Result]:
    """Each part's result, in their order. `work` may tell how far it is; what it raises is raised here, others ended.

    Connections must be opened inside `work`: two processes cannot speak through one.
    """
    if len(parts) == 1:
        return [work(parts[0], told)]
    context = multiprocessing.get_context("fork")
    ends: dict[Connection, int] = {}
    children = []
    for number, part in enumerate(parts):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(work, part, theirs), daemon=True)
        child.start()
        # The child holds the only writing end, so that its death ends the reading.
        theirs.close()
        ends[ours] = number
        children.append(child)
    try:
        found = _gathered(ends, told)
    except BaseException:
        for child in children:
            child.terminate()
        raise
    finally:
        for child in children:
            child.join()
    return [found[number] for number in range(len(parts))]


def _gathered(ends: dict[Connection, int], told: Told) -> dict[int, Any]:
    found: dict[int, Any] = {}
    while len(found) < len(ends):
        for ready in wait([end for end, number in ends.items() if number not in found]):
            assert isinstance(ready, Connection)
            try:
                said = ready.recv()
            except EOFError:
                raise ChildProcessError("a helping process was ended from outside") from None
            match said:
                case _Failed(error=error):
                    raise error
                case int(count):
                    told(count)
                case (result,):
                    found[ends[ready]] = result
    return found


def _child(work: Callable[[Any, Told], Any], part: Any, out: Connection) -> None:
    # This process ends with its work, which leaves no cycles: looking for them would cost a tenth of the time.
    gc.disable()
    # A broken pipe: nobody is left to tell. What was written is whole.
    with suppress(BrokenPipeError, KeyboardInterrupt):
        try:
            out.send((work(part, out.send),))
        except Exception as error:
            out.send(_Failed(error))
