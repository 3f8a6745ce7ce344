"""A broadcast is planned, changed or stopped: what that does to the configuration, and what staff are told."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.broadcast_compare import UNCLEAR
from admin_commands.broadcast_form import FORM, grace, made, opens, with_broadcast
from admin_commands.broadcast_waves import LATER, further, is_open, waves_of
from admin_commands.desk import CommandError, Desk, moment_words
from admin_commands.edits import with_names_of
from admin_commands.registry import may
from admin_commands.screens import Tap, tap
from flows.aims import Unclear
from flows.broadcast import TOO_LATE, Broadcast, Progress
from flows.catalog import Role
from flows.script import actions_of_body


def plan(desk: Desk) -> None:
    """Put the broadcast of the form into the configuration: it goes at its moment, unless it is stopped."""
    if not may(desk.staff.role, Role.SENDER):
        raise CommandError("一斉配信を送れるのは送信者からです。必要なときは所有者に頼んでください。", tap("ホーム"))
    one, days = made(desk), desk.form.get("later", 0)
    before = next((each for each in desk.catalog.broadcasts.values() if each.id == one.id), None)
    if before is not None and not is_planned(desk, before):
        desk.close_form()
        raise CommandError(f"「{before.name}」は、もう送り始めています。変えていません。", look(before), tap("ホーム"))
    unclear = UNCLEAR.get(desk.form["unclear"], Unclear.ASK)
    waves = further(desk.catalog, one, later=days, wait=desk.form["wait"], unclear=unclear)
    waves = [_in_open_hours(desk, wave) for wave in waves]
    verb = "変えました" if before else "予約しました"
    catalog = with_names_of(desk.catalog, actions_of_body(one.body))
    desk.edit(with_broadcast(catalog, one, *waves), f"一斉配信「{one.name}」を{verb}", undo=False)
    desk.close_form()
    _say_planned(desk, one, verb, waves)


def _in_open_hours(desk: Desk, wave: Broadcast) -> Broadcast:
    """The send to the rest at the next opening, if its moment would lie in hours in which nothing is sent."""
    opening = opens(wave.at, desk.catalog) if wave.rest else None
    return replace(wave, at=opening) if opening else wave


def _say_planned(desk: Desk, one: Broadcast, verb: str, waves: list[Broadcast]) -> None:
    seconds = int(grace(desk.catalog).total_seconds())
    at_once = one.at <= desk.now
    if at_once:
        text = f"✅ {seconds}秒たったら送り始めます。それまでは中止できます。" if seconds else "✅ 送り始めます。"
    else:
        rest = f" から{seconds}秒は中止できます。" if seconds else " に送り始めます。"
        text = f"✅ {verb}。{moment_words(one.at, desk.catalog)}{rest}"
    later = "".join(f"\n{_wave_words(desk, wave)}" for wave in waves)
    change = () if at_once else (Tap(label="変更", says=f"配信変更 {one.name}"),)
    stop = Tap(label="中止" if at_once else "取りやめる", says=f"配信中止 {one.name}")
    desk.say(
        f"{text}{later}",
        stop,
        *change,
        Tap(label="予定を見る", says="予定"),
        tap("ホーム"),
        where=f"{FORM} ▸ {one.name}",
    )


def _wave_words(desk: Desk, wave: Broadcast) -> str:
    at = moment_words(wave.at, desk.catalog)
    if wave.arm:
        return f"{wave.arm}案は {at} です。"
    if wave.rest is None or wave.id.endswith(LATER):
        return f"途中の人へは {at} です。"
    return "残りの人へは、案を決めてからです。" if wave.rest.asked else f"残りの人へは、良い方を {at} に送ります。"


def look(one: Broadcast) -> Tap:
    """A tap that opens it."""
    return Tap(label="開く", says=f"予定 {one.name}")


# -- where it stands ----------------------------------------------------------------------------------------------


def progress(desk: Desk, one: Broadcast) -> Progress | None:
    """How far it has got; None before it begins."""
    return desk.reports.broadcast(one) if one.at <= desk.now else None


def is_planned(desk: Desk, one: Broadcast) -> bool:
    """Whether nothing of it has gone and it may still be changed."""
    return one.stopped is None and progress(desk, one) is None


def standing(desk: Desk, one: Broadcast, found: Progress | None) -> str:
    """Where it stands, in a word or two."""
    begins = one.at + grace(desk.catalog)
    if is_open(one) and one.stopped is None:
        return "案を決めるのを待っています" if one.rest and one.rest.asked else "良い方を待っています"
    if found is not None:
        done = found.planned - found.left
        if found.over:
            return "途中で停止" if found.stopped else "送り終わり"
        return f"送信中 {done:,}/{found.planned:,}"
    if one.stopped is not None:
        return "取りやめ"
    if desk.now < one.at:
        return "予約"
    if desk.now - begins > TOO_LATE:
        return "時刻を過ぎたので送っていません"
    return "まもなく送り始めます"


def stop(desk: Desk, one: Broadcast) -> None:
    """Nothing more of it is to go: all of it, or the rest."""
    found = progress(desk, one)
    if one.stopped is not None or (found is not None and found.over):
        raise CommandError(f"「{one.name}」は、もう{standing(desk, one, found)}です。", look(one), tap("予定"))
    verb = "止めました" if found else "取りやめました"
    waves = waves_of(desk.catalog, one)
    ahead = [wave for wave in waves if wave.stopped is None and progress(desk, wave) is None]
    stopped = [replace(each, stopped=each.stopped or desk.now) for each in (one, *ahead)]
    kept = [wave for wave in waves if wave not in ahead]
    desk.edit(with_broadcast(desk.catalog, *stopped, *kept), f"一斉配信「{one.name}」を{verb}", undo=False)
    if found is None:
        text = "取りやめました。誰にも送っていません。"
    else:
        text = f"残りを止めました。{found.ready:,}人には、もう送っています（残り {found.left:,}人）。"
    more = f"{_what(ahead)}も取りやめました。" if ahead else ""
    desk.say(f"{text}{more}", look(one), tap("予定"), tap("ホーム"), where=f"{FORM} ▸ {one.name}")


def _what(ahead: list[Broadcast]) -> str:
    """What was still to come after it."""
    return "途中だった人への後日の分" if all(one.id.endswith(LATER) for one in ahead) else "このあとに送る分"
