"""シナリオ作成, choices: what can be pressed, what pressing does, and the paths it opens."""

from __future__ import annotations

import re
from typing import Any

from admin_commands.desk import CommandError, Desk
from admin_commands.making_steps import SILENT, copied, here, next_line, place_words
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import field_name, new_line, read_actions, read_choices
from admin_commands.wizard import Answer, Page, turn_to
from flows.actions import GoTo
from flows.names import fold, narrow
from flows.quoting import quoted

SPLIT, TOGETHER, NO_TAGS, ONE_BY_ONE = "答えごとに分ける", "分けない", "タグは付けない", "1つずつ決める"
OWN_PATH, END_HERE, OTHER_DAYS = "別の道へ", "ここで終わり", "日数を変える"
_DAYS = 2


def _ask_options(desk: Desk) -> Screen:
    text = (
        "選択肢を1行に1つ送ってください（1つ20文字まで）。\n"
        "点数を付けるなら、うしろに +3点 のように書きます。例：\n乾燥 +3点\nしみ +3点"
    )
    return Screen(text=text, where=place_words(desk))


def _take_options(desk: Desk, given: Answer) -> None:
    choices = read_choices(given.text)
    for one in choices:
        if one["effects"]:
            read_actions(one["effects"])
    taken = {fold(step["ask"]["name"]) for line in desk.form["lines"] for step in line["steps"] if "ask" in step}
    question = {"name": field_name(here(desk.form)["bubbles"][-1]["text"], taken), "options": choices}
    _set_question(desk, question, "option_way")


def _set_question(desk: Desk, question: dict[str, Any], page: str) -> None:
    lines = copied(desk.form)
    lines[desk.form["line"]]["steps"][desk.form["step"]]["ask"] = question
    turn_to(desk, page, lines=lines)


def _labels(desk: Desk) -> list[str]:
    return [one["label"] for one in here(desk.form)["ask"]["options"]]


def _ask_way(desk: Desk) -> Screen:
    tags = "".join(f"「{label}」" for label in _labels(desk))
    return Screen(
        text=f"押した人に、同じ名前のタグ{tags}を付けます。その後の配信も分けますか？",
        taps=(tap(SPLIT), tap(TOGETHER), tap(NO_TAGS), tap(ONE_BY_ONE)),
        where=place_words(desk),
    )


def _take_way(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "答えごとに分ける":
            _split(desk)
        case "分けない":
            _set_question(desk, _with_effects(desk, tags=True), "when")
            _back_if_inside(desk)
        case "タグは付けない":
            _set_question(desk, _with_effects(desk, tags=False), "when")
            _back_if_inside(desk)
        case "1つずつ決める":
            turn_to(desk, "option_each", option=0)
        case other:
            raise CommandError(f"「{other}」は選べませんでした。下の4つから選んでください。")


def _back_if_inside(desk: Desk) -> None:
    """Choices for a step of a scenario that is there already: what comes after it stays."""
    if "into" in desk.form:
        next_line(desk)


def _with_effects(desk: Desk, *, tags: bool, paths: bool = False) -> dict[str, Any]:
    question = dict(here(desk.form)["ask"])
    question["options"] = [
        {**one, "effects": _effects(one["label"], one["effects"], tags=tags, paths=paths)}
        for one in question["options"]
    ]
    return question


def _effects(label: str, points: str, *, tags: bool, paths: bool) -> str:
    parts = [f"タグ {quoted(label)}" if tags else "", points, f"道 {quoted(label)}" if paths else ""]
    return "、".join(part for part in parts if part)


def _split(desk: Desk) -> None:
    question = {**_with_effects(desk, tags=True, paths=True), "days": _DAYS}
    _set_question(desk, question, "silent")
    lines = [*copied(desk.form), *(new_line(label, "すぐ") for label in _labels(desk))]
    turn_to(desk, "silent", lines=lines)


def _ask_silent(desk: Desk) -> Screen:
    labels = _labels(desk)
    days = here(desk.form)["ask"].get("days", _DAYS)
    made = "と".join(f"道「{label}」" for label in labels)
    taps = (tap(OWN_PATH), Tap(label=f"「{labels[0]}」の道へ"), tap(END_HERE), tap(OTHER_DAYS))
    return Screen(text=f"{made}ができました。{days}日待っても押さない人は？", taps=taps, where=place_words(desk))


def _take_silent(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == OTHER_DAYS:
        turn_to(desk, "days")
        return
    same = next((label for label in _labels(desk) if said in {f"「{label}」の道へ", label}), None)
    if said not in {OWN_PATH, END_HERE} and same is None:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")
    effect = "終わる" if said == END_HERE else f"道 {quoted(same or SILENT)}"
    _set_question(desk, {**here(desk.form)["ask"], "silent": effect}, "silent")
    if said == OWN_PATH:
        desk.form = {**desk.form, "lines": [*copied(desk.form), new_line(SILENT, "翌日 19:00")]}
    next_line(desk)


def _ask_days(desk: Desk) -> Screen:
    return Screen(
        text="何日待ちますか？ 例：3日", taps=tuple(map(tap, ("1日", "2日", "3日", "7日"))), where=place_words(desk)
    )


def _take_days(desk: Desk, given: Answer) -> None:
    match = re.fullmatch(r"(\d{1,3})日?(?:間)?", narrow(given.text).strip())
    if not match or not 1 <= int(match[1]) <= 366:
        raise CommandError("日数を数字で送ってください（1〜366日）。例：3日")
    _set_question(desk, {**here(desk.form)["ask"], "days": int(match[1])}, "silent")


def _ask_each(desk: Desk) -> Screen:
    label = _labels(desk)[desk.form["option"]]
    return Screen(
        text=f"「{label}」を押した人に何をしますか？ 文字でもOK：タグ {label}、+3点",
        taps=(tap("同じ名前のタグ"), tap("何もしない")),
        where=place_words(desk),
    )


def _take_each(desk: Desk, given: Answer) -> None:
    number = desk.form["option"]
    question = dict(here(desk.form)["ask"])
    options = [dict(one) for one in question["options"]]
    one = options[number]
    match narrow(given.text).strip():
        case "同じ名前のタグ":
            one["effects"] = _effects(one["label"], one["effects"], tags=True, paths=False)
        case "何もしない":
            one["effects"] = ""
        case typed:
            read_actions(typed)
            one["effects"] = typed
    question["options"] = options
    last = number == len(options) - 1
    _set_question(desk, question, "when" if last else "option_each")
    desk.form = {**desk.form, "option": number + 1, "lines": _with_paths(desk)}
    if last:
        _back_if_inside(desk)


def _with_paths(desk: Desk) -> list[Any]:
    """The lines, with one for each path that a typed effect leads to."""
    lines = copied(desk.form)
    known = {fold(line["name"]) for line in lines}
    for option in here(desk.form)["ask"]["options"]:
        for action in read_actions(option["effects"]) if option["effects"] else ():
            if isinstance(action, GoTo) and fold(action.name) not in known:
                known.add(fold(action.name))
                lines.append(new_line(action.name, "すぐ"))
    return lines


PAGES = {
    "options": Page(ask=_ask_options, take=_take_options, body=True),
    "option_way": Page(ask=_ask_way, take=_take_way),
    "option_each": Page(ask=_ask_each, take=_take_each, own=True),
    "silent": Page(ask=_ask_silent, take=_take_silent),
    "days": Page(ask=_ask_days, take=_take_days),
}
