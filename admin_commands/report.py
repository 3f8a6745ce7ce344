"""予定, 結果, 経路, ファネル: what will be sent, and what has happened, from the counters of each day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from admin_commands.ab import comparisons
from admin_commands.broadcast_form import near_broadcast
from admin_commands.broadcast_results import latest, show_result
from admin_commands.charts import Bar, chart
from admin_commands.desk import CommandError, Desk, local
from admin_commands.plans import near_names
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.report_clicks import CSV
from admin_commands.report_steps import show_steps
from admin_commands.screens import Tap, tap
from admin_commands.standstill import standing_still
from admin_commands.survey_results import show_survey
from flows.names import fold
from flows.scenario import Scenario, State, Survey

report = Family(name="結果", about="これから送る数と、これまでの結果")
_DAYS = 7
_SHOP = (
    ("joined", "友だち追加"),
    ("step_taken", "配信"),
    ("pushed", "うち通数に入るもの"),
    ("broadcast_sent", "一斉配信（1人1通）"),
    ("answered", "回答"),
    ("tag_added", "タグが付いた"),
    ("blocked", "ブロック"),
)
_ONE = (
    ("enrolled", "始まった人"),
    ("step_taken", "配信"),
    ("pushed", "うち通数に入るもの"),
    ("scenario_ended", "終わった人"),
    ("blocked", "ブロック"),
)


def _days(desk: Desk, count: int) -> list[str]:
    today = local(desk.now, desk.catalog).date()
    return [(today - timedelta(days=back)).isoformat() for back in range(count)]


def _sums(desk: Desk, kind: str, days: int = _DAYS) -> Counter[str]:
    """What was counted in the last days, by what it was about."""
    total: Counter[str] = Counter()
    for day in _days(desk, days):
        total.update(desk.reports.facts(kind, day))
    return total


@report.command("結果", alias=("けっか", "分析", "report"), usage="結果 [シナリオ]", examples=[("結果", "7日間")])
def results(desk: Desk, words: MaybeWords) -> None:
    """この7日間の結果（追加・配信・回答・ブロック）を見ます。シナリオの名前をつけると、その分だけ見ます。"""
    if fold(words) == fold("AB"):
        comparisons(desk)
        return
    if fold(words) not in desk.catalog.plans and (sent := near_broadcast(desk, words)) is not None:
        show_result(desk, sent)
        return
    name = _plan_name(desk, words)
    if name and isinstance(desk.catalog.plans[fold(name)].live, Scenario):
        show_steps(desk, desk.catalog.plans[fold(name)])
        return
    entry = desk.catalog.plans.get(fold(name))
    if entry is not None and isinstance(survey := entry.versions.get(entry.current), Survey):
        show_survey(desk, entry, survey)
        return
    lines = [f"・{title}：{_count(desk, kind, name):,}" for kind, title in (_ONE if name else _SHOP)]
    walking = f"\nいま途中：{sum(desk.reports.in_scenario(fold(name)).values())}人" if name else ""
    still = standing_still(desk, desk.catalog.plans[fold(name)]) if name else ""
    desk.say(
        f"この7日間{f'の「{name}」' if name else ''}\n"
        + "\n".join(lines)
        + walking
        + (f"\nいまは{still}" if still else ""),
        *(Tap(label=one, says=f"結果 {one}") for one in _live(desk) if one != name),
        *(Tap(label=one, says=f"結果 {one}") for one in ([] if name else latest(desk))),
        tap("ファネル"),
        tap("経路"),
        CSV,
        tap("ホーム"),
        where="結果",
    )


def _count(desk: Desk, kind: str, name: str) -> int:
    return sum(
        count for what, count in _sums(desk, kind).items() if not name or fold(what.split("\t")[0]) == fold(name)
    )


def _live(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.catalog.plans.values() if entry.versions and entry.state is State.LIVE][:4]


def _plan_name(desk: Desk, words: str) -> str:
    if not words:
        return ""
    entry = desk.catalog.plans.get(fold(words))
    if entry is None:
        begun = [one.name for key, one in desk.catalog.broadcasts.items() if key.startswith(fold(words))]
        near = begun[:4] or near_names(words, _live(desk))
        raise CommandError(
            f"「{words}」というシナリオもアンケートも一斉配信もありません。",
            *(Tap(label=one, says=f"結果 {one}") for one in near),
            tap("結果"),
            tap("ホーム"),
        )
    return entry.name


@report.command("経路", alias=("けいろ", "流入経路", "routes"), examples=[("経路", "30日間")])
def routes(desk: Desk) -> None:
    """この30日間に、友だちがどこから来たかを見ます。"""
    counted = _sums(desk, "joined", 30)
    found = [(what or "不明", count) for what, count in counted.most_common(12)]
    lines = [f"・{what}：{count:,}人" for what, count in found]
    if found:
        bars = [Bar(what, f"{count:,}人", _share(count, found[0][1])) for what, count in found]
        desk.put(chart("この30日間の友だち追加", bars))
    desk.say(
        "この30日間の友だち追加\n" + ("\n".join(lines) or "まだありません。"),
        Tap(label="経路で絞り込む", says="絞り込み"),
        CSV,
        tap("結果"),
        tap("ホーム"),
        where="経路",
    )


@report.command("ファネル", alias=("ふぁねる", "予約までの流れ", "funnel"), examples=[("ファネル", "追加")])
def funnel(desk: Desk) -> None:
    """この30日間の、追加から予約までの流れを見ます。"""
    stages = (("追加", "joined"), ("開始", "enrolled"), ("回答", "answered"))
    counts = [(title, sum(_sums(desk, kind, 30).values())) for title, kind in stages]
    counts.append(("ゴール", _goals(desk)))
    most = max((count for _, count in counts), default=0)
    lines = [f"{title}　{count:,}" for title, count in counts]
    desk.put(chart("この30日間の流れ", [Bar(title, f"{count:,}", _share(count, most)) for title, count in counts]))
    blocked = sum(_sums(desk, "blocked", 30).values())
    desk.say(
        "この30日間\n" + "\n".join(lines) + f"\nブロック {blocked:,}人",
        tap("結果"),
        tap("経路"),
        CSV,
        tap("ホーム"),
        where="ファネル",
    )


def _goals(desk: Desk) -> int:
    return sum(count for what, count in _sums(desk, "scenario_ended", 30).items() if what.split("\t")[2:3] == ["goal"])


def _share(count: int, most: int) -> float:
    return count / most if most else 0.0
