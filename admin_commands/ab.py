"""AB: begin to compare two variants of a step, see how they fare, and adopt one by one tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from admin_commands.ab_form import FORM, ab_form, new_form, publish, scenario_to_compare, spoken
from admin_commands.ab_results import Compared, bars, outcomes, table
from admin_commands.broadcast import broadcast_form
from admin_commands.broadcast_form import FORM as BROADCAST_FORM
from admin_commands.broadcast_form import form_of, key_of, near_broadcast
from admin_commands.desk import CommandError, Desk, Missing, day_words
from admin_commands.editing import step_at
from admin_commands.plans import numbered_steps, place_of
from admin_commands.reading import MaybeWords, Words, read_number, read_plan
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from admin_commands.wizard import ask, begin
from flows import codec
from flows.broadcast import REST, Broadcast, Walkers, splits
from flows.catalog import Contest, Role
from flows.conditions import Except, Reached
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
    """1通をA案とB案に分けてくらべ、結果を見て、良い方に決めます。"""
    if not words:
        comparisons(desk)
        return
    sent = near_broadcast(desk, words) if fold(words.split()[0]) not in desk.catalog.plans else None
    if sent is not None:
        _of_broadcast(desk, sent)
        return
    plan, rest = read_plan(desk, words)
    number, _ = read_number(desk, rest)
    _of_step(desk, plan, number)


# -- all of them --------------------------------------------------------------------------------------------------


def comparisons(desk: Desk) -> None:
    """Everything that is being compared."""
    steps = list(_running(desk))
    sent = [one for one in desk.catalog.broadcasts.values() if splits(one.body) and one.at <= desk.now][-4:]
    lines = [f"・{name} {number}通目（{since}から）" for name, number, since in steps]
    lines += [f"・一斉配信「{one.name}」" for one in sent]
    live = [entry.name for entry in desk.catalog.plans.values() if isinstance(entry.live, Scenario)][:3]
    desk.say(
        ("いまくらべているもの\n" + "\n".join(lines))
        if lines
        else "いまくらべているものはありません。「AB 新規様 1」のように、シナリオと何通目かを送ると始められます。",
        *(Tap(label=f"{name} {number}通目", says=f"AB {name} {number}") for name, number, _ in steps[:4]),
        *(Tap(label=one.name, says=f"AB {one.name}") for one in sent),
        *(Tap(label=f"{name}でくらべる", says=f"AB {name}") for name in ([] if steps else live)),
        tap("結果"),
        tap("ホーム"),
        where="AB",
    )


def _running(desk: Desk) -> Iterator[tuple[str, int, str]]:
    for key, entry in desk.catalog.plans.items():
        if isinstance(entry.live, Scenario):
            for number, _, step in numbered_steps(entry.live):
                if split_of(step) is not None:
                    contest = desk.catalog.contests.get(f"{key}/{step.id}")
                    since = contest.began if contest else entry.changed
                    yield entry.name, number, day_words(since, desk.catalog) if since else "公開"


def split_of(step: Step) -> Split | None:
    """The split in a step's body, None if there is none."""
    return splits(step.body)


# -- one on a step ------------------------------------------------------------------------------------------------


def _of_step(desk: Desk, plan: Key, number: int) -> None:
    entry = desk.catalog.plans[plan]
    desk.place = place_of(plan)
    live = entry.live
    if not isinstance(live, Scenario):
        scenario_to_compare(desk, plan)
        return
    _, step = step_at(live, number)
    split = split_of(step)
    if split is None:
        _begin(desk, plan, number)
        return
    one = _compared(desk, plan, step, split, f"{entry.name} {number}通目")
    found = outcomes(desk, one)
    desk.put(bars(one, found))
    desk.say(
        table(one, found),
        *(
            Tap(label=f"{name}案にする（新しい版）", says=f"do:案にする {name} {number} {entry.name}")
            for name in one.variants
        ),
        Tap(label="続ける", says="ホーム"),
        tap("AB"),
        where=f"AB ▸ {entry.name} ▸ {number}通目",
    )


def _compared(desk: Desk, plan: Key, step: Step, split: Split, title: str) -> Compared:
    contest = desk.catalog.contests.get(f"{plan}/{step.id}")
    return Compared(
        title=title,
        trial=trial_of(desk.catalog, plan, step.id),
        variants=tuple(variant.name for variant in split.variants),
        goal=contest.goal if contest and contest.over is None else "",
    )


def _begin(desk: Desk, plan: Key, number: int) -> None:
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError(
            "くらべ始められるのは編集者からです。必要なときは所有者に頼んでください。", tap("AB"), tap("ホーム")
        )
    entry, scenario = scenario_to_compare(desk, plan)
    _, step = step_at(scenario, number)
    if not spoken(step):
        raise CommandError(
            f"{number}通目は文や写真で始まっていないので、くらべられません。質問の前に文を足すと、くらべられます。",
            Tap(label="直す", says=f"直す {entry.name}"),
        )
    begin(desk, FORM, "body", new_form(entry, number))
    ask(desk, ab_form)


@ab.command("do:案にする", needs=Role.EDITOR, acts=True, hidden=True)
def adopt(desk: Desk, words: Words) -> None:
    """くらべた案の1つに決めて、新しい版として公開します。"""
    name, number, plan = words.split(" ", 2)
    entry, scenario = scenario_to_compare(desk, fold(plan))
    _, step = step_at(scenario, int(number))
    split = split_of(step)
    variant = next((each for each in split.variants if each.name == name), None) if split else None
    if split is None or variant is None:
        raise CommandError("この1通では、もうくらべていません。何も変えていません。", tap("AB"), tap("ホーム"))
    at = step.body.index(split)
    body = (*step.body[:at], *variant.body, *step.body[at + 1 :])
    before = desk.catalog.contests.get(f"{fold(plan)}/{step.id}")
    over = replace(before or _untold(fold(plan), step, split, desk), over=desk.now)
    publish(desk, entry, scenario, step, body, over, f"「{entry.name}」の{number}通目を{name}案にしました")
    desk.say(
        f"✅「{entry.name}」の{number}通目を{name}案にしました（第{max(entry.versions) + 1}版）。これから始まる人に届きます。",
        tap("取消"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=f"AB ▸ {entry.name}",
    )


def _untold(plan: Key, step: Step, split: Split, desk: Desk) -> Contest:
    """A comparison that a script began by itself."""
    names = tuple(variant.name for variant in split.variants)
    return Contest(id=f"{plan}/{step.id}", scenario=plan, step=step.id, variants=names, began=desk.now)


# -- one in a broadcast -------------------------------------------------------------------------------------------


def _of_broadcast(desk: Desk, sent: Broadcast) -> None:
    split = splits(sent.body)
    if split is None:
        raise Missing(
            "この一斉配信では、案をくらべていません。どれの結果を見ますか？", tap(f"結果 {sent.name}"), head=""
        )
    names = tuple(variant.name for variant in split.variants if variant.name != REST)
    one = Compared(title=sent.name, trial=key_of(sent), variants=names, goal=sent.goal)
    found = outcomes(desk, one)
    desk.put(bars(one, found))
    rest = any(variant.name == REST for variant in split.variants)
    adopting = (
        (Tap(label=f"残りに{name}案を送る", says=f"do:残りに送る {name} {sent.id}") for name in names) if rest else ()
    )
    desk.say(table(one, found), *adopting, tap("AB"), tap("ホーム"), where=f"AB ▸ {sent.name}")


@ab.command("do:残りに送る", needs=Role.SENDER, acts=True, hidden=True)
def send_rest(desk: Desk, words: Words) -> None:
    """まだ受け取っていない人に、選んだ案を送る準備をします。人数を確かめてから送れます。"""
    name, _, number = words.partition(" ")
    sent = next((one for one in desk.catalog.broadcasts.values() if one.id == number), None)
    split = splits(sent.body) if sent else None
    variant = next((each for each in split.variants if each.name == name), None) if split else None
    if sent is None or variant is None:
        raise CommandError("その一斉配信は、もうありません。", tap("AB"), tap("ホーム"))
    rest = Except(base=sent.condition, less=Reached(broadcast=sent.name, how="received"))
    form = form_of(replace(sent, condition=rest, walkers=Walkers(sent.walkers), body=variant.body, goal=""))
    form = {key: value for key, value in form.items() if key != "id"} | {"name": "", "who": codec.to_data(rest)}
    begin(desk, BROADCAST_FORM, "when", form)
    ask(desk, broadcast_form)
