"""シナリオ作成, the beginning: what it is for, its name, and what starts it."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.reading import run_line
from admin_commands.screens import Screen, tap
from admin_commands.sketch import misread, new_line
from admin_commands.wizard import Answer, Page, choose, turn_to
from flows.names import fold, narrow
from flows.scenario import Purpose
from flows.script import Problem, parse_trigger

_PURPOSES = (
    ("温める", "お役立ち・自己紹介で信頼をつくる"),
    ("動かす", "予約・購入・来店をお願いする"),
    ("つながる", "近況や雑談"),
)
_FROM_TEMPLATE = "ひな形から選ぶ"
_STARTS = ("友だち追加", "タグが付いた", "QR・経路", "キーワード", "予約・購入", "手動")
_DETAILS = {
    "タグが付いた": ("タグ", "どのタグが付いたら始めますか？ タグの名前を送ってください。"),
    "QR・経路": ("経路", "どの経路から来た人に始めますか？ 経路の名前を送ってください。"),
    "キーワード": ("キーワード", "どんな言葉が送られてきたら始めますか？ 例：クーポン"),
    "予約・購入": ("", "どれで始めますか？"),
}
_OCCASIONS = ("予約", "来店", "購入", "キャンセル")


def _ask_purpose(_: Desk) -> Screen:
    lines = "\n".join(f"{number} {word}（{why}）" for number, (word, why) in enumerate(_PURPOSES, 1))
    taps = (*(tap(word) for word, _ in _PURPOSES), tap(_FROM_TEMPLATE))
    return Screen(text=f"どんなシナリオですか？\n{lines}\n4 {_FROM_TEMPLATE}", taps=taps, listed=True)


def _take_purpose(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said in {_FROM_TEMPLATE, "テンプレ", "ひな形"}:
        command = desk.vocabulary.word("テンプレ")
        assert command is not None
        desk.close_form()
        run_line(desk, command, "")
        return
    if said not in set(Purpose):
        raise CommandError(f"「{said}」は選べませんでした。目的を1つ選んでください。迷ったら「温める」で大丈夫です。")
    turn_to(desk, "start" if desk.form.get("name") else "name", purpose=said)


def _ask_name(_: Desk) -> Screen:
    return Screen(text="名前をつけてください（友だちには見えません）。例：新規様")


def take_name(desk: Desk, given: Answer) -> None:
    """The scenario's name."""
    turn_to(desk, "start", name=checked_name(desk, given.text))


def checked_name(desk: Desk, text: str) -> str:
    """A name for a scenario or survey: new, short, and not a word of ours."""
    name = " ".join(text.split()).strip("「」")
    if not 1 <= len(name) <= 20:
        raise CommandError(f"名前は1〜20文字です（{len(name)}文字ありました）。例：新規様")
    if any(mark in name for mark in "「」\n"):
        raise CommandError("名前に「」は使えません。例：新規様")
    if desk.vocabulary.word(name):
        raise CommandError(f"「{name}」は操作の言葉なので、名前には使えません。例：{name}のご案内")
    if fold(name) in desk.catalog.plans:
        raise CommandError(f"「{name}」は、もうあります。別の名前をつけてください。例：{name[:17]}2")
    return name


def _ask_start(desk: Desk) -> Screen:
    return Screen(
        text="いつ始めますか？", taps=tuple(tap(word) for word in _STARTS), where=f"シナリオ ▸ {desk.form['name']}"
    )


def _take_start(desk: Desk, given: Answer) -> None:
    said = choose(given, tuple(tap(word) for word in _STARTS))
    if said in _DETAILS:
        turn_to(desk, "start_detail", asking=said)
        return
    _begin_steps(desk, said)


def _ask_detail(desk: Desk) -> Screen:
    sort, question = _DETAILS[desk.form["asking"]]
    known = [tag.name for tag in desk.catalog.tags.values()][:6] if sort == "タグ" else []
    taps = tuple(tap(word) for word in (known if sort else _OCCASIONS))
    return Screen(text=question, taps=taps, where=f"シナリオ ▸ {desk.form['name']} ▸ 始まり")


def _take_detail(desk: Desk, given: Answer) -> None:
    sort, _ = _DETAILS[desk.form["asking"]]
    words = " ".join(given.text.split()).strip("「」")
    quoted = f"「{words}」" if " " in words else words
    _begin_steps(desk, f"{sort} {quoted}".strip())


def _begin_steps(desk: Desk, start: str) -> None:
    found = parse_trigger(start)
    if isinstance(found, Problem):
        raise CommandError(f"{misread(found)}\nボタンから選ぶか、「タグ 見込み客」のように書いてください。")
    words = "、".join(trigger.words() for trigger in found)
    turn_to(desk, "body", start=words, lines=[new_line("", "すぐ")], line=0, step=0)


PAGES = {
    "purpose": Page(ask=_ask_purpose, take=_take_purpose),
    "name": Page(ask=_ask_name, take=take_name),
    "start": Page(ask=_ask_start, take=_take_start),
    "start_detail": Page(ask=_ask_detail, take=_take_detail),
}
