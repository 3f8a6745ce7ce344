"""What a friend says, shows or taps, and who in the product hears it first.

In this order: the words that every friend has, the open question, what the words start, auto-replies, the fallback.
"""

from __future__ import annotations

from dataclasses import replace

from flows import asking, autoreplies, pressing, surveying, tapping
from flows.actions import AwaitReply
from flows.effects import Source
from flows.events import Clicked, Event, Said, Showed, Tapped
from flows.friend import Open, Pace, Phase
from flows.homes import REPLY, Home, read_button
from flows.names import Key, fold
from flows.pace import WORDS
from flows.phrases import ASK_STAFF, BACK, LEAVE, LEFT_QUESTION, PACE, TO_STAFF
from flows.press import Pressed, read_press
from flows.questions import Heard
from flows.questions.showing import word_button
from flows.sitting import seat_of
from flows.starting import listen
from flows.stepping import awaits_reaction, reaction
from flows.turn import Turn

STAFF_WORDS = frozenset(
    fold(f"{who}{what}")
    for who in ("担当者", "担当", "担当の方", "スタッフ", "店員", "人", "お店の人")
    for what in (
        "",
        "と話す",
        "と話したい",
        "と話したいです",
        "に相談",
        "に相談したい",
        "に連絡",
        "をお願いします",
        "につないで",
        "につなぐ",
    )
    if (who, what) not in {("人", ""), ("スタッフ", ""), ("店員", ""), ("担当", "")}
)
"""「担当者」 and how people ask for one."""
_LEAVE, _BACK = fold(LEAVE), fold(BACK)
_PACE_NAMES = {Pace.FULL: "配信再開", Pace.HALF: "通知を減らす", Pace.NONE: "配信停止"}
_STOPS = "。.!、, "
_QUOTED = 60
"""So much of what a friend wrote is shown to staff in a notice."""


def said(turn: Turn, event: Said) -> None:
    """The friend typed words."""
    word = Key(fold(event.text).rstrip(_STOPS)) if len(event.text) <= _QUOTED else Key("")
    asked = question_open_to(turn, event)
    if word in WORDS:
        choose_pace(turn, WORDS[word])
    elif word in STAFF_WORDS:
        ask_for_staff(turn)
    elif asked is not None and word == _LEAVE:
        leave(turn, asked)
    elif asked is None and surveying.resumed(turn, word):
        pass
    elif asked is None or not _answered(turn, asked, Heard(text=event.text), word):
        _unasked(turn, event)
    reaction(turn)


def _answered(turn: Turn, asked: Open, heard: Heard, word: Key = Key("")) -> bool:
    """Let the open question hear it; False if that question is no more."""
    seat, put = seat_of(turn), asking.open_put(turn)
    if asked.step is None and seat is not None and seat.key == asked.plan:
        if word == _BACK:
            surveying.back(turn, seat)
        else:
            surveying.heard(turn, seat, asked, heard)
    elif put is not None:
        asking.answer(turn, put, heard)
    else:
        turn.close_question()
        return False
    return True


def showed(turn: Turn, event: Showed) -> None:
    """The friend sent something that is not words: an answer if a question is open, else nothing to answer."""
    asked = question_open_to(turn, event)
    heard = Heard(what=event.what, media=event.media, text=event.text)
    if asked is None or not _answered(turn, asked, heard):
        listen(turn, event)
        if turn.peek("phase") is Phase.TALKING and event.what != "sticker":
            turn.want_reply(f"{turn.called}から{_THINGS.get(event.what, '何か')}が届きました")
    reaction(turn)


_THINGS = {"image": "写真", "video": "動画", "audio": "音声", "file": "ファイル", "location": "位置情報"}


def tapped(turn: Turn, event: Tapped) -> None:
    """The friend pressed a button. What it carries is a claim; the friend's own record decides."""
    listen(turn, event)
    if on_card := read_button(event.data):
        return reaction(turn, link=tapping.tapped(turn, on_card))
    pressed = _by_its_name_now(turn, read_press(event.data))
    if pressed is None:
        asking.stale(turn)
    elif pressed.step:
        asking.tapped(turn, pressed, event.picked)
    else:
        pressing.tapped(turn, pressed, event.picked)
    return reaction(turn)


def _by_its_name_now(turn: Turn, pressed: Pressed | None) -> Pressed | None:
    """The press, its question under the name that it has by now."""
    if pressed is None or not pressed.question or pressed.question in turn.catalog.fields:
        return pressed
    now = (key for key, field in turn.catalog.fields.items() if pressed.question in field.formerly)
    return replace(pressed, question=next(now, pressed.question))


def clicked(turn: Turn, event: Clicked) -> None:
    """The friend opened a tracked link."""
    turn.change(pressed={**turn.peek("pressed"), fold(event.link): event.at})
    listen(turn, event)
    reaction(turn, link=event.link)


def question_open_to(turn: Turn, event: Event) -> Open | None:
    """The question this event can answer: one that is open, and was put before the event happened."""
    asked: Open | None = turn.peek("open")
    return asked if asked is not None and event.at >= asked.at else None


# -- the words that every friend has ------------------------------------------------------------------------------


def leave(turn: Turn, asked: Open) -> None:
    """やめる: the open question is left; of a survey what was answered is kept."""
    seat = seat_of(turn)
    if asked.step is None and seat is not None and seat.key == asked.plan:
        return surveying.leave(turn, seat)
    turn.close_question()
    turn.says(LEFT_QUESTION)
    turn.speak()
    return None


def choose_pace(turn: Turn, pace: Pace) -> None:
    """通知を減らす, 配信停止, 配信再開."""
    if turn.peek("pace") is not pace:
        turn.change(pace=pace)
        turn.remark(f"友だちが「{_PACE_NAMES[pace]}」を選びました")
        turn.repaced = True
    turn.says(PACE[pace.value])
    turn.speak()


def ask_for_staff(turn: Turn) -> None:
    """担当者: a person is to answer."""
    turn.why = "「担当者」と送信"
    turn.take((AwaitReply(),))
    turn.says(TO_STAFF)
    turn.speak()


# -- words that answer nothing ------------------------------------------------------------------------------------


def _unasked(turn: Turn, event: Said) -> None:
    if listen(turn, event) or _auto_reply(turn, event) or awaits_reaction(turn):
        return
    shown = event.text if len(event.text) <= _QUOTED else f"{event.text[:_QUOTED]}…"
    turn.want_reply(f"{turn.called}「{shown}」")
    fallback = turn.catalog.account.fallback
    if fallback and turn.peek("phase") is not Phase.TALKING:
        turn.says(turn.filler().text(fallback))
        _offer_staff(turn)
        turn.speak()


def _offer_staff(turn: Turn) -> None:
    """Under what answers by itself stands the way to a person."""
    if turn.buffer and "quickReply" not in turn.buffer[-1]:
        turn.buffer[-1] = {**turn.buffer[-1], "quickReply": {"items": [word_button(ASK_STAFF)]}}


def _auto_reply(turn: Turn, event: Said) -> bool:
    """Answer with the most urgent of the auto-replies that these words set off; one that rests keeps silent."""
    found = autoreplies.chosen(turn.friend, event, turn.catalog)
    if found is None:
        return False
    if autoreplies.rests(found, turn.friend, turn.at):
        turn.remark(f"自動応答「{found.name}」は、続けて返さない間なので返しませんでした")
        return True
    if found.rest is not None:
        turn.change(replied=autoreplies.remembered(turn.friend, found, turn.at))
    turn.origin, turn.why = Key(""), f"自動応答「{found.name}」"
    fill = turn.filler(home=Home(plan=fold(found.name), step=REPLY))
    for message in found.messages:
        turn.say(message.bubble(fill))
    _offer_staff(turn)
    turn.take(found.actions)
    turn.wish = turn.jump = None
    turn.speak(Source())
    return True
