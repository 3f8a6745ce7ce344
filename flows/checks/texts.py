"""What friends would read: the same words twice, a bar that was meant to part two bubbles, names without honour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flows.checks.finding import Change, Finding, changed_bodies, warning
from flows.checks.references import texts_of
from flows.messages import Text
from flows.scenario import Item, Plan, Say
from flows.script.writing import tidy
from flows.words import HONORIFICS, Form, placeholders

_SHORTEST = 10
_BARS = frozenset("ー―─━–—-－")


def check_texts(plan: Plan) -> Iterator[Finding]:
    """Warnings about the words themselves."""
    texts = [tidy(text) for text in texts_of(plan)]
    for text, times in Counter(texts).items():
        if times > 1 and len(text) >= _SHORTEST:
            words = f"「{_shortened(text)}」で始まる同じ文が{times}か所にあります。"
            yield warning("same_text", words, "台本を見る", says="台本")
    if any(_is_bar(line) for text in texts for line in text.split("\n")):
        words = "「ーーー」だけの行は、文として送られます。吹き出しを分けるなら、半角の --- です。"
        yield warning("bar", words, "吹き出しを分ける", lambda plan: changed_bodies(plan, _parted))
    for text in texts:
        yield from _honorifics(text)


def _is_bar(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) == 3 and set(stripped) <= _BARS


def _parted(item: Item) -> tuple[Item, ...]:
    """A text with such bars as several bubbles."""
    if not (isinstance(item, Say) and isinstance(item.message, Text)):
        return (item,)
    parts: list[list[str]] = [[]]
    for line in item.message.body.split("\n"):
        if _is_bar(line):
            parts.append([])
        else:
            parts[-1].append(line)
    bodies = [body for part in parts if (body := tidy("\n".join(part)))]
    return tuple(Say(message=replace(item.message, body=body)) for body in bodies)


def _honorifics(text: str) -> Iterator[Finding]:
    for one in placeholders(text):
        behind = next((honorific for honorific in HONORIFICS if text.startswith(honorific, one.end)), "")
        if one.form is Form.NAME and not one.honorific and behind:
            right = f"{{名前{behind}|{one.fallback}}}"
            words = f"名前がわからない人は「{one.fallback}{behind}」と呼ばれます。「{behind}」は {right} のように中へ書きます。"
            wrong = text[one.start : one.end] + behind
            yield warning("honorific", words, "そう直す", _replacing(wrong, right))


def _replacing(wrong: str, right: str) -> Change:
    def change(item: Item) -> tuple[Item, ...]:
        if isinstance(item, Say) and isinstance(item.message, Text):
            return (replace(item, message=replace(item.message, body=item.message.body.replace(wrong, right))),)
        return (item,)

    return lambda plan: changed_bodies(plan, change)


def _shortened(text: str) -> str:
    line = text.split("\n", maxsplit=1)[0]
    return line if len(line) <= 12 else f"{line[:12]}…"
