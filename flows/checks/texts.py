"""What friends would read: the same words twice, a bar that was meant to part two bubbles, names without honour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flows.checks.finding import Change, Finding, changed_bodies, changed_texts, warning
from flows.checks.references import texts_of
from flows.messages import Text
from flows.names import HONORIFICS
from flows.scenario import Item, Plan, Say, walk
from flows.script.bodies import MOST_BUBBLES, bubbles
from flows.script.brought import bodies_of
from flows.script.writing import tidy
from flows.words import Form, placeholders

_SHORTEST = 10
_BARS = frozenset("ー─━")


def check_texts(plan: Plan) -> Iterator[Finding]:
    """Warnings about the words themselves."""
    texts = [tidy(text) for text in texts_of(plan)]
    for text, times in Counter(texts).items():
        if times > 1 and len(text) >= _SHORTEST:
            words = f"「{_shortened(text)}」で始まる同じ文が{times}か所にあります。"
            yield warning("same_text", words, "台本を見る", says="台本")
    yield from _bars(plan)
    for text in texts:
        yield from _honorifics(text)


def _bars(plan: Plan) -> Iterator[Finding]:
    said = (item for body in bodies_of(plan) for item in walk(body) if isinstance(item, Say))
    if not any(_parted(item) != (item,) for item in said):
        return
    words = "「ーーー」だけの行は、文として送られます。吹き出しを分けるなら、半角の --- です。"
    if any(bubbles(body) > MOST_BUBBLES for body in bodies_of(changed_bodies(plan, _parted))):
        yield warning("bar", words, "台本を見る", says="台本")
    else:
        yield warning("bar", words, "吹き出しを分ける", lambda plan: changed_bodies(plan, _parted))


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
    return tuple(Say(message=replace(item.message, body=body)) for body in bodies) or (item,)


def _honorifics(text: str) -> Iterator[Finding]:
    for one in placeholders(text):
        behind = next((honorific for honorific in HONORIFICS if text.startswith(honorific, one.end)), "")
        if one.form is Form.NAME and not one.honorific and behind:
            right = f"{{名前{behind}|{one.fallback}}}"
            words = f"名前がわからない人は「{one.fallback}{behind}」と呼ばれます。「{behind}」は {right} のように中へ書きます。"
            wrong = text[one.start : one.end] + behind
            yield warning("honorific", words, "そう直す", _replacing(wrong, right))


def _replacing(wrong: str, right: str) -> Change:
    return lambda plan: changed_texts(plan, lambda text: text.replace(wrong, right))


def _shortened(text: str) -> str:
    line = text.split("\n", maxsplit=1)[0]
    return line if len(line) <= 12 else f"{line[:12]}…"
