"""An A/B test comes to its end: by its numbers, by what was agreed if they say nothing, or by staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from flows.aims import Aim, Unclear, measure
from flows.broadcast import REST, TOO_LATE, Broadcast, Rest, splits
from flows.catalog import Catalog, Contest, Entry
from flows.checks import Level, check
from flows.desk import Outcome
from flows.moments import OnDate, When
from flows.names import Key, fold
from flows.scenario import Body, Plan, Scenario, Split, State, Step, Variant
from flows.statistics import Share, lead
from flows.timing import instant, local, local_day, next_open
from flows.trials import first_of, trial_of_broadcast
from flows.variants import adopted

ITSELF = "自動"
"""Who did it, in 履歴, where nobody said a word."""

BY_NUMBERS, BY_RULE = "差がはっきりしました", "差ははっきりしませんでした"

Outcomes = Mapping[str, Outcome]


class Decided(NamedTuple):
    """What a test that came to its end makes of the configuration, in a row of 履歴, and what staff are told."""

    catalog: Catalog
    words: str
    notice: str
    before: Catalog | None = None
    """What 取消 puts back: the test goes on, and is not decided by itself a second time; None: it cannot be taken back."""


def winner(found: Outcomes, aim: Aim | None, goal: str) -> str:
    """The variant that is surely better than every other one; "" while there is none."""
    first = lead(_shares(found, aim, goal)) if found else None
    return first.ahead if first is not None and first.is_clear else ""


def ahead(found: Outcomes, aim: Aim | None, goal: str) -> str:
    """The variant with the best figures, sure or not; of equal ones the first."""
    shares = _shares(found, aim, goal)
    return max(shares, key=lambda name: shares[name].rate)


def _shares(found: Outcomes, aim: Aim | None, goal: str) -> dict[str, Share]:
    outcome = measure(aim, goal)
    return {name: Share(getattr(each, outcome), each.got) for name, each in found.items()}


def _chosen(found: Outcomes, aim: Aim | None, goal: str, unclear: Unclear) -> tuple[str, str]:
    """Which variant it is to be and why; "" if staff are to be asked."""
    if sure := winner(found, aim, goal):
        return sure, BY_NUMBERS
    match unclear:
        case Unclear.AHEAD:
            return ahead(found, aim, goal), BY_RULE
        case Unclear.FIRST:
            return next(iter(found)), BY_RULE
        case Unclear.ASK:
            return "", BY_RULE


# -- on a step ----------------------------------------------------------------------------------------------------


def contests_due(catalog: Catalog, now: datetime) -> list[str]:
    """The tests on steps whose time is up and with which nothing has been done yet."""
    return [
        key
        for key, one in catalog.contests.items()
        if one.over is None and one.asked is None and one.decide_at is not None and one.decide_at <= now
    ]


def settle_contest(catalog: Catalog, key: str, found: Outcomes, now: datetime) -> Decided:
    """The better variant becomes the next version; where that cannot be told, or not be done, staff are asked."""
    one = catalog.contests[key]
    name, why = _chosen(found, one.aim, one.goal, one.unclear)
    entry = catalog.plans.get(one.scenario)
    title = f"{entry.name if entry else one.scenario} {_number(entry, one)}通目"
    after = with_adopted(catalog, one.scenario, one.step, name, now=now) if name else None
    asked = replace(catalog, contests={**catalog.contests, key: replace(one, asked=now)})
    if after is None:
        why = f"{why}。" if not name else "直しかけの下書きなどがあり、新しい版にできませんでした。"
        told = f"AB「{title}」の期限が来ました。{why}続けています。「AB {title.removesuffix('通目')}」で決められます。"
        return Decided(asked, f"AB「{title}」の期限が来ました", told)
    words = f"「{title}」を{name}案にしました（{why}）"
    return Decided(after, words, f"AB：{words}。「取消」で戻せます。", asked)


def _number(entry: Entry | None, one: Contest) -> int:
    plan = entry.live if entry else None
    ids = [step.id for _, step in plan.steps()] if isinstance(plan, Scenario) else []
    return ids.index(one.step) + 1 if one.step in ids else 0


def with_adopted(catalog: Catalog, plan: Key, step: str, name: str, *, now: datetime, by: str = "") -> Catalog | None:
    """The configuration with a next version in which only this variant of the step is left, to the letter.

    Friends under way stay on their version. None where it cannot be: no such variant in force, a draft that would be
    lost, or a scenario that could not be published like that.
    """
    entry = catalog.plans.get(plan)
    scenario = entry.live if entry else None
    if entry is None or entry.draft is not None or not isinstance(scenario, Scenario):
        return None
    found = next((each for _, each in scenario.steps() if each.id == step), None)
    split = splits(found.body) if found else None
    new = adopted(found, split, name) if found and split else None
    if found is None or split is None or new is None:
        return None
    after = with_step_in(scenario, found, new)
    if any(one.level is Level.ERROR for one in check(after, catalog)):
        return None
    number = max(entry.versions) + 1
    versions = {**entry.versions, number: after}
    live = replace(entry, state=State.LIVE, versions=versions, current=number, changed=now, changed_by=by)
    names = tuple(one.name for one in split.variants)
    key = f"{plan}/{step}"
    begun = Contest(id=key, scenario=plan, step=found.id, variants=names, began=now)
    over = replace(catalog.contests.get(key, begun), over=now)
    return replace(catalog, plans={**catalog.plans, plan: live}, contests={**catalog.contests, key: over})


def tests_begun(
    catalog: Catalog, plan: Key, before: Scenario | None, after: Plan, now: datetime
) -> Mapping[str, Contest]:
    """The tests on steps once this version is in force: one whose variants were rewritten begins at nought, since what
    came of other words is not to be counted for these."""
    old = {step.id: splits(step.body) for _, step in before.steps()} if before else {}
    contests = dict(catalog.contests)
    for _, step in after.steps() if isinstance(after, Scenario) else ():
        split, was = splits(step.body), old.get(step.id)
        if split is None or was is None or _compares(split) == _compares(was):
            continue
        key = f"{plan}/{step.id}"
        names = tuple(one.name for one in split.variants)
        begun = Contest(id=key, scenario=plan, step=step.id, variants=names, began=now)
        seed = f"{key} {now.isoformat()}"
        fresh = blake2b(seed.encode(), digest_size=6).hexdigest()
        running = contests.get(key, begun)
        kept = begun if running.over is not None else replace(running, variants=names, began=now, asked=None)
        contests[key] = replace(kept, id=fresh)
    compared = {step.id for _, step in after.steps() if splits(step.body)} if isinstance(after, Scenario) else set()
    gone = {key for key, one in contests.items() if one.scenario == plan and one.step not in compared}
    return {key: replace(one, over=one.over or now) if key in gone else one for key, one in contests.items()}


def _compares(split: Split) -> tuple[tuple[str, When | None, Body], ...]:
    return tuple((one.name, one.when, one.body) for one in split.variants)


def with_step_in(scenario: Scenario, old: Step, new: Step) -> Scenario:
    """The scenario with this step in the place of that one."""
    lines = (replace(line, steps=tuple(new if one is old else one for one in line.steps)) for line in scenario.lines)
    return replace(scenario, lines=tuple(lines))


# -- in a broadcast -----------------------------------------------------------------------------------------------


def arms(one: Broadcast) -> tuple[Variant, ...]:
    """The variants that are compared: without those who wait for the better one."""
    split = splits(one.body)
    return tuple(each for each in split.variants if each.name != REST) if split else ()


def rests_due(catalog: Catalog, now: datetime) -> list[Broadcast]:
    """The sends to the rest whose moment has come, and of which nobody knows yet what they say."""
    return [
        one
        for one in catalog.broadcasts.values()
        if one.rest is not None and not one.rest.chosen and not one.rest.asked and one.stopped is None and one.at <= now
    ]


def trial_of_rest(catalog: Catalog, one: Broadcast) -> str:
    """The name under which the test is kept that decides what this one says."""
    return trial_of_broadcast(catalog, fold(one.name))


def settle_rest(catalog: Catalog, one: Broadcast, found: Outcomes, now: datetime) -> Decided:
    """The rest gets the better variant; where that cannot be told, what was agreed is done, or staff are asked."""
    first = first_of(catalog, one)
    assert one.rest is not None, "only of a send to the rest"
    assert first is not None, "what the rest waits for is never forgotten before it"
    name, why = _chosen(found, first.aim, first.goal, one.rest.unclear)
    if now - one.at > TOO_LATE:
        name, why = "", "決める時刻を1時間以上過ぎました"
    if not name:
        asked = replace(one, rest=replace(one.rest, asked=now))
        told = f"一斉配信「{first.name}」の残りには、まだ送っていません（{why}）。「AB {first.name}」で決められます。"
        return Decided(with_one(catalog, asked), f"「{one.name}」は、案を決めるのを待っています", told)
    after = with_rest_chosen(catalog, one, name, why, now)
    words = f"「{first.name}」の残りに{name}案を送ることにしました（{why}）"
    return Decided(after, words, f"AB：{words}。")


def with_rest_chosen(catalog: Catalog, one: Broadcast, name: str, how: str, now: datetime) -> Catalog:
    """The configuration in which the rest, and whoever else of this test waits, gets this variant. It goes as planned,
    at once if that has passed, and at the clock time that was better if times were compared; never in quiet hours."""
    first = first_of(catalog, one)
    assert first is not None, "what the rest waits for is never forgotten before it"
    variant = next(each for each in arms(first) if each.name == name)
    for each in [each for each in catalog.broadcasts.values() if each.rest and each.part_of == one.part_of]:
        rest = each.rest or Rest()
        if rest.chosen or each.stopped is not None:
            continue
        at = each.at if each.id != one.id else _goes_at(catalog, first, variant, now)
        catalog = with_one(catalog, replace(each, body=variant.body, at=at, rest=replace(rest, chosen=name, how=how)))
    return catalog


def _goes_at(catalog: Catalog, first: Broadcast, variant: Variant, now: datetime) -> datetime:
    account = catalog.account
    at = now
    if any(each.when for each in arms(first)):
        when = variant.when
        clock = when.clock if isinstance(when, OnDate) else local(first.at, account.tz).time()
        today = local_day(now, account.tz)
        days = (today + timedelta(days=ahead) for ahead in range(2))
        at = next(moment for day in days if (moment := instant(day, clock, account.tz)) >= now)
    begins = at + timedelta(seconds=account.grace_seconds)
    opens = next_open(begins, (), account.quiet_from, account.quiet_until, account.tz)
    return at if opens == begins else opens


def with_one(catalog: Catalog, one: Broadcast) -> Catalog:
    """The configuration with this broadcast as it is now."""
    return replace(catalog, broadcasts={**catalog.broadcasts, fold(one.name): one})
