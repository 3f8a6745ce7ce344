"""A score or a field goes on under another name in a friend's record: values, answers, and questions in progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from flows.answering import given_key
from flows.events import Relabelled
from flows.friend import Given, Open, Sitting
from flows.names import Key, fold
from flows.turn import Turn

SCORE, FIELD = "score", "field"
T = TypeVar("T")


def relabelled(turn: Turn, event: Relabelled) -> None:
    """Put everything under the new name; no trigger hears of it."""
    old, new = fold(event.old), fold(event.new)
    if old == new:
        return
    if event.what == SCORE:
        _score(turn, old, new)
    else:
        _field(turn, old, new)


def _moved(things: Mapping[Key, T], old: Key, new: Key) -> dict[Key, T]:
    return {new if key == old else key: thing for key, thing in things.items()}


def _score(turn: Turn, old: Key, new: Key) -> None:
    given: Mapping[Key, Given] = turn.peek("given")
    turn.change(
        scores=_moved(turn.peek("scores"), old, new),
        given={key: replace(one, points=_moved(one.points, old, new)) for key, one in given.items()},
    )


def _field(turn: Turn, old: Key, new: Key) -> None:
    given: Mapping[Key, Given] = turn.peek("given")
    shelf: tuple[Sitting, ...] = turn.peek("shelf")
    sitting: Sitting | None = turn.peek("sitting")
    asked: Open | None = turn.peek("open")
    turn.change(
        fields=_moved(turn.peek("fields"), old, new),
        given={_question_moved(key, old, new): one for key, one in given.items()},
        sitting=_sitting(sitting, old, new) if sitting else None,
        shelf=tuple(_sitting(one, old, new) for one in shelf),
        open=replace(asked, question=new) if asked is not None and asked.question == old else asked,
    )
    for walk in list(turn.walks.values()):
        changes: dict[str, Any] = {"answers": _moved(walk.answers, old, new)} if old in walk.answers else {}
        if walk.waiting is not None and walk.waiting.question == old:
            changes["waiting"] = replace(walk.waiting, question=new)
        if changes:
            turn.put_walk(replace(walk, **changes))


def _question_moved(key: Key, old: Key, new: Key) -> Key:
    return given_key(Key(key.removesuffix(f"/{old}")), new) if key.endswith(f"/{old}") else key


def _sitting(sitting: Sitting, old: Key, new: Key) -> Sitting:
    order = tuple(new if key == old else key for key in sitting.order)
    return replace(sitting, given=_moved(sitting.given, old, new), order=order)
