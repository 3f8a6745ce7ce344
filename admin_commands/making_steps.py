"""シナリオ作成, the middle: message, next time, message … until every line is written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from admin_commands.branching import branch_into
from admin_commands.desk import CommandError, Desk
from admin_commands.overview import plan_screen
from admin_commands.plans import changed, with_entry
from admin_commands.preview import sample_fill, shown
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of, bubbles_words, message_of, new_step, plan_of, read_when
from admin_commands.wizard import Answer, Page, turn_to
from flows.catalog import Entry
from flows.names import fold, narrow
from flows.scenario import Scenario
from flows.script import Problems, read, write

ADD_CHOICES, ADD_BUBBLE, REWRITE, NEXT_SEND = "選択肢を付ける", "吹き出しを足す", "書き直す", "次の配信へ"
FREE_STARTS = ("友だち追加", "キーワード", "ブロック解除")
_TIMES = ("1日後19:00", "2日後19:00", "3日後19:00")
SILENT = "反応なし"
"""The path of those who do not answer: what it sends is no reply, and counts."""
OTHER_TIME = "ほかの日時"


def here(form: dict[str, Any]) -> dict[str, Any]:
    """The step that is being written."""
    step: dict[str, Any] = form["lines"][form["line"]]["steps"][form["step"]]
    return step


def copied(form: dict[str, Any]) -> list[Any]:
    """The lines, to be changed without touching what 戻る goes back to."""
    lines: list[Any] = json.loads(json.dumps(form["lines"]))
    return lines


def place_words(desk: Desk) -> str:
    """シナリオ ▸ 新規様 ▸ 道「乾燥」の1通目."""
    form = desk.form
    line = form["lines"][form["line"]]
    path = f"道「{line['name']}」の" if line["name"] else ""
    number = form["number"] if "into" in form and not form["line"] else form["step"] + 1
    return f"シナリオ ▸ {form['name']} ▸ {path}{number}通目"


def _when_words(form: dict[str, Any]) -> str:
    step, line = here(form), form["lines"][form["line"]]
    start = "開始" if form["start"] == "手動" else form["start"]
    if step["when"] != "すぐ":
        counted = "後" in step["when"] or step["when"].startswith("翌")
        return f"{start}から{step['when']}" if counted and not line["name"] else step["when"]
    if line["name"]:
        return "進んだらすぐ" if line["name"] == SILENT else "進んだらすぐ・返信なら0通"
    free = form["start"].startswith(FREE_STARTS)
    return f"{start}のすぐあと{'・返信なので0通' if free else ''}"


def _ask_body(desk: Desk) -> Screen:
    count = len(here(desk.form)["bubbles"])
    how = f"{count + 1}つ目の吹き出しを送ってください。" if count else "本文を送ってください。写真や動画も送れます。"
    first = (desk.form["line"], desk.form["step"], count) == (0, 0, 0)
    name = "\nお名前を入れるときは {名前さん|お客様}" if first else ""
    text = f"（{_when_words(desk.form)}）\n{how}{name}"
    return Screen(text=text, where=place_words(desk))


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    if len(here(desk.form)["bubbles"]) >= MOST_BUBBLES:
        raise CommandError("吹き出しは1回に5つまでです。「書き直す」か「次の配信へ」を選んでください。")
    lines = copied(desk.form)
    lines[desk.form["line"]]["steps"][desk.form["step"]]["bubbles"].append(bubble)
    desk.put(shown(message_of(bubble), sample_fill(desk)))
    turn_to(desk, "after", lines=lines)


def _is_question(form: dict[str, Any]) -> bool:
    last = here(form)["bubbles"][-1]
    return narrow(last.get("text", "")).rstrip().endswith("?")


def _after_taps(desk: Desk) -> tuple[Tap, ...]:
    form = desk.form
    count = len(here(form)["bubbles"])
    add = (tap(ADD_BUBBLE),) if count < MOST_BUBBLES else ()
    if _is_question(form):
        return (tap(ADD_CHOICES), *add, tap(NEXT_SEND), tap(REWRITE))
    times = (tap("翌日19:00"),) if form["line"] else tuple(tap(word) for word in _TIMES)
    return (*times, *add, tap(REWRITE), tap(_end_word(form)))


def _end_word(form: dict[str, Any]) -> str:
    return "この道は終わり" if form["line"] else f"{form['step'] + 1}通で終わり"


def _ask_after(desk: Desk) -> Screen:
    form = desk.form
    count = len(here(form)["bubbles"])
    if _is_question(form):
        return Screen(text="受け取りました。", taps=_after_taps(desk), where=place_words(desk))
    text = (
        f"受け取りました（{bubbles_words(count)}）。{form['step'] + 2}通目はいつ送りますか？\n文字でもOK：2日後の10時"
    )
    return Screen(text=text, taps=_after_taps(desk), where=place_words(desk))


def _take_after(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    lines = copied(desk.form)
    match said:
        case "選択肢を付ける":
            _to_choices(desk)
        case "吹き出しを足す":
            turn_to(desk, "body")
        case "書き直す":
            lines[desk.form["line"]]["steps"][desk.form["step"]]["bubbles"].pop()
            turn_to(desk, "body", lines=lines)
        case "次の配信へ":
            turn_to(desk, "when")
        case _ if said.endswith("終わり"):
            next_line(desk)
        case _:
            add_step(desk, said)


def _to_choices(desk: Desk) -> None:
    if "text" not in here(desk.form)["bubbles"][-1]:
        raise CommandError("選択肢は、文の吹き出しに付けられます。質問の文を足してください。")
    turn_to(desk, "options")


def add_step(desk: Desk, words: str) -> None:
    """One more step on this line, at that time."""
    when = read_when(words, desk.now, desk.catalog.account.tz)
    lines = copied(desk.form)
    steps = lines[desk.form["line"]]["steps"]
    steps.append(new_step(when.words))
    turn_to(desk, "body", lines=lines, step=len(steps) - 1)


def _ask_when(desk: Desk) -> Screen:
    end = _end_word(desk.form)
    return Screen(
        text=f"{desk.form['step'] + 2}通目はいつ送りますか？ 文字でもOK：2日後の10時",
        taps=(*(tap(word) for word in _TIMES), tap(end)),
        where=place_words(desk),
    )


def _take_when(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said.endswith("終わり"):
        next_line(desk)
        return
    add_step(desk, said)


def next_line(desk: Desk) -> None:
    """Go on with the first path that is still empty; when none is left, the draft is whole."""
    lines = desk.form["lines"]
    empty = [number for number, line in enumerate(lines) if line["name"] and not line["steps"][0]["bubbles"]]
    if empty:
        turn_to(desk, "path_when", line=empty[0], step=0)
        return
    finish(desk)


def _ask_path_when(desk: Desk) -> Screen:
    silent = desk.form["lines"][desk.form["line"]]["name"] == SILENT
    at_once = Tap(label="すぐ" if silent else "すぐ（返信・0通）", says="すぐ")
    return Screen(
        text="いつ送りますか？ 文字でもOK：翌日の10時",
        taps=(at_once, Tap(label="翌日19:00", says="翌日 19:00"), tap(OTHER_TIME)),
        where=place_words(desk),
    )


def _take_path_when(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    lines = copied(desk.form)
    if said == OTHER_TIME:
        raise CommandError("送る時を文字で送ってください。例：3日後の10時")
    lines[desk.form["line"]]["steps"][0]["when"] = read_when(said, desk.now, desk.catalog.account.tz).words
    turn_to(desk, "body", lines=lines)


def draft_of(desk: Desk) -> Scenario:
    """The plan that the form holds, read back from its own script, so that both ways give the same result."""
    plan = plan_of(desk.form, desk.now, desk.catalog.account.tz)
    script = read(write(plan), desk.catalog, desk.now)
    if isinstance(script, Problems):
        raise CommandError(script.sentence())
    assert isinstance(script.plan, Scenario)
    return script.plan


def _save(desk: Desk) -> None:
    key = fold(desk.form["name"])
    entry = desk.catalog.plans.get(key) or Entry(name=desk.form["name"])
    draft = draft_of(desk)
    if entry.draft != draft:
        desk.edit(
            with_entry(desk.catalog, changed(desk, replace(entry, draft=draft))),
            f"「{entry.name}」の下書きを作りました",
        )


def keep_draft(desk: Desk) -> str:
    """Save what is there as a draft, once there is a first message."""
    lines = desk.form.get("lines")
    if "into" in desk.form or not lines or not lines[0]["steps"][0]["bubbles"] or _half_open(desk.form):
        return ""
    _save(desk)
    return f"ここまでを、下書き「{desk.form['name']}」に保存しました。"


def _half_open(form: dict[str, Any]) -> list[str]:
    """The paths that lead nowhere yet: a scenario with such a one cannot be written as a script."""
    return [line["name"] for line in form["lines"] if line["name"] and not line["steps"][0]["bubbles"]]


def missing(desk: Desk) -> str:
    """What must still be given before the sketch is a scenario that can be looked at."""
    lines = desk.form.get("lines")
    if not lines or not lines[0]["steps"][0]["bubbles"]:
        return "まだ1通目の本文がありません。"
    paths = "・".join(f"道「{name}」" for name in _half_open(desk.form))
    return f"{paths}の本文が、まだありません。" if paths else ""


def finish(desk: Desk) -> None:
    """The draft is whole: show all of it, and the way to publish."""
    if "into" in desk.form:
        branch_into(desk, plan_of(desk.form, desk.now, desk.catalog.account.tz))
        return
    _save(desk)
    name = desk.form["name"]
    desk.close_form()
    desk.show(
        plan_screen(desk, fold(name), before=f"できました。「{name}」を下書きに保存しました（まだ誰にも届きません）。")
    )


def show_last(desk: Desk) -> None:
    """The bubbles of the step being written, as a friend would see them."""
    if "lines" not in desk.form or not here(desk.form)["bubbles"]:
        raise CommandError("ここで見せられる本文は、まだありません。")
    for bubble in here(desk.form)["bubbles"][:4]:
        desk.put(shown(message_of(bubble), sample_fill(desk)))


PAGES = {
    "body": Page(ask=_ask_body, take=_take_body, body=True),
    "after": Page(ask=_ask_after, take=_take_after),
    "when": Page(ask=_ask_when, take=_take_when),
    "path_when": Page(ask=_ask_path_when, take=_take_path_when),
}
