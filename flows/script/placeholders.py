"""What stands in { } inside a message: checked before anything is saved, so that nobody ever reads a bare brace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HONORIFICS = ("さん", "様", "ちゃん", "くん")
EXAMPLE = "{名前さん|お客様}"
MOST_EMOJI = 20

_OPEN = re.compile(r"\{\{|[{｛]")
_INSIDE = re.compile(r"[{｛](?P<inside>[^{}｛｝\n]*)[}｝]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One { } of a body: where it stands, what it asks for (name, field, answer, link, emoji), and its fallback."""

    at: int
    what: str
    name: str
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A { that is no placeholder: where it stands, what is wrong, and what the text from there to `end` may become."""

    at: int
    end: int
    words: str
    instead: str = "{{"


def placeholders(body: str) -> Iterator[Placeholder | Slip]:
    """Every placeholder of a body, and every brace that is none, in order."""
    place = 0
    while found := _OPEN.search(body, place):
        place = found.end()
        if found[0] == "{{":
            continue
        one = _read(body, found.start())
        if one is None:
            continue
        inside = _INSIDE.match(body, found.start())
        place = inside.end() if inside else place
        yield one


def _read(body: str, at: int) -> Placeholder | Slip | None:
    wide = body[at] == "｛"
    found = _INSIDE.match(body, at)
    if found is None:
        return (
            None
            if wide
            else Slip(at=at, end=at + 1, words="「{」を閉じる「}」がありません。文字の「{」は {{ と書きます。")
        )
    what, bar, fallback = found["inside"].replace("｜", "|").partition("|")
    outside = next((one for one in HONORIFICS if body.startswith(one, found.end())), "")
    if what.strip() == "名前" and outside and not wide:
        right = f"{{名前{outside}|{fallback or 'お客様'}}}"
        return Slip(
            at=at, end=found.end() + len(outside), words=f"「{outside}」は {{ }} の中に書きます。", instead=right
        )
    made = _made(at, what.strip(), fallback, bool(bar))
    if isinstance(made, Placeholder):
        return made
    return None if wide else Slip(at=at, end=found.end(), words=made[0], instead=made[1])


def _made(at: int, what: str, fallback: str, has_fallback: bool) -> Placeholder | tuple[str, str]:
    kind, colon, name = what.replace("：", ":").partition(":")
    if colon and kind in {"リンク", "絵文字"} and name.strip() and not has_fallback:
        return Placeholder(at=at, what="link" if kind == "リンク" else "emoji", name=name.strip())
    if not what:
        return "{ } の中が空です。", EXAMPLE
    if colon and kind != "回答":
        return f"{{{what}}} という差し込みはありません。", EXAMPLE
    if not fallback.strip():
        return f"{{{what}}} には、わからないときの言葉が要ります。", f"{{{what}|{_fallback(what)}}}"
    if colon:
        return Placeholder(at=at, what="answer", name=name.strip(), fallback=fallback)
    honorific = next((one for one in HONORIFICS if what == f"名前{one}"), "")
    if honorific or what == "名前":
        return Placeholder(at=at, what="name", name=honorific, fallback=fallback)
    return Placeholder(at=at, what="field", name=what, fallback=fallback)


def _fallback(what: str) -> str:
    return "お客様" if what.startswith("名前") else "こちら"
