"""Where a name is used: in every scenario and survey, auto-reply, bundle, segment, part and broadcast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from flows.actions import AddScore, AddTag, RemoveTag, RunBundle, SendPart, SetField
from flows.broadcast import Broadcast
from flows.catalog import Catalog, Contest, Entry
from flows.conditions import FieldFilled, FieldIs, Named, ScoreIs, Tagged
from flows.names import Key, fold
from flows.questions import Question
from flows.scenario import Survey
from flows.triggers import AnswerGiven, ScoreCrossed, TagGained
from flows.words import MEDIA, Form, placeholders

Test = Callable[[object], bool]
_SHOWN = 8


def walk(thing: object) -> Iterator[object]:
    """The thing and everything it is made of."""
    yield thing
    for part in _parts(thing):
        yield from walk(part)


def _parts(thing: object) -> Iterator[object]:
    if is_dataclass(thing) and not isinstance(thing, type):
        yield from (getattr(thing, one.name) for one in fields(thing))
    elif isinstance(thing, Mapping):
        yield from thing.values()
    elif isinstance(thing, tuple | list):
        yield from thing


def places(catalog: Catalog, test: Test) -> list[str]:
    """Where something that passes the test stands, as owners call those places."""
    return [place for place, thing in _owners(catalog) if any(map(test, walk(thing)))]


def uses_of_media(catalog: Catalog) -> dict[str, list[str]]:
    """Each `media:…` reference that stands somewhere, and where, as owners call those places."""
    found: dict[str, list[str]] = {}
    for place, thing in _owners(catalog):
        for reference in dict.fromkeys(one for one in walk(thing) if isinstance(one, str) and one.startswith(MEDIA)):
            found.setdefault(reference, []).append(place)
    return found


def _owners(catalog: Catalog) -> Iterator[tuple[str, object]]:
    """Everything with a name that holds messages or conditions."""
    for entry in catalog.plans.values():
        yield f"{_noun(entry)}「{entry.name}」", entry
    for noun, things in (
        ("自動応答", catalog.autoreplies),
        ("アクション", catalog.bundles),
        ("部品", catalog.parts),
        ("絞り込み", catalog.segments),
        ("一斉配信", catalog.broadcasts),
    ):
        for one in things.values():
            yield f"{noun}「{one.name}」", one
    for contest in catalog.contests.values():
        of = catalog.plans.get(contest.scenario)
        yield f"AB「{of.name if of is not None else contest.scenario}」", contest


def _noun(entry: Entry) -> str:
    plan = entry.draft or entry.versions.get(entry.current)
    return "アンケート" if isinstance(plan, Survey) else "シナリオ"


def used_words(where: list[str]) -> str:
    """使っているところ：シナリオ「新規様」… or that there is none."""
    if not where:
        return "使っているところはありません。"
    more = f"・ほか{len(where) - _SHOWN}か所" if len(where) > _SHOWN else ""
    return f"使っているところ：{'・'.join(where[:_SHOWN])}{more}"


def uses_tag(key: Key) -> Test:
    """A tag: put on, taken off, asked for, started by, or what decides a comparison."""

    def test(thing: object) -> bool:
        match thing:
            case Broadcast(goal=name) | Contest(goal=name, over=None):
                return fold(name) == key
            case AddTag(name=name) | RemoveTag(name=name) | Tagged(name=name) | TagGained(tag=name):
                return fold(name) == key
        return False

    return test


def uses_part(key: Key) -> Test:
    """A saved part."""
    return lambda thing: isinstance(thing, SendPart) and fold(thing.name) == key


def uses_bundle(key: Key) -> Test:
    """A bundle of effects."""
    return lambda thing: isinstance(thing, RunBundle) and fold(thing.name) == key


def uses_segment(key: Key) -> Test:
    """A saved segment."""
    return lambda thing: isinstance(thing, Named) and fold(thing.name) == key


def uses_score(key: Key) -> Test:
    """A score: moved, asked for, or started by."""
    return lambda thing: isinstance(thing, AddScore | ScoreIs | ScoreCrossed) and fold(thing.score) == key


def uses_field(key: Key) -> Test:
    """A field: asked, written, compared, or put into a text."""

    def test(thing: object) -> bool:
        match thing:
            case SetField(field=name) | FieldIs(field=name) | FieldFilled(field=name) | AnswerGiven(field=name):
                return fold(name) == key
            case Question(name=name):
                return fold(name) == key
            case str() if "{" in thing or "｛" in thing:
                return any(one.form is Form.FIELD and fold(one.name) == key for one in placeholders(thing))
        return False

    return test


def with_tag_renamed(thing: Any, old: Key, new: str) -> Any:
    """The thing with the tag under its new name wherever it is put on, taken off, asked for, started by, or decides."""
    match thing:
        case Broadcast(goal=name) | Contest(goal=name) if name != new and fold(name) == old:
            return with_tag_renamed(replace(thing, goal=new), old, new)
        case AddTag(name=name) | RemoveTag(name=name) | Tagged(name=name) if fold(name) == old:
            return replace(thing, name=new)
        case TagGained(tag=name) if fold(name) == old:
            return replace(thing, tag=new)
    if isinstance(thing, Mapping):
        return {key: with_tag_renamed(value, old, new) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return tuple(with_tag_renamed(one, old, new) for one in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    before = {one.name: getattr(thing, one.name) for one in fields(thing) if one.init}
    after = {name: with_tag_renamed(value, old, new) for name, value in before.items()}
    moved = {name: value for name, value in after.items() if value != before[name]}
    return replace(thing, **moved) if moved else thing
