"""Choosing from a list: one, or as many as one likes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from flows.names import cut, fold, narrow
from flows.questions.base import Heard, Option, Question, Reading, Retry, Understood
from flows.questions.numerals import count, plain
from flows.questions.showing import LABEL, MOST_BUTTONS, Press, button

DONE = "これで決定"
DONE_WORDS = frozenset(
    map(fold, (DONE, "決定", "決定する", "けってい", "以上", "終わり", "おわり", "完了", "ok", "done"))
)
JOINT = "、"
LONGEST_LIST = 500
"""Longer than this, what was typed is no list of choices."""
_GROUPS = tuple(
    frozenset(map(fold, words))
    for words in (
        ("はい", "yes", "y", "うん", "ええ", "ハイ", "はーい", "そうです"),
        ("いいえ", "no", "n", "いや", "ううん", "いえ", "違います"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed(Question):
    """What both kinds of choice share: the list, its pages, and finding a choice in what was typed."""

    has_options: ClassVar[bool] = True
    retry: ClassVar[str] = "下から選んでください。番号でも答えられます。"

    def lines(self, chosen: tuple[int, ...], page: int) -> Sequence[str]:
        """The first page lists everything, so that all of it can be answered without buttons."""
        if self.awaits_words(chosen):
            return ()
        shown = self._on_page(page) if page else range(len(self.options))
        return [f"{number + 1} {self.options[number].label}{' ✓' if number in chosen else ''}" for number in shown]

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        items = [self._button(number, press, chosen) for number in self._on_page(page)]
        if page > 0:
            items.append(button("前へ", press(f"page{page - 1}")))
        if page < self._pages() - 1:
            items.append(button("次へ", press(f"page{page + 1}")))
        return items

    def heading(self, text: str, chosen: tuple[int, ...]) -> str:
        if not self.awaits_words(chosen):
            return text
        return f"「{self.options[chosen[-1]].label}」の内容を、文字で送ってください。"

    def awaits_words(self, chosen: tuple[int, ...]) -> bool:
        """Whether the last one chosen asks for the person's own words, which have not come yet."""
        return bool(chosen) and chosen[-1] < len(self.options) and self.options[chosen[-1]].own_words

    def own_words(self, value: str, chosen: tuple[int, ...]) -> str:
        if not self.awaits_words(chosen) or value == self._value(chosen):
            return ""
        before = self._value(chosen[:-1])
        return value.removeprefix(f"{before}{JOINT}") if before else value

    def find(self, text: str) -> int | None:
        """The choice that these words mean: its label first, then its number, then yes and no; None if none."""
        if len(text) > LONGEST_LIST:
            return None
        for spell in (str.strip, fold, _loose):
            said = spell(text)
            same = [number for number, option in enumerate(self.options) if spell(option.label) == said]
            if said and len(same) == 1:
                return same[0]
        number = count(text)
        if number is not None and 1 <= number <= len(self.options):
            return number - 1
        return self._yes_or_no(text)

    def labelled(self, text: str) -> int | None:
        """The choice that carries this very label; None if none does."""
        return next((i for i, option in enumerate(self.options) if fold(option.label) == fold(text)), None)

    def _yes_or_no(self, text: str) -> int | None:
        said = fold(plain(text))
        for group in _GROUPS:
            same = [number for number, option in enumerate(self.options) if fold(option.label) in group]
            if said in group and len(same) == 1:
                return same[0]
        return None

    def _button(self, number: int, press: Press, chosen: tuple[int, ...]) -> dict[str, Any]:
        option: Option = self.options[number]
        label = f"✓{cut(option.label, LABEL - 1)}" if number in chosen else option.label
        return button(label, press(f"c{number}"), said=option.label, keyboard=option.own_words)

    def _value(self, chosen: tuple[int, ...], words: str = "") -> str:
        labels = [self.options[number].label for number in sorted(chosen)]
        return JOINT.join([*labels, *([words] if words else [])])

    def _extras(self) -> int:
        return 1 if self.optional else 0

    def _per_page(self) -> int:
        """Where one page is not enough, each has room for 前へ and 次へ, and for 戻る and やめる."""
        room = MOST_BUTTONS - self._extras()
        return room if len(self.options) <= room else room - 4

    def _pages(self) -> int:
        return -(-len(self.options) // self._per_page())

    def _on_page(self, page: int) -> range:
        size = self._per_page()
        start = min(max(page, 0), self._pages() - 1) * size
        return range(start, min(start + size, len(self.options)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(_Listed):
    """One of the choices: tapped, or typed as its label or its number."""

    kind: ClassVar[str] = "choice"
    title: ClassVar[str] = "1つ"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        if heard.choice is None and self.awaits_words(chosen) and self.labelled(heard.text) is None:
            words = heard.text.strip()
            return Understood(value=words, chosen=chosen[-1:]) if words else Retry(reason="文字で送ってください。")
        number = heard.choice if heard.choice is not None else self.find(heard.text)
        if number is None or number >= len(self.options):
            return Retry(reason=self.retry)
        option = self.options[number]
        return Understood(value=option.label, chosen=(number,), open=option.own_words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(_Listed):
    """As many of the choices as one likes: each tap puts one in or takes it out, 決定 ends it."""

    kind: ClassVar[str] = "choices"
    title: ClassVar[str] = "いくつでも"

    def lines(self, chosen: tuple[int, ...], page: int) -> Sequence[str]:
        listed = _Listed.lines(self, chosen, page)
        return [*listed, "", "いくつでも選べます。選び終えたら「これで決定」をどうぞ。"] if listed else listed

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        items = _Listed.buttons(self, press, chosen, page)
        return [button(DONE, press("done")), *items] if chosen else items

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        chosen = tuple(number for number in chosen if number < len(self.options))
        if heard.done or (heard.choice is None and self._says_done(heard.text)):
            return self._finish(chosen)
        if heard.choice is not None:
            return self._toggled(chosen, (heard.choice,))
        numbers = self._find_all(heard.text)
        if self.awaits_words(chosen) and heard.text.strip() and self.labelled(heard.text) is None:
            return Understood(value=self._value(chosen[:-1], heard.text.strip()), chosen=chosen)
        return self._toggled(chosen, numbers) if numbers else Retry(reason=self.retry)

    def _toggled(self, chosen: tuple[int, ...], numbers: tuple[int, ...]) -> Reading:
        if any(number >= len(self.options) for number in numbers):
            return Retry(reason=self.retry)
        if len(numbers) == 1 and numbers[0] in chosen:
            now_chosen = tuple(number for number in chosen if number not in numbers)
        else:
            now_chosen = chosen + tuple(number for number in numbers if number not in chosen)
        return Understood(value=self._value(now_chosen), chosen=now_chosen, open=True)

    def _finish(self, chosen: tuple[int, ...]) -> Reading:
        if not chosen:
            return (
                Understood(value="") if self.optional else Retry(reason="1つ以上選んでください。番号でも答えられます。")
            )
        wordy = tuple(number for number in chosen if self.options[number].own_words)
        if wordy and not self.awaits_words(chosen):
            last = tuple(number for number in chosen if number != wordy[0]) + wordy[:1]
            return Understood(value=self._value(last), chosen=last, open=True)
        return Understood(value=self._value(chosen), chosen=chosen)

    def _find_all(self, text: str) -> tuple[int, ...]:
        single = self.find(text)
        if single is not None:
            return (single,)
        if len(text) > LONGEST_LIST:
            return ()
        found = [self.find(part) for part in re.split(r"[、,，・/／\s]+|と", text) if part.strip()]
        return () if None in found else tuple(dict.fromkeys(number for number in found if number is not None))

    def _says_done(self, text: str) -> bool:
        return fold(plain(text)) in DONE_WORDS and self.labelled(text) is None

    def _extras(self) -> int:
        return _Listed._extras(self) + 1


def _loose(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(plain(narrow(text))))
