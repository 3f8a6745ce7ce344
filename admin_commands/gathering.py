"""Two pages that gather one to five bubbles for something with a name: what is sent, then keep, add or rewrite."""

from __future__ import annotations

from collections.abc import Callable

from admin_commands.desk import CommandError, Desk
from admin_commands.preview import sample_fill, shown
from admin_commands.screens import Screen, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of, bubbles_words, message_of
from admin_commands.wizard import Answer, Page, turn_to
from flows.messages import Message
from flows.names import narrow

KEEP, MORE, REWRITE = "これで保存", "吹き出しを足す", "書き直す"


def gathered(desk: Desk) -> tuple[Message, ...]:
    """The bubbles so far, as messages."""
    return tuple(message_of(one) for one in desk.form["bubbles"])


def gathering(noun: str, save: Callable[[Desk], None]) -> dict[str, Page]:
    """The pages "body" and "after" of a form whose answers are `name` and `bubbles`."""

    def where(desk: Desk) -> str:
        return f"{noun} ▸ {desk.form['name']}"

    def ask_body(desk: Desk) -> Screen:
        count = len(desk.form["bubbles"])
        what = f"{count + 1}つ目の吹き出し" if count else "本文"
        return Screen(text=f"{what}を送ってください。写真や動画も送れます。", where=where(desk))

    def take_body(desk: Desk, given: Answer) -> None:
        bubble = bubble_of(given)
        desk.put(shown(message_of(bubble), sample_fill(desk)))
        turn_to(desk, "after", bubbles=[*desk.form["bubbles"], bubble])

    def ask_after(desk: Desk) -> Screen:
        count = len(desk.form["bubbles"])
        more = (tap(MORE),) if count < MOST_BUBBLES else ()
        text = f"受け取りました（{bubbles_words(count)}）。"
        return Screen(text=text, taps=(tap(KEEP), *more, tap(REWRITE)), where=where(desk))

    def take_after(desk: Desk, given: Answer) -> None:
        match narrow(given.text).strip():
            case "吹き出しを足す" if len(desk.form["bubbles"]) < MOST_BUBBLES:
                turn_to(desk, "body")
            case "書き直す":
                turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
            case "これで保存":
                save(desk)
            case other:
                raise CommandError(f"「{other}」は選べませんでした。［{KEEP}］を押すと保存します。")

    return {"body": Page(ask=ask_body, take=take_body, body=True), "after": Page(ask=ask_after, take=take_after)}
