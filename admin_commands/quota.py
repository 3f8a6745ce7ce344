"""通数: what was counted this month, what is left, and what will be needed."""

from __future__ import annotations

from admin_commands.desk import Desk, moment_words
from admin_commands.forecast import forecast, month_end, used_this_month
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.desk import Quota

__all__ = ["beyond", "left_words", "month_end", "quota", "used_this_month"]

quota = Family(name="通数", about="今月の通数：上限、使った数、残り、月末までの見込み")


@quota.command("通数", alias=("つうすう", "残り通数", "quota"), examples=[("通数", "残り")])
def show(desk: Desk) -> None:
    """今月の通数（上限・LINEの数・こちらの数・残り・月末までの見込み）を見ます。返信は数えません。"""
    month = desk.reports.quota()
    desk.say(
        "\n".join(line for line in _lines(desk, month) if line),
        tap("状態"),
        *((Tap(label="足りないとき", says="設定 通数が足りないとき"),) if month.held else ()),
        tap("シナリオ"),
        tap("ホーム"),
        where=f"通数 ▸ {_month_name(month.month)}",
        lasts=True,
    )


def _month_name(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月" if number.isdecimal() else month


def _lines(desk: Desk, month: Quota) -> list[str]:
    used = used_this_month(month)
    lines = [f"使った数：{used:,}通（返信は0通なので入りません）", _compared(month)]
    if month.at_line is None:
        lines.append("上限：まだ確かめていません")
    elif month.limit is None:
        lines.append("上限：なし（LINEの設定で上限が決まっていません）")
    else:
        lines.append(f"上限：{month.limit:,}通　残り：{max(month.limit - used, 0):,}通")
    lines.append(forecast(desk, month))
    lines.append(f"通数が足りずに待たせている分：{month.held:,}通（{_after(desk)}）" if month.held else "")
    lines.append(f"LINEに確かめた時刻：{moment_words(month.asked, desk.catalog)}" if month.asked else "")
    return lines


def _after(desk: Desk) -> str:
    """What becomes of what waits."""
    return f"上限が増えれば送ります。月が変わったら{desk.catalog.account.after_reset}設定です"


def _compared(month: Quota) -> str:
    if month.at_line is None:
        return f"LINEの数：まだ確かめていません　こちらの数：{month.ours:,}通"
    gap = month.at_line - month.ours
    reason = "管理画面からの配信など" if gap > 0 else "LINEの数は少し遅れて増えます"
    why = f"　差：{gap:+,}通（{reason}）" if gap else "　差：なし"
    return f"LINEの数：{month.at_line:,}通　こちらの数：{month.ours:,}通{why}"


def beyond(desk: Desk, most: int) -> str:
    """A warning where so many sends may be more than the month has left, else ""."""
    month = desk.reports.quota()
    left = None if month.limit is None else max(month.limit - used_this_month(month), 0)
    if left is None or most <= left:
        return ""
    return f"\n⚠ 今月の残りを、多ければ{most - left:,}通こえます。足りない分は捨てずに待たせます。"


def left_words(desk: Desk) -> str:
    """今月の残り 3,420通; that it is being looked up while LINE has not told this month's limit yet."""
    month = desk.reports.quota()
    if month.at_line is None:
        return "今月の残りは、いまLINEに確かめています"
    if month.limit is None:
        return "今月の上限はありません"
    return f"今月の残り {max(month.limit - used_this_month(month), 0):,}通"
