"""What a scenario or survey is, on one screen: its times and paths, whom it touches, its cost, what is odd."""

from __future__ import annotations

from admin_commands.costs import each_words
from admin_commands.desk import Desk
from admin_commands.lint import linted
from admin_commands.plans import place_of, present_plan, versions_words, where
from admin_commands.quota import left_words
from admin_commands.screens import Screen, Tap, tap
from admin_commands.together import other_hand
from flows.catalog import Entry
from flows.checks import Finding, Level
from flows.names import Key
from flows.scenario import Plan, Scenario, State
from flows.script import NewName, diff, new_names, timeline

_DIFF_LINES = 12


def plan_screen(desk: Desk, key: Key, *, before: str = "") -> Screen:
    """The screen of a scenario that is opened; `before` says what has just become of it."""
    entry = desk.catalog.plans[key]
    desk.place = place_of(key)
    plan = present_plan(entry)
    parts = [
        before,
        other_hand(desk, entry),
        _standing(desk, key, entry),
        timeline(plan, desk.catalog.account.tz),
        _differences(entry),
        _new_names(new_names(plan, desk.catalog)),
        _touches(desk, entry, plan),
        findings_words(linted(desk, plan)),
    ]
    return Screen(
        where=where(entry, versions_words(entry)),
        text="\n\n".join(part for part in parts if part),
        taps=plan_taps(desk, entry),
        lasts=True,
    )


def _standing(desk: Desk, key: Key, entry: Entry) -> str:
    """How many friends are in it, by version."""
    if not entry.versions:
        return ""
    walking = {number: count for number, count in desk.reports.in_scenario(key).items() if count}
    if not walking:
        return "いま途中の友だちはいません。"
    parts = "・".join(f"第{number}版 {count}人" for number, count in sorted(walking.items()))
    return f"いま途中の友だち：{sum(walking.values())}人（{parts}）"


def _differences(entry: Entry) -> str:
    """What the draft changes against the version in force."""
    live = entry.versions.get(entry.current)
    if live is None or entry.draft is None:
        return ""
    lines = diff(live, entry.draft).lines
    if not lines:
        return f"第{entry.current}版と同じ内容です。"
    more = f"\nほか{len(lines) - _DIFF_LINES}か所" if len(lines) > _DIFF_LINES else ""
    return f"第{entry.current}版からの変更\n" + "\n".join(lines[:_DIFF_LINES]) + more


def _new_names(names: tuple[NewName, ...]) -> str:
    if not names:
        return ""
    doubts = [one.sentence() for one in names if one.near]
    sorts: dict[str, list[str]] = {}
    for one in names:
        sorts.setdefault(one.sort.value, []).append(one.name)
    listed = "　".join(f"{sort}：{'・'.join(each)}" for sort, each in sorts.items())
    return "新しく作られる名前\n" + listed + ("\n" + "\n".join(doubts) if doubts else "")


def _touches(desk: Desk, entry: Entry, plan: Plan) -> str:
    if not isinstance(plan, Scenario):
        return "アンケートのやりとりは、すべて返信なので0通です。"
    starts = "、".join(start.trigger.words() for start in plan.starts) or "手動"
    following = desk.reports.following()
    untouched = f"。いまの友だち{following}人には、公開しても送りません。" if not entry.versions else ""
    goal = plan.goal.words() if plan.goal else "まだ決まっていません"
    return "\n".join(
        (
            f"始まり：{starts}{untouched}",
            f"ここで止まる人（ゴール）：{goal}",
            f"最後まで届いた人：{_ending(plan)}",
            f"目安：{each_words(plan)}。{left_words(desk)}",
        )
    )


def _ending(plan: Scenario) -> str:
    if plan.ending is None:
        return "まだ決まっていません"
    return "、".join(action.words() for action in plan.ending) or "何もしない"


def findings_words(findings: tuple[Finding, ...]) -> str:
    """What 点検 found, as a short list."""
    if not findings:
        return ""
    errors = [one for one in findings if one.level is Level.ERROR]
    head = (
        f"公開する前に直すところが{len(errors)}つあります"
        if errors
        else f"気になる点が{len(findings)}つあります（このままでも公開できます）"
    )
    # Not numbered: numbers choose among the taps below.
    lines = [f"・{one.words}" for one in findings]
    return "\n".join((head, *lines))


def plan_taps(desk: Desk, entry: Entry) -> tuple[Tap, ...]:
    """The next taps of an open scenario."""
    name = entry.name
    preview = Tap(label="プレビュー", says=f"プレビュー {name}")
    rehearse = Tap(label="早送り", says=f"早送り {name}")
    edit = Tap(label="直す", says=f"直す {name}")
    leave = Tap(label="やめる", says="ホーム")
    if entry.draft is not None or entry.state is State.DRAFT:
        return (
            Tap(label="公開", says=f"公開 {name}"),
            preview,
            rehearse,
            edit,
            Tap(label="点検", says=f"点検 {name}"),
            leave,
        )
    export = Tap(label="書出", says=f"書出 {name}")
    match entry.state:
        case State.LIVE:
            return (preview, rehearse, edit, export, Tap(label="停止", says=f"停止 {name}"), tap("ホーム"))
        case State.PAUSED:
            return (
                Tap(label="再開", says=f"再開 {name}"),
                edit,
                export,
                Tap(label="保管", says=f"保管 {name}"),
                tap("ホーム"),
            )
        case _:
            return (Tap(label="復元", says=f"復元 {name}"), export, tap("シナリオ"), tap("ホーム"))
