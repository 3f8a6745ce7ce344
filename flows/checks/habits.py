"""What practice advises: when to send, how often, what for, and what comes afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from itertools import pairwise
from typing import NamedTuple

from flows.actions import StartScenario
from flows.catalog import Account, Catalog
from flows.checks.finding import Change, Finding, advice, each_step, place, warning, with_step
from flows.conditions import Everyone, Tagged
from flows.moments import AfterSend, AroundDate, NextWeekday, OnDate, OnDay, When
from flows.names import fold
from flows.scenario import Line, Plan, Purpose, Scenario, Start, Step
from flows.script.clocks import clock_words
from flows.triggers import ByHand, FriendAdded
from flows.variants import times, with_when

GOAL_TAG = "予約済"
EARLY_DAYS = 3
USUAL_PER_WEEK = 3
Clocked = OnDay | NextWeekday | OnDate | AroundDate


def check_habits(plan: Scenario, catalog: Catalog) -> Iterator[Finding]:
    """Warnings and advice about starts, goals, endings, hours, frequency and early sales."""
    yield from _start(plan)
    yield from _goal(plan, catalog)
    yield from _ending(plan, catalog)
    for where, _, step in each_step(plan):
        for name, when in times(step):
            yield from _hours(f"{where}の{name}案" if name else where, _At(step, name, when), plan, catalog.account)
    for line in plan.lines:
        yield from _frequency(line, catalog.account)
        yield from _order(line)
    yield from _early_sale(plan)


def _start(plan: Scenario) -> Iterator[Finding]:
    if not plan.starts:
        words = "いつ始まるかが決まっていません。スタッフが「開始」と送ったときだけ始まります。"
        yield warning("no_start", words, "友だち追加で始める", _with(starts=(Start(trigger=FriendAdded()),)))


def _with(**changes: object) -> Change:
    return lambda plan: replace(plan, **changes)  # type: ignore[arg-type]


def _goal(plan: Scenario, catalog: Catalog) -> Iterator[Finding]:
    if isinstance(plan.goal, Everyone):
        yield warning("goal_for_all", "ゴールが「全員」なので、誰にも届きません。", "ゴールを消す", _with(goal=None))
    if plan.goal is None and plan.purpose is not Purpose.CONNECT:
        tag = next((tag.name for tag in catalog.tags.values() if fold("予約") in fold(tag.name)), GOAL_TAG)
        goal = Tagged(name=tag, spelling="tag")
        words = "予約した人にも届き続けます（ゴールがありません）。"
        yield warning("no_goal", words, f"「{tag}」で止める", _with(goal=goal))


def _ending(plan: Scenario, catalog: Catalog) -> Iterator[Finding]:
    if plan.ending is not None or _only_by_hand(plan):
        return
    words = "終わったあと、何も届かなくなります。"
    following = next((entry.name for entry in catalog.plans.values() if _goes_on(entry.live, plan)), "")
    if following:
        yield warning("no_ending", words, f"「{following}」へ", _with(ending=(StartScenario(name=following),)))
    else:
        yield warning("no_ending", words, "このまま", _with(ending=()))


def _only_by_hand(plan: Scenario) -> bool:
    return bool(plan.starts) and all(isinstance(start.trigger, ByHand) for start in plan.starts)


def _goes_on(live: Plan | None, plan: Scenario) -> bool:
    """Whether a live scenario is one to lead friends on to: to stay in touch, or a monthly letter."""
    if not isinstance(live, Scenario) or fold(live.name) == fold(plan.name):
        return False
    return live.purpose is Purpose.CONNECT or "便り" in live.name


class _At(NamedTuple):
    """One time of a step: of this variant, or, for "", of everybody."""

    step: Step
    name: str
    when: When


def _hours(where: str, at: _At, plan: Scenario, account: Account) -> Iterator[Finding]:
    when = at.when
    if (
        isinstance(when, AfterSend)
        and when.delay.total_seconds() >= 3_600
        and account.quiet_from != account.quiet_until
    ):
        words = f"{where}（{when.words}）は、夜になることがあります。そのときは朝{clock_words(account.quiet_until)}に送ります。"
        yield advice("may_be_night", words, "日時を決める", says="時刻")
    if not isinstance(when, OnDay | NextWeekday | OnDate | AroundDate):
        return
    if is_quiet(when.clock, account):
        until = clock_words(account.quiet_until)
        words = f"{where}の{clock_words(when.clock)}は夜間の送らない時間帯です。{until}まで待ってから送ります。"
        yield warning("night", words, f"{until}にする", _moved(at, when, account.quiet_until))
    elif plan.windows and not any(window.opens <= when.clock < window.closes for window in plan.windows):
        first = plan.windows[0]
        words = (
            f"{where}の{clock_words(when.clock)}は、時間帯（{first.words}）の外です。次に開くまで待ってから送ります。"
        )
        yield warning("outside_window", words, f"{clock_words(first.opens)}にする", _moved(at, when, first.opens))


def is_quiet(clock: time, account: Account) -> bool:
    """Whether nothing is sent at this clock time."""
    start, end = account.quiet_from, account.quiet_until
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _moved(at: _At, when: Clocked, clock: time) -> Change:
    words = f"{when.words.rsplit(' ', 1)[0]} {clock_words(clock)}"
    moved = with_when(at.step, at.name, replace(when, clock=clock, words=words))
    return lambda plan: with_step(plan, at.step, moved)


def _frequency(line: Line, account: Account) -> Iterator[Finding]:
    days = _days(line)
    most = account.per_week or USUAL_PER_WEEK
    where = f"道「{line.name}」は" if line.name else ""
    fullest = max((sum(start <= day < start + 7 for day in days) for start in days), default=0)
    if fullest > most:
        words = f"{where}1週間に{fullest}通送ります。多いと感じてブロックする人がふえます（目安は週{most}通まで）。"
        yield warning("too_often", words, "時刻を直す", says="直す")
    if any(
        third - second == second - first == 1 for first, second, third in zip(days, days[1:], days[2:], strict=False)
    ):
        yield advice(
            "daily", f"{where}毎日続けて届きます。1日おきにすると、読まれやすくなります。", "時刻を直す", says="直す"
        )
    if any(first == second for first, second in pairwise(days)):
        yield advice("same_day", f"{where}同じ日に2通届くことがあります。", "時刻を直す", says="直す")


def _order(line: Line) -> Iterator[Finding]:
    """Steps never overtake one another: an earlier day further down waits for the step above it."""
    dated = [
        (number, days)
        for number, step in enumerate(line.steps)
        if (days := [when for _, when in times(step) if isinstance(when, OnDay)])
    ]
    for (_, earlier), (number, later) in pairwise(dated):
        before, after = max(earlier, key=_place_of), min(later, key=_place_of)
        if _place_of(after) < _place_of(before):
            words = f"{place(line, number)}（{after.words}）は、その前の「{before.words}」より早い日時です。前のを送ってからになります。"
            yield warning("out_of_order", words, "順番を直す", says="直す")


def _place_of(when: OnDay) -> tuple[int, int, time]:
    return when.months, when.days, when.clock


def _days(line: Line) -> list[int]:
    """On which days after entering the line its counted sends fall, as far as that is fixed; すぐ is an answer, and free."""
    days: list[int] = []
    seconds = 0.0
    for step in line.steps:
        match step.when:
            case AfterSend(delay=delay) if delay.total_seconds() >= 86_400:
                seconds += delay.total_seconds()
                days.append(int(seconds // 86_400))
            case OnDay(days=count, months=months):
                days.append(count + 30 * months)
                seconds = 86_400.0 * days[-1]
            case _:
                pass
    return sorted(days)


def _early_sale(plan: Scenario) -> Iterator[Finding]:
    new_friends = any(isinstance(start.trigger, FriendAdded) and start.only_if is None for start in plan.starts)
    if plan.purpose is not Purpose.MOVE or not new_friends:
        return
    for where, line, step in each_step(plan):
        when = step.when
        if not line.name and isinstance(when, OnDay) and not when.months and 0 < when.days < EARLY_DAYS:
            words = f"{where}は、追加から{EARLY_DAYS}日たたない人への案内です。先にお役立ちの話で信頼をつくると、断られにくくなります。"
            later = replace(when, days=EARLY_DAYS, words=f"{EARLY_DAYS}日後 {clock_words(when.clock)}")
            yield advice("early_sale", words, f"{EARLY_DAYS}日後にする", _later(step, later))
            return


def _later(step: Step, when: OnDay) -> Change:
    return lambda plan: with_step(plan, step, replace(step, when=when))
