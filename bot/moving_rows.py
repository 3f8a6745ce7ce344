"""A friend as a row of a table: the columns, what stands in them, and how it is read back, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Final

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
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+\-]?[0-9]+(\.[0-9]+)?")
_TAG: Final = re.compile(r"\s*(?:「((?:[^」]|」(?=[^、]))*)」|([^、]*))\s*(?:、|$)")


class RowError(Exception):
    """What is wrong with one row, in words for the person who made the file."""


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
        """The friend with what the row says; equal to the one given where it says nothing new."""
        tags = {fold(tag): Label(at=at, why=ORIGIN) for tag in self.tags if fold(tag) not in friend.tags}
        scores = {key: points for key, points in self.scores.items() if friend.scores.get(key) != points}
        written = {
            key: Entry(value=value, at=at, origin=ORIGIN, listed=_is_listed(catalog, key))
            for key, value in self.fields.items()
            if key not in friend.fields or friend.fields[key].value != value
        }
        return replace(
            friend,
            name=self.name or friend.name,
            joined=self.joined or friend.joined,
            left=self.left or friend.left,
            route=self.route or friend.route,
            note=self.note or friend.note,
            tags={**friend.tags, **tags} if tags else friend.tags,
            scores={**friend.scores, **scores} if scores else friend.scores,
            fields={**friend.fields, **written} if written else friend.fields,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what."""

    titles: tuple[str, ...]
    zone: tzinfo
    scores: Mapping[int, str]
    """Place → the score's name as written."""
    fields: Mapping[int, str]

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
        return cls(titles=named, zone=zone, scores=_places(named, SCORE), fields=_places(named, FIELD))

    @property
    def new_names(self) -> tuple[NewName, ...]:
        """The scores and fields that these columns name."""
        return (
            *(NewName(sort=Sort.SCORE, name=name) for name in self.scores.values()),
            *(NewName(sort=Sort.FIELD, name=name) for name in self.fields.values()),
        )

    def row(self, cells: Sequence[str]) -> Row:
        """What a row says. Raises RowError."""
        if len(cells) != len(self.titles):
            raise RowError(f"列が{len(cells)}個あります。1行目は{len(self.titles)}個です")
        if any(len(cell) > LONGEST for cell in cells):
            raise RowError(f"{LONGEST:,}文字より長い欄があります")
        said = dict(zip(self.titles, map(plain, cells), strict=True))
        if not USER_ID.fullmatch(said[ID]):
            raise RowError(f"ユーザーID「{said[ID][:40]}」は U と16進数32文字のはずです")
        return Row(
            id=FriendId(said[ID]),
            name=said.get(NAME, ""),
            joined=self._moment(said, JOINED),
            left=self._moment(said, LEFT),
            route=said.get(ROUTE, ""),
            note=said.get(NOTE, ""),
            tags=split_tags(said.get(TAGS, "")),
            scores={
                fold(name): _points(said[self.titles[at]]) for at, name in self.scores.items() if said[self.titles[at]]
            },
            fields={fold(name): said[self.titles[at]] for at, name in self.fields.items() if said[self.titles[at]]},
        )

    def cells(self, friend: Friend, tag_names: Mapping[Key, str]) -> list[str]:
        """The friend as a row, no cell of it a formula."""
        known = {
            ID: friend.id,
            NAME: friend.name,
            JOINED: self._written(friend.joined),
            LEFT: self._written(friend.left),
            ROUTE: friend.route,
            TAGS: "、".join(quoted(tag_names.get(tag, tag)) for tag in friend.tags),
            NOTE: friend.note,
        }
        return [safe(known.get(title, "") or self._extra(at, friend)) for at, title in enumerate(self.titles)]

    def _extra(self, at: int, friend: Friend) -> str:
        if at in self.scores:
            points = friend.scores.get(fold(self.scores[at]))
            return "" if points is None else str(points)
        entry = friend.fields.get(fold(self.fields[at])) if at in self.fields else None
        return entry.value if entry else ""

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


def safe(cell: str) -> str:
    """The cell, with a ' in front where a spreadsheet would take it for a formula. Numbers stay numbers."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def split_tags(cell: str) -> tuple[str, ...]:
    """The tags of a cell: between 、, in 「」 where a name holds one itself."""
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


def _places(titles: Sequence[str], sort: str) -> dict[int, str]:
    return {at: name for at, title in enumerate(titles) for kind, _, name in (title.partition(":"),) if kind == sort}


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
