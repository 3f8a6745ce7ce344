"""結果: who tapped what, of those whom it reached; and all figures as a file for a PC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from admin_commands.charts import Bar, chart
from admin_commands.desk import CommandError, Desk, local
from admin_commands.registry import Family
from admin_commands.screens import tap, text_bubble
from flows.clicks import PEOPLE, Clicks

report_file = Family(name="結果", about="結果をファイルで")
CSV = tap("CSVで受け取る", "結果CSV")
DAYS = 60
"""So long after a message taps on it are looked at."""
_MOST_BARS = 10
_NOTE = "届いた人のうち、1回でも押した人・答えた人"


def counted(desk: Desk, since: datetime, days: int) -> Counter[str]:
    """First taps and answers of so many days from that moment on, by where and which."""
    first, today = local(since, desk.catalog).date(), local(desk.now, desk.catalog).date()
    total: Counter[str] = Counter()
    for number in range(min(days, (today - first).days) + 1):
        total.update(desk.reports.facts(PEOPLE, (first + timedelta(days=number)).isoformat()))
    return total


def put_chart(desk: Desk, title: str, found: Sequence[tuple[str, Clicks]], note: str = "") -> None:
    """The taps as bars, each with the place it stands at; nothing where there is nothing to tap."""
    if found:
        bars = [Bar(f"{place}{one.what}", one.words, one.share, 2) for place, one in found[:_MOST_BARS]]
        desk.put(chart(f"{title}：押した人（CTR）", bars, f"{_NOTE}{note}"))


def lines(found: Sequence[tuple[str, Clicks]]) -> list[str]:
    """The same in words, complete."""
    if not found:
        return []
    return ["", "押した人（CTR）", *(f"{place}{one.what}　{one.words}" for place, one in found)]


@report_file.command("結果CSV", alias=("結果をCSVで", "けっかCSV"), examples=[("結果CSV", "1回だけ")])
def as_file(desk: Desk) -> None:
    """結果（シナリオの1通ごと・一斉配信・ボタン）を、表計算で開けるファイルで受け取るリンクを出します（30分・1回だけ）。"""
    link = desk.reports.download("results", desk.me)
    if not link:
        raise CommandError(
            "リンクを出すには、外から見えるアドレスが要ります。サーバーの設定 PUBLIC_URL に https:// で始まるアドレスを入れてください。",
            tap("診断"),
            tap("結果"),
            tap("ホーム"),
        )
    desk.put(text_bubble(f"■結果（表計算で開けます）\n{link}"))
    desk.say(
        "リンクは1回だけ、30分のあいだ使えます。開いて［受け取る］を押すと、ファイルが届きます。\n"
        "数だけが入っています（友だちの名前は入っていません）。",
        tap("もう一度出す", "結果CSV"),
        tap("結果"),
        tap("ホーム"),
        where="結果 ▸ CSV",
    )
