"""A rich message page by page: the picture, how it is parted, its shape, and a button for each part."""

from __future__ import annotations

import re
from typing import Any

from admin_commands.desk import CommandError, Desk
from admin_commands.screens import Screen, Tap
from admin_commands.sketch import rich_of
from admin_commands.wizard import Answer, Page, choose, turn_to
from flows.messages.rich import SHAPES
from flows.names import fold, narrow
from flows.script.rich import MARKER

RICH = "写真をボタンにする"
WORDS = frozenset(map(fold, (RICH, "リッチメッセージ", "リッチ", "画像ボタン")))
_WHERE = "リッチメッセージ"
_SIDES = (
    Tap(label="正方形", says="1:1"),
    Tap(label="横長 3:2", says="3:2"),
    Tap(label="横長 2:1", says="2:1"),
    Tap(label="縦長 3:4", says="3:4"),
)


def open_rich(desk: Desk) -> None:
    """Ask for the picture."""
    turn_to(desk, "rich_picture", rich={})


def _keep(desk: Desk, page: str, **parts: Any) -> None:
    turn_to(desk, page, rich={**desk.form["rich"], **parts})


def _ask_picture(_: Desk) -> Screen:
    text = "写真1枚が、そのまま押せるボタンになります（分ければ4つまで）。写真を送ってください。"
    return Screen(text=text, where=_WHERE)


def _take_picture(desk: Desk, given: Answer) -> None:
    said = given.text.strip()
    if given.refused:
        raise CommandError(given.refused)
    if given.what == "image" and given.media:
        _keep(desk, "rich_shape", picture=given.media)
    elif not given.what and said.startswith("https://"):
        _keep(desk, "rich_shape", picture=said)
    else:
        raise CommandError(
            "ここには写真が要ります。写真を1枚送ってください。文字のボタンだけなら「戻る」で作り直せます。"
        )


def _ask_shape(_: Desk) -> Screen:
    taps = tuple(Tap(label=f"{name}（{len(areas)}つ）", says=name) for name, areas in SHAPES.items())
    return Screen(text="どう分けますか？", taps=taps, where=_WHERE)


def _take_shape(desk: Desk, given: Answer) -> None:
    said = fold(choose(given, _ask_shape(desk).taps))
    shape = next((name for name in SHAPES if fold(name) == said), None)
    if shape is None:
        raise CommandError(f"「{given.text}」という分け方はありません。下から選んでください。")
    _keep(desk, "rich_sides", shape=shape)


def _ask_sides(_: Desk) -> Screen:
    text = "写真の形は？ 文字でもOK：1200:630（横:縦）\n違う形を選ぶと、写真の端が切れて、押すところがずれます。"
    return Screen(text=text, taps=_SIDES, where=_WHERE)


def _take_sides(desk: Desk, given: Answer) -> None:
    said = "".join(narrow(choose(given, _SIDES)).split()).replace("×", ":")
    if not re.fullmatch(r"[0-9]{1,6}:[0-9]{1,6}", said):
        raise CommandError(f"「{given.text}」は写真の形として読めませんでした。例：3:2（横:縦）")
    # Read as it will stand in the script, over a button that does nothing.
    found = rich_of(f"{MARKER} 全体 {said}\n![](https://example.com/)\n- 見る")
    _keep(desk, "rich_buttons", sides=f"{found.wide}:{found.high}")


def ask_buttons(desk: Desk) -> Screen:
    """Ask what each part does."""
    shape = desk.form["rich"]["shape"]
    order = "左上から順に" if len(SHAPES[shape]) > 1 else ""
    text = (
        f"押したときにすることを、{order}{len(SHAPES[shape])}行で送ってください。"
        "文字は、写真の見えない人とパソコンで読まれます。例：\n"
        "予約する → https://example.com/\nくわしく → タグ 興味あり、+3点\n電話する → 電話 03-1234-5678"
    )
    return Screen(text=text, where=_WHERE)


def taken(desk: Desk, given: Answer) -> Answer:
    """The whole rich message, once its buttons are told. Raises CommandError with what is wrong."""
    if given.what:
        raise CommandError("ここは文字で送ってください。")
    rich = desk.form["rich"]
    lines = [f"- {line.strip().lstrip('・-ー').strip()}" for line in given.text.splitlines() if line.strip()]
    script = "\n".join((f"{MARKER} {rich['shape']} {rich['sides']}", f"![]({rich['picture']})", *lines))
    rich_of(script)
    return Answer(what="rich", text=script)


PAGES = {
    "rich_picture": Page(ask=_ask_picture, take=_take_picture, body=True),
    "rich_shape": Page(ask=_ask_shape, take=_take_shape),
    "rich_sides": Page(ask=_ask_sides, take=_take_sides),
}
