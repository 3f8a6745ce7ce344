"""Words that nobody asked for are kept and asked about; a command word among bodies as well."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from admin_commands.desk import CommandError, Desk
from admin_commands.plans import first_line, place_of
from admin_commands.reading import PlanKey, run_line
from admin_commands.registry import arguments
from admin_commands.screens import Tap, tap, text_bubble
from admin_commands.wizard import Answer, Wizard, answer
from flows.names import Key, cut, fold, narrow

if TYPE_CHECKING:
    from admin_commands.registry import Command

AS_BODY = "本文にする"
ABOUT_PLANS = {"プレビュー", "停止"}
"""Commands about a scenario that read its name themselves."""
SKETCHES = {"シナリオ作成", "アンケート作成"}
_SHORT = 14
"""A longer line is a message, not a mistyped word."""


def keep_words(desk: Desk, given: Answer) -> None:
    """Keep what came when nothing was asked, and ask what it is for."""
    if given.refused:
        raise CommandError(given.refused, tap("ホーム"))
    desk.held = json.dumps(asdict(given), ensure_ascii=False)
    near = _near_taps(desk, given)
    guess = f"\n「{near[0].label}」のことでしたら、下から選べます。" if near else ""
    desk.say(
        f"まだ誰にも送っていません。{_named(given)}をどうしますか？{guess}",
        *near,
        Tap(label="一斉配信の本文にする", says="do:一斉配信の本文"),
        Tap(label="シナリオに足す", says="do:足す"),
        Tap(label="捨てる", says="do:捨てる"),
        tap("ヘルプ"),
    )


def held_answer(desk: Desk) -> Answer | None:
    """What was kept, None if nothing is."""
    return Answer(**json.loads(desk.held)) if desk.held else None


def _named(given: Answer) -> str:
    if given.what:
        kinds = {"image": "写真", "video": "動画", "audio": "音声", "sticker": "スタンプ"}
        return f"この{kinds.get(given.what, 'ファイル')}"
    return f"この文「{cut(first_line(given.text), 20)}」"


def _near_taps(desk: Desk, given: Answer) -> tuple[Tap, ...]:
    words = narrow(given.text).strip()
    if given.what or "\n" in words or len(words) > _SHORT:
        return ()
    return tuple(tap(command.word) for command in desk.vocabulary.near(words))


def offer_word_as_body(desk: Desk, line: str, command: Command) -> None:
    """A body is awaited and a command word came: ask which of the two is meant."""
    desk.form = {**desk.form, "asked": line}
    desk.say(
        f"「{line}」を本文にしますか？ それとも「{command.word}」を開きますか？（作りかけは残ります）",
        tap(AS_BODY),
        tap(f"{command.word}を開く"),
    )


def leave_for(desk: Desk, wizard: Wizard, command: Command, rest: str) -> None:
    """Carry out a command out of an open form. One about a scenario is about the one in the form: its sketch becomes
    the draft first. Where the sketch is not whole, nothing is left, and what is missing is said."""
    if not _is_about_form(desk, command, rest):
        desk.put_aside()
        run_line(desk, command, rest)
        return
    if wizard.missing is not None and "into" not in desk.form:
        _draft_first(desk, wizard, command)
    else:
        desk.place = place_of(Key(desk.form.get("plan") or desk.form.get("into") or ""))
        desk.put_aside()
    run_line(desk, command, rest)


def _is_about_form(desk: Desk, command: Command, rest: str) -> bool:
    """Whether the command wants a scenario, none other is named, and the form holds or belongs to one."""
    wants = command.word in ABOUT_PLANS or any(one.type is PlanKey for one in arguments(command.run))
    name = next((key for key in _beginnings(rest) if key in desk.catalog.plans), None)
    mine = fold(str(desk.form.get("name", "")))
    holds = "lines" in desk.form or "questions" in desk.form or "plan" in desk.form or desk.wizard in SKETCHES
    return wants and holds and name in {None, mine} and not rest.startswith(("@", "＠"))


def _beginnings(rest: str) -> list[Key]:
    words = rest.split()
    return [fold(" ".join(words[:count]).strip("「」")) for count in range(len(words), 0, -1)]


def _draft_first(desk: Desk, wizard: Wizard, command: Command) -> None:
    assert wizard.missing is not None
    assert wizard.keep is not None, "what can be whole can be kept"
    lacking = wizard.missing(desk)
    if lacking:
        raise CommandError(f"{lacking}それを送ると「{command.word}」ができます。")
    desk.put(text_bubble(wizard.keep(desk)))
    desk.place = place_of(fold(desk.form["name"]))
    desk.close_form()


def took_word(desk: Desk, wizard: Wizard, line: str) -> bool:
    """The answer to that question; anything else counts as a new answer to the form."""
    asked = desk.form.get("asked", "")
    if not asked:
        return False
    desk.form = {key: value for key, value in desk.form.items() if key != "asked"}
    command = desk.vocabulary.word(asked)
    if line == AS_BODY:
        answer(desk, wizard, Answer(text=asked))
        return True
    if command and line in {f"{command.word}を開く", command.word}:
        leave_for(desk, wizard, command, "")
        return True
    return False
