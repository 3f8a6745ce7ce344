"""友だちモード: staff live their own scenarios as a friend does, apart from all statistics."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk
from admin_commands.reading import PlanKey
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.staff import with_staff
from flows.actions import Action, OpenSurvey, StartScenario
from flows.catalog import Role
from flows.desk import ADMIN_MENU, Order
from flows.effects import LinkMenu
from flows.events import Ordered
from flows.names import Key
from flows.scenario import Scenario

BEGAN, ENDED = "友だちモードにしました", "管理に戻りました"

friend_mode = Family(name="スタッフ", about="友だちと同じ動きで試す")


@friend_mode.command("友だちモード", alias=("ともだちもーど", "friendmode"), examples=[("友だちモード", "管理に戻る")])
def as_friend(desk: Desk) -> None:
    """自分のトークを、友だちと同じ動きにします。「管理に戻る」で戻ります（30分何もしなくても戻ります）。"""
    mine = replace(desk.staff, as_friend=desk.now)
    desk.edit_for_good(with_staff(desk, desk.me, mine), f"{desk.my_name}が{BEGAN}")
    desk.do(LinkMenu(menu=""))
    desk.say(
        "友だちモードにしました。ここからは、友だちと同じように届き、答えられます（統計には入りません）。\n"
        "終わるときは「管理に戻る」と送ってください。30分何もしなければ、自動で戻ります。",
        tap("管理に戻る"),
    )


@friend_mode.command(
    "試す",
    alias=("ためす", "テスト配信", "自分で試す", "try"),
    usage="試す [シナリオ]",
    needs=Role.EDITOR,
    acts=True,
    examples=[("試す 新規様", "友だちモード")],
)
def try_it(desk: Desk, plan: PlanKey) -> None:
    """公開中のシナリオを、自分のトークで本当に受け取ってみます。統計には入りません。"""
    entry = desk.catalog.plans[Key(plan)]
    if entry.live is None:
        raise CommandError(
            f"「{entry.name}」はまだ公開していないので、本物は届きません。先に「早送り」で見られます。",
            Tap(label="早送り", says=f"早送り {entry.name}"),
            Tap(label="プレビュー", says=f"プレビュー {entry.name}"),
            tap("ホーム"),
        )
    as_friend(desk)
    action: Action = StartScenario(name=entry.name) if isinstance(entry.live, Scenario) else OpenSurvey(name=entry.name)
    desk.order(Order(event=Ordered(at=desk.now, actions=(action,), by=desk.my_name), friend=desk.me))
    desk.say(
        f"友だちモードにして、「{entry.name}」を始めます。このあと本物が届きます（送らない時間帯には届きません）。\n"
        "終わるときは「管理に戻る」と送ってください。30分何もしなければ、自動で戻ります。",
        tap("管理に戻る"),
    )


@friend_mode.command("管理に戻る", alias=("かんりにもどる",), examples=[("管理に戻る", "管理の画面")])
def as_staff(desk: Desk) -> None:
    """友だちモードを終わり、管理の画面に戻ります。"""
    if desk.staff.as_friend:
        desk.edit_for_good(with_staff(desk, desk.me, replace(desk.staff, as_friend=None)), f"{desk.my_name}が{ENDED}")
    desk.do(LinkMenu(menu=ADMIN_MENU))
    desk.say("管理の画面に戻りました。", tap("シナリオ"), tap("ホーム"))
