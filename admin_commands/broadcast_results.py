"""結果 of a broadcast: a report that adds up, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from admin_commands.broadcast_form import FORM, key_of
from admin_commands.broadcast_planning import progress, standing
from admin_commands.broadcast_waves import waves_of
from admin_commands.charts import Bar, chart
from admin_commands.desk import Desk, local, moment_words
from admin_commands.report_clicks import CSV, DAYS, counted, lines, put_chart
from admin_commands.screens import Tap, tap
from admin_commands.telling import RULES
from flows.broadcast import Broadcast, Missed, Progress, splits
from flows.clicks import clicks
from flows.conditions import Reached
from flows.facts import Rule

MISSED: dict[str, str] = {
    Missed.WALKING: "シナリオの途中",
    Missed.WAITS: "良い方を待つ残り",
    Missed.OTHER: "別の日時の案",
    Missed.EMPTY: "送る中身がなかった",
    Missed.FAULT: "記録を読めなかった",
    Rule.CONDITION: "条件から外れた",
    Rule.LEFT: "ブロック",
    Rule.PACE: "通知を減らしている・配信停止",
    Rule.CAP: "1人あたりの上限",
    Rule.PAUSED: "担当者が対応中",
    Rule.QUOTA: "通数が足りない",
    Rule.STAFF: "スタッフ",
    Rule.HOURS: "送らない時間帯",
}


def result_lines(desk: Desk, one: Broadcast, found: Progress) -> list[str]:
    """The report: what was planned is what the others add up to."""
    parts = [
        ("受付", found.accepted),
        ("送信待ち", found.waiting),
        ("これから", found.left),
        ("失敗", found.failed),
        ("保留（通数）", found.held),
        ("見送り", sum(found.skipped.values())),
        ("停止で取りやめ", found.stopped),
    ]
    told = "＋".join(f"{title} {many:,}" for title, many in parts if many or title == "受付")
    lines = [f"対象 {found.planned:,}人 ＝ {told}"]
    if found.skipped:
        reasons = "・".join(f"{_reason(why)} {many:,}" for why, many in sorted(found.skipped.items()))
        lines.append(f"見送りの理由：{reasons}")
    return lines


def _reason(why: str) -> str:
    return MISSED.get(why) or RULES.get(Rule(why), why)


def show_result(desk: Desk, one: Broadcast) -> None:
    """The report with its bars, and ways on."""
    found = desk.reports.broadcast(one)
    where = f"結果 ▸ {FORM} ▸ {one.name}"
    if found is None:
        desk.say(
            f"{moment_words(one.at, desk.catalog)} に送る予定です。",
            Tap(label="開く", says=f"予定 {one.name}"),
            where=where,
        )
        return
    reacted = desk.reports.count(Reached(broadcast=one.name, how="reacted"), desk.catalog, desk.now).true
    blocked = _blocked(desk, one)
    bars = [
        Bar("受付", f"{found.accepted:,}人", _of(found.accepted, found.planned)),
        Bar("反応（3日以内）", _rate(reacted, found.accepted), _of(reacted, found.accepted), 2),
        Bar("ブロック（24時間以内）", _rate(blocked, found.accepted), _of(blocked, found.accepted), 1),
    ]
    desk.put(chart(f"{moment_words(one.at, desk.catalog)} の一斉配信", bars))
    people = counted(desk, one.at, DAYS)
    taps = [
        ("", each)
        for each in clicks(one.body, key_of(one), one.id, people, reached=found.accepted, variants=found.sent)
    ]
    put_chart(desk, one.name, taps, "（案ごとに、その案が届いた人で割っています）" if splits(one.body) else "")
    compare = (Tap(label="案をくらべる", says=f"AB {one.name}"),) if splits(one.body) or one.part_of else ()
    again = (Tap(label="反応した人を見る", says=f"絞り込み 配信「{one.name}」に反応した"),)
    desk.say(
        "\n".join([*result_lines(desk, one, found), *_waves(desk, one, found), *lines(taps)]),
        *compare,
        *again,
        CSV,
        tap("結果"),
        tap("ホーム"),
        where=where,
        lasts=True,
    )


def _waves(desk: Desk, one: Broadcast, first: Progress) -> list[str]:
    """What the further sends of it have come to, each by itself, and all together: each person is in one of them once."""
    waves = waves_of(desk.catalog, one)
    begun = [(wave, found) for wave in waves if (found := progress(desk, wave)) is not None]
    told = [f"続き「{wave.name}」：{result_lines(desk, wave, found)[0]}" for wave, found in begun]
    ahead = [wave for wave in waves if progress(desk, wave) is None]
    told += [f"続き「{wave.name}」：{standing(desk, wave, None)}" for wave in ahead]
    total = first.accepted + sum(found.accepted for _, found in begun)
    return [*told, f"あわせて 受付 {total:,}人"] if begun else told


def latest(desk: Desk, limit: int = 2) -> list[str]:
    """The names of the broadcasts that went last."""
    gone = [one for one in desk.catalog.broadcasts.values() if one.at <= desk.now]
    return [one.name for one in sorted(gone, key=lambda one: one.at, reverse=True)[:limit]]


def _of(many: int, people: int) -> float:
    return many / people if people else 0.0


def _rate(many: int, people: int) -> str:
    return f"{many:,}人（{100 * _of(many, people):.1f}%）"


def _blocked(desk: Desk, one: Broadcast) -> int:
    first = local(one.at, desk.catalog).date()
    today = local(desk.now, desk.catalog).date()
    days = [first + timedelta(days=number) for number in range(8) if first + timedelta(days=number) <= today]
    key = key_of(one)
    return sum(
        many
        for day in days
        for about, many in desk.reports.facts("blocked", day.isoformat()).items()
        if about.split("\t")[0] == key
    )
