"""The admin conversation's one door: what staff said becomes an answer, and what should become so."""

from __future__ import annotations

from datetime import datetime

from admin_commands import FAMILIES, WIZARDS
from admin_commands.desk import CommandError, Desk, plain_line
from admin_commands.keeping import keep_words, leave_for, offer_word_as_body, took_word
from admin_commands.pasting import paste
from admin_commands.picking import picked_words
from admin_commands.plans import place_of
from admin_commands.reading import run_line
from admin_commands.registry import Command
from admin_commands.roster import looks_like_roster
from admin_commands.roster import take as take_roster
from admin_commands.screens import Tap, tap
from admin_commands.vocabulary import vocabulary
from admin_commands.wizard import Answer, Wizard, answer, ask, back, leave, resume
from flows.catalog import Catalog, Staff
from flows.desk import Console, ConsoleDecision, Heard, Reports
from flows.names import fold
from flows.script import looks_like_script

VOCABULARY = vocabulary(command for family in FAMILIES for command in family.commands)
FIVE_WORDS = {"戻る": "back", "やめる": "leave", "保存": "keep", "プレビュー": "preview", "ヘルプ": "help"}
_FEW = 3
"""A question to be agreed to has so many buttons at most."""


def decide(  # noqa: PLR0917 - the port's signature
    console: Console, staff: Staff, heard: Heard, catalog: Catalog, reports: Reports, now: datetime
) -> ConsoleDecision:
    """What we answer to a member of staff. Pure; an event heard before changes nothing and says nothing."""
    if heard.event_id and heard.event_id in console.seen:
        return ConsoleDecision(console=console)
    desk = Desk(
        console=console,
        staff=staff,
        heard=heard,
        catalog=catalog,
        reports=reports,
        now=now,
        vocabulary=VOCABULARY,
    )
    try:
        _hear(desk)
        if desk.resume is not None:
            resume(desk, WIZARDS, desk.resume)
        if desk.ask_form:
            ask(desk, WIZARDS[desk.wizard])
    except CommandError as error:
        _explain(desk, error)
    return desk.decision()


def _explain(desk: Desk, error: CommandError) -> None:
    """Nothing of the command is kept; an open form stays open, and its question stands under the sentence."""
    desk.forget()
    wizard = WIZARDS.get(desk.wizard)
    if wizard is None:
        desk.show(error.screen)
        return
    ask(desk, wizard, f"{error.screen.text}\n", _mends(desk, wizard, error))


def _mends(desk: Desk, wizard: Wizard, error: CommandError) -> tuple[Tap, ...]:
    """What the error offers that answers the question: a tap that is no word of its own, where words are answers."""
    if wizard.pages[desk.form["page"]].body:
        return ()
    return tuple(one for one in error.screen.taps if desk.vocabulary.split(one.words) is None)


def _hear(desk: Desk) -> None:
    heard = desk.heard
    if heard.data:
        _tapped(desk, heard.data)
    elif heard.what or heard.media:
        _given(desk, _thing(heard))
    else:
        _said(desk, heard.text)


def _thing(heard: Heard) -> Answer:
    return Answer(
        what=heard.what,
        media=heard.media,
        text=heard.text,
        milliseconds=heard.milliseconds,
        refused=heard.refused,
    )


def _tapped(desk: Desk, data: str) -> None:
    kind, _, rest = data.partition(":")
    if kind == "c":
        _command(desk, rest, tapped=False)
    elif kind == "s":
        _tapped_screen(desk, rest)
    else:
        desk.say("これは友だちに見えるボタンです。管理の画面では動きません。", tap("友だちモード"), tap("ホーム"))


def _tapped_screen(desk: Desk, rest: str) -> None:
    screen, _, number = rest.partition(":")
    if screen == str(desk.before.screen) and number.isdecimal() and int(number) < len(desk.before.taps):
        words = desk.before.taps[int(number)]
        _say_words(desk, picked_words(desk.heard.picked) or words, tapped=True)
        return
    if desk.heard.data in desk.before.seen:
        desk.show_again("もう受け取っています。いまの画面はこちらです。")
        return
    desk.show_again("これは以前の画面のボタンなので、何も変えていません。いまの画面はこちらです。")


def _said(desk: Desk, text: str) -> None:
    if not desk.wizard and (addressed := _to_somebody(text)):
        run_line(desk, *addressed)
        return
    if looks_like_script(text):
        paste(desk, text)
        return
    if looks_like_roster(text) and not _awaits_body(desk):
        take_roster(desk, text)
        return
    line = plain_line(text) if "\n" not in text.strip() else ""
    _say_words(desk, _meant(desk, line) or text, tapped=bool(_meant(desk, line)))


def _to_somebody(text: str) -> tuple[Command, str] | None:
    """A command with somebody's own words behind a friend's name: they are taken as they were typed."""
    found = VOCABULARY.split(text)
    return found if found and found[0].verbatim and found[1].startswith(("@", "＠")) else None


def _awaits_body(desk: Desk) -> bool:
    """Whether the open form takes whatever comes as content."""
    wizard = WIZARDS.get(desk.wizard)
    return wizard is not None and wizard.pages[desk.form["page"]].body


def _meant(desk: Desk, line: str) -> str:
    """What a typed label or number of the present screen says; an exact label wins over a number."""
    labels = [fold(one) for one in desk.before.labels]
    if fold(line) in labels and line:
        return desk.before.taps[labels.index(fold(line))]
    plain = line.rstrip("。.番)")
    if plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= len(labels):
        return desk.before.taps[int(plain) - 1]
    return ""


def _say_words(desk: Desk, text: str, *, tapped: bool) -> None:
    """Words typed, or said by a button of the present screen (`tapped`)."""
    line = plain_line(text) if "\n" not in text.strip() else ""
    wizard = WIZARDS.get(desk.wizard)
    if line and not tapped and _takes_back_a_question(desk, line):
        _leave_question(desk, wizard)
        return
    if line and _five_words(desk, line, wizard):
        return
    if wizard is None:
        _command(desk, text, tapped=tapped)
    elif took_word(desk, wizard, line):
        return
    else:
        _answer(desk, wizard, text, line, tapped=tapped)


def _takes_back_a_question(desk: Desk, line: str) -> bool:
    """Whether 取消 is said to a question: that means the question, not what was changed before it."""
    command, labels = desk.vocabulary.word(line), desk.before.labels
    if command is None or command.word != "取消" or _awaits_body(desk):
        return False
    return bool(desk.wizard) or (len(labels) <= _FEW and labels[-1:] == ("やめる",))


def _leave_question(desk: Desk, wizard: Wizard | None) -> None:
    if wizard is not None:
        leave(desk, wizard)
        return
    desk.say(
        "やめました。何も変えていません。\n前に変えたことを元に戻すときは、もう一度「取消」と送ってください。",
        tap("取消"),
        tap("ホーム"),
    )


def _five_words(desk: Desk, line: str, wizard: Wizard | None) -> bool:
    """The five words act at once, everywhere, and lose nothing."""
    word = FIVE_WORDS.get(line.rstrip("。！!"))
    if word is None or (wizard is None and word in {"preview", "help"}):
        return False
    if wizard is None:
        _without_form(desk, word)
        return True
    match word:
        case "back":
            back(desk, wizard)
        case "leave":
            leave(desk, wizard)
        case "keep":
            ask(desk, wizard, (wizard.keep(desk) if wizard.keep else "ここまでの答えは保存してあります。") + "\n")
        case "preview":
            _preview(desk, wizard)
        case _:
            ask(desk, wizard, "ここでは次の質問に答えてください。［戻る］で1つ前、［やめる］で中断できます。\n")
    return True


def _preview(desk: Desk, wizard: Wizard) -> None:
    if wizard.preview is None:
        ask(desk, wizard, "ここで見せられるものは、まだありません。\n")
        return
    wizard.preview(desk)
    ask(desk, wizard)


def _without_form(desk: Desk, word: str) -> None:
    if word == "keep":
        desk.say("変えたことは、その場で保存されています。", tap("ホーム"), tap("シナリオ"))
        return
    desk.held = ""
    _command(desk, "ホーム", tapped=True)


def _answer(desk: Desk, wizard: Wizard, text: str, line: str, *, tapped: bool) -> None:
    page = wizard.pages[desk.form["page"]]
    command = desk.vocabulary.word(line) if line and not tapped and not page.own else None
    if command and not command.hidden:
        if page.body:
            offer_word_as_body(desk, line, command)
            return
        leave_for(desk, wizard, command, "")
        return
    try:
        answer(desk, wizard, Answer(text=text))
    except CommandError:
        found = desk.vocabulary.split(line) if line else None
        if found is None or found[0].hidden or page.body or (page.own and found[1]):
            raise
        desk.forget()
        leave_for(desk, wizard, *found)


def _given(desk: Desk, given: Answer) -> None:
    wizard = WIZARDS.get(desk.wizard)
    if wizard is None:
        keep_words(desk, given)
        return
    page = wizard.pages[desk.form["page"]]
    if not (page.body or page.things):
        raise CommandError("ここでは写真やスタンプは使えません。文字で答えてください。")
    answer(desk, wizard, given)


def _command(desk: Desk, text: str, *, tapped: bool) -> None:
    """A command, a scenario's bare name, or words that are kept and asked about."""
    line = plain_line(text) if "\n" not in text.strip() else ""
    found = desk.vocabulary.split(line) if line else None
    if found and (tapped or not found[0].hidden):
        if desk.wizard:
            desk.put_aside()
        run_line(desk, *found)
    elif line and fold(line.strip("「」")) in desk.catalog.plans:
        desk.place = place_of(fold(line.strip("「」")))
        run_line(desk, *_required(desk, "シナリオ", line))
    else:
        keep_words(desk, Answer(text=text))


def _required(desk: Desk, word: str, rest: str) -> tuple[Command, str]:
    command = desk.vocabulary.word(word)
    assert command is not None
    return command, rest
