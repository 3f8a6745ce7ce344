"""Transcripts: what people do, what the bot says, and what is then true, as text that reads like the talk.

# 題名
script <<<                    a scenario, published as it stands (what it names comes into being)
# シナリオ …
>>>
friend follows                also: blocks, comes back, taps 乾燥, picks 日時 2026-12-01, sends image
friend> 乾燥                   美咲> … is somebody else; staff> … the owner
  | もう1行                    more lines of the same message
staff <<<                     a message of many lines, up to >>>
bot> はじめまして！ [乾燥]      an answer; bot(push)> a counted send; bot(push, 美咲)> to somebody else
-- 2日後 19:00 --             also: 3時間後, 30分後, 次の予定, 12/24 10:00
-- 働き手が止まる --            workers and clock are down until -- 働き手が戻る --; the web process answers
LINE: 上限 3通                 what LINE says: 上限 (なし: none), or 再送: the last webhook once more,
                              返事が消える (until もとどおり): it accepts what is pushed and then fails
= タグ: 乾燥                   what is true of the friend: タグ, スコア, 項目 X, 購読, 次, 通数
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BOT = re.compile(r"bot(\((push)?(, )?([^)]*)\))?> ?(.*)")
MOVE = re.compile(r"-- (.+) --")
TRUE = re.compile(r"= ([^:]+): ?(.*)")
ACT = re.compile(r"(friend|staff|[^\s>]{1,20}) (follows|blocks|comes back|taps|picks|sends|is staff)\b ?(.*)")
SAYS = re.compile(r"([^\s>]{1,20})> ?(.*)")
LINE = re.compile(r"LINE: (.+)")
MORE = "  | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is done, said or stated. `kind`: note, script, act, move, line, bot, true."""

    kind: str
    who: str = ""
    verb: str = ""
    text: str = ""
    block: bool = False


def parse(text: str) -> list[Line]:
    """The lines of a transcript; ValueError names one that cannot be read."""
    return list(_parse(iter(text.splitlines())))


def _parse(rows: Iterator[str]) -> Iterator[Line]:
    waiting: Line | None = None
    for row in rows:
        if waiting is not None and row.startswith(MORE.rstrip()):
            waiting = _longer(waiting, row[len(MORE) :])
            continue
        if waiting is not None:
            yield waiting
        waiting = _read(row, rows)
    if waiting is not None:
        yield waiting


def _longer(line: Line, more: str) -> Line:
    return Line(kind=line.kind, who=line.who, verb=line.verb, text=f"{line.text}\n{more}", block=line.block)


def _read(row: str, rows: Iterator[str]) -> Line:
    if not row.strip() or row.startswith("#"):
        return Line(kind="note", text=row)
    if row.endswith(" <<<"):
        who = row.removesuffix(" <<<")
        kind = "script" if who == "script" else "act"
        return Line(kind=kind, who=who, verb="says", text=_block(rows), block=True)
    if found := MOVE.fullmatch(row):
        return Line(kind="move", text=found[1])
    if found := LINE.fullmatch(row):
        return Line(kind="line", text=found[1])
    if found := BOT.fullmatch(row):
        return Line(kind="bot", verb=found[2] or "reply", who=found[4] or "", text=found[5])
    if found := TRUE.fullmatch(row):
        return Line(kind="true", who="", verb=found[1], text=found[2])
    if found := ACT.fullmatch(row):
        return Line(kind="act", who=found[1], verb=found[2], text=found[3])
    if found := SAYS.fullmatch(row):
        return Line(kind="act", who=found[1], verb="says", text=found[2])
    raise ValueError(f"no such line in a transcript: {row!r}")


def _block(rows: Iterator[str]) -> str:
    lines: list[str] = []
    for row in rows:
        if row == ">>>":
            return "\n".join(lines)
        lines.append(row)
    raise ValueError("a block without its >>>")


def write(line: Line) -> str:
    """The line as it stands in a transcript."""
    match line.kind:
        case "note":
            return line.text
        case "script":
            return f"script <<<\n{line.text}\n>>>"
        case "move":
            return f"-- {line.text} --"
        case "line":
            return f"LINE: {line.text}"
        case "true":
            return f"= {line.verb}: {line.text}".rstrip()
        case "bot":
            return f"bot{_how(line)}> {_indented(line.text)}".rstrip()
    if line.verb == "says":
        return f"{line.who} <<<\n{line.text}\n>>>" if line.block else f"{line.who}> {_indented(line.text)}"
    return f"{line.who} {line.verb} {line.text}".rstrip()


def _how(line: Line) -> str:
    inside = ", ".join(part for part in (line.verb if line.verb == "push" else "", line.who) if part)
    return f"({inside})" if inside else ""


def _indented(text: str) -> str:
    first, *more = text.split("\n")
    return "\n".join([first, *(f"{MORE}{row}".rstrip() for row in more)])


# -- bubbles as people read them


def shown(bubble: Mapping[str, Any]) -> str:
    """A message object in words, its buttons in brackets."""
    words = _words(bubble)
    buttons = " ".join(f"[{label}]" for label in labels(bubble))
    if not buttons:
        return words
    return f"{words}\n{buttons}" if "\n" in words or len(words) + len(buttons) > 100 else f"{words} {buttons}".strip()


def _words(bubble: Mapping[str, Any]) -> str:
    match bubble["type"]:
        case "text" | "textV2":
            return str(bubble["text"])
        case "flex":
            return "〔" + "\n".join(_texts(bubble["contents"])) + "〕"
        case "template" | "imagemap":
            return f"〔{bubble['altText']}〕"
        case "image":
            return f"（写真 {bubble['originalContentUrl']}）"
        case "video":
            return f"（動画 {bubble['originalContentUrl']}）"
        case "audio":
            return f"（音声 {bubble['originalContentUrl']}）"
        case "sticker":
            return f"（スタンプ {bubble['packageId']}/{bubble['stickerId']}）"
        case other:
            return f"（{other}）"


def _texts(part: Any) -> Iterator[str]:
    """The texts of a card, from top to bottom, those of its buttons left out."""
    if isinstance(part, Sequence) and not isinstance(part, str):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, Mapping):
        if part.get("type") == "text" and "action" not in part:
            spans = part.get("contents") or ()
            yield str(part.get("text") or "".join(str(span.get("text", "")) for span in spans))
        elif part.get("type") in {"bubble", "carousel"} or "contents" in part:
            for name in ("header", "hero", "body", "footer", "contents"):
                yield from _texts(part.get(name))


def labels(bubble: Mapping[str, Any]) -> list[str]:
    """What its buttons say, in order; quick replies last."""
    found = [str(action.get("label") or action.get("text") or "") for action in actions(bubble)]
    return [label for label in found if label]


def actions(bubble: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Its actions, in order; quick replies last."""
    inside = [found for name, part in bubble.items() if name != "quickReply" for found in _actions(name, part)]
    return [*inside, *(item["action"] for item in bubble.get("quickReply", {}).get("items", ()))]


def _actions(name: str, part: Any) -> Iterator[Mapping[str, Any]]:
    if name == "action" and isinstance(part, Mapping):
        yield part
    elif isinstance(part, Mapping):
        for inner, value in part.items():
            yield from _actions(inner, value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for value in part:
            yield from _actions("action" if name == "actions" else "", value)
