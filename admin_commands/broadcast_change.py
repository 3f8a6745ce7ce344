"""One thing of a broadcast changed from its check: a text, a photo; and a look at the names behind its numbers."""

from __future__ import annotations

import json
from typing import Any

from admin_commands.broadcast_form import VARIANTS, audience_of, item_of, moment
from admin_commands.broadcast_who import WHERE
from admin_commands.desk import CommandError, Desk
from admin_commands.people import GETS, LEFT_OUT, Look, listing, page_of
from admin_commands.preview import sample_fill
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of
from admin_commands.wizard import Answer, Page, turn_to
from flows.names import cut, narrow

TEXT, PHOTO, BACK = "文", "写真", "確認に戻る"
_ADD = "写真を足す"
_KINDS = {TEXT: "text", PHOTO: "image"}

Place = tuple[int, int]
"""A bubble: of which variant, and which of its bubbles."""


def places(desk: Desk, what: str) -> list[Place]:
    """Where the texts, or the photos, stand."""
    return [
        (variant, number)
        for variant, bubbles in enumerate(desk.form["variants"])
        for number, one in enumerate(bubbles)
        if item_of(one).message.kind == _KINDS[what]
    ]


def change(desk: Desk, what: str) -> None:
    """Ask for the new text or photo; where there are several, which one is meant first."""
    there = places(desk, what)
    if len(there) > 1:
        turn_to(desk, "which", changing=what)
    else:
        turn_to(desk, "swap", changing=what, place=list(there[0]) if there else [])


# -- which one ----------------------------------------------------------------------------------------------------


def _labels(desk: Desk) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for variant, number in places(desk, desk.form["changing"]):
        letter = f"{VARIANTS[variant]}案の" if len(desk.form["variants"]) > 1 else ""
        words = item_of(desk.form["variants"][variant][number]).message.summary().replace("\n", " ")
        found[cut(f"{letter}{number + 1}つ目 {words}", 20)] = (variant, number)
    return found


def _ask_which(desk: Desk) -> Screen:
    more = (tap(_ADD),) if desk.form["changing"] == PHOTO and _room(desk) else ()
    return Screen(
        text=f"どの{desk.form['changing']}を変えますか？",
        taps=(*map(tap, _labels(desk)), *more, tap(BACK)),
        where=WHERE,
    )


def _take_which(desk: Desk, given: Answer) -> None:
    said = given.text.strip()
    if said == BACK:
        turn_to(desk, "check")
    elif said == _ADD:
        turn_to(desk, "swap", place=[])
    elif said in _labels(desk):
        turn_to(desk, "swap", place=list(_labels(desk)[said]))
    else:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")


# -- the new one --------------------------------------------------------------------------------------------------


def _room(desk: Desk) -> bool:
    return all(len(bubbles) < MOST_BUBBLES for bubbles in desk.form["variants"])


def _ask_swap(desk: Desk) -> Screen:
    what = desk.form["changing"]
    if desk.form["place"]:
        how = f"新しい{what}を送ってください。ほかの吹き出しはそのまま残ります。"
    else:
        how = (
            f"{what}を送ってください。いまの内容のはじめに足します。"
            if what == PHOTO
            else "文を送ってください。うしろに足します。"
        )
    return Screen(text=how, taps=(tap(BACK),), where=WHERE)


def _take_swap(desk: Desk, given: Answer) -> None:
    what = desk.form["changing"]
    if given.text.strip() == BACK and not given.what:
        turn_to(desk, "check")
        return
    if (what == PHOTO) != (given.what == "image"):
        raise CommandError(
            "写真を送ってください。" if what == PHOTO else "文を送ってください。写真は［写真］から変えられます。"
        )
    if not desk.form["place"] and not _room(desk):
        raise CommandError(f"吹き出しは1回に{MOST_BUBBLES}つまでです。［直す］から減らせます。")
    bubble = bubble_of(given)
    turn_to(desk, "check", variants=_with(desk, bubble), seen=0)
    desk.put(item_of(bubble).message.bubble(sample_fill(desk)))


def _with(desk: Desk, bubble: Any) -> list[Any]:
    """The variants with this bubble in its place; a photo more comes first, a text more last, in each of them."""
    variants: list[Any] = json.loads(json.dumps(desk.form["variants"]))
    if desk.form["place"]:
        variant, number = desk.form["place"]
        variants[variant][number] = bubble
    elif desk.form["changing"] == PHOTO:
        variants = [[bubble, *bubbles] for bubbles in variants]
    else:
        variants = [[*bubbles, bubble] for bubbles in variants]
    return variants


# -- the names ----------------------------------------------------------------------------------------------------


def look(desk: Desk, which: str) -> None:
    """Show the names of those who get it, or of those who do not."""
    turn_to(desk, "names", which=which, names=1)


def _ask_names(desk: Desk) -> Screen:
    at = max(moment(desk), desk.now)
    seen = Look(condition=audience_of(desk), which=desk.form["which"], page=desk.form["names"], at=at)
    return listing(desk, seen, str, Tap(label=BACK, says=BACK))


def _take_names(desk: Desk, given: Answer) -> None:
    if page_of(given.text):
        turn_to(desk, "names", names=page_of(given.text))
    elif narrow(given.text).strip() == BACK:
        turn_to(desk, "check")
    else:
        raise CommandError(f"「{given.text}」は選べませんでした。［{BACK}］で戻れます。")


def look_taps(many: int, missed: int) -> tuple[Tap, ...]:
    """From the numbers to the names."""
    gets = (tap(f"{many:,}人を見る"),) if many else ()
    return (*gets, *((tap(f"届かない{missed:,}人を見る"),) if missed else ()))


def looks_at(said: str) -> str | None:
    """Which names these words ask for; None: they ask for none."""
    if not said.endswith("人を見る"):
        return None
    return LEFT_OUT if said.startswith(LEFT_OUT) else GETS


PAGES = {
    "which": Page(ask=_ask_which, take=_take_which),
    "swap": Page(ask=_ask_swap, take=_take_swap, body=True),
    "names": Page(ask=_ask_names, take=_take_names),
}
