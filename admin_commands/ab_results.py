"""What a comparison shows so far: a table, intervals, and no winner before there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from admin_commands.charts import Bar, chart
from admin_commands.desk import Desk
from flows.desk import Outcome
from flows.effects import Bubble
from flows.statistics import Share, difference, still_needed

_ENOUGH = 20
"""Of fewer people nobody can guess how many more it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison: its name under which outcomes are kept, its variants, and the tag that decides ("" reactions)."""

    title: str
    trial: str
    variants: tuple[str, ...]
    goal: str = ""


def outcomes(desk: Desk, one: Compared) -> Mapping[str, Outcome]:
    """What came of each variant."""
    return desk.reports.trial(one.trial, one.variants)


def table(one: Compared, found: Mapping[str, Outcome]) -> str:
    """Each variant on a line, and what can be said about the differences."""
    lines = [_line(one, name, each) for name, each in found.items()]
    return "\n".join((*lines, "", *_verdicts(one, found)))


def _line(one: Compared, name: str, each: Outcome) -> str:
    goal = f"・{one.goal} {_rate(each.goal, each.got)}" if one.goal else ""
    return (
        f"{name}案　{each.got:,}人：反応 {_rate(each.reacted, each.got)}{goal}・ブロック {_rate(each.left, each.got)}"
    )


def _rate(many: int, people: int) -> str:
    return f"{100 * many / people:.1f}%" if people else "－"


def _verdicts(one: Compared, found: Mapping[str, Outcome]) -> list[str]:
    reacted = {name: Share(each.reacted, each.got) for name, each in found.items()}
    lines = [verdict("反応", reacted)]
    if one.goal:
        lines.append(verdict(one.goal, {name: Share(each.goal, each.got) for name, each in found.items()}))
    lines.append(verdict("ブロック", {name: Share(each.left, each.got) for name, each in found.items()}))
    return lines


def verdict(title: str, shares: Mapping[str, Share]) -> str:
    """The best against the next: how far ahead it surely is, or that this is not known yet, and what it would take."""
    (first, one), (second, other) = sorted(shares.items(), key=lambda row: row[1].rate, reverse=True)[:2]
    if not one.people or not other.people:
        return f"{title}：差はまだ不明です（届いた人がいない案があります）"
    pairs = len(list(combinations(shares, 2)))
    span = difference(other, one, comparisons=pairs)
    low, high = round(100 * span.low), round(100 * span.high)
    if span.is_clear:
        gap = round(100 * (one.rate - other.rate))
        return f"{title}：{first}案が{second}案より{gap}ポイント多い（{max(low, 0)}〜{high}の間）"
    return f"{title}：差はまだ不明です（{low:+}〜{high:+}の間）。{_still(other, one)}"


def _still(other: Share, one: Share) -> str:
    if min(other.people, one.people) < _ENOUGH:
        return f"目安は、どの案も{_ENOUGH}人を超えてから出します"
    needed = still_needed(other, one)
    return f"あと約{_rounded(needed)}人" if needed else "いまの差では、人数が増えてもはっきりしなさそうです"


def _rounded(people: int) -> str:
    """Two figures are as many as such a guess has."""
    step = max(10, 10 ** (len(str(people)) - 2))
    return f"{-(-people // step) * step:,}"


def bars(one: Compared, found: Mapping[str, Outcome]) -> Bubble:
    """The same as bars: reactions, and the goal where there is one."""
    rows = []
    for color, (name, each) in enumerate(found.items()):
        many = each.goal if one.goal else each.reacted
        share = many / each.got if each.got else 0.0
        rows.append(Bar(f"{name}案（{each.got:,}人）", _rate(many, each.got), share, color))
    return chart(f"{one.title}：{one.goal or '反応'}", rows)
