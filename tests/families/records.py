"""Any record at all: random values of whatever a class's type hints allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from flows.actions import Action
from flows.codec import FAMILIES
from flows.conditions import BuiltInFilled, BuiltInIs, Everyone, JoinedIn, Reached, Responds
from flows.conditions.built_in import BUILT_IN
from flows.conditions.compare import Comparison
from flows.conditions.periods import PERIODS
from flows.messages import Button, Rich
from flows.messages.rich import SHAPES

_NAMES = {family.__name__: family for family in FAMILIES}
_TEXT = st.text(max_size=6)
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: _TEXT,
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(timedelta(days=-4000), timedelta(days=4000)).map(
        lambda span: timedelta(seconds=round(span.total_seconds(), 3))
    ),
    datetime: st.datetimes(
        datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2200-01-01"), timezones=st.just(UTC)
    ),
    Any: st.none() | _TEXT | st.integers(0, 9) | st.lists(_TEXT, max_size=2),
}


def anything(hint: Any, depth: int = 3) -> st.SearchStrategy[Any]:
    """Values of this type; families and records down to a depth."""
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(hint, NewType):
        return anything(hint.__supertype__, depth)
    if origin in {Union, UnionType}:
        return st.one_of([st.none() if arg is NoneType else anything(arg, depth) for arg in args])
    if origin in {tuple, Sequence}:
        return st.lists(anything(args[0], depth), max_size=2).map(tuple) if depth > 0 else st.just(())
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(anything(args[0], depth), anything(args[1], depth), max_size=2)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint in FAMILIES:
        return st.sampled_from(FAMILIES[hint]).flatmap(lambda member: record(member, depth - 1))
    assert is_dataclass(hint), hint
    return record(hint, depth - 1)


def record(cls: Any, depth: int = 3) -> st.SearchStrategy[Any]:
    """Values of one class, each field given or left to its default."""
    if cls is BuiltInIs:
        return st.builds(
            BuiltInIs, name=st.just("来店"), op=anything(Comparison), value=st.sampled_from(["3", "2026/12/1"])
        )
    if cls is Button:
        opened = st.sampled_from(("link", "url", "phone")).flatmap(lambda name: st.fixed_dictionaries({name: _TEXT}))
        carried = st.fixed_dictionaries({"effects": anything(tuple[Action, ...], depth)})
        return st.tuples(_TEXT, opened | carried).map(lambda both: Button(label=both[0], **both[1]))
    hints = get_type_hints(cls, localns=_NAMES)
    parts = {field.name: _field(cls, field.name, hints[field.name], depth) for field in fields(cls)}
    if cls is Rich:
        shapes = st.sampled_from(sorted(SHAPES))
        return st.tuples(shapes, st.builds(Button, label=_TEXT), parts["picture"]).map(
            lambda given: Rich(picture=given[2], shape=given[0], buttons=(given[1],) * len(SHAPES[given[0]]))
        )
    return st.builds(cls, **parts)


def _field(cls: Any, name: str, hint: Any, depth: int) -> st.SearchStrategy[Any]:
    if (cls, name) in _CHOSEN:
        return st.sampled_from(_CHOSEN[cls, name])
    if name == "of":
        return st.lists(anything(get_args(hint)[0], depth), min_size=1, max_size=2).map(tuple) if depth > 0 else _LEAF
    return anything(hint, depth)


_CHOSEN: dict[tuple[Any, str], Sequence[Any]] = {
    (Reached, "how"): ("received", "reacted", "silent"),
    (BuiltInFilled, "name"): BUILT_IN,
    (JoinedIn, "period"): PERIODS,
    (Responds, "percent"): (0, 50, 100),
    (Responds, "last"): (1, 5, 30),
}
_LEAF = st.just((Everyone(),))
