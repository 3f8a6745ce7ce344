"""Rich messages in a script: `!リッチ 左右`, the picture under it, and a button for each part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.messages import Image, Rich
from flows.messages.rich import LONGEST_SIDE, SHAPES, STEEPEST
from flows.names import fold
from flows.script.cards import button_line, buttons_under, parsed, picture_under
from flows.script.folding import Folded
from flows.script.lines import Kind, Line
from flows.script.pages import Pages
from flows.script.problems import Misread, Problems, near, placed

MARKER = "!リッチ"
SAMPLE = f"{MARKER} 左右"
WHOLE = "全体"

_VALUE = re.compile(r"(?P<shape>[^ ]*)(?: (?P<wide>[0-9]{1,6}) ?[:x×] ?(?P<high>[0-9]{1,6}))?")


def rich(pages: Pages) -> Rich | None:
    """The rich message at this line; None for one that cannot be read, which is then reported."""
    line = pages.line
    assert line is not None
    pages.place += 1
    head = pages.attempt(line, lambda one: _head(one.value))
    picture = picture_under(pages)
    buttons = tuple(buttons_under(pages))
    if not isinstance(picture, Image):
        pages.report(
            line, "リッチメッセージには、すぐ下に写真が要ります。", example="![店内](https://example.com/a.jpg)"
        )
        return None
    if head is None or not _fits(pages, line, head[0], len(buttons)):
        return None
    shape, wide, high = head
    return Rich(picture=picture.url, alt=picture.alt, shape=shape, wide=wide, high=high, buttons=buttons)


def parse_rich(text: str) -> Rich | Problems:
    """The rich message that these lines are, as they stand in a script."""
    return parsed(text, Kind.RICH, rich, f"リッチメッセージは「{MARKER}」の行で始めます。", SAMPLE)


@placed
def _head(text: Folded) -> tuple[str, int, int]:
    found = _VALUE.fullmatch(text.text)
    if found is None:
        raise Misread("分け方と、横と縦の長さを書きます。", example=f"{SAMPLE} 3:2")
    names = {fold(name): name for name in SHAPES}
    shape = names.get(fold(found["shape"] or WHOLE))
    if shape is None:
        words = f"「{found['shape']}」という分け方はありません（{'・'.join(SHAPES)}）。"
        raise Misread(words, nearest=near(found["shape"], tuple(SHAPES)), example=SAMPLE)
    sides = _sides(int(found["wide"]), int(found["high"])) if found["wide"] else (1, 1)
    return shape, *sides


def _sides(wide: int, high: int) -> tuple[int, int]:
    if not (0 < wide <= LONGEST_SIDE and 0 < high <= LONGEST_SIDE):
        raise Misread(f"横と縦の長さは1〜{LONGEST_SIDE:,}です。", example="3:2")
    if high > STEEPEST * wide:
        raise Misread(f"縦は横の{STEEPEST}倍までです。", example="1:3")
    return wide, high


def _fits(pages: Pages, line: Line, shape: str, count: int) -> bool:
    wanted = len(SHAPES[shape])
    if count != wanted:
        words = f"「{shape}」には、押すところが{wanted}つあります。ボタンも{wanted}つ書きます（今は{count}つ）。"
        pages.report(line, words, example="- 予約する → https://example.com/")
    return count == wanted


def rich_lines(message: Rich) -> Iterator[str]:
    """The rich message as a script holds it."""
    sides = f" {message.wide}:{message.high}" if (message.wide, message.high) != (1, 1) else ""
    yield f"{MARKER} {message.shape}{sides}"
    yield f"![{message.alt}]({message.picture})"
    yield from map(button_line, message.buttons)
