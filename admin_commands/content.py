"""What a body can be besides words: cards made page by page, and several photos sent at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from admin_commands import content_rich
from admin_commands.desk import CommandError, Desk
from admin_commands.plans import near_names
from admin_commands.preview import sample_fill, shown
from admin_commands.screens import Screen, tap
from admin_commands.sketch import MOST_BUBBLES, Json, bubble_of, cards_of, kept_bubble, message_of
from admin_commands.wizard import Answer, Page, turn_to
from flows.checks.contents import check_message
from flows.checks.references import check_fields
from flows.messages import buttons_of
from flows.messages.card import LONGEST_TEXT, LONGEST_TITLE, MOST_BUTTONS, MOST_CARDS
from flows.names import fold, narrow
from flows.script.cards import MARKER
from flows.script.lines import protected

ADD_CARD, USE_PART = "カードを足す", "部品を使う"
ONLY_LINKS = (
    "返信のカードに付けられるボタンは、リンクと電話です。"
    "押すとタグなどが付くボタンは、部品に作っておくと［部品を使う］で送れます。"
)
DONE, ONE_MORE, AGAIN = "これでよい", "もう1枚足す", "作り直す"
NO_PICTURE, NO_TITLE, NO_TEXT, NO_BUTTONS = "写真なし", "題なし", "文なし", "ボタンなし"
_WORDS = frozenset(map(fold, (ADD_CARD, "カード", "カードを作る", "カルーセル")))


def with_contents(
    pages: Mapping[str, Page], *, after: str = "after", at_once: bool = False, links: bool = False
) -> dict[str, Page]:
    """A form's pages: "body" can open those of a card, and the page after it takes a further photo as a further bubble.

    `at_once`: no 点検 stands between the form and friends, so what could not reach them is refused here.
    `links`: buttons of cards may open something, and do nothing else.
    """
    more = _Contents(pages["body"], pages[after], at_once=at_once)
    parts = {"part": Page(ask=_ask_part, take=more.take_part)} if at_once else {}
    return {
        **pages,
        **parts,
        "body": replace(pages["body"], ask=more.ask_body, take=more.take_body),
        after: replace(pages[after], take=more.take_after, things=True),
        **_PAGES,
        **({"card_buttons": Page(ask=_ask_links, take=_take_links, body=True)} if links else {}),
        "card_more": Page(ask=_ask_more, take=more.take_more),
        **content_rich.PAGES,
        "rich_buttons": Page(ask=content_rich.ask_buttons, take=more.take_rich, body=True),
    }


class _Contents:
    """The two pages of a form that take a body, with what this file adds to them."""

    def __init__(self, body: Page, after: Page, *, at_once: bool) -> None:
        self._body, self._after, self._at_once = body, after, at_once

    def ask_body(self, desk: Desk) -> Screen:
        screen = self._body.ask(desk)
        parts = (tap(USE_PART),) if self._takes_parts(desk) else ()
        return replace(screen, taps=(*screen.taps, tap(ADD_CARD), *parts))

    def _takes_parts(self, desk: Desk) -> bool:
        """Whether saved parts can be put in: a scenario sends them by its own effect, so that they stay one."""
        return self._at_once and "bubbles" in desk.form and bool(desk.catalog.parts)

    def take_body(self, desk: Desk, given: Answer) -> None:
        if not given.what and fold(given.text) in _WORDS:
            _open(desk)
        elif not given.what and fold(given.text) in content_rich.WORDS:
            content_rich.open_rich(desk)
        elif not given.what and fold(given.text) == fold(USE_PART) and self._takes_parts(desk):
            turn_to(desk, "part")
        else:
            self._take(desk, given)

    def take_part(self, desk: Desk, given: Answer) -> None:
        """A saved part becomes part of what is being made: its bubbles as they are now."""
        saved = desk.catalog.parts.get(fold(given.text.strip().strip("「」")))
        if saved is None:
            near = near_names(given.text, (one.name for one in desk.catalog.parts.values()))
            raise CommandError(f"「{given.text}」という部品はありません。下から選んでください。", *map(tap, near))
        room = MOST_BUBBLES - len(desk.form.get("bubbles", ()))
        if len(saved.messages) > room:
            raise CommandError(
                f"部品「{saved.name}」は吹き出し{len(saved.messages)}つです。1回に{MOST_BUBBLES}つまでなので、入りません。"
            )
        before = list(desk.form.get("bubbles", ()))
        bubbles = [kept_bubble(message) for message in saved.messages]
        turn_to(desk, "body", bubbles=[*before, *bubbles[:-1]])
        self._body.take(desk, Answer(what="kept", text=json.dumps(bubbles[-1]["message"])))

    def take_after(self, desk: Desk, given: Answer) -> None:
        if given.what:
            if len(desk.form.get("bubbles", ())) >= MOST_BUBBLES:
                raise CommandError(
                    f"吹き出しは1回に{MOST_BUBBLES}つまでです。はじめの{MOST_BUBBLES}つを受け取りました。"
                )
            turn_to(desk, "body")
            self._take(desk, given)
        elif fold(given.text) == fold(ADD_CARD):
            _open(desk)
        else:
            self._after.take(desk, given)

    def take_more(self, desk: Desk, given: Answer) -> None:
        match narrow(given.text).strip():
            case "これでよい":
                self._take_cards(desk)
            case "もう1枚足す":
                turn_to(desk, "card_picture", card={})
            case "作り直す":
                turn_to(desk, "card_picture", card={}, cards=desk.form["cards"][:-1])
            case other:
                raise CommandError(f"「{other}」は選べませんでした。［{DONE}］で先へ進みます。")

    def _take_cards(self, desk: Desk) -> None:
        self._take_whole(desk, Answer(what="cards", text="\n".join(desk.form["cards"])))

    def take_rich(self, desk: Desk, given: Answer) -> None:
        """The buttons of a rich message, and with them all of it."""
        self._take_whole(desk, content_rich.taken(desk, given))

    def _take_whole(self, desk: Desk, made: Answer) -> None:
        desk.form = {key: value for key, value in desk.form.items() if key not in {"card", "cards", "rich"}}
        turn_to(desk, "body")
        self._take(desk, made)

    def _take(self, desk: Desk, given: Answer) -> None:
        if self._at_once:
            fitting(desk, given)
        self._body.take(desk, given)


def fitting(desk: Desk, given: Answer) -> Json:
    """What was sent, as a bubble that can reach friends as things are now. Raises CommandError with what is in the way."""
    bubble = bubble_of(given)
    message = message_of(bubble)
    unreachable = next(check_message(message, desk.catalog), None)
    if unreachable is not None:
        raise CommandError(unreachable.words, tap("診断"))
    unknown = next(check_fields(message, desk.catalog), None)
    if unknown is not None:
        raise CommandError(unknown.words)
    return bubble


def _ask_part(desk: Desk) -> Screen:
    names = [one.name for one in desk.catalog.parts.values()]
    more = f"\nほか{len(names) - 10}個は、名前を送ってください。" if len(names) > 10 else ""
    return Screen(text=f"どの部品を使いますか？{more}", taps=tuple(map(tap, names[:10])), where="部品を使う")


def _open(desk: Desk) -> None:
    turn_to(desk, "card_picture", card={}, cards=[])


def _where(desk: Desk) -> str:
    many = len(desk.form["cards"])
    return f"カード ▸ {many + 1}枚目" if many else "カード"


def _keep(desk: Desk, page: str, **parts: Any) -> None:
    turn_to(desk, page, card={**desk.form["card"], **parts})


def _ask_picture(desk: Desk) -> Screen:
    rich = () if desk.form["cards"] else (tap(content_rich.RICH),)
    return Screen(text="カードの写真を送ってください。", taps=(tap(NO_PICTURE), *rich), where=_where(desk))


def _take_picture(desk: Desk, given: Answer) -> None:
    said = given.text.strip()
    if given.refused:
        raise CommandError(given.refused)
    if given.what == "image" and given.media:
        _keep(desk, "card_title", picture=given.media)
    elif not given.what and fold(said) == fold(NO_PICTURE):
        _keep(desk, "card_title", picture="")
    elif not given.what and said.startswith("https://"):
        _keep(desk, "card_title", picture=said)
    elif not given.what and fold(said) in content_rich.WORDS and not desk.form["cards"]:
        content_rich.open_rich(desk)
    else:
        raise CommandError(f"カードに付けられるのは写真です。写真を1枚送るか、［{NO_PICTURE}］を選んでください。")


def _ask_title(desk: Desk) -> Screen:
    text = f"カードの題を送ってください（{LONGEST_TITLE}文字まで）。例：秋の保湿フェア"
    return Screen(text=text, taps=(tap(NO_TITLE),), where=_where(desk))


def _take_title(desk: Desk, given: Answer) -> None:
    said = " ".join(_words(given).split())
    title = "" if fold(said) == fold(NO_TITLE) else said
    _check(desk, [_opened(title) if title else _opened("題")])
    _keep(desk, "card_text", title=title)


def _ask_text(desk: Desk) -> Screen:
    text = f"題の下に出す文を送ってください（{LONGEST_TEXT}文字まで）。"
    bare = not (desk.form["card"]["title"] or desk.form["card"]["picture"])
    return Screen(text=text, taps=() if bare else (tap(NO_TEXT),), where=_where(desk))


def _take_text(desk: Desk, given: Answer) -> None:
    said = _words(given).strip("\n")
    text = "" if fold(said) == fold(NO_TEXT) else said
    card = desk.form["card"]
    if not (text or card["title"] or card["picture"]):
        raise CommandError("カードには、題・写真・文のどれかが要ります。文を送ってください。")
    _check(desk, [_opened("題"), *map(protected, text.split("\n"))])
    _keep(desk, "card_buttons", text=text)


def _ask_buttons(desk: Desk, acts: str = "くわしく → タグ 興味あり、+3点\n") -> Screen:
    text = (
        f"ボタンを1行に1つ送ってください（{MOST_BUTTONS}つまで・1つ20文字まで）。"
        "押したときにすることは、→ のうしろに書きます。例：\n"
        f"予約する → https://example.com/\n{acts}電話する → 電話 03-1234-5678"
    )
    return Screen(text=text, taps=(tap(NO_BUTTONS),), where=_where(desk))


def _ask_links(desk: Desk) -> Screen:
    return _ask_buttons(desk, acts="")


def _take_links(desk: Desk, given: Answer) -> None:
    _take_buttons(desk, given)
    if any(button.effects for button in buttons_of(cards_of("\n".join(desk.form["cards"])))):
        raise CommandError(ONLY_LINKS)


def _take_buttons(desk: Desk, given: Answer) -> None:
    said = _words(given)
    lines = [] if fold(said) == fold(NO_BUTTONS) else [_button(line) for line in said.splitlines() if line.strip()]
    script = "\n".join([*_lines(desk.form["card"]), *lines])
    _check(desk, [script])
    turn_to(desk, "card_more", card={}, cards=[*desk.form["cards"], script])
    _show(desk)


def _button(line: str) -> str:
    return f"- {line.strip().lstrip('・-ー').strip()}"


def _show(desk: Desk) -> None:
    desk.put(shown(cards_of("\n".join(desk.form["cards"])), sample_fill(desk)))


def _ask_more(desk: Desk) -> Screen:
    many = len(desk.form["cards"])
    more = (tap(ONE_MORE),) if many < MOST_CARDS else ()
    text = f"受け取りました（カード{many}枚・横に{MOST_CARDS}枚まで並びます。何枚でも吹き出しは1つです）。"
    return Screen(text=text, taps=(tap(DONE), *more, tap(AGAIN)), where="カード")


def _words(given: Answer) -> str:
    if given.what:
        raise CommandError("ここは文字で送ってください。写真は、カードのはじめに1枚付けられます。")
    return given.text


def _opened(title: str) -> str:
    return f"{MARKER} {title}".rstrip()


def _lines(card: Mapping[str, str]) -> list[str]:
    """The card so far, as a script holds it."""
    picture = [f"![]({card['picture']})"] if card["picture"] else []
    return [_opened(card["title"]), *picture, *(map(protected, card["text"].split("\n")) if card["text"] else ())]


def _check(desk: Desk, lines: list[str]) -> None:
    """Read the lines together with the cards before them. Raises CommandError with what is wrong and an example."""
    cards_of("\n".join([*desk.form["cards"], *lines]))


_PAGES = {
    "card_picture": Page(ask=_ask_picture, take=_take_picture, body=True),
    "card_title": Page(ask=_ask_title, take=_take_title, body=True),
    "card_text": Page(ask=_ask_text, take=_take_text, body=True),
    "card_buttons": Page(ask=_ask_buttons, take=_take_buttons, body=True),
}
