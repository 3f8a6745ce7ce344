"""一斉配信: one message to all who pass a condition, from the purpose to the head-count."""

from __future__ import annotations

from admin_commands import broadcast_check, broadcast_compare, broadcast_what, broadcast_who
from admin_commands.broadcast_compare import UNCLEAR
from admin_commands.broadcast_form import FORM, form_of, found, me, new_form, shown
from admin_commands.broadcast_planning import is_planned, look, progress, stop
from admin_commands.broadcast_waves import BY_HAND, later_of, moment_of_arm, rest_of
from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.keeping import held_answer
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import tap
from admin_commands.sketch import bubble_of
from admin_commands.wizard import Wizard, ask, begin
from flows.broadcast import Broadcast
from flows.catalog import Role
from flows.deciding import arms

broadcast = Family(name="一斉配信", about="絞り込んだ人へ一度に送る")


def _show(desk: Desk) -> None:
    if any(desk.form.get("variants", ())):
        desk.put(*shown(desk, me(desk))[: desk.room()])


broadcast_form = Wizard(
    name=FORM,
    pages=with_contents(
        {**broadcast_who.PAGES, **broadcast_what.PAGES, **broadcast_compare.PAGES, **broadcast_check.PAGES},
        at_once=True,
    ),
    preview=_show,
)


@broadcast.command(
    "一斉配信",
    alias=("いっせいはいしん", "一斉", "配信", "メッセージ配信", "broadcast"),
    needs=Role.SENDER,
    examples=[("一斉配信", "今回の目的は")],
)
def write(desk: Desk, words: MaybeWords) -> None:
    """目的・相手・本文・日時を順に決めて送ります。人数と通数を見てから送れます。"""
    if words:
        raise CommandError(f"「{words}」は、ここではまだ決められません。順にお聞きします。", tap("一斉配信"))
    if not desk.reports.following():
        raise CommandError(
            "いま届けられる友だちが1人もいないので、送れません。友だちが増えたら、もう一度お試しください。",
            tap("シナリオ"),
            tap("ホーム"),
        )
    _open(desk, [])


def _open(desk: Desk, bubbles: list[object]) -> None:
    begin(desk, FORM, "purpose", new_form(bubbles))
    ask(desk, broadcast_form)


@broadcast.command("do:一斉配信の本文", needs=Role.SENDER, hidden=True)
def write_held(desk: Desk) -> None:
    """送られてきた文を本文にして、一斉配信を始めます。"""
    held = held_answer(desk)
    if held is None:
        raise CommandError("その文は、もう残っていません。もう一度送ってください。", tap("一斉配信"))
    desk.held = ""
    _open(desk, [bubble_of(held)])


@broadcast.command(
    "配信中止",
    alias=("配信取りやめ", "途中停止", "中止"),
    usage="配信中止 [名前]",
    needs=Role.SENDER,
    acts=True,
    examples=[("配信中止", "一斉配信はありません")],
)
def cancel(desk: Desk, words: MaybeWords) -> None:
    """予約した一斉配信を取りやめます。送り始めていたら、残りを止めます。"""
    stop(desk, _one(desk, words, "どの配信を止めますか？"))


@broadcast.command(
    "配信変更",
    alias=("配信を変える",),
    usage="配信変更 [名前]",
    needs=Role.SENDER,
    acts=True,
    examples=[("配信変更", "一斉配信はありません")],
)
def change(desk: Desk, words: MaybeWords) -> None:
    """予約した一斉配信の相手・本文・日時を変えます。"""
    one = _one(desk, words, "どの配信を変えますか？")
    if not is_planned(desk, one):
        raise CommandError(f"「{one.name}」は、もう変えられません。", look(one), tap("予定"))
    if one.part_of:
        raise CommandError(
            f"「{one.name}」は、先に送る分といっしょに決めたものです。取りやめることはできます。",
            look(one),
            tap("予定"),
        )
    later = later_of(desk.catalog, one)
    ending = {"wait": _wait_of(desk, one), "unclear": _unclear_of(desk, one)}
    begin(desk, FORM, "check", form_of(one) | ending | {"later": (later.at - one.at).days if later else 0})
    ask(desk, broadcast_form)


def _wait_of(desk: Desk, one: Broadcast) -> int:
    """How many minutes the rest waits after the last variant."""
    rest = rest_of(desk.catalog, one)
    if rest is None or rest.rest is None or rest.rest.asked:
        return BY_HAND
    last = max(moment_of_arm(one, arm.name, desk.catalog.account.tz) for arm in arms(one))
    return int((rest.at - last).total_seconds() // 60)


def _unclear_of(desk: Desk, one: Broadcast) -> str:
    rest = rest_of(desk.catalog, one)
    return next((words for words, each in UNCLEAR.items() if rest and rest.rest and rest.rest.unclear is each), "")


def _one(desk: Desk, words: str, question: str) -> Broadcast:
    """The broadcast of that name; without one, whichever is still to come or under way."""
    if words:
        return found(desk, words)
    there = [one for one in desk.catalog.broadcasts.values() if _goes_on(desk, one)]
    if not there:
        raise CommandError("これから送る一斉配信はありません。", tap("一斉配信"), tap("予定"), tap("ホーム"))
    if len(there) == 1:
        # A minute of grace is no time for questions.
        return there[0]
    raise Missing(question, *(tap(one.name) for one in there[:10]))


def _goes_on(desk: Desk, one: Broadcast) -> bool:
    state = progress(desk, one)
    return one.stopped is None and (state is None or not state.over)
