"""通数: what was counted this month, what is left, and what will be needed."""

from __future__ import annotations

import calendar
from datetime import datetime, time, timedelta

from admin_commands.desk import Desk, local, moment_words
from admin_commands.registry import Family
from admin_commands.screens import tap
from flows.catalog import Catalog
from flows.desk import Quota

quota = Family(name="通数", about="今月の通数：上限、使った数、残り、月末までの見込み")


@quota.command("通数", alias=("つうすう", "残り通数", "quota"), examples=[("通数", "残り")])
def show(desk: Desk) -> None:
    """今月の通数（上限・LINEの数・こちらの数・残り・月末までの見込み）を見ます。返信は数えません。"""
    month = desk.reports.quota()
    desk.say(
        "\n".join(line for line in _lines(desk, month) if line),
        tap("状態"),
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
    if month.limit is None:
        lines.append("上限：なし（LINEの設定で上限が決まっていません）")
    else:
        lines.append(f"上限：{month.limit:,}通　残り：{max(month.limit - used, 0):,}通")
    lines.append(_forecast(desk, month))
    lines.append(f"通数が足りずに待たせている分：{month.held:,}通" if month.held else "")
    lines.append(f"LINEに確かめた時刻：{moment_words(month.asked, desk.catalog)}" if month.asked else "")
    return lines


def _compared(month: Quota) -> str:
    if month.at_line is None:
        return f"LINEの数：まだ確かめていません　こちらの数：{month.ours:,}通"
    gap = month.at_line - month.ours
    reason = "管理画面からの配信など" if gap > 0 else "LINEの数は少し遅れて増えます"
    why = f"　差：{gap:+,}通（{reason}）" if gap else "　差：なし"
    return f"LINEの数：{month.at_line:,}通　こちらの数：{month.ours:,}通{why}"


def _forecast(desk: Desk, month: Quota) -> str:
    due = desk.reports.scheduled(month_end(desk.now, desk.catalog))
    if month.limit is None:
        return f"月末までの予定：いまの友だちに{due:,}通"
    left = month.limit - used_this_month(month) - due
    if left >= 0:
        return f"月末までの予定：いまの友だちに{due:,}通 → 残る見込み {left:,}通"
    return f"⚠ 月末までの予定は{due:,}通で、{-left:,}通足りなくなりそうです。足りない分は捨てずに待たせます。"


def used_this_month(month: Quota) -> int:
    """Messages used: LINE's own number, unless ours has run ahead of it."""
    return max(month.at_line or 0, month.ours)


def left_words(desk: Desk) -> str:
    """今月の残り 3,420通."""
    month = desk.reports.quota()
    if month.limit is None:
        return "今月の上限はありません"
    return f"今月の残り {max(month.limit - used_this_month(month), 0):,}通"


def month_end(now: datetime, catalog: Catalog) -> datetime:
    """The first moment of next month in the account's zone."""
    here = local(now, catalog)
    last = calendar.monthrange(here.year, here.month)[1]
    return datetime.combine(here.date().replace(day=last) + timedelta(days=1), time(0), tzinfo=catalog.account.tz)
