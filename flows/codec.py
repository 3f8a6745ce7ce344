"""Records to JSON and back.

What equals its default is left out (not what is falsy: 0 and "" are values). Moments are seconds since 1970, whole or
with a fraction; days and clock times are ISO text. A family's member carries its `kind`; an unknown kind or field
refuses to load, since a record written back without it would be a loss nobody sees.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

from flows.actions import ACTIONS, Action
from flows.catalog import Catalog
from flows.compiling import Compiler, Data, Unreadable, Upgrade
from flows.conditions import CONDITIONS, Condition
from flows.effects import EFFECTS, Effect
from flows.facts import FACTS, Fact
from flows.friend import Friend
from flows.messages import MESSAGES, Message
from flows.moments import WHENS, When
from flows.questions import QUESTIONS, Question
from flows.scenario import ITEMS, Item
from flows.triggers import TRIGGERS, Trigger

__all__ = ["FAMILIES", "UPGRADES", "Data", "Unreadable", "as_json", "dumps", "from_data", "loads", "opened", "to_data"]

T = TypeVar("T")

FAMILIES: dict[type, tuple[type, ...]] = {
    Action: ACTIONS,
    Condition: CONDITIONS,
    Effect: EFFECTS,
    Fact: FACTS,
    Item: ITEMS,
    Message: MESSAGES,
    Question: QUESTIONS,
    Trigger: TRIGGERS,
    When: WHENS,
}
"""Each open family and its members: a value is written as the member it is, with its `kind`."""

UPGRADES: dict[type, tuple[Upgrade, ...]] = {Friend: (), Catalog: ()}
"""How a record's data of version 1 becomes version 2, and so on: what is stored upgrades when it is read. The present
version is one more than there are upgrades; version 1 is not written down."""

_COMPILER = Compiler(FAMILIES, UPGRADES, {cls.__name__: cls for cls in (*FAMILIES, Friend)})
_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder()
_ASCII = json.JSONEncoder(
    separators=(",", ":"), check_circular=False, allow_nan=False, default=lambda raw: json.loads(bytes(raw))
)
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def dumps(record: Any) -> str:
    """The record as one line of JSON."""
    return as_json(to_data(record))


def loads(cls: type[T], text: str | bytes) -> T:
    """The record of this class (or member of this family) from its JSON. Raises `Unreadable`."""
    try:
        data = _from_json(text)
    except ValueError as trouble:
        raise Unreadable(f"{cls.__name__}: not JSON") from trouble
    return from_data(cls, data)


def opened(text: str | bytes) -> Friend:
    """The friend of this JSON, with what he has by name (tags, answers, …) left unread until somebody looks into it.

    What is not a friend raises `Unreadable`, what was left unread and is wrong raises at that first look. Until then it
    is written back as it stands, so that nothing of it can be lost.
    """
    try:
        parts = _PARTS.decode(text)
        return from_data(Friend, {name: _OPENERS[name](kept) for name, kept in parts.items()})
    except (msgspec.DecodeError, KeyError):
        # Half a character in a name, another version, a field that nobody knows: the whole reader knows or tells.
        return loads(Friend, text)


def to_data(record: Any) -> Data:
    """The record as plain data: dicts, lists, strings, numbers."""
    data: Data = _COMPILER.writer(type(record))(record)
    return data


def from_data(cls: type[T], data: Data) -> T:
    """The record of this class (or member of this family) from plain data. Raises `Unreadable`."""
    try:
        found: T = _COMPILER.reader(cls)(data)
    except Unreadable:
        raise
    except (LookupError, TypeError, AttributeError, ValueError) as trouble:
        raise Unreadable(f"{cls.__name__}: {trouble}") from trouble
    return found


def as_json(data: Any) -> str:
    """Plain data as one line of JSON that UTF-8 can carry: half a character from outside is written as an escape."""
    try:
        return _ENCODER.encode(data).decode()
    except UnicodeEncodeError:
        return _ASCII.encode(data)


def _from_json(text: str | bytes) -> Any:
    # Half a character is refused by msgspec, not by us: somebody did send it.
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


_OPENERS = _COMPILER.openers(Friend, _from_json)
