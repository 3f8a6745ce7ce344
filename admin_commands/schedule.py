"""予定: what is going to be sent, to the minute: broadcasts one by one, steps by how many."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from admin_commands.broadcast_form import found, shown_of
from admin_commands.broadcast_planning import is_planned, progress, standing
from admin_commands.broadcast_results import result_lines
from admin_commands.broadcast_waves import is_open
from admin_commands.desk import Desk, local, moment_words
from admin_commands.headcount import building, left_out
from admin_commands.quota import left_words, month_end
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.standstill import still_lines
from flows.audience import audience
from flows.broadcast import Broadcast
from flows.conditions import echo
from flows.names import cut
from flows.trials import first_of

schedule = Family(name="予定", about="これから送るもの")
_SHOWN = 6
_OLD = timedelta(days=2)


@schedule.command(
    "予定",
    alias=("よてい", "配信予約", "配信予定", "schedule"),
    usage="予定 [一斉配信の名前]",
    examples=[("予定", "明日まで")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """これから送る一斉配信とステップを見ます。一斉配信は、ここから変更や取りやめができます。"""
    if words:
        desk.show(_card(desk, found(desk, words)))
        return
    listed = sorted(_current(desk), key=lambda one: one.at)[:_SHOWN]
    lines = [_line(desk, one) for one in listed] or ["・一斉配信の予定はありません"]
    desk.say(
        "\n".join(
            (
                "一斉配信",
                *lines,
                *_deadlines(desk),
                "",
                "ステップ（多めに見た数です）",
                *_steps(desk),
                *still_lines(desk),
                left_words(desk),
            )
        ),
        *(Tap(label=one.name, says=f"予定 {one.name}") for one in listed),
        tap("一斉配信"),
        tap("通数"),
        tap("ホーム"),
        where="予定",
        lasts=bool(listed),
    )


def _deadlines(desk: Desk) -> list[str]:
    """The A/B tests on steps that will be decided by themselves."""
    due = [
        (one.decide_at, entry.name)
        for one in desk.catalog.contests.values()
        if one.over is None and one.asked is None and one.decide_at and (entry := desk.catalog.plans.get(one.scenario))
    ]
    return [f"・{moment_words(at, desk.catalog)} 「{name}」のABを決めます" for at, name in sorted(due)]


def _current(desk: Desk) -> list[Broadcast]:
    """Those that are still to come, under way, or lately over; of the stopped ones those of which something had gone."""
    lately = desk.now - _OLD
    return [
        one
        for one in desk.catalog.broadcasts.values()
        if (one.at > lately or is_open(one)) and (one.stopped is None or progress(desk, one) is not None)
    ]


def _line(desk: Desk, one: Broadcast) -> str:
    now_at = standing(desk, one, progress(desk, one))
    here = local(one.at, desk.catalog)
    words = one.name.removeprefix(f"{here.month}/{here.day} ")
    return f"・{moment_words(one.at, desk.catalog)} {cut(words, 16)}（{now_at}）"


def _steps(desk: Desk) -> list[str]:
    today = local(desk.now, desk.catalog).date()
    ends = [("今日中", 1), ("明日まで", 2), ("7日以内", 8)]
    lines = [
        f"・{words}：{desk.reports.scheduled(_midnight(desk, today.toordinal() + days)):,}通" for words, days in ends
    ]
    return [*lines, f"・今月末まで：{desk.reports.scheduled(month_end(desk.now, desk.catalog)):,}通"]


def _midnight(desk: Desk, ordinal: int) -> datetime:
    return datetime.combine(datetime.fromordinal(ordinal), time(0), tzinfo=desk.catalog.account.tz)


# -- one of them --------------------------------------------------------------------------------------------------


def _card(desk: Desk, one: Broadcast) -> Screen:
    """One broadcast: what it says, where it stands, and what can be done."""
    state = progress(desk, one)
    bubbles = shown_of(desk, first_of(desk.catalog, one) or one) if is_open(one) else shown_of(desk, one)
    desk.put(*bubbles[: desk.room() - 1])
    lines = [f"{moment_words(one.at, desk.catalog)}　{standing(desk, one, state)}", f"対象：{echo(one.condition)}"]
    if state is None and one.stopped is None:
        found_now = desk.reports.count(audience(one, desk.catalog), desk.catalog, desk.now, max(one.at, desk.now))
        lines += [f"いま調べると {found_now.gets:,}人（送る時にもう一度調べます）", left_out(found_now), building(desk)]
    if state is not None:
        lines += result_lines(desk, one, state)
    return Screen(
        text="\n".join(line for line in lines if line), taps=_taps(desk, one), where=f"予定 ▸ {one.name}", lasts=True
    )


def _taps(desk: Desk, one: Broadcast) -> tuple[Tap, ...]:
    state = progress(desk, one)
    over = one.stopped is not None or (state is not None and state.over)
    decides = is_open(one) and not over and is_begun(desk, one)
    stops = "途中停止" if state else "中止" if one.at <= desk.now and not is_open(one) else "取りやめる"
    planned = is_planned(desk, one) and one.at > desk.now
    late = is_planned(desk, one) and one.at <= desk.now
    taps = [
        Tap(label=stops, says=f"配信中止 {one.name}") if not over else None,
        Tap(label="案を選ぶ", says=f"AB {one.name}") if decides else None,
        Tap(label="変更", says=f"配信変更 {one.name}") if (planned or late) and not one.part_of else None,
        Tap(label="最新にする", says=f"予定 {one.name}") if state and not over else None,
        Tap(label="結果", says=f"結果 {one.name}") if state else None,
        Tap(label="予定"),
        Tap(label="ホーム"),
    ]
    return tuple(each for each in taps if each)


def is_begun(desk: Desk, one: Broadcast) -> bool:
    """Whether the first send of the test has begun, so that there is something to choose by."""
    first = first_of(desk.catalog, one)
    return first is not None and progress(desk, first) is not None
