"""一斉配信: one message to everybody, as a scenario that is started by hand."""

from __future__ import annotations

from admin_commands.desk import Desk
from admin_commands.quota import left_words
from admin_commands.registry import Family
from admin_commands.screens import tap

broadcast = Family(name="一斉配信", about="全員に一度に送る")


@broadcast.command(
    "一斉配信",
    alias=("いっせいはいしん", "一斉", "配信", "メッセージ配信", "broadcast"),
    examples=[("一斉配信", "手動")],
)
def how(desk: Desk) -> None:
    """全員に一度に送る手順です。"""
    desk.say(
        "一斉配信は、1通だけのシナリオで行います。\n"
        "1 「シナリオ作成」で、始まりを［手動］、本文を1つ送って［1通で終わり］\n"
        "2 「プレビュー」と「点検」で確かめる\n"
        "3 ［公開］→［今の友だちにも送る］。人数と通数を見てから送れます\n\n"
        f"届けられる友だち {desk.reports.following()}人＝1回で{desk.reports.following():,}通。{left_words(desk)}",
        tap("シナリオ作成"),
        tap("絞り込み"),
        tap("予定"),
        tap("ホーム"),
        where="一斉配信",
    )
