"""Which names exist: those of the catalog, and those that a script brings with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flows.catalog import Catalog, Field, Score, Tag
from flows.moments import BUILT_IN_BASES
from flows.names import Key, fold
from flows.script.problems import near

BUILT_IN_FIELDS = ("名前", "登録", "経路", "予約", "来店", "購入")
"""What is known of every friend from the beginning; no field may be called like one of them."""
_DATES = ("", "日付", "日時")


class Sort(StrEnum):
    """The kinds of names that come into being by being written."""

    TAG = "タグ"
    SCORE = "スコア"
    FIELD = "項目"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewName:
    """A name that a plan brings; `near` is an existing one so like it that it is asked about, "" if none."""

    sort: Sort
    name: str
    holds: str = ""
    """For a field: the title of the question kind that fills it."""
    near: str = ""

    def sentence(self) -> str:
        """The new name as the screens list it."""
        doubt = f"（「{self.near}」と同じものではありませんか？）" if self.near else ""
        return f"{self.sort}「{self.name}」{doubt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All names of a moment, by key, shown as first written."""

    tags: Mapping[Key, str] = field(default_factory=dict)
    segments: Mapping[Key, str] = field(default_factory=dict)
    fields: Mapping[Key, str] = field(default_factory=dict)
    dates: Mapping[Key, str] = field(default_factory=dict)
    """Fields that may hold a date, and the built-in bases."""
    scores: Mapping[Key, str] = field(default_factory=dict)
    scenarios: Mapping[Key, str] = field(default_factory=dict)


def known(catalog: Catalog, extra: Iterable[NewName] = ()) -> Known:
    """The names of the catalog and these new ones."""
    names = with_new_names(catalog, extra)
    return Known(
        tags={key: tag.name for key, tag in names.tags.items()},
        segments={key: segment.name for key, segment in names.segments.items()},
        fields={key: one.name for key, one in names.fields.items()},
        dates={key: one.name for key, one in names.fields.items() if one.holds in _DATES}
        | {fold(name): name for name in BUILT_IN_BASES},
        scores={key: score.name for key, score in names.scores.items()},
        scenarios={key: entry.name for key, entry in names.plans.items()},
    )


def with_new_names(catalog: Catalog, names: Iterable[NewName]) -> Catalog:
    """The catalog with these names in it; what is there already stays as it is, but a field learns what it holds."""
    tags, scores, kept = dict(catalog.tags), dict(catalog.scores), dict(catalog.fields)
    for new in names:
        key = fold(new.name)
        match new.sort:
            case Sort.TAG:
                tags.setdefault(key, Tag(name=new.name))
            case Sort.SCORE:
                scores.setdefault(key, Score(name=new.name))
            case Sort.FIELD:
                old = kept.get(key, Field(name=new.name))
                kept[key] = old if old.holds else replace(old, holds=new.holds)
    return replace(catalog, tags=tags, scores=scores, fields=kept)


def unknown_only(names: Iterable[NewName], catalog: Catalog) -> tuple[NewName, ...]:
    """Those that the catalog does not have yet, each once, with the existing name it is like."""
    there: dict[Sort, Mapping[Key, Tag | Score | Field]] = {
        Sort.TAG: catalog.tags,
        Sort.SCORE: catalog.scores,
        Sort.FIELD: catalog.fields,
    }
    new: dict[tuple[Sort, Key], NewName] = {}
    for one in names:
        existing, key = there[one.sort], fold(one.name)
        if key and key not in existing and not _built_in(one):
            first = new.setdefault(
                (one.sort, key), replace(one, near=alike(one.name, [old.name for old in existing.values()]))
            )
            if one.holds and not first.holds:
                new[one.sort, key] = replace(first, holds=one.holds)
    return tuple(new.values())


def _built_in(one: NewName) -> bool:
    return one.sort is Sort.FIELD and fold(one.name) in map(fold, BUILT_IN_FIELDS)


def alike(name: str, existing: list[str], cutoff: float = 0.75) -> str:
    """An existing name that differs so little that one of the two may be a slip; numbers that differ are meant."""
    others = [one for one in existing if _without_numbers(one) != _without_numbers(name)]
    return near(name, others, cutoff=cutoff)


def _without_numbers(name: str) -> str:
    return re.sub(r"[0-9]+", "", fold(name))
