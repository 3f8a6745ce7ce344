"""AB 新規様 1, the end: by what it is decided, until when, and the version in which the comparison begins."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from itertools import combinations

from admin_commands.ab_goals import aim_of, goal_named, goal_taps
from admin_commands.ab_variants import compared, letters, scenario_to_compare, step_of_form, where
from admin_commands.desk import CommandError, Desk, local, moment_words
from admin_commands.editing import step_at
from admin_commands.overview import findings_words
from admin_commands.plans import changed, with_entry
from admin_commands.registry import may
from admin_commands.screens import Screen, Tap, tap
from admin_commands.wizard import Answer, Page, turn_to
from flows.aims import Unclear, aim_words, measure
from flows.catalog import Contest, Entry, Role
from flows.checks import Level, check
from flows.deciding import with_step_in
from flows.moments import AtOnce
from flows.names import Key, fold, narrow
from flows.questions.numerals import arabic
from flows.scenario import Body, Scenario, State, Step
from flows.script import new_names, with_new_names
from flows.statistics import each_needed
from flows.variants import times

START, BY_REACTION, DEADLINE = "始める", "反応で決める", "期限を決めて始める"
UNTIL = {"1週間": 7, "2週間": 14, "4週間": 28}
LONGEST = 180
UNCLEAR = {"聞いてから決める": Unclear.ASK, "多い方にする": Unclear.AHEAD, "A案にする": Unclear.FIRST}
_GUESS = {"reacted": 0.3}
_RARE = 0.08
"""How many in a hundred reach a goal, where nothing is known yet."""
_GAP = 0.10
_WEEKS = 52 / 12
_DAYS = re.compile(r"(\d{1,4})\s*(日|週間)(?:後|間)?")

# -- by what it is decided ----------------------------------------------------------------------------------------


def _bodies(desk: Desk) -> list[Body]:
    return [compared(desk, step_of_form(desk)).body]


def _ask_goal(desk: Desk) -> Screen:
    return Screen(
        text="どちらが良いかを、何で決めますか？\n反応は、3日以内に話したり押したりした人です。"
        "タグなら、届いたあとに付いた人を数えます。",
        taps=goal_taps(desk, _bodies(desk)),
        where=where(desk),
    )


def _take_goal(desk: Desk, given: Answer) -> None:
    goal, aim = goal_named(desk, given.text, _bodies(desk))
    turn_to(desk, "start", goal=goal, aim=aim)


# -- until when ---------------------------------------------------------------------------------------------------


def _ask_until(desk: Desk) -> Screen:
    return Screen(
        text="どれだけくらべますか？ その時に良い方がはっきりしていれば、自動でその案だけの新しい版にします。",
        taps=tuple(map(tap, UNTIL)),
        where=where(desk),
    )


def _take_until(desk: Desk, given: Answer) -> None:
    found = _DAYS.fullmatch(arabic(narrow(given.text).strip()))
    if found is None:
        raise CommandError(f"「{given.text}」は長さとして読めませんでした。「10日」のように送ってください。")
    days = int(found[1]) * (7 if found[2] == "週間" else 1)
    if not 1 <= days <= LONGEST:
        raise CommandError(f"1日から{LONGEST}日のあいだで送ってください。")
    turn_to(desk, "unclear", until=days)


def _ask_unclear(desk: Desk) -> Screen:
    at = moment_words(desk.now + timedelta(days=desk.form["until"]), desk.catalog)
    return Screen(
        text=f"{at} に、差がはっきりしていなかったら、どうしますか？",
        taps=tuple(map(tap, UNCLEAR)),
        where=where(desk),
    )


def _take_unclear(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in UNCLEAR:
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［聞いてから決める］が安心です。")
    turn_to(desk, "start", unclear=said)


# -- beginning ----------------------------------------------------------------------------------------------------


def _ask_start(desk: Desk) -> Screen:
    form = desk.form
    decided = bool(form["goal"] or form["aim"])
    taps = (tap(START), *(() if form["until"] else (tap(DEADLINE),)), *((tap(BY_REACTION),) if decided else ()))
    shares = "・".join(f"{name}案 {share}%" for name, share in zip(letters(form), form["shares"], strict=True))
    return Screen(
        text=f"{_outlook(desk)}\n\nこれから始まる人に、{shares}で送ります。{_deadline(desk)}"
        f"途中の人は、いまの版のままです。新しい版として公開します。{_warnings(desk)}",
        taps=(*taps, tap("やめる")),
        where=where(desk),
    )


def _warnings(desk: Desk) -> str:
    """What the variants bring with them that 点検 would not like, and what they cost."""
    _, scenario = scenario_to_compare(desk, Key(desk.form["plan"]))
    step = step_of_form(desk)
    new = compared(desk, step)
    known = {one.words for one in check(scenario, desk.catalog)}
    found = [one.words for one in check(with_step_in(scenario, step, new), desk.catalog) if one.words not in known]
    if isinstance(step.when, AtOnce) and any(not isinstance(when, AtOnce) for _, when in times(new)):
        found.append("「すぐ」は返信なら0通ですが、時を変えた案は1人1通かかります。")
    return "".join(f"\n⚠ {words}" for words in found[:3])


def _deadline(desk: Desk) -> str:
    days = desk.form["until"]
    if not days:
        return ""
    at = moment_words(desk.now + timedelta(days=days), desk.catalog)
    return f"{at} に良い方へ決めます（はっきりしないとき：{desk.form['unclear']}）。"


def _outlook(desk: Desk) -> str:
    """How long it will take, by how many come in a month."""
    form = desk.form
    month = joined(desk, form["plan"])
    if not month:
        return "この30日間に始まった人がいないので、かかる期間はまだわかりません。"
    aim = aim_of(form["aim"])
    pairs = len(list(combinations(form["shares"], 2)))
    least = each_needed(_GUESS.get(measure(aim, form["goal"]), _RARE), _GAP, comparisons=pairs)
    weeks = round(least / (min(form["shares"]) / 100) / month * _WEEKS)
    base = aim_words(aim, form["goal"])
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
    match said:
        case "反応で決める":
            turn_to(desk, "start", goal="", aim="")
        case "期限を決めて始める":
            turn_to(desk, "until")
        case "始める":
            _start(desk)
        case _:
            raise CommandError(f"「{said}」は選べませんでした。［{START}］で公開します。")


def _start(desk: Desk) -> None:
    shares, names = desk.form["shares"], letters(desk.form)
    entry, scenario = scenario_to_compare(desk, Key(desk.form["plan"]))
    _, step = step_at(scenario, desk.form["number"])
    contest, new, at = _contest(desk, step), compared(desk, step), _deadline(desk)
    number = desk.form["number"]
    desk.close_form()
    told = "と".join(f"{name}案" for name in names)
    _publish(desk, entry, with_step_in(scenario, step, new), contest, f"「{entry.name}」で{told}をくらべ始めました")
    halves = "半分ずつ" if shares == [50, 50] else "と".join(f"{share}%" for share in shares) + "で"
    desk.say(
        f"✅ これから始まる人から、{told}を{halves}送ります。{at}",
        tap("取消"),
        Tap(label="結果", says=f"AB {entry.name} {number}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


def _contest(desk: Desk, step: Step) -> Contest:
    form = desk.form
    seed = f"{desk.heard.event_id}{desk.now.isoformat()}"
    return Contest(
        id=blake2b(seed.encode(), digest_size=6).hexdigest(),
        scenario=Key(form["plan"]),
        step=step.id,
        variants=tuple(letters(form)),
        goal=form["goal"],
        aim=aim_of(form["aim"]),
        began=desk.now,
        decide_at=desk.now + timedelta(days=form["until"]) if form["until"] else None,
        unclear=UNCLEAR.get(form["unclear"], Unclear.ASK),
    )


def _publish(desk: Desk, entry: Entry, plan: Scenario, contest: Contest, words: str) -> None:
    """The next version, in which the comparison is."""
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError("シナリオを変えられるのは編集者からです。", tap("ホーム"))
    errors = [one for one in check(plan, desk.catalog) if one.level is Level.ERROR]
    if errors:
        raise CommandError(f"まだ公開できません。\n{findings_words(tuple(errors))}")
    number = max(entry.versions) + 1
    live = replace(changed(desk, entry), state=State.LIVE, versions={**entry.versions, number: plan}, current=number)
    catalog = with_entry(with_new_names(desk.catalog, new_names(plan, desk.catalog)), live)
    key = f"{contest.scenario}/{contest.step}"
    desk.edit(replace(catalog, contests={**catalog.contests, key: contest}), words)


PAGES = {
    "goal": Page(ask=_ask_goal, take=_take_goal),
    "until": Page(ask=_ask_until, take=_take_until),
    "unclear": Page(ask=_ask_unclear, take=_take_unclear),
    "start": Page(ask=_ask_start, take=_take_start),
}
