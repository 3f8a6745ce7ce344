"""停止, 再開, 保管, 削除, 復元, 版: stopping sends, putting away, bringing back. The three never look alike."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk, moment_words
from admin_commands.editing import remove
from admin_commands.friend import stop_for
from admin_commands.plans import changed, numbered_steps, place_of, present_plan, where, with_entry
from admin_commands.reading import MaybeWords, PlanKey, StepNumber, read_number, read_plan
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.catalog import Entry, Role
from flows.conditions import InScenario
from flows.desk import Order
from flows.events import Rebased
from flows.names import Key, fold
from flows.scenario import Scenario, State

MOST_NUMBERS = 8
life = Family(name="シナリオの中", about="停止、再開、保管、復元、版")


@life.command(
    "停止",
    alias=("ていし", "pause"),
    usage="停止 [シナリオ] ／ 停止 @名前",
    needs=Role.EDITOR,
    acts=True,
    examples=[("停止 新規様", "停止しました")],
)
def pause(desk: Desk, words: MaybeWords) -> None:
    """シナリオの配信を止めます（位置はそのまま残ります）。@名前 をつけると、その人の分だけ止めます。"""
    if words.startswith(("@", "＠")):
        stop_for(desk, words)
        return
    key, entry = _entry(desk, words)
    if entry.state is not State.LIVE:
        raise CommandError(f"「{entry.name}」は{entry.state.value}です。止めるものはありません。", *_ways(entry))
    _settle(desk, key, replace(entry, state=State.PAUSED), f"「{entry.name}」を停止しました")
    walking = sum(desk.reports.in_scenario(key).values())
    desk.say(
        f"「{entry.name}」を停止しました。もう何も送られません。"
        + (f"途中の{walking}人の位置は、そのまま残っています。" if walking else ""),
        tap("取消"),
        Tap(label="再開", says=f"再開 {entry.name}"),
        Tap(label="保管", says=f"保管 {entry.name}"),
        tap("ホーム"),
        where=where(entry, "停止中"),
    )


@life.command(
    "再開",
    alias=("さいかい", "resume"),
    usage="再開 [シナリオ]",
    needs=Role.EDITOR,
)
def ask_resume(desk: Desk, plan: PlanKey) -> None:
    """停止したシナリオを、続きから動かします。だれに届くかを見せてから動かします。"""
    entry = _paused(desk, plan)
    desk.place = place_of(Key(plan))
    walking = sum(desk.reports.in_scenario(Key(plan)).values())
    desk.say(
        f"「{entry.name}」を再開すると、途中の{walking}人に続きから届きます"
        "（止めていた間に過ぎた分は、次に送れる時間に順番どおり）。",
        Tap(label="再開する", says=f"do:再開 {entry.name}"),
        Tap(label="やめる", says=f"シナリオ {entry.name}"),
        where=where(entry, "再開"),
    )


@life.command("do:再開", needs=Role.EDITOR, acts=True, hidden=True)
def resume(desk: Desk, plan: PlanKey) -> None:
    """確かめた画面から再開します。"""
    entry = _paused(desk, plan)
    _settle(desk, Key(plan), replace(entry, state=State.LIVE), f"「{entry.name}」を再開しました")
    wake(desk, entry)
    desk.say(
        f"「{entry.name}」を再開しました。",
        tap("取消"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=where(entry, "公開中"),
    )


def wake(desk: Desk, entry: Entry) -> None:
    """Have everybody who is in this scenario go on where he stands."""
    event = Rebased(at=desk.now, scenario=fold(entry.name), to_version=0, by=desk.my_name)
    desk.order(Order(event=event, everyone_who=InScenario(scenario=entry.name)))


def _paused(desk: Desk, plan: str) -> Entry:
    entry = desk.catalog.plans[Key(plan)]
    if entry.state is not State.PAUSED:
        raise CommandError(
            f"「{entry.name}」は{entry.state.value}です。再開できるのは停止中のものです。", *_ways(entry)
        )
    return entry


@life.command("保管", alias=("ほかん", "アーカイブ", "archive"), usage="保管 [シナリオ]", needs=Role.EDITOR, acts=True)
def archive(desk: Desk, plan: PlanKey) -> None:
    """シナリオを一覧からしまいます。配信も止まります。「復元」でいつでも戻せます。"""
    key = Key(plan)
    entry = desk.catalog.plans[key]
    if entry.state is State.ARCHIVED:
        raise CommandError(f"「{entry.name}」は、もう保管してあります。", *_ways(entry))
    _settle(desk, key, replace(entry, state=State.ARCHIVED, archived=desk.now), f"「{entry.name}」を保管しました")
    walking = sum(desk.reports.in_scenario(key).values())
    desk.say(
        f"「{entry.name}」を保管しました（消してはいません）。"
        + (f"途中の{walking}人への配信も止まります。" if walking else ""),
        tap("取消"),
        Tap(label="復元", says=f"復元 {entry.name}"),
        tap("シナリオ"),
        tap("ホーム"),
        where=where(entry, "保管中"),
    )


@life.command(
    "削除",
    alias=("さくじょ", "delete"),
    usage="削除 番号",
    needs=Role.EDITOR,
    acts=True,
    examples=[("削除 体験会リマインド 5", "消しました"), ("削除 体験会リマインド", "まるごとしまいますか")],
)
def delete(desk: Desk, plan: PlanKey, words: MaybeWords) -> None:
    """1通を下書きから消します。番号を付けなければ、シナリオごとしまうか（保管）をたずねます。"""
    if words:
        remove(desk, plan, StepNumber(read_number(desk, words)[0]))
        return
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    plan_now = present_plan(entry)
    steps = numbered_steps(plan_now)[:MOST_NUMBERS] if isinstance(plan_now, Scenario) else []
    desk.say(
        f"「{entry.name}」をまるごとしまいますか？ しまっても消えず、「復元」で戻せます。\n"
        f"1通だけ消すときは、番号を付けて送ってください。例：削除 {entry.name} 2",
        Tap(label="まるごと保管", says=f"保管 {entry.name}"),
        *(Tap(label=f"{number}通目", says=f"削除 {entry.name} {number}") for number, _, _ in steps),
        tap("ホーム"),
        where=where(entry, "削除"),
    )


@life.command("復元", alias=("ふくげん", "restore"), usage="復元 [シナリオ]", needs=Role.EDITOR, acts=True)
def restore(desk: Desk, plan: PlanKey) -> None:
    """保管したシナリオを戻します。まだ届いていないところから続きます（同じものは二度届きません）。"""
    key = Key(plan)
    entry = desk.catalog.plans[key]
    if entry.state is not State.ARCHIVED:
        raise CommandError(f"「{entry.name}」は保管中ではありません（{entry.state.value}）。", *_ways(entry))
    state = State.PAUSED if entry.versions else State.DRAFT
    _settle(desk, key, replace(entry, state=state, archived=None), f"「{entry.name}」を復元しました")
    desk.say(
        f"「{entry.name}」を{state.value}として戻しました。"
        + ("「再開」すると、まだ届いていないところから続きます。" if entry.versions else ""),
        *((Tap(label="再開", says=f"再開 {entry.name}"),) if entry.versions else ()),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=where(entry, state.value),
    )


@life.command("版", alias=("はん", "versions"), usage="版 [シナリオ]", examples=[("版 新規様", "第1版")])
def versions(desk: Desk, plan: PlanKey) -> None:
    """これまでに公開した版と、それぞれの途中の人数を見ます。"""
    entry = desk.catalog.plans[Key(plan)]
    walking = desk.reports.in_scenario(Key(plan))
    lines = [
        f"第{number}版：途中 {walking.get(number, 0)}人{'　← 新しい人はこの版' if number == entry.current else ''}"
        for number in sorted(entry.versions)
    ]
    draft = (
        f"直しかけの下書きがあります（{entry.changed_by or '？'}・{moment_words(entry.changed, desk.catalog)}）"
        if entry.draft and entry.changed
        else ""
    )
    desk.say(
        "\n".join((*(lines or ["まだ公開していません。"]), draft)).strip(),
        *_ways(entry),
        where=where(entry, "版"),
    )


def _entry(desk: Desk, words: str) -> tuple[Key, Entry]:
    key, left = read_plan(desk, words)
    if left:
        raise CommandError(f"「{left}」は読めませんでした。例：停止 {desk.catalog.plans[key].name}")
    return key, desk.catalog.plans[key]


def _settle(desk: Desk, key: Key, entry: Entry, words: str) -> None:
    desk.place = place_of(key)
    desk.edit(with_entry(desk.catalog, changed(desk, entry)), words)


def _ways(entry: Entry) -> tuple[Tap, ...]:
    return (Tap(label="開く", says=f"シナリオ {entry.name}"), tap("シナリオ"), tap("ホーム"))
