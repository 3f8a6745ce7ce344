"""Everything configured, with a part, a bundle, a score or a field under another name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from flows.actions import RunBundle, SendPart
from flows.moments import When
from flows.names import Key, fold
from flows.questions import Question
from flows.quoting import quoted
from flows.words import Form, placeholders

_OF_FIELDS = frozenset({Form.FIELD, Form.ANSWER})


def with_renamed(thing: Any, what: str, old: str, new: str) -> Any:
    """The thing with `old` as `new` in everything it is made of. `what`: part, bundle, score or field."""
    if isinstance(thing, str):
        return _in_text(thing, old, new) if what == "field" else thing
    if isinstance(thing, Mapping):
        return {key: with_renamed(value, what, old, new) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return tuple(with_renamed(one, what, old, new) for one in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    before = {one.name: getattr(thing, one.name) for one in fields(thing) if one.init}
    after = {name: with_renamed(value, what, old, new) for name, value in before.items()}
    after |= _own(thing, what, old, new)
    moved = {name: value for name, value in after.items() if value is not before[name] and value != before[name]}
    return replace(thing, **moved) if moved else thing


def _own(thing: Any, what: str, old: str, new: str) -> dict[str, Any]:
    """What of the thing itself is the name."""
    key = fold(old)
    match what, thing:
        case ("part", SendPart(name=name)) | ("bundle", RunBundle(name=name)) if fold(name) == key:
            return {"name": new}
        case "field", Question(name=name) if fold(name) == key:
            return {"name": new}
        case "field", When() if fold(getattr(thing, "base", "")) == key:
            return {"base": new, "words": _time_words(thing.words, old, new)}
    attributes = {"score": ("score",), "field": ("field", "base")}.get(what, ())
    return {name: new for name in attributes if _is(getattr(thing, name, None), key)}


def _is(value: object, key: Key) -> bool:
    return isinstance(value, str) and bool(value) and fold(value) == key


def _time_words(words: str, old: str, new: str) -> str:
    """`体験会の前日 18:00` with the base under its new name."""
    yearly = "毎年" if words.startswith("毎年") else ""
    rest = words.removeprefix(yearly)
    for written in (f"「{old}」", old):
        if rest.startswith(written):
            return f"{yearly}{quoted(new)}{rest.removeprefix(written)}"
    return words


def _in_text(text: str, old: str, new: str) -> str:
    """A body with `{悩み|…}` and `{回答:悩み|…}` under the new name."""
    if "{" not in text and "｛" not in text:
        return text
    found = [one for one in placeholders(text) if one.form in _OF_FIELDS and fold(one.name) == fold(old)]
    for one in reversed(found):
        text = text[: one.start] + text[one.start : one.end].replace(one.name, new, 1) + text[one.end :]
    return text
