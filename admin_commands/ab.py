"""AB: variants that a script splits friends into, and how often each was sent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from admin_commands.desk import Desk, local
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.telling import step_words

ab = Family(name="結果", about="くらべる")
_DAYS = 30
_HOW = (
    "くらべたい1通を、台本でこう書きます。同じ人には、いつも同じ案が届きます。\n\n"
    "AB: 50/50\n案A:\n今週末までです。\n案B:\nあと3日です。\nおわり"
)


@ab.command("AB", alias=("ABテスト", "エービー"), examples=[("AB", "案A")])
def show(desk: Desk) -> None:
    """AB（案ごとの送り分け）の書き方と、この30日間に案ごとに送った数を見ます。"""
    sent = _sent(desk)
    table = "\n".join(
        f"・{step_words(desk.catalog, scenario, int(version), step)} 案{variant}：{count:,}回"
        for (scenario, version, step, variant), count in sorted(sent.items())
    )
    known = [entry.name for entry in desk.catalog.plans.values()][:3]
    desk.say(
        f"この30日間に送った数\n{table}\n\n{_HOW}" if table else _HOW,
        *(Tap(label=f"書出 {name}", says=f"書出 {name}") for name in known),
        tap("結果"),
        tap("ホーム"),
        where="AB",
    )


def _sent(desk: Desk) -> Counter[tuple[str, str, str, str]]:
    """How often each variant of a step was sent."""
    today = local(desk.now, desk.catalog).date()
    total: Counter[tuple[str, str, str, str]] = Counter()
    for back in range(_DAYS):
        for what, count in desk.reports.facts("step_taken", (today - timedelta(days=back)).isoformat()).items():
            parts = what.split("\t")
            if len(parts) == 4 and parts[3]:
                total[parts[0], parts[1], parts[2], parts[3]] += count
    return total
