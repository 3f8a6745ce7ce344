"""全部書出: everything of the account as files, behind links that are signed, run out, and count once."""

from __future__ import annotations

import base64
import csv
import hmac
import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Final

from bot.moving_out import table
from bot.moving_rows import Columns, safe
from bot.ports import Clock
from bot.result_rows import TITLES, result_rows
from bot.store import past
from bot.store.downloads import Downloads
from bot.store.keys import SHARDS
from bot.store.records import Record
from bot.store.store import Store
from bot.store.trials import outcomes
from flows import codec
from flows.catalog import Catalog, Role
from flows.desk import Outcome
from flows.facts import BroadcastSent, StepTaken
from flows.names import FriendId
from flows.script import write
from flows.tables import running

VALID: Final = timedelta(minutes=30)
PORTION: Final = 200
SENT: Final = (StepTaken, BroadcastSent)
BOM: Final = "\ufeff"
"""Excel reads UTF-8 only behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link leads to, for whom, and until when."""

    kind: str
    staff: FriendId
    until: datetime
    token: str


class Exports:
    """Makes links, reads them, and writes the files behind them."""

    def __init__(self, store: Store, secret: bytes, clock: Clock) -> None:
        """`secret` signs the links."""
        self._store = store
        self._key = sha256(b"export\0" + secret).digest()
        self._clock = clock
        self._downloads = Downloads(store.server, store.keys)

    def link(self, kind: str, staff: FriendId) -> str:
        """A new address for this file, "" while the account has none that is seen from outside. KeyError: no such file."""
        assert kind in FILES
        base = self._store.catalogs.current().account.base_url
        until = int((self._clock.now() + VALID).timestamp())
        payload = f"{kind}.{until}.{staff}.{secrets.token_hex(8)}"
        token = base64.urlsafe_b64encode(f"{payload}.{self._seal(payload)}".encode()).decode().rstrip("=")
        return f"{base.rstrip('/')}/export/{token}" if base else ""

    def read(self, token: str) -> Link | None:
        """What the link leads to; None when it is not ours, has run out, or its owner is the owner no longer."""
        try:
            written = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
            payload, _, seal = written.rpartition(".")
            if not hmac.compare_digest(self._seal(payload).encode(), seal.encode()):
                return None
            kind, until, staff, _ = payload.split(".")
        except ValueError:
            return None
        link = Link(
            kind=kind,
            staff=FriendId(staff),
            until=datetime.fromtimestamp(int(until), self._clock.now().tzinfo),
            token=token,
        )
        member = self._store.catalogs.current().staff.get(link.staff)
        file = FILES.get(kind)
        allowed = member is not None and file is not None and (member.role is Role.OWNER or not file.personal)
        return link if allowed and self._clock.now() < link.until else None

    def take(self, link: Link) -> bool:
        """Use the link up; False when it was used before."""
        return self._downloads.take(link.token, self._clock.now())

    def lines(self, link: Link) -> Iterator[str]:
        """The file behind the link, piece by piece."""
        return FILES[link.kind].lines(self._store, self._clock.now())

    def _seal(self, payload: str) -> str:
        return hmac.new(self._key, payload.encode(), sha256).hexdigest()


def _portions(store: Store) -> Iterator[list[Record]]:
    """Every friend's record, shard by shard, some hundred at a time."""
    for shard in SHARDS:
        friends = store.lookup.everybody(shard)
        while portion := list(islice(friends, PORTION)):
            found = store.friends.load_many(shard, portion)
            yield [one for one in found if isinstance(one, Record) and one.rev]


def _csv(titles: Iterable[str], portions: Iterable[Iterable[Iterable[str]]]) -> Iterator[str]:
    """A table that Excel opens, no cell of it a formula: its first line at once, then a piece for each portion of rows.

    A host hangs up on an answer of which no byte comes for half a minute; how long the whole takes is the same to it.
    """
    yield BOM + _rows([titles])
    yield from (_rows(map(safe, row) for row in rows) for rows in portions)


def _rows(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(map(list, rows))
    return out.getvalue()


def _friends(store: Store, _now: datetime) -> Iterator[str]:
    catalog = store.catalogs.current()
    yield BOM + _rows([Columns.of(catalog).titles])
    yield from map(_rows, table(store, catalog))


def _answers(store: Store, _now: datetime) -> Iterator[str]:
    catalog = store.catalogs.current()
    names = {key: one.name for key, one in catalog.fields.items()}
    rows = (
        (
            (friend.id, friend.name, names.get(key, key), entry.value, _moment(entry.at, catalog), entry.origin)
            for friend in (record.friend for record in portion)
            for key, entry in friend.fields.items()
        )
        for portion in _portions(store)
    )
    return _csv(("ユーザーID", "名前", "項目", "答え", "日時", "もと"), rows)


def _sends(store: Store, _now: datetime) -> Iterator[str]:
    catalog = store.catalogs.current()
    rows = (
        (
            (record.friend.id, record.friend.name, _moment(fact.at, catalog), *_sent(fact, catalog))
            for record in portion
            if past.may_tell(record.past, SENT)
            for fact in record.facts
            if isinstance(fact, SENT)
        )
        for portion in _portions(store)
    )
    return _csv(("ユーザーID", "名前", "日時", "何を", "版", "通数"), rows)


def _results(store: Store, now: datetime) -> Iterator[str]:
    return _csv(TITLES, [result_rows(store, now)])


def _sent(fact: StepTaken | BroadcastSent, catalog: Catalog) -> tuple[str, str, str]:
    if isinstance(fact, BroadcastSent):
        return f"一斉配信 {fact.broadcast}", "", "1"
    entry = catalog.plans.get(fact.scenario)  # type: ignore[call-overload]
    name = entry.name if entry else fact.scenario
    return f"シナリオ {name}", str(fact.version), "1" if fact.pushed else "0"


def _trials(store: Store, _now: datetime) -> Iterator[str]:
    """Every comparison that can still be looked at, a line for each variant."""
    catalog = store.catalogs.current()
    rows = (
        (
            one.title,
            _moment(one.since, catalog) if one.since else "",
            one.aim,
            name,
            one.when(name),
            *_counts(found[name], one.measure),
        )
        for one in running(catalog)
        for found in (outcomes(store.segments, one.trial, one.names),)
        for name in one.names
    )
    titles = (
        "くらべたもの",
        "はじめ",
        "決め手",
        "案",
        "送る日時",
        "送信",
        "反応",
        "押した",
        "決め手に届いた",
        "ブロック",
    )
    return _csv(titles, [rows])


def _counts(one: Outcome, measure: str) -> tuple[str, ...]:
    return tuple(map(str, (one.got, one.reacted, one.clicked, getattr(one, measure), one.left)))


def _moment(at: datetime, catalog: Catalog) -> str:
    return at.astimezone(catalog.account.tz).isoformat(sep=" ", timespec="seconds")


def _everything(store: Store, _now: datetime) -> Iterator[str]:
    """All that is configured, each plan as a script as well, and every friend's record. Open invitations stay out."""
    catalog = replace(store.catalogs.current(), invitations={})
    scripts = {
        entry.name: write(plan)
        for entry in catalog.plans.values()
        if (plan := entry.draft or entry.versions.get(entry.current))
    }
    yield f'{{"scripts":{_json(scripts)},"catalog":{codec.dumps(catalog)},"friends":['
    lines = ([codec.dumps(record.friend) for record in portion] for portion in _portions(store))
    first = True
    for some in filter(None, lines):
        yield ("\n" if first else ",\n") + ",\n".join(some)
        first = False
    yield "\n]}\n"


def _json(value: Mapping[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be taken out: its name, its type, and how it is written."""

    name: str
    type: str
    lines: Callable[[Store, datetime], Iterator[str]]
    personal: bool = True
    """Whether it says anything about single friends: then it is for owners only."""


FILES: Mapping[str, File] = {
    "friends": File("friends.csv", "text/csv", _friends),
    "answers": File("answers.csv", "text/csv", _answers),
    "sends": File("sends.csv", "text/csv", _sends),
    "all": File("all.json", "application/json", _everything),
    "results": File("results.csv", "text/csv", _results, personal=False),
    "ab": File("ab.csv", "text/csv", _trials, personal=False),
}
