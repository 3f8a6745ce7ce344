"""The variants of a step as a form holds them, and the step that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from admin_commands.broadcast_form import VARIANTS, item_of
from admin_commands.desk import CommandError, Desk
from admin_commands.editing import step_at
from admin_commands.screens import Tap
from flows.catalog import Entry
from flows.moments import When
from flows.names import Key
from flows.scenario import Body, Say, Scenario, Split, Step, Survey, Variant
from flows.script import Problem, parse_when

Form = Mapping[str, Any]


def where(desk: Desk) -> str:
    """AB ▸ 新規様 ▸ 1通目."""
    return f"AB ▸ {desk.form['name']} ▸ {desk.form['number']}通目"


def scenario_to_compare(desk: Desk, key: Key) -> tuple[Entry, Scenario]:
    """The published scenario. Raises CommandError where there is none, or where a draft would be lost."""
    entry = desk.catalog.plans[key]
    plan = entry.live
    if not isinstance(plan, Scenario):
        raise CommandError(
            f"「{entry.name}」はアンケートです。くらべられるのは、シナリオの1通と一斉配信です。"
            if isinstance(plan, Survey)
            else f"「{entry.name}」はいま公開していないので、くらべられません。",
            Tap(label="開く", says=f"シナリオ {entry.name}"),
        )
    if entry.draft is not None:
        raise CommandError(
            f"「{entry.name}」には直しかけの下書きがあります。先に公開するか、下書きを消してください。",
            Tap(label="公開へ", says=f"公開 {entry.name}"),
            Tap(label="開く", says=f"シナリオ {entry.name}"),
        )
    return entry, plan


def step_of_form(desk: Desk) -> Step:
    """The step that is compared, as it is in force."""
    _, scenario = scenario_to_compare(desk, Key(desk.form["plan"]))
    return step_at(scenario, desk.form["number"])[1]


def spoken(step: Step) -> tuple[Say, ...]:
    """The bubbles that a step begins with: what another variant stands beside."""
    return tuple(item for item in takewhile(lambda item: isinstance(item, Say), step.body) if isinstance(item, Say))


def letters(form: Form) -> str:
    """A and the letters of the variants of the form."""
    return VARIANTS[: len(form["earlier"]) + 2]


def times_of(desk: Desk, step: Step) -> list[str]:
    """The times at which some variant goes already, as words."""
    return list(dict.fromkeys([step.when.words, *(arm["when"] for arm in desk.form["earlier"] if arm["when"])]))


def compared(desk: Desk, step: Step) -> Step:
    """The step with the split that the form makes: of its first bubbles, or, where only times differ, above them."""
    form = desk.form
    arms = [{"bubbles": [], "when": ""}, *form["earlier"], {"bubbles": form["bubbles"], "when": form["when"]}]
    first = spoken(step)
    only_times = not any(arm["bubbles"] for arm in arms)
    own: list[Body] = [tuple(map(item_of, arm["bubbles"])) for arm in arms]
    bodies = own if only_times else [body or first for body in own]
    whens = [_when(desk, arm["when"]) for arm in arms]
    made = zip(letters(form), form["shares"] or [100], bodies, whens, strict=False)
    split = Split(variants=tuple(Variant(name=n, share=s, body=body, when=at) for n, s, body, at in made))
    return replace(step, body=(split, *(step.body if only_times else step.body[len(first) :])))


def _when(desk: Desk, words: str) -> When | None:
    if not words:
        return None
    found = parse_when(words, desk.now, desk.catalog.account.tz)
    if isinstance(found, Problem):
        raise CommandError(found.words)
    return found
