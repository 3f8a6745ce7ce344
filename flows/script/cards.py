"""Cards in a script: `!カード 題`, its picture, its text, and its buttons; card under card is a carousel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from flows.actions import Action
from flows.conditions import Condition
from flows.messages import Button, Card, Cards, Filled, Image, Message
from flows.messages.card import (
    CAROUSEL_BYTES,
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_BUTTONS,
    MOST_CARDS,
    too_large,
)
from flows.names import clusters, fold
from flows.script.effects import effects
from flows.script.folding import Folded
from flows.script.lines import Kind, Line, arrow, protected
from flows.script.pages import Pages
from flows.script.problems import Mend, Misread, Problem, Problems, near, placed
from flows.script.questions import ANSWERED, SILENT, plain_arrows, protected_arrows
from flows.script.source import media, single_name, source_lines
from flows.words import problems as troubles

M = TypeVar("M", bound=Message)
MARKER = "!カード"
SAMPLE = f"{MARKER} 秋の保湿フェア"

_LINK = re.compile(r"リンク(?=[ 「])")
_TAB = re.compile(r"タブ(?=[ 「]|$)")
_PHONE = re.compile(r"電話 ?(?P<number>.*)")
_NUMBER = re.compile(r"\+?[0-9]+(?:-[0-9]+)*")
_URL = re.compile(r"(?:https?|line)://\S+|media:[0-9A-Za-z._-]+")
_LIKE_URL = re.compile(r"(?:https?|line|media):|www\.", re.IGNORECASE)


def cards(pages: Pages) -> Cards:
    """The card at this line, with the cards right under it."""
    first = pages.line
    assert first is not None
    found: list[Card] = []
    while (line := pages.line) is not None and line.kind is Kind.CARD:
        pages.place += 1
        found.append(_card(pages, line))
        if len(found) == MOST_CARDS + 1:
            pages.report(line, f"横に並べられるカードは{MOST_CARDS}枚までです。--- で分けてください。", example="---")
        if (below := pages.skip_blank()) is None or below.kind is not Kind.CARD:
            break
    made = Cards(cards=tuple(found))
    if too_large(made, AS_WRITTEN):
        words = f"カードが大きすぎます（全部で{CAROUSEL_BYTES // 1000}KBまで）。枚数か、文やURLを減らしてください。"
        pages.report(first, words)
    return made


def parse_cards(text: str) -> Cards | Problems:
    """The cards that these lines are, as they stand in a script."""
    return parsed(text, Kind.CARD, cards, "カードは「!カード」の行で始めます。", SAMPLE)


def parsed(text: str, kind: Kind, read: Callable[[Pages], M | None], begins: str, sample: str) -> M | Problems:
    """The one message that these lines are, read where a line of that kind stands first."""
    pages = Pages(source_lines(text), _no_condition)
    line = pages.skip_blank()
    if line is None or line.kind is not kind:
        return Problems(problems=(Problem(read=text[:40], words=begins, example=sample),))
    made = read(pages)
    if (left := pages.skip_blank()) is not None:
        pages.report(left, "この行は、この吹き出しのものではありません。")
    if pages.problems or made is None:
        return Problems(problems=tuple(pages.problems))
    return made


def _no_condition(_: Folded) -> Condition:
    raise Misread("カードには条件を書けません。")


def _card(pages: Pages, line: Line) -> Card:
    title = line.value.original(0, len(line.value.text))
    _check_title(pages, line, title)
    picture = picture_under(pages)
    text, at = pages.run()
    if at is not None and (length := len(clusters(text))) > LONGEST_TEXT:
        pages.report(at, f"カードの文は{LONGEST_TEXT}文字までです（今は{length}文字）。")
    below = pages.skip_blank()
    if below is not None and below.kind is Kind.MEDIA:
        words = "カードの写真は「!カード」のすぐ下に置きます。別の吹き出しなら、間に --- を入れてください。"
        pages.report(below, words, mends=(Mend(label="--- を入れる", becomes=f"---\n{below.fold.source}"),))
    if not (title or text or picture):
        pages.report(line, "カードには、題・写真・文のどれかが要ります。", example=SAMPLE)
    buttons = tuple(buttons_under(pages))
    return Card(
        title=title,
        text=text,
        picture=picture.url if picture else "",
        alt=picture.alt if picture else "",
        buttons=buttons,
    )


def _check_title(pages: Pages, line: Line, title: str) -> None:
    if (length := len(clusters(title))) > LONGEST_TITLE:
        pages.report(
            line, f"カードの題は{LONGEST_TITLE}文字までです（今は{length}文字）。長い文は、次の行に書いてください。"
        )
    for trouble in troubles(title):
        pages.report(line, trouble.words, example=trouble.example)


def picture_under(pages: Pages) -> Image | None:
    """The picture on the line below, if there is one."""
    below = pages.skip_blank()
    if below is None or below.kind is not Kind.MEDIA:
        return None
    pages.place += 1
    found = pages.attempt(below, media)
    if found is None or isinstance(found, Image):
        return found
    pages.report(below, "カードに付けられるのは写真だけです。", example="![店内](https://example.com/a.jpg)")
    return None


def buttons_under(pages: Pages) -> Iterator[Button]:
    """The buttons on the lines below."""
    labels: list[str] = []
    while (line := pages.skip_blank()) is not None and line.kind is Kind.CHOICE and not is_silence(line):
        pages.place += 1
        made = pages.attempt(line, lambda one: _button(one.value))
        if made is None:
            continue
        if any(fold(made.label) == fold(label) for label in labels):
            pages.report(line, f"「{made.label}」というボタンがもうあります。")
        labels.append(made.label)
        if len(labels) == MOST_BUTTONS + 1:
            words = f"ボタンは1枚に{MOST_BUTTONS}つまでです。カードを分けてください。"
            pages.report(line, words, example=MARKER)
        yield made


def is_silence(line: Line) -> bool:
    """Whether a choice line is the `- 反応なし` of a `待つ:`."""
    return fold(_parted(line.value)[0].text) == fold(SILENT)


def _parted(text: Folded) -> tuple[Folded, Folded | None]:
    """What stands before the arrow, and behind it."""
    found = arrow(text.text)
    return (text, None) if found is None else (text.part(0, found.start()), text.part(found.end()))


@placed
def _button(text: Folded) -> Button:
    shown, behind = _parted(text)
    label = plain_arrows(shown.original(0, len(shown.text)))
    if not label:
        raise Misread("ボタンの文字がありません。", example="- 予約する → https://example.com/")
    if (length := len(clusters(label))) > LONGEST_LABEL:
        raise Misread(f"ボタンの文字は{LONGEST_LABEL}文字までです（今は{length}文字）。")
    if fold(label) == fold(ANSWERED):
        raise Misread(f"「{ANSWERED}」は質問で使う言葉です。ボタンには別の文字を付けてください。")
    if behind is None:
        return Button(label=label)
    if not behind.text:
        words = "→ のあとに、押したときにすることを書いてください。"
        raise Misread(words, len(text.text), example="- 予約する → https://example.com/")
    return _leading(label, behind)


def _leading(label: str, behind: Folded) -> Button:
    if behind.text == "リンク":
        raise Misread("「リンク」のあとに名前がありません。", example="リンク 予約")
    if found := _LINK.match(behind.text):
        return Button(label=label, link=single_name(behind.part(found.end()), "リンクの名前"))
    if _TAB.match(behind.text):
        raise Misread("「タブ」はリッチメニューのボタンで使います。", example="- 予約する → リンク 予約")
    if found := _PHONE.fullmatch(behind.text):
        return Button(label=label, phone=_phone(found["number"]))
    if _LIKE_URL.match(behind.text):
        return Button(label=label, url=_url(behind.original(0, len(behind.text))))
    return Button(label=label, effects=_effects(behind))


def _phone(number: str) -> str:
    if not _NUMBER.fullmatch(number) or not 3 <= sum(one.isdigit() for one in number) <= 15:
        raise Misread("「電話」のあとには、電話番号を書きます。", example="電話 03-1234-5678")
    return number


def _url(written: str) -> str:
    if not _URL.fullmatch(written):
        raise Misread("URLとして読めませんでした。", example="https://example.com/")
    if len(written) > LONGEST_URL:
        raise Misread(f"URLが長すぎます（{LONGEST_URL:,}文字まで）。短いURLにしてください。")
    return written


def _effects(behind: Folded) -> tuple[Action, ...]:
    try:
        return effects(behind)
    except Misread as misread:
        misread.nearest = misread.nearest or near(behind.text.split(" ")[0], ("リンク", "電話"))
        raise


class _AsWritten:
    """Fills nothing in: what a card comes to before anybody's words are put into it."""

    def text(self, body: str) -> str:
        """As it is."""
        return body

    def filled(self, body: str) -> Filled:
        """As it is."""
        return Filled(body)

    def address(self, reference: str) -> str:
        """As long as an address of ours can be."""
        return reference.rjust(160, "x")

    preview = address

    def link(self, name: str) -> str:
        """As long as an address of ours can be."""
        return self.address(name)

    def press(self, label: str, effects: tuple[Action, ...]) -> str:
        """As long as data can be."""
        return "x" * 300


AS_WRITTEN = _AsWritten()


def card_lines(cards: Cards) -> Iterator[str]:
    """The cards as a script holds them."""
    for card in cards.cards:
        yield f"{MARKER} {card.title}".rstrip()
        if card.picture:
            yield f"![{card.alt}]({card.picture})"
        if card.text:
            yield from map(protected, card.text.split("\n"))
        yield from map(button_line, card.buttons)


def button_line(button: Button) -> str:
    """A button as a script holds it."""
    leads = button.leads()
    return f"- {protected_arrows(button.label)}" + (f" → {leads}" if leads else "")
