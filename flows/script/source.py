"""The lines of a pasted script, and what each one says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NamedTuple

from flows.actions import Action, AddScore, AddTag, SetField
from flows.messages import Audio, Image, Message, Sticker, Video
from flows.messages.sticker import REFUSED
from flows.moments import When
from flows.script.conditions import tags_named
from flows.script.effects import effects
from flows.script.folding import Folded, lines_of
from flows.script.grammar import name_of, parsed
from flows.script.known import NewName, Sort
from flows.script.lines import Kind, Line, classify
from flows.script.problems import Misread, placed
from flows.script.questions import choice, header
from flows.script.times import when
from flows.script.triggers import triggers
from flows.triggers import TagGained

NOTHING = "なし"

_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*\w*$")
_ADDRESS = re.compile(r"(?:https://|media:)\S+$")
_LENGTH = re.compile(r"(?P<url>\S+) (?P<seconds>[0-9]{1,5}(?:\.[0-9]{1,3})?) ?秒$")
_STICKER = re.compile(r"([0-9]{1,12}) ?/ ?([0-9]{1,12})$")


class StepLine(NamedTuple):
    """What `## いつ ※条件` says; the condition is read once all names are known."""

    when: When
    only_if: Folded | None


def source_lines(text: str) -> tuple[Line, ...]:
    """The lines of a script, numbered as pasted, without the blank lines and the code fence around it."""
    numbered = [(number, line) for number, line in enumerate(lines_of(text), 1)]
    while numbered and _is_edge(numbered[0][1]):
        numbered.pop(0)
    while numbered and _is_edge(numbered[-1][1]):
        numbered.pop()
    return tuple(classify(line, number) for number, line in numbered)


def _is_edge(line: str) -> bool:
    return not line.strip() or _FENCE.match(line) is not None


def actions_of(line: Line) -> tuple[Action, ...]:
    """The actions of an effect line, of a choice, or of `終わったら` (なし is none). Raises Misread."""
    match line.kind:
        case Kind.CHOICE:
            said = choice(line.value)
            return said.option.effects if said.option else said.effects
        case Kind.EFFECT:
            return effects(line.value)
        case Kind.SETTING if line.word == "終わったら":
            return () if line.value.text == NOTHING else effects(line.value)
        case _:
            return ()


def step_line(line: Line, now: datetime, zone: tzinfo) -> StepLine:
    """When the step is, and the text of its condition. Raises Misread."""
    star = outside_quotes(line.value.text, "※")
    time = line.value if star is None else line.value.part(0, star)
    only_if = None if star is None else line.value.part(star + 1)
    return StepLine(when(time, now, zone), only_if)


def path_name(line: Line) -> str:
    """The name behind `# 道` or `# シナリオ`. Raises Misread."""
    return single_name(line.value, f"{line.word}の名前")


@placed
def single_name(text: Folded, what: str) -> str:
    """A text that is one name and nothing else. Raises Misread."""
    try:
        tree = parsed("start: NAME", text, said={"NAME": "名前"}, what=what, example="秋の会")
    except Misread as misread:
        if not text.text or set("「」") & set(text.text):
            raise
        right = f"「{text.original(0, len(text.text))}」"
        words = "空白やかっこを含む名前は「」で囲みます。"
        raise Misread(words, misread.at, nearest=right, instead=[("「」で囲む", right)]) from None
    (token,) = tree.scan_values(lambda _: True)
    return name_of(token, text, what)


def brought_by_line(line: Line) -> Iterable[NewName]:
    """The names that a line brings into being. Raises Misread."""
    if line.kind is Kind.QUESTION:
        head = header(line.value)
        return [NewName(sort=Sort.FIELD, name=head.name, holds=head.kind.title)]
    if line.kind is not Kind.SETTING or line.word == "終わったら":
        return brought_by(actions_of(line))
    match line.word:
        case "開始" | "起点":
            gained = [part.trigger for part in triggers(line.value)]
            return [NewName(sort=Sort.TAG, name=one.tag) for one in gained if isinstance(one, TagGained)]
        case "ゴール":
            return [NewName(sort=Sort.TAG, name=name) for name in tags_named(line.value)]
        case "基準日":
            return [NewName(sort=Sort.FIELD, name=single_name(line.value, "基準日"), holds="日付")]
        case _:
            return []


def brought_by(actions: Iterable[Action]) -> Iterable[NewName]:
    """The names that actions bring into being by naming them outright."""
    for action in actions:
        match action:
            case AddTag(name=name):
                yield NewName(sort=Sort.TAG, name=name)
            case AddScore(score=score) if score:
                yield NewName(sort=Sort.SCORE, name=score)
            case SetField(field=field):
                yield NewName(sort=Sort.FIELD, name=field)
            case _:
                pass


def media(line: Line) -> Message:
    """The bubble of a media line. Raises Misread."""
    return _media(line.value, line.word)


@placed
def _media(text: Folded, word: str) -> Message:
    opened = _opened(text.text) if word == "" else text.text.index("(")
    inside = text.part(opened + 1, len(text.text) - 1)
    if word == "スタンプ":
        return _sticker(inside)
    written = inside.original(0, len(inside.text))
    if word == "音声" and (timed := _LENGTH.match(" ".join(written.split()))):
        return Audio(url=_address(timed["url"], inside), milliseconds=round(float(timed["seconds"]) * 1000))
    if word == "":
        return Image(url=_address(written, inside), alt=text.original(1, text.text.rindex("]", 0, opened)))
    url, _, preview = written.partition(" ")
    if word == "音声":
        return Audio(url=_address(written, inside))
    return Video(url=_address(url, inside), preview=_address(preview.strip(), inside) if preview else "")


def _opened(text: str) -> int:
    """Where the ( of `[説明](URL)` stands."""
    return next(found.end() - 1 for found in re.finditer(r"\] ?\(", text))


def _sticker(inside: Folded) -> Message:
    found = _STICKER.match(inside.text)
    if found is None:
        raise Misread("スタンプは、組と番号の数字で書きます。", example="!スタンプ(446/1988)")
    made = Sticker(package=found[1], number=found[2])
    if not made.sendable:
        raise Misread(REFUSED, example="!スタンプ(446/1988)")
    return made


def _address(written: str, inside: Folded) -> str:
    if _ADDRESS.match(written) is None:
        raise Misread(
            "送れるのは https:// で始まるURLか、トークに送った写真や動画（media:…）です。",
            example="https://example.com/a.jpg",
        )
    if len(written) > 2_000:
        raise Misread("URLが長すぎます（2,000文字まで）。")
    return written


def outside_quotes(text: str, letter: str) -> int | None:
    """Where a letter first stands outside of 「 」."""
    depth = 0
    for place, one in enumerate(text):
        depth += (one == "「") - (one == "」")
        if one == letter and depth <= 0:
            return place
    return None
