"""A form asked page by page: forwards, 戻る one page back, やめる keeps the draft."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from admin_commands.desk import Desk
from admin_commands.screens import MOST_TAPS, Screen, Tap, tap

_BACK = 12
"""How many pages 戻る can go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What answered a page: words, or a photo, film, voice or sticker already kept."""

    text: str = ""
    what: str = ""
    media: str = ""
    milliseconds: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One question of a form. `body`: it takes whatever comes, whole, as content for friends; `things`: besides words
    it takes photos and the like, as further content; `own`: its answers may begin like commands (`タグ 常連`) and are
    answers first."""

    ask: Callable[[Desk], Screen]
    take: Callable[[Desk, Answer], None]
    body: bool = False
    things: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wizard:
    """A form: its pages by name. `keep` saves what is there so far and says what it saved; `preview` shows it.

    `missing` says what must still be given before the sketch can be looked at or published ("" when nothing is);
    a form without it is no sketch of a scenario.
    """

    name: str
    pages: Mapping[str, Page]
    keep: Callable[[Desk], str] | None = None
    preview: Callable[[Desk], None] | None = None
    missing: Callable[[Desk], str] | None = None


def begin(desk: Desk, wizard: str, page: str, form: Mapping[str, Any] | None = None) -> None:
    """Open a form at a page; an open one is put aside."""
    desk.put_aside()
    desk.wizard = wizard
    desk.form = {**(form or {}), "page": page}


def turn_to(desk: Desk, page: str, **answers: Any) -> None:
    """Keep these answers and go to that page."""
    desk.form = {**desk.form, **answers, "page": page}


def ask(desk: Desk, wizard: Wizard, before: str = "", mends: tuple[Tap, ...] = ()) -> None:
    """Put the present page's question, after `before`; `mends` are further answers that stand first."""
    screen = wizard.pages[desk.form["page"]].ask(desk)
    text = f"{before}\n{screen.text}" if before else screen.text
    first = {one.label: one for one in mends}
    taps = (*first.values(), *(one for one in screen.taps if one.label not in first))[:MOST_TAPS]
    desk.show(replace(screen, text=text, taps=taps), bound=True)


def answer(desk: Desk, wizard: Wizard, given: Answer) -> None:
    """Let the present page take the answer; go on to the next page, if the form is still open."""
    before = _snapshot(desk.form)
    page = wizard.pages[desk.form["page"]]
    page.take(desk, given)
    if desk.wizard != wizard.name or desk.answered:
        return
    if _snapshot(desk.form) != before:
        desk.form["back"] = [*desk.form.get("back", ()), json.loads(before)][-_BACK:]
    ask(desk, wizard)


def back(desk: Desk, wizard: Wizard) -> None:
    """One question back; on the first one, say so."""
    kept = list(desk.form.get("back", ()))
    if not kept:
        ask(desk, wizard, "ここが最初の質問です。")
        return
    desk.form = {**kept[-1], "back": kept[:-1]}
    ask(desk, wizard)


def leave(desk: Desk, wizard: Wizard) -> None:
    """Leave the form; what is there stays, to go on with later."""
    if not desk.form.get("keep", True):
        name = desk.form.get("name", "")
        desk.close_form()
        back_to = (Tap(label="開く", says=f"シナリオ {name}"),) if name else ()
        desk.say("ここで終わりました。何も変わっていません。", *back_to, tap("ホーム"))
        return
    saved = wizard.keep(desk) if wizard.keep else ""
    desk.put_aside()
    words = saved or "作りかけはそのまま残してあります。"
    desk.say(f"ここで止めました。{words}", Tap(label="つづける", says="つづける"), tap("ホーム"))


def resume(desk: Desk, wizards: Mapping[str, Wizard], number: int) -> None:
    """Open again the form that was put aside at this place."""
    kept = desk.aside.pop(number)
    desk.put_aside()
    desk.wizard, desk.form = kept["wizard"], dict(kept["form"])
    ask(desk, wizards[desk.wizard], "つづきから始めます。")


def choose(given: Answer, taps: tuple[Tap, ...]) -> str:
    """The words of the tap the answer means, else the answer as it is."""
    return next((one.words for one in taps if given.text in {one.label, one.words}), given.text)


def _snapshot(form: Mapping[str, Any]) -> str:
    return json.dumps({key: value for key, value in form.items() if key != "back"}, ensure_ascii=False, sort_keys=True)
