"""Everything in a talk that can be tapped, and how to find it by what is written on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.http import Body
from simulator.richmenus import menu_of
from simulator.state import Bubble, Person

if TYPE_CHECKING:
    from simulator.line import Line


class Tap(NamedTuple):
    """One thing to tap. `place` is quick reply, message or menu; `bubble` is where it stands, if in one."""

    words: tuple[str, ...]
    action: Body
    place: str
    bubble: Bubble | None = None


def quick_replies(person: Person) -> list[Tap]:
    """The quick replies that are on the screen: those under the last message, until used."""
    last = next((bubble for bubble in reversed(person.talk) if bubble.side != "note"), None)
    if last is None or last.side != "account" or last.spent:
        return []
    items = last.message.get("quickReply", {}).get("items", [])
    return [Tap(_words(item["action"]), item["action"], "quick reply", last) for item in items]


def taps(line: Line, person: Person) -> Iterator[Tap]:
    """Everything to tap, nearest first: quick replies, messages from the latest up, the rich menu."""
    yield from quick_replies(person)
    for bubble in reversed(person.talk):
        if bubble.side == "account":
            for words, action in _actions(bubble.message):
                yield Tap(words, action, "message", bubble)
    menu = menu_of(line, person)
    for area in menu.body["areas"] if menu else ():
        yield Tap(_words(area["action"]), area["action"], "menu")


def find(line: Line, person: Person, label: str) -> Tap:
    """The nearest thing with these words on it; LookupError names what there is."""
    seen = []
    for tap in taps(line, person):
        if label in tap.words:
            return tap
        seen.append(tap.words[0] if tap.words else tap.action["type"])
    raise LookupError(f"nothing says {label!r}; there is {seen}")


def _words(action: Body, beside: str = "") -> tuple[str, ...]:
    """What one may call an action by: its label first, then what stands on it, then what it says."""
    given = (action.get("label"), beside, action.get("text"), action.get("displayText"), action.get("uri"))
    return tuple(str(word) for word in given if word)


def _actions(part: Any) -> Iterator[tuple[tuple[str, ...], Body]]:
    """All actions inside a message, its quick replies aside."""
    if isinstance(part, list):
        for each in part:
            yield from _actions(each)
    elif isinstance(part, dict):
        for name in ("action", "defaultAction"):
            if isinstance(part.get(name), dict):
                yield _words(part[name], _written(part)), part[name]
        for name in ("template", "columns", "contents", "header", "hero", "body", "footer"):
            yield from _actions(part.get(name))
        for each in part.get("actions", ()):
            if "area" in each:
                yield _words(_from_imagemap(each)), _from_imagemap(each)
            else:
                yield _words(each), each


def _from_imagemap(action: Body) -> Body:
    """An imagemap's action in the words of the others."""
    plain = {key: value for key, value in action.items() if key not in {"area", "linkUri"}}
    return plain | {"uri": action["linkUri"]} if "linkUri" in action else plain


def _written(part: Body) -> str:
    """The texts on a part of a card."""
    if part.get("type") in {"text", "span"}:
        return str(part.get("text") or "".join(_written(span) for span in part.get("contents", ())))
    if isinstance(part.get("contents"), list):
        return "".join(_written(each) for each in part["contents"])
    return ""
