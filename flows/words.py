"""Substitution in bodies: `{名前さん|お客様}` and its like, filled with what is known of one friend.

A body is read once, from left to right; what is filled in is never read again, so that nobody's name can be a
placeholder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from flows.actions.base import Action
from flows.friend import Friend
from flows.homes import NO_HOME, Home, button_data, button_mark
from flows.messages.base import Emoji, Filled
from flows.names import HONORIFICS, Key, clusters, fold, utf16_length

if TYPE_CHECKING:
    from flows.catalog import Catalog

MOST_EMOJIS = 20
"""LINE's own emojis in one text message (developers.line.biz, text-message)."""

LONGEST_NAME, LONGEST_VALUE = 40, 500
"""Visible characters of a name, and of any other value, that are filled in at most."""

MEDIA = "media:"
"""Opens a reference to a thing that we keep."""
NO_PICTURE = f"{MEDIA}film"
"""What shows in place of a film of which there is no picture."""

_TOKEN = re.compile(r"\{\{|[{｛]([^{}｛｝\n]+)[}｝]|\{")
_BARE = str.maketrans({"｜": "|", "：": ":", "／": "/"})
_EMOJI = re.compile(r"([0-9a-zA-Z]{1,40})/([0-9]{1,6})")
_BUILT_IN = {fold(name): name for name in ("名前", "登録", "経路", "予約", "来店", "購入")}
_BIRTH = ("誕生", "生年", "生まれ")
_WEEKDAYS = "月火水木金土日"


class Form(StrEnum):
    """The kinds of placeholder."""

    NAME = "名前"
    FIELD = "項目"
    ANSWER = "回答"
    LINK = "リンク"
    EMOJI = "絵文字"


class Placeholder(NamedTuple):
    """One placeholder of a body: where it stands, what it asks for, and what is said where that is not known."""

    start: int
    end: int
    form: Form
    name: str
    fallback: str = ""
    honorific: str = ""


class Trouble(NamedTuple):
    """Something in a body that cannot be filled in: where, what is wrong, and what could stand there."""

    start: int
    end: int
    words: str
    example: str


def placeholders(body: str) -> tuple[Placeholder, ...]:
    """Every placeholder of a body, in order."""
    return tuple(found for found in _scan(body) if isinstance(found, Placeholder))


def problems(body: str) -> tuple[Trouble, ...]:
    """What in a body cannot be filled in, in order: each { that is neither a placeholder nor doubled."""
    found = list(_scan(body))
    emojis = [one for one in found if isinstance(one, Placeholder) and one.form is Form.EMOJI]
    odd = [
        Trouble(one.start, one.end, f"「{body[one.start : one.end][:40]}」は絵文字として読めません。", "")
        for one in emojis
        if not _EMOJI.fullmatch(one.name)
    ]
    many = [
        Trouble(one.start, one.end, f"絵文字は1つの吹き出しに{MOST_EMOJIS}個までです。", "")
        for one in emojis[MOST_EMOJIS : MOST_EMOJIS + 1]
    ]
    return (*(one for one in found if isinstance(one, Trouble)), *odd, *many)


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills bodies for one friend: `answers` of the present run, `links` to tracked links; `home`: where it stands."""

    friend: Friend
    catalog: Catalog
    answers: Mapping[Key, str] = field(default_factory=dict)
    links: Mapping[Key, str] = field(default_factory=dict)
    home: Home = NO_HOME

    def text(self, body: str) -> str:
        """The body filled in; LINE's own emojis are left out."""
        return self.filled(body, emojis=False).text

    def filled(self, body: str, *, emojis: bool = True) -> Filled:
        """The body filled in, LINE's own emojis as `$` with their places."""
        pieces: list[str] = []
        placed: list[Emoji] = []
        units = end = 0
        for found in _scan(body):
            pieces.append(body[end : found.start])
            units += utf16_length(pieces[-1])
            end = found.end
            emoji = _emoji(found, units) if emojis else None
            if emoji:
                placed.append(emoji)
            pieces.append("$" if emoji else self._said(body, found))
            units += utf16_length(pieces[-1])
        return Filled("".join([*pieces, body[end:]]), tuple(placed))

    def address(self, reference: str) -> str:
        """Where a `media:…` reference is served, "" while nobody knows our address; any other address as it is."""
        return self._ours(reference) if reference.startswith(MEDIA) else reference

    def preview(self, reference: str) -> str:
        """Where a small picture of it is served; "" is a film of which we have nothing to show."""
        if not reference or reference.startswith(MEDIA):
            return self._ours(f"{reference or NO_PICTURE}.preview")
        return reference

    def link(self, name: str) -> str:
        """The address of a tracked link, "" for one that is not there."""
        return self.links.get(fold(name), "")

    def press(self, label: str, effects: tuple[Action, ...]) -> str:
        """The data of a button in the message that is being filled."""
        return button_data(self.home, button_mark(label, effects))

    def _ours(self, reference: str) -> str:
        base = self.catalog.account.base_url.rstrip("/")
        return base and f"{base}/media/{reference.removeprefix(MEDIA)}"

    def _said(self, body: str, found: Placeholder | Trouble | _Plain) -> str:
        match found:
            case _Plain():
                return "{"
            case Trouble():
                return body[found.start : found.end]
            case _:
                return self._value(found)

    def _value(self, found: Placeholder) -> str:
        key = fold(found.name)
        match found.form:
            case Form.EMOJI:
                return ""
            case Form.NAME:
                name = clean(self.friend.name, LONGEST_NAME).replace("\n", " ").strip()
                return _honoured(name, found.honorific) if name else found.fallback
            case Form.ANSWER:
                value = shown(self.answers.get(key, ""), found.name)
            case Form.LINK:
                return self.links.get(key, found.fallback)
            case _:
                value = self._field(key, found.name)
        return clean(value, LONGEST_VALUE).strip() or found.fallback

    def _field(self, key: Key, name: str) -> str:
        if key in _BUILT_IN:
            return self._built_in(_BUILT_IN[key])
        entry = self.friend.fields.get(key)
        return shown(entry.value, name) if entry else ""

    def _built_in(self, name: str) -> str:
        match name:
            case "名前":
                return self.friend.name
            case "経路":
                return self.friend.route
            case "登録":
                return _on(self.friend.joined, self.catalog.account.tz)
            case _:
                return _on(self.friend.occasions.get(fold(name)), self.catalog.account.tz)


def shown(value: str, name: str = "") -> str:
    """A field's value as people read it: 11/25(水), with its time if it has one, 写真, and of a birthday 1990/4/1."""
    if re.fullmatch(rf"{MEDIA}[0-9A-Za-z._-]{{8,}}", value):
        return "写真"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", value):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if any(word in name for word in _BIRTH):
        return f"{moment.year}/{moment.month}/{moment.day}"
    return moment_words(moment) if "T" in value else day_words(moment.date())


def day_words(day: date) -> str:
    """11/25(水)."""
    return f"{day.month}/{day.day}({_WEEKDAYS[day.weekday()]})"


def moment_words(local: datetime) -> str:
    """11/25(水) 10:00, of a moment already in the account's zone."""
    return f"{day_words(local.date())} {local.hour}:{local.minute:02}"


def clean(text: str, longest: int) -> str:
    """Words from outside made harmless: no control or direction characters but line breaks, and not too long."""
    kept = "".join(character for character in text[: longest * 8] if character == "\n" or not _hidden(character))
    seen = clusters(kept)
    return kept if len(seen) <= longest else "".join(seen[:longest]) + "…"


def _hidden(character: str) -> bool:
    return character != "\u200d" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _honoured(name: str, honorific: str) -> str:
    return name if honorific and name.endswith(HONORIFICS) else name + honorific


def _on(moment: date | datetime | None, zone: tzinfo) -> str:
    match moment:
        case datetime():
            return moment_words(moment.astimezone(zone))
        case date():
            return day_words(moment)
        case None:
            return ""


def _emoji(found: Placeholder | Trouble | _Plain, at: int) -> Emoji | None:
    read = _EMOJI.fullmatch(found.name) if isinstance(found, Placeholder) and found.form is Form.EMOJI else None
    return Emoji(at=at, product=read[1], number=read[2]) if read else None


class _Plain(NamedTuple):
    """`{{`, which is a plain {."""

    start: int
    end: int


def _scan(body: str) -> Iterator[Placeholder | Trouble | _Plain]:
    for token in _TOKEN.finditer(body):
        start, end = token.span()
        if token.group() == "{{":
            yield _Plain(start, end)
            continue
        inner = token.group(1)
        read = _read(start, end, inner) if inner else _unreadable(start, end, "{")
        if isinstance(read, Placeholder) or body[start] == "{":
            yield read


def _read(start: int, end: int, inner: str) -> Placeholder | Trouble:
    head, bar, fallback = inner.translate(_BARE).partition("|")
    fallback = inner[len(head) + 1 :] if bar else ""
    head = head.strip()
    word, colon, rest = head.partition(":")
    match word.strip(), bool(colon):
        case "リンク", True if rest.strip():
            return Placeholder(start, end, Form.LINK, rest.strip(), fallback)
        case "絵文字", True if rest.strip() and not bar:
            return Placeholder(start, end, Form.EMOJI, rest.strip())
        case "回答", True if rest.strip():
            read = Placeholder(start, end, Form.ANSWER, rest.strip(), fallback)
        case _, False if head:
            read = _of_name(start, end, head, fallback)
        case _:
            return _unreadable(start, end, f"{{{inner}}}")
    return read if fallback.strip() else _no_fallback(read, inner)


def _of_name(start: int, end: int, head: str, fallback: str) -> Placeholder:
    for honorific in ("", *HONORIFICS):
        if head == f"名前{honorific}":
            return Placeholder(start, end, Form.NAME, "名前", fallback, honorific)
    return Placeholder(start, end, Form.FIELD, head, fallback)


def _no_fallback(read: Placeholder, inner: str) -> Trouble:
    head = inner.translate(_BARE).partition("|")[0].strip()
    example = f"{{{head}|{'お客様' if read.form is Form.NAME else '（わからないときの言葉）'}}}"
    return Trouble(read.start, read.end, f"{{{head}}} には、わからないときの言葉が要ります。", example)


def _unreadable(start: int, end: int, read: str) -> Trouble:
    words = f"「{read[:30]}」は差し込みとして読めません。文字の {{ を送るときは {{{{ と書きます。"
    return Trouble(start, end, words, "{名前さん|お客様}")
