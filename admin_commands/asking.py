"""Reading a condition that staff wrote: with what it names looked up, so that a slip never means nobody in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from admin_commands.desk import CommandError, Desk
from admin_commands.screens import Tap, tap
from admin_commands.sketch import misread
from admin_commands.uses import walk
from flows.catalog import Catalog
from flows.conditions import Condition, Pressed, Reached
from flows.messages import Button
from flows.names import Key, fold
from flows.script import Problem, parse_condition
from flows.script.brought import terms
from flows.script.problems import near

_SHOWN = 5


def read_condition(desk: Desk, words: str, say: str = "", *taps: Tap) -> Condition:
    """The condition these words say; otherwise what is wrong, with mends that `say` begins. Raises CommandError."""
    condition = parse_condition(words, desk.catalog, ())
    if isinstance(condition, Problem):
        mends = [
            Tap(label=mend.label, says=f"{say} {mend.becomes}".strip()) for mend in condition.mends if mend.becomes
        ]
        raise CommandError(misread(condition), *mends, *taps)
    for one in terms(condition):
        _check(desk, one, words, say, taps)
    return condition


def _check(desk: Desk, term: Condition, words: str, say: str, taps: tuple[Tap, ...]) -> None:
    match term:
        case Reached(broadcast=name) if fold(name) not in desk.catalog.broadcasts:
            what, names = "一斉配信", [one.name for one in reversed(list(desk.catalog.broadcasts.values()))]
        case Pressed(link=name) if fold(name) not in (known := buttons(desk.catalog)):
            what, names = "ボタンやリンク", list(known.values())
        case _:
            return
    like = list(dict.fromkeys([*(one for one in names if fold(name) in fold(one)), *filter(None, [near(name, names)])]))
    mends = [Tap(label=one, says=f"{say} {words.replace(name, one)}".strip()) for one in (like or names)[:_SHOWN]]
    asked = f"\n{'・'.join(f'「{one}」' for one in like[:_SHOWN])}のことですか？" if like else ""
    there = f"\nいまあるもの：{'・'.join(f'「{one}」' for one in names[:_SHOWN])}" if names and not like else ""
    raise CommandError(f"「{name}」という{what}はありません。{asked}{there}", *mends, *taps)


def buttons(catalog: Catalog) -> dict[Key, str]:
    """The buttons and links that friends can press, by key: those of every version, since old ones stay in talks."""
    return {fold(label): label for label in _labels(_holders(catalog)) if label}


def _holders(catalog: Catalog) -> Iterator[object]:
    for entries in (catalog.plans, catalog.parts, catalog.autoreplies, catalog.broadcasts):
        yield from entries.values()


def _labels(things: Iterable[object]) -> Iterator[str]:
    for thing in things:
        for one in walk(thing):
            if isinstance(one, Button):
                yield from (one.label, one.link)


def home_taps() -> tuple[Tap, ...]:
    """Ways on from a condition that does not read."""
    return (tap("タグ"), tap("ホーム"))
