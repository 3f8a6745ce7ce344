"""一斉配信, the middle: what it says, and a second variant if two are to be compared."""

from __future__ import annotations

import json
from typing import Any

from admin_commands.broadcast_form import VARIANTS, item_of, people, who_words
from admin_commands.broadcast_who import WHERE, forward
from admin_commands.desk import CommandError, Desk
from admin_commands.preview import sample_fill
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of
from admin_commands.wizard import Answer, Page, turn_to
from flows.broadcast import Walkers
from flows.names import narrow

ON, ADD, REWRITE, VARIANT = "この内容で次へ", "文を足す", "書き直す", "別の案とくらべる"
TIMES = "日時をくらべる"


def _bubbles(desk: Desk) -> list[Any]:
    """The bubbles of the variant that is being written."""
    found: list[Any] = desk.form["variants"][-1]
    return found


def _changed(desk: Desk, bubbles: list[Any]) -> list[Any]:
    """The variants with these bubbles in the last one, without touching what 戻る goes back to."""
    kept: list[Any] = json.loads(json.dumps(desk.form["variants"][:-1]))
    return [*kept, bubbles]


def _title(desk: Desk) -> str:
    many = len(desk.form["variants"]) > 1
    return f"{WHERE} ▸ {VARIANTS[len(desk.form['variants']) - 1]}案" if many else WHERE


def _ask_body(desk: Desk) -> Screen:
    count = len(_bubbles(desk))
    first = not count and len(desk.form["variants"]) == 1
    if count:
        how = f"{count + 1}つ目の吹き出しを送ってください。"
    elif first:
        how = "本文を送ってください。写真や動画も送れます。\nお名前を入れるときは {名前さん|お客様}"
    else:
        how = f"{VARIANTS[len(desk.form['variants']) - 1]}案の本文を送ってください。"
    return Screen(text=f"{_whom(desk)}\n\n{how}" if first else how, where=_title(desk))


def _whom(desk: Desk) -> str:
    """Whom it is for, unless the page before has just said so."""
    if not desk.form.get("asked_overlap"):
        return who_words(desk)
    skipping = desk.form["walkers"] == Walkers.SKIP.value
    return f"{'シナリオの途中の人を除いて、' if skipping else ''}{people(desk):,}人へ送ります。"


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    if len(_bubbles(desk)) >= MOST_BUBBLES:
        raise CommandError(f"吹き出しは1回に{MOST_BUBBLES}つまでです。［{REWRITE}］で減らせます。")
    turn_to(desk, "after", variants=_changed(desk, [*_bubbles(desk), bubble]))


def _after_taps(desk: Desk) -> tuple[Tap, ...]:
    more = (tap(ADD),) if len(_bubbles(desk)) < MOST_BUBBLES else ()
    other = (tap(VARIANT), tap(TIMES)) if len(desk.form["variants"]) < len(VARIANTS) else ()
    return (tap(ON), *more, tap(REWRITE), *other)


def _ask_after(desk: Desk) -> Screen:
    fill = sample_fill(desk)
    bubbles = _bubbles(desk)
    desk.put(*(item_of(one).message.bubble(fill) for one in bubbles[-desk.room() :]))
    count = len(bubbles)
    cost = f"吹き出し{count}つで、1人1通と数えます。" if count > 1 else "受け取りました（吹き出し1つ・1人1通）。"
    if VARIANTS[len(desk.form["variants"]) - 1] in desk.form["whens"]:
        cost = "同じ内容を別の日時に送ってくらべます（日時はこのあと聞きます）。内容も変えるときは、書き直せます。"
    return Screen(text=cost, taps=_after_taps(desk), where=_title(desk))


def _take_after(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    match said:
        case "この内容で次へ" if len(desk.form["variants"]) > 1:
            turn_to(desk, "share")
        case "この内容で次へ":
            forward(desk, "when")
        case "文を足す":
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", variants=_changed(desk, _bubbles(desk)[:-1]))
        case "別の案とくらべる" if len(desk.form["variants"]) < len(VARIANTS):
            turn_to(desk, "body", variants=[*_changed(desk, _bubbles(desk)), []])
        case "日時をくらべる" if len(desk.form["variants"]) < len(VARIANTS):
            _other_time(desk)
        case _:
            raise CommandError(f"「{said}」は選べませんでした。［{ON}］で進みます。")


def _other_time(desk: Desk) -> None:
    """One more variant that says the same at another moment; the moment is asked for once that of A is known."""
    bubbles: list[Any] = json.loads(json.dumps(_bubbles(desk)))
    letter = VARIANTS[len(desk.form["variants"])]
    turn_to(
        desk, "after", variants=[*_changed(desk, _bubbles(desk)), bubbles], whens={**desk.form["whens"], letter: ""}
    )


PAGES = {
    "body": Page(ask=_ask_body, take=_take_body, body=True),
    "after": Page(ask=_ask_after, take=_take_after),
}
