"""友だち削除 and リセット: forgetting a person for good, and beginning one's own trials anew. They never look alike."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.friends import at, called
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.catalog import Role
from flows.desk import Order
from flows.events import Erased, Wiped
from flows.friend import Friend

forgetting = Family(name="友だち", about="友だちの記録を消す")
trying = Family(name="スタッフ", about="自分の試した記録を消す")


@forgetting.command(
    "友だち削除",
    alias=("ともだちさくじょ", "友達削除", "erase"),
    usage="友だち削除 @名前",
    needs=Role.OWNER,
    examples=[("友だち削除 @さくら", "元に戻せません")],
)
def ask_erase(desk: Desk, who: Friend) -> None:
    """友だち1人の個人情報（名前・答え・タグ・点数・メモ・記録）をすべて消します。元に戻せません。"""
    if who.staff:
        raise CommandError(
            f"{called(who)}はスタッフなので消せません。先に「スタッフ外す」で外してください。", tap("スタッフ")
        )
    walking = f"・途中のシナリオ{len(who.enrollments)}本は止まります\n" if who.enrollments else ""
    desk.say(
        f"{called(who)}の記録をすべて消しますか？\n"
        f"・名前、答え{len(who.fields)}件、タグ{len(who.tags)}個、点数、メモ、これまでの記録が消えます\n"
        f"{walking}・送った数などの合計は残ります（だれのものかは、わからなくなります）\n"
        "・友だちのままなので、次に話しかけられたら新しい友だちとして始まります\n"
        "⚠ 元に戻せません。配信を止めるだけなら「停止 @名前」です。",
        Tap(label="すべて消す", says=f"do:友だち削除 {at(who)}"),
        Tap(label="やめる", says=f"友だち {at(who)}"),
        where=f"友だち ▸ {called(who)} ▸ 削除",
    )


@forgetting.command("do:友だち削除", needs=Role.OWNER, acts=True, hidden=True)
def erase(desk: Desk, who: Friend) -> None:
    """確かめた画面から、友だち1人の記録を消します。"""
    if who.staff:
        raise CommandError("スタッフの記録は消せません。", tap("スタッフ"))
    desk.order(Order(event=Erased(at=desk.now), friend=who.id))
    # The row names nobody: what is forgotten must not live on in the list of changes.
    desk.edit(desk.catalog, "友だち1人の記録を消しました")
    desk.say(
        "消しました。この方の個人情報は、もう残っていません。", tap("友だち"), tap("ホーム"), where="友だち ▸ 削除"
    )


@trying.command(
    "リセット",
    alias=("りせっと", "試した記録を消す", "reset"),
    acts=True,
    examples=[("リセット", "はじめから試せます")],
)
def reset(desk: Desk) -> None:
    """友だちモードや「試す」で自分に付いたタグ・点数・答え・途中のシナリオを消して、はじめから試せるようにします。"""
    desk.order(Order(event=Wiped(at=desk.now), friend=desk.me))
    live = [entry.name for entry in desk.catalog.plans.values() if entry.live is not None]
    desk.say(
        "あなたの試した記録（タグ・点数・答え・途中のシナリオ）を消しました。はじめから試せます。\n"
        "友だちの記録や統計には、何も触れていません。",
        *(Tap(label=f"試す：{name}", says=f"試す {name}") for name in live[:3]),
        tap("友だちモード"),
        tap("ホーム"),
        where="リセット",
    )
