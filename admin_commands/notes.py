"""メモ: what staff know about a friend and she never sees."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.friends import at, called
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.catalog import Role
from flows.desk import Order
from flows.events import Annotated
from flows.friend import Friend

notes = Family(name="友だち", about="友だちについてのメモ")
MOST = 300
REMOVE = "消す"


@notes.command(
    "メモ",
    alias=("めも", "note"),
    usage="メモ @名前 [文]",
    needs=Role.SENDER,
    acts=True,
    verbatim=True,
    examples=[("メモ @さくら 卵アレルギー", "メモを書きました"), ("メモ @さくら", "メモの文を送ってください")],
)
def write(desk: Desk, who: Friend, words: MaybeWords) -> None:
    """友だちについてのメモを書きます。スタッフだけが見られます。前のメモは入れ替わります。"""
    if not words:
        _ask(who)
    if len(words) > MOST:
        raise CommandError(
            f"メモは{MOST}文字までです（{len(words)}文字ありました）。{len(words) - MOST}文字減らしてください。"
        )
    note = "" if words == REMOVE else words
    desk.order(Order(event=Annotated(at=desk.now, note=note, by=desk.my_name), friend=who.id))
    done = f"{called(who)}のメモを書きました：{note}" if note else f"{called(who)}のメモを消しました。"
    before = f"\n前のメモ：{who.note}" if who.note and who.note != note else ""
    back = (Tap(label="前のメモに戻す", says=f"メモ {at(who)} {who.note}"),) if before else ()
    card = Tap(label="カードを見る", says=f"友だち {at(who)}")
    desk.say(done + before, *back, card, tap("ホーム"), where=f"友だち ▸ {called(who)} ▸ メモ")


def _ask(who: Friend) -> None:
    now = f"いまのメモ：{who.note}\n" if who.note else ""
    remove = (tap(REMOVE),) if who.note else ()
    raise Missing(
        f"{now}{called(who)}のメモの文を送ってください（友だちには見えません）。", *remove, head=f"メモ {at(who)}"
    )
