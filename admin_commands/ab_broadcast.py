"""AB of a broadcast: how its variants fare, and what the rest is to get."""

from __future__ import annotations

from admin_commands.ab_results import Compared, bars, outcomes, say_csv, table
from admin_commands.broadcast_compare import unclear_words
from admin_commands.broadcast_form import FORM as BROADCAST_FORM
from admin_commands.broadcast_form import key_of
from admin_commands.broadcast_planning import look, progress
from admin_commands.broadcast_waves import is_open, moment_of_arm, rest_of
from admin_commands.desk import CommandError, Desk, Missing, moment_words
from admin_commands.reading import Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.broadcast import Broadcast
from flows.catalog import Role
from flows.deciding import arms, with_rest_chosen
from flows.trials import first_of

ab_broadcast = Family(name="結果", about="くらべる")


def show_broadcast(desk: Desk, sent: Broadcast) -> None:
    """The table, the bars, and the ways on."""
    first = first_of(desk.catalog, sent) or sent
    if not arms(first):
        raise Missing(
            "この一斉配信では、案をくらべていません。どれの結果を見ますか？", tap(f"結果 {sent.name}"), head=""
        )
    one = _compared(first)
    found = outcomes(desk, one)
    rest = rest_of(desk.catalog, first)
    begun = progress(desk, first) is not None
    waits = rest is not None and is_open(rest) and rest.stopped is None and begun
    desk.put(bars(one, found))
    desk.say(
        f"{table(one, found)}{_moments(desk, first)}{_rest_words(desk, rest, begun=begun)}",
        *(
            Tap(label=f"残りに{name}案を送る", says=f"do:残りに送る {name} {first.id}")
            for name in one.variants
            if waits
        ),
        *([Tap(label="残りを取りやめる", says=f"配信中止 {rest.name}")] if rest is not None and waits else []),
        Tap(label="CSV", says=f"do:配信ABのCSV {first.id}"),
        tap("AB"),
        tap("ホーム"),
        where=f"AB ▸ {first.name}",
    )


def _compared(first: Broadcast) -> Compared:
    names = tuple(variant.name for variant in arms(first))
    return Compared(title=first.name, trial=key_of(first), variants=names, goal=first.goal, aim=first.aim)


def _moments(desk: Desk, first: Broadcast) -> str:
    if not any(one.when for one in arms(first)):
        return ""
    zone = desk.catalog.account.tz
    moments = [(one.name, moment_of_arm(first, one.name, zone)) for one in arms(first)]
    return f"\n送る日時：{'・'.join(f'{name}案 {moment_words(at, desk.catalog)}' for name, at in moments)}"


def _rest_words(desk: Desk, rest: Broadcast | None, *, begun: bool) -> str:
    if rest is None or rest.rest is None:
        return ""
    if rest.stopped is not None:
        return "\n残りの人への分は取りやめました。"
    if rest.rest.chosen:
        at = moment_words(rest.at, desk.catalog)
        return f"\n残りの人へは {at} に{rest.rest.chosen}案です（{rest.rest.how}）。"
    if rest.rest.asked:
        return (
            "\n残りの人への案を選んでください。選ぶまで送りません。"
            if begun
            else "\n残りの人へは、結果を見て案を選ぶと送ります。"
        )
    at = moment_words(rest.at, desk.catalog)
    return f"\n残りの人へは {at} に良い方を送ります（差がはっきりしないとき：{unclear_words(rest.rest.unclear)}）。"


@ab_broadcast.command("do:残りに送る", needs=Role.SENDER, acts=True, hidden=True)
def send_rest(desk: Desk, words: Words) -> None:
    """まだ受け取っていない人に、選んだ案を送ります。送り始めるまでは中止できます。"""
    name, _, number = words.partition(" ")
    first = _of_id(desk, number)
    rest = rest_of(desk.catalog, first) if first else None
    if first is None or rest is None or name not in {one.name for one in arms(first)}:
        raise CommandError("その一斉配信は、もうありません。", tap("AB"), tap("ホーム"))
    if not is_open(rest) or rest.stopped is not None:
        raise CommandError("残りの人への分は、もう決まっています。何も変えていません。", look(rest), tap("予定"))
    if progress(desk, first) is None:
        raise CommandError(f"「{first.name}」は、まだ送り始めていません。", look(first), tap("予定"))
    by = desk.my_name or desk.staff.role.value
    after = with_rest_chosen(desk.catalog, rest, name, f"{by}さんが選びました", desk.now)
    desk.edit(after, f"「{first.name}」の残りに{name}案を送ることにしました", undo=False)
    chosen = rest_of(after, first)
    assert chosen is not None, "it was there before"
    seconds = desk.catalog.account.grace_seconds
    begins = f"{seconds}秒たったら送り始めます。" if chosen.at <= desk.now else "に送り始めます。"
    at = "" if chosen.at <= desk.now else f"{moment_words(chosen.at, desk.catalog)} "
    desk.say(
        f"✅ 残りの人に{name}案を送ります。{at}{begins}それまでは中止できます。",
        Tap(label="中止", says=f"配信中止 {chosen.name}"),
        Tap(label="予定を見る", says="予定"),
        tap("ホーム"),
        where=f"{BROADCAST_FORM} ▸ {chosen.name}",
    )


@ab_broadcast.command("do:配信ABのCSV", hidden=True)
def broadcast_csv(desk: Desk, words: Words) -> None:
    """くらべた結果を、表計算に貼れる形で出します。"""
    first = _of_id(desk, words.strip())
    if first is None or not arms(first):
        raise CommandError("その一斉配信は、もうありません。", tap("AB"), tap("ホーム"))
    say_csv(desk, _compared(first), Tap(label="結果", says=f"AB {first.name}"))


def _of_id(desk: Desk, number: str) -> Broadcast | None:
    return next((one for one in desk.catalog.broadcasts.values() if one.id == number), None)
