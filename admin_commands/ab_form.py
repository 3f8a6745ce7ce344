"""AB 新規様 1, the beginning: the variants of a step, other words or another time, and how friends are divided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from admin_commands.ab_goals import EVEN, HALF, even, read_shares
from admin_commands.ab_start import PAGES
from admin_commands.ab_variants import letters, spoken, step_of_form, times_of, where
from admin_commands.broadcast_form import VARIANTS, item_of
from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.preview import sample_fill
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of, misread
from admin_commands.wizard import Answer, Page, Wizard, turn_to
from flows.catalog import Entry
from flows.names import fold, narrow
from flows.script import Problem, parse_when

FORM = "ABテスト"
TENTH = "10%だけB案で試す"
ADD, REWRITE, TIMES, TIME_TOO = "吹き出しを足す", "書き直す", "送る日時をくらべる", "送る日時も変える"


def new_form(entry: Entry, number: int) -> dict[str, Any]:
    """A form in which nothing is answered: `earlier` are the finished variants from B on, `bubbles` and `when` those
    of the one that is being made."""
    blank: dict[str, Any] = {"earlier": [], "bubbles": [], "when": "", "shares": [], "goal": "", "aim": "", "until": 0}
    return {**blank, "name": entry.name, "plan": fold(entry.name), "number": number, "unclear": ""}


def _letter(desk: Desk) -> str:
    return letters(desk.form)[-1]


# -- what it says -------------------------------------------------------------------------------------------------


def _ask_body(desk: Desk) -> Screen:
    count, letter = len(desk.form["bubbles"]), _letter(desk)
    if count:
        return Screen(text=f"{letter}案の{count + 1}つ目の吹き出しを送ってください。", where=where(desk))
    now = "A案は今の文です。" if letter == "B" else ""
    text = f"{now}{letter}案の本文を送ってください。写真や動画も送れます。"
    return Screen(text=text, taps=(tap(TIMES),), where=where(desk))


def _take_body(desk: Desk, given: Answer) -> None:
    if not given.what and fold(given.text) == fold(TIMES) and not desk.form["bubbles"]:
        turn_to(desk, "when")
        return
    bubble = bubble_of(given)
    if len(desk.form["bubbles"]) >= MOST_BUBBLES:
        raise CommandError(f"吹き出しは1回に{MOST_BUBBLES}つまでです。［{REWRITE}］で減らせます。")
    bubbles = [*json.loads(json.dumps(desk.form["bubbles"])), bubble]
    if _is_same(desk, bubbles):
        raise CommandError("同じ文の案が、もうあります。ちがう文を送るか、送る日時をくらべてください。", tap(TIMES))
    turn_to(desk, "share", bubbles=bubbles)


def _is_same(desk: Desk, bubbles: list[Any]) -> bool:
    """Whether another variant says this already, at the same time: no difference could ever show."""
    said = tuple(map(item_of, bubbles))
    others = [tuple(map(item_of, arm["bubbles"])) for arm in desk.form["earlier"] if not arm["when"]]
    return not desk.form["when"] and said in [spoken(step_of_form(desk)), *others]


# -- when ---------------------------------------------------------------------------------------------------------


def _ask_when(desk: Desk) -> Screen:
    now = "・".join(times_of(desk, step_of_form(desk)))
    text = f"{_letter(desk)}案は、いつ送りますか？（いまは {now}）\n例：3日後 12:00、翌日 8:00、次の土曜 10:00"
    return Screen(text=text, where=where(desk))


def _take_when(desk: Desk, given: Answer) -> None:
    found = parse_when(given.text, desk.now, desk.catalog.account.tz)
    if isinstance(found, Problem):
        raise CommandError(misread(found), *(tap(mend.becomes) for mend in found.mends if mend.becomes))
    if found.words in times_of(desk, step_of_form(desk)) and not desk.form["bubbles"]:
        raise CommandError(f"「{found.words}」の案は、もうあります。ほかの時を送ってください。")
    turn_to(desk, "share", when=found.words)


# -- how friends are divided --------------------------------------------------------------------------------------


def _ask_share(desk: Desk) -> Screen:
    form, made = desk.form, letters(desk.form)
    fill = sample_fill(desk)
    bubbles = form["bubbles"]
    desk.put(*(item_of(one).message.bubble(fill) for one in bubbles[-desk.room() :]))
    at = f"{made[-1]}案は {form['when']} に送ります。\n" if form["when"] else ""
    half = (tap(HALF), tap(TENTH)) if len(made) == 2 else (tap(EVEN),)
    say = (tap(ADD),) if bubbles and len(bubbles) < MOST_BUBBLES else ()
    time = (tap(TIME_TOO),) if bubbles and not form["when"] else ()
    other = (Tap(label=f"{VARIANTS[len(made)]}案も足す"),) if len(made) < len(VARIANTS) else ()
    example = "70/30" if len(made) == 2 else "40/30/30" if len(made) == 3 else "40/20/20/20"
    return Screen(
        text=f"{at}どう分けますか？（文字でもOK：{example}）同じ人には、いつも同じ案が届きます。",
        taps=(*half, *say, tap(REWRITE), *time, *other),
        where=where(desk),
    )


def _take_share(desk: Desk, given: Answer) -> None:
    said, made = narrow(given.text).strip(), letters(desk.form)
    match said:
        case "吹き出しを足す" if desk.form["bubbles"]:
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1], when="")
        case "送る日時も変える":
            turn_to(desk, "when")
        case _ if said.endswith("案も足す"):
            _next_variant(desk)
        case _:
            turn_to(desk, "goal", shares=_shares(said, made))


def _next_variant(desk: Desk) -> None:
    if len(letters(desk.form)) >= len(VARIANTS):
        raise CommandError(f"案は{len(VARIANTS)}つまでです。")
    made = {"bubbles": json.loads(json.dumps(desk.form["bubbles"])), "when": desk.form["when"]}
    turn_to(desk, "body", earlier=[*json.loads(json.dumps(desk.form["earlier"])), made], bubbles=[], when="")


def _shares(said: str, made: str) -> list[int]:
    if said in {HALF, EVEN}:
        return even(len(made))
    if said == TENTH and len(made) == 2:
        return [90, 10]
    return read_shares(said, len(made), HALF if len(made) == 2 else EVEN)


_OWN: Mapping[str, Page] = {
    "body": Page(ask=_ask_body, take=_take_body, body=True),
    "when": Page(ask=_ask_when, take=_take_when),
    "share": Page(ask=_ask_share, take=_take_share),
}

ab_form = Wizard(name=FORM, pages=with_contents({**_OWN, **PAGES}, after="share", at_once=True))
