"""AB: begin to compare variants of a step, see how they fare, and adopt one by one tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from admin_commands.ab_broadcast import show_broadcast
from admin_commands.ab_form import FORM, ab_form, new_form
from admin_commands.ab_results import Compared, bars, outcomes, say_csv, table
from admin_commands.ab_variants import scenario_to_compare, spoken
from admin_commands.broadcast_form import near_broadcast
from admin_commands.desk import CommandError, Desk, day_words, moment_words
from admin_commands.editing import step_at
from admin_commands.plans import numbered_steps, place_of
from admin_commands.reading import MaybeWords, Words, read_number, read_plan
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from admin_commands.wizard import ask, begin
from flows.broadcast import Broadcast, splits
from flows.catalog import Contest, Role
from flows.conditions import InScenario
from flows.deciding import with_adopted
from flows.desk import Order
from flows.events import Rebased
from flows.names import Key, fold
from flows.scenario import Scenario, Split, Step
from flows.trials import trial_of

ab = Family(name="結果", about="くらべる")


@ab.command(
    "AB",
    alias=("ABテスト", "エービー"),
    usage="AB [シナリオ 番号]",
    examples=[("AB", "くらべ"), ("AB 新規様 1", "B案の本文")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """1通の文や送る日時を2〜4つの案に分けてくらべ、結果を見て、良い方に決めます。"""
    if not words:
        comparisons(desk)
        return
    sent = near_broadcast(desk, words) if fold(words.split()[0]) not in desk.catalog.plans else None
    if sent is not None:
        show_broadcast(desk, sent)
        return
    plan, rest = read_plan(desk, words)
    number, _ = read_number(desk, rest)
    _of_step(desk, plan, number)


# -- all of them --------------------------------------------------------------------------------------------------


def comparisons(desk: Desk) -> None:
    """Everything that is being compared."""
    steps = list(_running(desk))
    sent = [one for one in desk.catalog.broadcasts.values() if _is_trial(desk, one)][-4:]
    lines = [f"・{name} {number}通目（{since}から{until}）" for name, number, since, until in steps]
    lines += [f"・一斉配信「{one.name}」" for one in sent]
    live = [entry.name for entry in desk.catalog.plans.values() if isinstance(entry.live, Scenario)][:3]
    desk.say(
        ("いまくらべているもの\n" + "\n".join(lines))
        if lines
        else "いまくらべているものはありません。「AB 新規様 1」のように、シナリオと何通目かを送ると始められます。",
        *(Tap(label=f"{name} {number}通目", says=f"AB {name} {number}") for name, number, *_ in steps[:4]),
        *(Tap(label=one.name, says=f"AB {one.name}") for one in sent),
        *(Tap(label=f"{name}でくらべる", says=f"AB {name}") for name in ([] if steps else live)),
        tap("結果"),
        tap("ホーム"),
        where="AB",
    )


def _is_trial(desk: Desk, one: Broadcast) -> bool:
    return splits(one.body) is not None and not one.part_of and one.at <= desk.now


def _running(desk: Desk) -> Iterator[tuple[str, int, str, str]]:
    for key, entry in desk.catalog.plans.items():
        if isinstance(entry.live, Scenario):
            for number, _, step in numbered_steps(entry.live):
                if splits(step.body) is not None:
                    contest = contest_of(desk, key, step)
                    since = contest.began if contest else entry.changed
                    until = contest.decide_at if contest else None
                    yield (
                        entry.name,
                        number,
                        day_words(since, desk.catalog) if since else "公開",
                        f" {day_words(until, desk.catalog)}まで" if until else "",
                    )


def contest_of(desk: Desk, plan: Key, step: Step) -> Contest | None:
    """The running test on a step, as it was started here; None for one that a script began by itself."""
    contest = desk.catalog.contests.get(f"{plan}/{step.id}")
    return contest if contest is not None and contest.over is None else None


# -- one on a step ------------------------------------------------------------------------------------------------


def _of_step(desk: Desk, plan: Key, number: int) -> None:
    entry = desk.catalog.plans[plan]
    desk.place = place_of(plan)
    live = entry.live
    if not isinstance(live, Scenario):
        scenario_to_compare(desk, plan)
        return
    _, step = step_at(live, number)
    split = splits(step.body)
    if split is None:
        _begin(desk, plan, number)
        return
    one = _compared(desk, plan, step, split, f"{entry.name} {number}通目")
    found = outcomes(desk, one)
    contest = contest_of(desk, plan, step)
    desk.put(bars(one, found))
    desk.say(
        f"{table(one, found)}{_times(split)}{_deadline(desk, contest)}",
        *(
            Tap(label=f"{name}案にする（新しい版）", says=f"do:案にする {name} {number} {entry.name}")
            for name in one.variants
        ),
        *([Tap(label="自動で決めない", says=f"do:期限なし {number} {entry.name}")] if _is_open(contest) else []),
        Tap(label="CSV", says=f"do:ABのCSV {number} {entry.name}"),
        Tap(label="続ける", says="ホーム"),
        tap("AB"),
        where=f"AB ▸ {entry.name} ▸ {number}通目",
    )


def _is_open(contest: Contest | None) -> bool:
    return contest is not None and contest.decide_at is not None and contest.asked is None


def _times(split: Split) -> str:
    """When the variants go, where that differs."""
    told = "・".join(f"{one.name}案 {one.when.words}" for one in split.variants if one.when)
    return f"\n送る日時：{told}（ほかは元のまま）" if told else ""


def _deadline(desk: Desk, contest: Contest | None) -> str:
    if contest is None or contest.decide_at is None:
        return ""
    at = moment_words(contest.decide_at, desk.catalog)
    return f"\n{at} の期限が来ています。案を選んでください。" if contest.asked else f"\n{at} に良い方へ決めます。"


def _compared(desk: Desk, plan: Key, step: Step, split: Split, title: str) -> Compared:
    contest = contest_of(desk, plan, step)
    return Compared(
        title=title,
        trial=trial_of(desk.catalog, plan, step.id),
        variants=tuple(variant.name for variant in split.variants),
        goal=contest.goal if contest else "",
        aim=contest.aim if contest else None,
    )


def _begin(desk: Desk, plan: Key, number: int) -> None:
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError(
            "くらべ始められるのは編集者からです。必要なときは所有者に頼んでください。", tap("AB"), tap("ホーム")
        )
    entry, scenario = scenario_to_compare(desk, plan)
    _, step = step_at(scenario, number)
    begin(desk, FORM, "body" if spoken(step) else "when", new_form(entry, number))
    ask(desk, ab_form)


@ab.command("do:案にする", needs=Role.EDITOR, acts=True, hidden=True)
def adopt(desk: Desk, words: Words) -> None:
    """くらべた案の1つに決めて、新しい版として公開します。"""
    name, number, plan = words.split(" ", 2)
    entry, scenario = scenario_to_compare(desk, fold(plan))
    _, step = step_at(scenario, int(number))
    split = splits(step.body)
    if split is None or name not in {one.name for one in split.variants}:
        raise CommandError("この1通では、もうくらべていません。何も変えていません。", tap("AB"), tap("ホーム"))
    after = with_adopted(desk.catalog, fold(plan), step.id, name, now=desk.now, by=desk.my_name)
    if after is None:
        raise CommandError(
            f"{name}案だけにすると、公開できない形になります。台本で直してください。",
            Tap(label="台本", says=f"台本 {entry.name}"),
        )
    desk.edit(after, f"「{entry.name}」の{number}通目を{name}案にしました")
    version, walking = max(entry.versions) + 1, sum(desk.reports.in_scenario(fold(plan)).values())
    stay = f"途中の{walking}人は、いまの版のまま最後まで届きます。" if walking else ""
    move = (Tap(label=f"途中の{walking}人も移す", says=f"do:途中も移す {version} {entry.name}"),) if walking else ()
    desk.say(
        f"✅「{entry.name}」の{number}通目を{name}案にしました（第{version}版）。これから始まる人に届きます。{stay}",
        tap("取消"),
        *move,
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


@ab.command("do:途中も移す", needs=Role.EDITOR, acts=True, hidden=True)
def move_along(desk: Desk, words: Words) -> None:
    """途中の友だちも、決めた案の版に移します。届いたものは、もう届きません。"""
    version, plan = words.split(" ", 1)
    entry = desk.catalog.plans.get(fold(plan))
    if entry is None or entry.live is None or str(entry.current) != version:
        raise CommandError("この画面のあとで、版が変わっています。何もしていません。", tap("AB"), tap("ホーム"))
    event = Rebased(at=desk.now, scenario=fold(plan), to_version=entry.current, by=desk.my_name)
    desk.order(Order(event=event, everyone_who=InScenario(scenario=entry.name)))
    desk.say(
        f"✅ 途中の人も、第{version}版に移します（届いたものは、もう届きません）。",
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


@ab.command("do:期限なし", needs=Role.EDITOR, acts=True, hidden=True)
def without_deadline(desk: Desk, words: Words) -> None:
    """くらべる期限をなくします。自分で決めるまで続きます。"""
    number, plan = words.split(" ", 1)
    entry, scenario = scenario_to_compare(desk, fold(plan))
    _, step = step_at(scenario, int(number))
    contest = contest_of(desk, fold(plan), step)
    if contest is None or contest.decide_at is None:
        raise CommandError("この1通には、期限がありません。何も変えていません。", tap("AB"), tap("ホーム"))
    key = f"{contest.scenario}/{contest.step}"
    contests = {**desk.catalog.contests, key: replace(contest, decide_at=None, asked=None)}
    told = f"「{entry.name}」の{number}通目を、自動で決めないようにしました"
    desk.edit(replace(desk.catalog, contests=contests), told)
    desk.say(
        f"✅ {told}。続けてくらべています。",
        tap("取消"),
        Tap(label="結果", says=f"AB {entry.name} {number}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


@ab.command("do:ABのCSV", hidden=True)
def step_csv(desk: Desk, words: Words) -> None:
    """くらべた結果を、表計算に貼れる形で出します。"""
    number, plan = words.split(" ", 1)
    key = fold(plan)
    entry = desk.catalog.plans.get(key)
    step = step_at(entry.live, int(number))[1] if entry and isinstance(entry.live, Scenario) else None
    split = splits(step.body) if step else None
    if entry is None or step is None or split is None:
        raise CommandError("この1通では、もうくらべていません。", tap("AB"), tap("ホーム"))
    one = _compared(desk, key, step, split, f"{entry.name} {number}通目")
    say_csv(desk, one, Tap(label="結果", says=f"AB {entry.name} {number}"))
