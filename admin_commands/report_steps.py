"""結果 シナリオ: how many reached each step, wait for it, got it, and fell away before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from admin_commands.charts import Bar, chart
from admin_commands.desk import Desk, local
from admin_commands.plans import numbered_steps, step_summary
from admin_commands.report_clicks import CSV, lines, put_chart
from admin_commands.report_clicks import counted as counted_taps
from admin_commands.screens import Tap, tap
from admin_commands.standstill import standing_still
from flows.actions import Action, GoTo
from flows.catalog import Entry
from flows.clicks import Clicks, clicks
from flows.names import fold
from flows.scenario import Ask, Do, Line, Scenario, Step, Wait, walk

DAYS = 60
_MOST_BARS = 12
_NOT_AWAY = {"end", "replaced", "blocked"}
"""Endings that are no falling away, or that a block already counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of one version: by step, how many got it, were passed over, fell away after it."""

    began: int
    taken: Counter[str]
    skipped: Counter[str]
    gone: Counter[str]
    entered: Counter[str]
    """By path."""
    goals: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step: reached = got + passed over + fell away + waiting."""

    number: int
    line: Line
    step: Step
    reached: int
    taken: int
    skipped: int
    gone: int

    @property
    def waiting(self) -> int:
        """Those who have still to get it."""
        return max(0, self.reached - self.taken - self.skipped - self.gone)


def counted(desk: Desk, entry: Entry) -> Counts:
    """The counts of the version in force, over the last sixty days."""
    plan, version = fold(entry.name), str(entry.current)
    sums = {kind: _sums(desk, kind, plan) for kind in _KINDS}
    of_version = {kind: {about: many for about, many in sums[kind].items() if about[0] == version} for kind in _KINDS}
    gone: Counter[str] = Counter()
    for about, many in of_version["scenario_ended"].items():
        if len(about) > 2 and about[1] not in _NOT_AWAY:
            gone[about[2]] += many
    for about, many in of_version["blocked"].items():
        gone[about[1]] += many
    ends = {
        how: sum(many for about, many in of_version["scenario_ended"].items() if about[1] == how)
        for how in ("goal", "end")
    }
    return Counts(
        began=sum(of_version["enrolled"].values()),
        taken=_by_step(of_version["step_taken"]),
        skipped=_by_step(of_version["step_skipped"]),
        gone=gone,
        entered=Counter({fold(about[0]): many for about, many in sums["path_entered"].items()}),
        goals=ends["goal"],
        ended=ends["end"],
    )


_KINDS = ("enrolled", "step_taken", "step_skipped", "scenario_ended", "blocked", "path_entered")


def _sums(desk: Desk, kind: str, plan: str) -> Counter[tuple[str, ...]]:
    """What was counted of this scenario, by the rest of what it was about."""
    today = local(desk.now, desk.catalog).date()
    total: Counter[tuple[str, ...]] = Counter()
    for back in range(DAYS):
        for about, many in desk.reports.facts(kind, (today - timedelta(days=back)).isoformat()).items():
            name, *rest = about.split("\t")
            if fold(name) == plan:
                total[tuple(rest)] += many
    return total


def _by_step(counts: dict[tuple[str, ...], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for about, many in counts.items():
        found[about[1]] += many
    return found


def rows(scenario: Scenario, found: Counts) -> Iterator[Row]:
    """Every step with its counts, in the order of the script."""
    before: dict[str, Step] = {}
    for number, line, step in numbered_steps(scenario):
        last = before.get(line.name)
        if last is not None:
            away = sum(found.entered[path] for path in _leads_to(last))
            reached = found.taken[last.id] + found.skipped[last.id] - away
            gone = found.gone[last.id]
        else:
            reached = found.entered[fold(line.name)] if line.name else found.began
            gone = 0 if line.name else found.gone[""]
        taken, skipped = found.taken[step.id], found.skipped[step.id]
        # Those who came before the days that are looked at are seen here for the first time.
        yield Row(
            number=number,
            line=line,
            step=step,
            reached=max(reached, taken + skipped + gone),
            taken=taken,
            skipped=skipped,
            gone=gone,
        )
        before[line.name] = step


def _leads_to(step: Step) -> set[str]:
    return {fold(action.name) for action in _actions(step) if isinstance(action, GoTo)}


def _actions(step: Step) -> Iterator[Action]:
    for item in walk(step.body):
        match item:
            case Do(actions=actions):
                yield from actions
            case Wait(silent=silent):
                yield from silent or ()
            case Ask(question=question):
                yield from (*(question.answered or ()), *(question.silent or ()))
                for option in question.options:
                    yield from option.effects
            case _:
                pass


def show_steps(desk: Desk, entry: Entry) -> None:
    """The steps as bars, and the same in words."""
    plan = entry.live
    assert isinstance(plan, Scenario), "only a published scenario has steps to look at"
    found = counted(desk, entry)
    listed = list(rows(plan, found))
    most = max((row.reached for row in listed), default=0)
    bars = [
        Bar(_title(row), f"{row.taken:,}人", row.taken / most if most else 0.0, bool(row.line.name))
        for row in listed[:_MOST_BARS]
    ]
    desk.put(chart(f"{entry.name}（第{entry.current}版）：届いた人", bars))
    taps = _taps(desk, entry, listed)
    put_chart(desk, entry.name, taps, "（前の版もふくみます）")
    walking = sum(desk.reports.in_scenario(fold(entry.name)).values())
    head = f"この{DAYS}日間に始まった人 {found.began:,}人　いま途中 {walking:,}人　ゴール {found.goals:,}人　最後まで {found.ended:,}人"
    still = standing_still(desk, entry)
    desk.say(
        "\n".join((head, *map(_line, listed), *([f"いまは{still}"] if still else ()), *lines(taps))),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("AB"),
        CSV,
        tap("結果"),
        tap("ホーム"),
        where=f"結果 ▸ {entry.name}",
        lasts=True,
    )


def _taps(desk: Desk, entry: Entry, listed: list[Row]) -> list[tuple[str, Clicks]]:
    """The buttons and questions of all steps, each with the number of its step; of all versions, as people are."""
    plan = fold(entry.name)
    people = counted_taps(desk, desk.now - timedelta(days=DAYS - 1), DAYS)
    got: dict[str, Counter[str]] = {}
    for about, many in _sums(desk, "step_taken", plan).items():
        got.setdefault(about[1], Counter())["".join(about[2:3])] += many
    return [
        (f"{row.number}通目 ", one)
        for row in listed
        for variants in (got.get(row.step.id, Counter()),)
        for one in clicks(row.step.body, plan, row.step.id, people, reached=variants.total(), variants=variants)
    ]


def _title(row: Row) -> str:
    path = f"道「{row.line.name}」" if row.line.name else ""
    return f"{row.number} {path}{step_summary(row.step.body, 12)}"


def _line(row: Row) -> str:
    parts = [
        f"到達 {row.reached:,}",
        f"待機中 {row.waiting:,}",
        f"通過 {row.taken:,}",
        f"見送り {row.skipped:,}" if row.skipped else "",
        f"離脱 {row.gone:,}",
    ]
    return f"{_title(row)}\n　{'・'.join(part for part in parts if part)}"
