"""A friend as a row of a table: the columns, what stands in them, and how it is read back, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any, Final, Protocol

from flows.catalog import Catalog
from flows.friend import Entry, Friend, Label
from flows.index import SCORE_HIGH, SCORE_LOW
from flows.names import FriendId, Key, fold
from flows.quoting import quoted
from flows.script import NewName, with_new_names
from flows.script.known import Sort

ORIGIN: Final = "取込"
ID, NAME, JOINED, LEFT, ROUTE, TAGS, NOTE = "ユーザーID", "名前", "登録日時", "ブロック日時", "経路", "タグ", "メモ"
FIXED: Final = (ID, NAME, JOINED, LEFT, ROUTE, TAGS, NOTE)
SCORE, FIELD = "スコア", "項目"
LISTED_KINDS: Final = frozenset({"1つ", "いくつでも"})
LONGEST: Final = 5000
USER_ID: Final = re.compile(r"U[0-9a-f]{32}")
_SUSPECT: Final = "'=+-@\t\r"
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+\-]?[0-9]+(\.[0-9]+)?")
_TAG: Final = re.compile(r"\s*(?:「((?:[^」]|」(?=[^、]))*)」|([^、]*))\s*(?:、|$)")


class RowError(Exception):
    """What is wrong with one row, in words for the person who made the file."""


NOBODY: Final = Friend(id=FriendId(""))
PLAIN: Final = ("name", "joined", "left", "route", "note")
"""What a row and a friend call alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row says about a friend; what it leaves empty stays as it is."""

    id: FriendId
    name: str = ""
    joined: datetime | None = None
    left: datetime | None = None
    route: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    scores: Mapping[Key, int] = field(default_factory=dict)
    fields: Mapping[Key, str] = field(default_factory=dict)

    def onto(self, friend: Friend, catalog: Catalog, at: datetime) -> Friend:
        """The friend with what the row says; the very one given where it says nothing new."""
        news = self._news(friend, catalog, at)
        return replace(friend, **news) if news else friend

    def alone(self, catalog: Catalog, at: datetime) -> Friend:
        """The friend of whom nothing is known but what the row says."""
        return Friend(id=self.id, **self._news(NOBODY, catalog, at))

    def _news(self, friend: Friend, catalog: Catalog, at: datetime) -> dict[str, Any]:
        """What the row says and the friend is not."""
        news: dict[str, Any] = {
            name: said for name in PLAIN if (said := getattr(self, name)) and said != getattr(friend, name)
        }
        label = Label(at=at, why=ORIGIN)
        if tags := {key: label for tag in self.tags if (key := fold(tag)) not in friend.tags}:
            news["tags"] = {**friend.tags, **tags}
        if scores := {key: points for key, points in self.scores.items() if friend.scores.get(key) != points}:
            news["scores"] = {**friend.scores, **scores}
        if written := {
            key: Entry(value=value, at=at, origin=ORIGIN, listed=_is_listed(catalog, key))
            for key, value in self.fields.items()
            if key not in friend.fields or friend.fields[key].value != value
        }:
            news["fields"] = {**friend.fields, **written}
        return news


class Valued(Protocol):
    """A field's entry, as far as a cell shows it."""

    @property
    def value(self) -> str: ...


class Shown(Protocol):
    """A friend, as far as a row shows him: a record's `Friend`, or what was read for this alone (`bot.store.glance`)."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def joined(self) -> datetime | None: ...
    @property
    def left(self) -> datetime | None: ...
    @property
    def route(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def tags(self) -> Mapping[Key, object]: ...
    @property
    def scores(self) -> Mapping[Key, int]: ...
    @property
    def fields(self) -> Mapping[Key, Valued]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what."""

    titles: tuple[str, ...]
    zone: tzinfo
    scores: tuple[tuple[str, str], ...]
    """Titles, each with the score's name as written …"""
    fields: tuple[tuple[str, str], ...]
    score_keys: tuple[tuple[str, Key], ...]
    """… and with its key."""
    field_keys: tuple[tuple[str, Key], ...]

    @classmethod
    def of(cls, catalog: Catalog) -> Columns:
        """Every column that friends of this account can fill."""
        scores = [f"{SCORE}:{one.name}" if one.name else SCORE for one in catalog.scores.values()]
        fields = [f"{FIELD}:{one.name}" for one in catalog.fields.values()]
        return cls.read((*FIXED, *(scores or [SCORE]), *fields), catalog.account.tz)

    @classmethod
    def read(cls, titles: Sequence[str], zone: tzinfo) -> Columns:
        """The columns that a file's first line names. Raises RowError."""
        named = tuple(plain(title).strip() for title in titles)
        if ID not in named:
            raise RowError(f"「{ID}」の列がありません")
        if len(set(named)) != len(named):
            raise RowError("同じ名前の列が2つあります")
        unknown = [one for one in named if one not in FIXED and one.partition(":")[0] not in {SCORE, FIELD}]
        if unknown:
            raise RowError(
                f"「{unknown[0]}」という列は読めません。{'・'.join(FIXED)}・{SCORE}:名前・{FIELD}:名前 が使えます"
            )
        scores, fields = _named(named, SCORE), _named(named, FIELD)
        return cls(
            titles=named,
            zone=zone,
            scores=scores,
            fields=fields,
            score_keys=tuple((title, fold(name)) for title, name in scores),
            field_keys=tuple((title, fold(name)) for title, name in fields),
        )

    @property
    def new_names(self) -> tuple[NewName, ...]:
        """The scores and fields that these columns name."""
        return (
            *(NewName(sort=Sort.SCORE, name=name) for _, name in self.scores),
            *(NewName(sort=Sort.FIELD, name=name) for _, name in self.fields),
        )

    def row(self, cells: Sequence[str]) -> Row:
        """What a row says. Raises RowError."""
        if len(cells) != len(self.titles):
            raise RowError(f"列が{len(cells)}個あります。1行目は{len(self.titles)}個です")
        if max(map(len, cells)) > LONGEST:
            raise RowError(f"{LONGEST:,}文字より長い欄があります")
        said = {
            title: plain(cell) if cell[0] == "'" else cell
            for title, cell in zip(self.titles, cells, strict=True)
            if cell
        }
        user_id = said.get(ID, "")
        if not USER_ID.fullmatch(user_id):
            raise RowError(f"ユーザーID「{user_id[:40]}」は U と16進数32文字のはずです")
        return Row(
            id=FriendId(user_id),
            name=said.get(NAME, ""),
            joined=self._moment(said, JOINED),
            left=self._moment(said, LEFT),
            route=said.get(ROUTE, ""),
            note=said.get(NOTE, ""),
            tags=split_tags(said.get(TAGS, "")),
            scores={key: _points(said[title]) for title, key in self.score_keys if title in said},
            fields={key: said[title] for title, key in self.field_keys if title in said},
        )

    def cells(self, friend: Shown, tags: Mapping[Key, str]) -> list[str]:
        """The friend as a row, no cell of it a formula. `tags` is how each tag stands in a cell (`written_tags`)."""
        points, entries = friend.scores, friend.fields
        known = {
            ID: friend.id,
            NAME: friend.name,
            JOINED: self._written(friend.joined),
            LEFT: self._written(friend.left),
            ROUTE: friend.route,
            TAGS: "、".join([tags.get(tag) or quoted(tag) for tag in friend.tags]),
            NOTE: friend.note,
        }
        known |= {title: str(points[key]) for title, key in self.score_keys if key in points}
        known |= {title: entries[key].value for title, key in self.field_keys if key in entries}
        return [safe(known.get(title, "")) for title in self.titles]

    def _moment(self, said: Mapping[str, str], title: str) -> datetime | None:
        written = said.get(title, "").strip()
        if not written:
            return None
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            raise RowError(f"{title}「{written[:40]}」は 2026-11-20 09:30 の形で書いてください") from None
        return found if found.tzinfo else found.replace(tzinfo=self.zone)

    def _written(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).isoformat(sep=" ") if moment else ""


def written_tags(catalog: Catalog) -> dict[Key, str]:
    """How each tag of the account stands in a cell."""
    return {key: quoted(tag.name) for key, tag in catalog.tags.items()}


def safe(cell: str) -> str:
    """The cell, with a ' in front where a spreadsheet would take it for a formula. Numbers stay numbers."""
    if cell[:1] not in _SUSPECT:
        return cell
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def split_tags(cell: str) -> tuple[str, ...]:
    """The tags of a cell: between 、, in 「」 where a name holds one itself."""
    if "「" not in cell:
        return tuple(dict.fromkeys(filter(None, map(str.strip, cell.split("、")))))
    found: list[str] = []
    place = 0
    while place < len(cell):
        hit = _TAG.match(cell, place)
        if hit is None or hit.end() == place:
            break
        name = (hit[1] if hit[1] is not None else hit[2]).strip()
        if name:
            found.append(name)
        place = hit.end()
    return tuple(dict.fromkeys(found))


def with_names(catalog: Catalog, columns: Columns, tags: Sequence[str]) -> Catalog:
    """The catalog that also knows every name of the file."""
    return with_new_names(catalog, (*columns.new_names, *(NewName(sort=Sort.TAG, name=tag) for tag in tags)))


def _named(titles: Sequence[str], sort: str) -> tuple[tuple[str, str], ...]:
    return tuple((title, name) for title in titles for kind, _, name in (title.partition(":"),) if kind == sort)


def _points(cell: str) -> int:
    try:
        points = int(cell)
    except ValueError:
        raise RowError(f"スコア「{cell[:20]}」は整数で書いてください") from None
    if not SCORE_LOW <= points <= SCORE_HIGH:
        raise RowError(f"スコア {points} は {SCORE_LOW}〜{SCORE_HIGH} の外です")
    return points


def _is_listed(catalog: Catalog, key: Key) -> bool:
    known = catalog.fields.get(key)
    return known is not None and known.holds in LISTED_KINDS
