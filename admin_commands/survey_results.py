"""結果 アンケート: how many were asked each question, how many answered to the end, and where they left off."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from admin_commands.charts import Bar, chart
from admin_commands.desk import Desk, local
from admin_commands.screens import Tap, tap
from flows.catalog import Entry
from flows.names import Key, fold
from flows.scenario import Survey

DAYS = 60
_MOST_BARS = 15
_FEW = 20
"""Of fewer people the shares say little."""


class Reached(NamedTuple):
    """A question, and how often it was put: each time the survey is answered, once."""

    name: str
    asked: int


def show_survey(desk: Desk, entry: Entry, survey: Survey) -> None:
    """The way through a survey, question by question."""
    reached, finished = _counted(desk, entry, survey)
    began = reached[0].asked if reached else 0
    under_way = sum(desk.reports.in_scenario(fold(entry.name)).values())
    head = f"この{DAYS}日間の「{entry.name}」（答え直しも1回と数えます）"
    if began:
        desk.put(chart(head, _bars(reached, finished, began), _note(reached, finished)))
    words = f"{head}\n始めた {began:,}回・最後まで {finished:,}回" if began else f"{head}\nまだ答えた人はいません。"
    few = "\n※20回未満なので参考です。" if 0 < began < _FEW else ""
    desk.say(
        f"{words}{few}\nいま途中：{under_way:,}人\nやりとりはすべて返信なので0通です。",
        Tap(label="開く", says=f"アンケート {entry.name}"),
        tap("見込み客"),
        tap("結果"),
        tap("ホーム"),
        where=f"結果 ▸ {entry.name}",
    )


def _counted(desk: Desk, entry: Entry, survey: Survey) -> tuple[list[Reached], int]:
    asked, done = _sums(desk, "asked"), _sums(desk, "survey_finished")
    key = fold(entry.name)
    by_question = {fold(what.split("\t")[0]): 0 for what in asked}
    for what, times in asked.items():
        field, _, origin = what.partition("\t")
        by_question[fold(field)] += times if fold(origin) == key else 0
    reached = [
        Reached(one.name, sum(by_question.get(name, 0) for name in _names(desk, fold(one.name))))
        for one in survey.questions
    ]
    return reached, sum(times for what, times in done.items() if fold(what) == key)


def _names(desk: Desk, question: Key) -> tuple[Key, ...]:
    """The names under which a question was counted: that of now, and those its field had before."""
    field = desk.catalog.fields.get(question)
    return (question, *(field.formerly if field else ()))


def _sums(desk: Desk, kind: str) -> Counter[str]:
    today = local(desk.now, desk.catalog).date()
    total: Counter[str] = Counter()
    for back in range(DAYS):
        total.update(desk.reports.facts(kind, (today - timedelta(days=back)).isoformat()))
    return total


def _bars(reached: list[Reached], finished: int, began: int) -> list[Bar]:
    rows = [(f"{number}　{one.name}", one.asked) for number, one in enumerate(reached, 1)][:_MOST_BARS]
    return [
        Bar(title, f"{times:,}回（{round(100 * times / began)}%）", times / began)
        for title, times in [*rows, ("最後まで", finished)]
    ]


def _note(reached: list[Reached], finished: int) -> str:
    """Where most left off; jumps are no leaving."""
    after = [*(one.asked for one in reached[1:]), finished]
    lost = [one.asked - max(after[place:]) for place, one in enumerate(reached)]
    most = max(lost, default=0)
    return f"いちばん離れたのは「{reached[lost.index(most)].name}」（{most:,}回）" if most > 0 else ""
