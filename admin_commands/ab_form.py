"""AB 新規様 1: a second variant for a step, and by what it is decided which is better."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from itertools import takewhile
from typing import Any

from admin_commands.broadcast_form import item_of
from admin_commands.broadcast_what import REACTION, goal_named
from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk, local
from admin_commands.editing import step_at
from admin_commands.overview import findings_words
from admin_commands.plans import changed, with_entry
from admin_commands.preview import sample_fill
from admin_commands.registry import may
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, bubble_of
from admin_commands.wizard import Answer, Page, Wizard, turn_to
from flows.catalog import Contest, Entry, Role
from flows.checks import Level, check
from flows.names import Key, fold, narrow
from flows.scenario import Body, Item, Say, Scenario, Split, State, Step, Variant
from flows.statistics import each_needed

FORM = "ABテスト"
HALF, TENTH, ADD, REWRITE = "半分ずつ", "10%だけB案で試す", "吹き出しを足す", "書き直す"
START, BY_REACTION = "始める", "反応で決める"
_SHARES = {HALF: 50, TENTH: 10}
_GUESS = 0.08
"""How many in a hundred reach a goal, where nothing is known yet."""
_GAP = 0.10
_WEEKS = 52 / 12


def scenario_to_compare(desk: Desk, key: Key) -> tuple[Entry, Scenario]:
    """The published scenario. Raises CommandError where there is none, or where a draft would be lost."""
    entry = desk.catalog.plans[key]
    plan = entry.live
    if not isinstance(plan, Scenario):
        raise CommandError(
            f"「{entry.name}」は公開中のシナリオではないので、くらべられません。",
            Tap(label="開く", says=f"シナリオ {entry.name}"),
        )
    if entry.draft is not None:
        raise CommandError(
            f"「{entry.name}」には直しかけの下書きがあります。先に公開するか、下書きを消してください。",
            Tap(label="公開へ", says=f"公開 {entry.name}"),
            Tap(label="開く", says=f"シナリオ {entry.name}"),
        )
    return entry, plan


def spoken(step: Step) -> tuple[Say, ...]:
    """The bubbles that a step begins with: what a second variant stands beside."""
    return tuple(item for item in takewhile(lambda item: isinstance(item, Say), step.body) if isinstance(item, Say))


def where(desk: Desk) -> str:
    """AB ▸ 新規様 ▸ 1通目."""
    return f"AB ▸ {desk.form['name']} ▸ {desk.form['number']}通目"


def _ask_body(desk: Desk) -> Screen:
    count = len(desk.form["bubbles"])
    if count:
        return Screen(text=f"B案の{count + 1}つ目の吹き出しを送ってください。", where=where(desk))
    return Screen(text="A案は今の文です。B案の本文を送ってください。写真や動画も送れます。", where=where(desk))


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    if len(desk.form["bubbles"]) >= MOST_BUBBLES:
        raise CommandError(f"吹き出しは1回に{MOST_BUBBLES}つまでです。［{REWRITE}］で減らせます。")
    turn_to(desk, "share", bubbles=[*json.loads(json.dumps(desk.form["bubbles"])), bubble])


def _ask_share(desk: Desk) -> Screen:
    fill = sample_fill(desk)
    desk.put(*(item_of(one).message.bubble(fill) for one in desk.form["bubbles"][-desk.room() :]))
    add = (tap(ADD),) if len(desk.form["bubbles"]) < MOST_BUBBLES else ()
    return Screen(
        text="どう分けますか？ 同じ人には、いつも同じ案が届きます。",
        taps=(tap(HALF), tap(TENTH), *add, tap(REWRITE)),
        where=where(desk),
    )


def _take_share(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == ADD:
        turn_to(desk, "body")
    elif said == REWRITE:
        turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
    elif said in _SHARES:
        turn_to(desk, "goal", share=_SHARES[said])
    else:
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［{HALF}］で大丈夫です。")


def _ask_goal(desk: Desk) -> Screen:
    tags = tuple(tap(tag.name) for tag in desk.catalog.tags.values())[:6]
    return Screen(
        text="どちらが良いかを、何で決めますか？\n反応は、3日以内に話したり押したりした人です。"
        "タグなら、届いたあとに付いた人を数えます。",
        taps=(tap(REACTION), *tags),
        where=where(desk),
    )


def _take_goal(desk: Desk, given: Answer) -> None:
    turn_to(desk, "start", goal=goal_named(desk, given.text))


def _ask_start(desk: Desk) -> Screen:
    by = (tap(BY_REACTION),) if desk.form["goal"] else ()
    share = desk.form["share"]
    return Screen(
        text=f"{_outlook(desk)}\n\nこれから始まる人に、A案 {100 - share}%・B案 {share}%で送ります。"
        "途中の人は、いまの版のままです。新しい版として公開します。",
        taps=(tap(START), *by, tap("やめる")),
        where=where(desk),
    )


def _outlook(desk: Desk) -> str:
    """How long it will take, by how many come in a month."""
    month = joined(desk, desk.form["plan"])
    if not month:
        return "この30日間に始まった人がいないので、かかる期間はまだわかりません。"
    least = each_needed(0.3 if not desk.form["goal"] else _GUESS, _GAP)
    rarer = min(desk.form["share"], 100 - desk.form["share"]) / 100
    weeks = round(least / rarer / month * _WEEKS)
    base = desk.form["goal"] or "反応"
    return f"月{month:,}人だと、{base}の10ポイントの差がわかるまで約{max(1, weeks):,}週かかりそうです。"


def joined(desk: Desk, plan: str) -> int:
    """How many began the scenario in the last thirty days."""
    today = local(desk.now, desk.catalog).date()
    days = ((today - timedelta(days=back)).isoformat() for back in range(30))
    return sum(
        many
        for day in days
        for about, many in desk.reports.facts("enrolled", day).items()
        if fold(about.split("\t")[0]) == plan
    )


def _take_start(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == BY_REACTION:
        turn_to(desk, "start", goal="")
    elif said == START:
        _start(desk)
    else:
        raise CommandError(f"「{said}」は選べませんでした。［{START}］で公開します。")


def _start(desk: Desk) -> None:
    form, share = dict(desk.form), desk.form["share"]
    entry, scenario = scenario_to_compare(desk, Key(form["plan"]))
    _, step = step_at(scenario, form["number"])
    first = spoken(step)
    split = Split(
        variants=(
            Variant(name="A", share=100 - share, body=first),
            Variant(name="B", share=share, body=tuple(map(item_of, form["bubbles"]))),
        )
    )
    contest, body = _contest(desk, step), (split, *step.body[len(first) :])
    desk.close_form()
    publish(desk, entry, scenario, step, body, contest, f"「{entry.name}」でA案とB案をくらべ始めました")
    halves = "半分ずつ" if share == 50 else f"{100 - share}%と{share}%で"
    desk.say(
        f"✅ これから始まる人から、A案とB案を{halves}送ります。",
        tap("取消"),
        Tap(label="結果", says=f"AB {entry.name} {form['number']}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


def _contest(desk: Desk, step: Step) -> Contest:
    seed = f"{desk.heard.event_id}{desk.now.isoformat()}"
    return Contest(
        id=blake2b(seed.encode(), digest_size=6).hexdigest(),
        scenario=Key(desk.form["plan"]),
        step=step.id,
        variants=("A", "B"),
        goal=desk.form["goal"],
        began=desk.now,
    )


def publish(  # noqa: PLR0917 - a step, what becomes of it, and why
    desk: Desk, entry: Entry, scenario: Scenario, step: Step, body: Body, contest: Contest, words: str
) -> None:
    """The next version, with another body for this step and everything else as it is."""
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError("シナリオを変えられるのは編集者からです。", tap("ホーム"))
    plan = replace(scenario, lines=tuple(replace(line, steps=_with(line.steps, step, body)) for line in scenario.lines))
    errors = [one for one in check(plan, desk.catalog) if one.level is Level.ERROR]
    if errors:
        raise CommandError(f"まだ公開できません。\n{findings_words(tuple(errors))}")
    number = max(entry.versions) + 1
    live = replace(changed(desk, entry), state=State.LIVE, versions={**entry.versions, number: plan}, current=number)
    catalog = with_entry(desk.catalog, live)
    key = f"{contest.scenario}/{contest.step}"
    desk.edit(replace(catalog, contests={**catalog.contests, key: contest}), words)


def _with(steps: Sequence[Step], step: Step, body: Sequence[Item]) -> tuple[Step, ...]:
    return tuple(replace(one, body=tuple(body)) if one is step else one for one in steps)


def new_form(entry: Entry, number: int) -> dict[str, Any]:
    """A form in which nothing is answered."""
    return {"name": entry.name, "plan": fold(entry.name), "number": number, "bubbles": []}


ab_form = Wizard(
    name=FORM,
    pages=with_contents(
        {
            "body": Page(ask=_ask_body, take=_take_body, body=True),
            "share": Page(ask=_ask_share, take=_take_share),
            "goal": Page(ask=_ask_goal, take=_take_goal),
            "start": Page(ask=_ask_start, take=_take_start),
        },
        after="share",
        at_once=True,
    ),
)
