"""リッチメニュー: the panel that friends see."""

from __future__ import annotations

from admin_commands.desk import Desk
from admin_commands.registry import Family
from admin_commands.screens import tap

menu = Family(name="リッチメニュー", about="友だちに見えるメニュー")


@menu.command(
    "リッチメニュー",
    alias=("りっちめにゅー", "メニュー変更", "richmenu"),
    examples=[("リッチメニュー", "友だちに見えるメニュー")],
)
def show(desk: Desk) -> None:
    """友だちに見えるメニューについて見ます。"""
    desk.say(
        "友だちに見えるメニューは、LINE公式アカウントの管理画面で作ったものがそのまま使われます。\n"
        "メニューのボタンを「テキスト」にして、シナリオやアンケートのキーワードを入れておくと、押した人に始められます。\n"
        "（いま見えている6つのボタンは、スタッフにだけ出るメニューです）",
        tap("シナリオ"),
        tap("アンケート"),
        tap("自動応答"),
        tap("ホーム"),
        where="リッチメニュー",
    )
