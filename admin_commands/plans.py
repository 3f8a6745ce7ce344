"""Scenarios and surveys as screens speak of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import replace
from zlib import crc32

from admin_commands.desk import Desk
from flows.catalog import Catalog, Entry
from flows.names import Key, cut, fold
from flows.scenario import Ask, Body, Item, Line, Plan, Say, Scenario, State, Step, Survey, walk
from flows.script import write
from flows.variants import times

_PLACE = "plan:"
_PLACEHOLDER = re.compile(r"\{[^{}|]*\|([^{}]*)\}")
"""A placeholder with what is said where nothing is known."""


def place_of(key: Key) -> str:
    """The place of a console that has this scenario open."""
    return f"{_PLACE}{key}"


def key_of_place(place: str) -> Key:
    """The open scenario's key, "" if none is open."""
    return Key(place.removeprefix(_PLACE) if place.startswith(_PLACE) else "")


def near_names(name: str, names: Iterable[str], limit: int = 4) -> list[str]:
    """The names most like this one; if none is, the first ones."""
    listed = list(names)
    by_key = {fold(one): one for one in listed}
    close = difflib.get_close_matches(fold(name), by_key, n=limit, cutoff=0.4)
    return [by_key[Key(key)] for key in close] or listed[:limit]


def noun(plan: Plan | None) -> str:
    """シナリオ or アンケート."""
    return "アンケート" if isinstance(plan, Survey) else "シナリオ"


def present_plan(entry: Entry) -> Plan:
    """What is being worked on: the draft, else the version in force."""
    plan = entry.draft or entry.versions.get(entry.current)
    assert plan is not None, "an entry has a draft or a version"
    return plan


def where(entry: Entry, *more: str) -> str:
    """シナリオ ▸ 新規様 ▸ …"""
    return " ▸ ".join((noun(present_plan(entry)), entry.name, *more))


def with_entry(catalog: Catalog, entry: Entry) -> Catalog:
    """The catalog with this scenario or survey in its place."""
    return replace(catalog, plans={**catalog.plans, fold(entry.name): entry})


def changed(desk: Desk, entry: Entry) -> Entry:
    """The entry, marked as changed now by the one who speaks."""
    return replace(entry, changed=desk.now, changed_by=desk.my_name)


def mark_of(entry: Entry) -> str:
    """What tells one state of an entry from another: a button that carries it knows whether it is stale."""
    words = write(entry.draft) if entry.draft else ""
    return f"{crc32(words.encode()):x}.{entry.current}.{len(entry.versions)}.{list(State).index(entry.state)}"


def numbered_steps(plan: Scenario) -> list[tuple[int, Line, Step]]:
    """Every step with the number that screens and words use for it: the main line first, then the paths."""
    return [(number, line, step) for number, (line, step) in enumerate(plan.steps(), 1)]


def step_summary(body: Body, most: int = 24) -> str:
    """One short line that lets an owner recognise a step; says so where it depends on the friend."""
    for item in walk(body):
        words = _item_words(item)
        if words:
            return cut(words, most) + ("" if any(item is outer for outer in body) else "（人による）")
    return "（吹き出しなし）"


def _item_words(item: Item) -> str:
    match item:
        case Say(message=message):
            return _PLACEHOLDER.sub(r"\1", message.summary())
        case Ask(question=question):
            return first_line(question.text)
        case _:
            return ""


def step_line(number: int, line: Line, step: Step) -> str:
    """`3通目　道「保湿」 翌日 19:00 保湿ケアの…`: told from the numbers of buttons."""
    path = f"道「{line.name}」 " if line.name else ""
    return f"{number}通目　{path}{times_words(step)}　{step_summary(step.body)}"


def times_words(step: Step) -> str:
    """When a step goes; in an A/B test of times, when for each variant."""
    found = times(step)
    if len(found) == 1:
        return found[0][1].words
    return "・".join(f"{name}案 {when.words}" for name, when in found)


def first_line(text: str) -> str:
    """The first line that holds something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def versions_words(entry: Entry) -> str:
    """公開中（第2版） / 下書き / 公開中（第2版）＋下書き."""
    if not entry.versions or entry.state is State.DRAFT:
        return entry.state.value
    words = f"{entry.state.value}（第{entry.current}版）"
    return f"{words}＋直しかけの下書き" if entry.draft else words
