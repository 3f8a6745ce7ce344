"""From a script to a plan, or to everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flows.catalog import Catalog
from flows.moments import SCENARIO_BASE, AroundDate, AroundMoment, OnDate
from flows.names import Key, StepId, fold
from flows.questions import Question
from flows.scenario import Ask, Body, Plan, Scenario, Step, Survey, Wait, walk
from flows.scenario import Line as Track
from flows.script.bodies import body, check_bubbles, check_times, misplaced
from flows.script.brought import new_names
from flows.script.clocks import WEEKDAYS
from flows.script.conditions import condition
from flows.script.heads import SCENARIO_SETTINGS, SURVEY_SETTINGS, settings
from flows.script.known import Known, NewName, known
from flows.script.leads import check_leads
from flows.script.lines import SCENARIO, Kind, Line
from flows.script.pages import Pages
from flows.script.problems import Misread, Problem, Problems, near
from flows.script.questioning import question
from flows.script.source import brought_by_line, path_name, source_lines, step_line
from flows.script.times import BIRTHDAY, when
from flows.script.titles import check_title
from flows.variants import times, with_when

_TOO_LONG = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script that reads: its plan, the names it brings, and what a person should know about the reading."""

    plan: Plan
    new_names: tuple[NewName, ...] = ()
    notes: tuple[str, ...] = ()


def read(text: str, catalog: Catalog, now: datetime) -> Script | Problems:
    """The plan that a script says, its steps numbered s1, s2 … until `settle_ids`; or all problems, in order of lines."""
    if len(text) > _TOO_LONG:
        return Problems(problems=(Problem(read=text[:40], words="台本が長すぎます。シナリオを2つに分けてください。"),))
    lines = source_lines(text)
    names = known(catalog, _brought(lines))
    zone = catalog.account.tz
    pages = Pages(lines, lambda one: condition(one, names), lambda one: when(one, now, zone))
    reading = _Reading(pages, names, catalog, now)
    plan = reading.plan()
    problems = tuple(sorted(reading.pages.problems, key=lambda problem: (problem.line, problem.column)))
    if plan is None or problems:
        return Problems(problems=problems)
    return Script(plan=plan, new_names=new_names(plan, catalog), notes=tuple(_notes(plan)))


def _brought(lines: tuple[Line, ...]) -> list[NewName]:
    found: list[NewName] = []
    for line in lines:
        try:
            found += brought_by_line(line)
        except Misread:
            # The same line complains again, with its place, when the structure is read.
            continue
    return found


def _notes(plan: Plan) -> list[str]:
    """Dates as they were understood, with their weekday."""
    if isinstance(plan, Survey):
        return []
    dates = [at for _, step in plan.steps() for _, at in times(step) if isinstance(at, OnDate)]
    return [f"{at.words} は {WEEKDAYS[at.date.weekday()]}曜日です。" for at in dates]


class _Reading:
    def __init__(self, pages: Pages, names: Known, catalog: Catalog, now: datetime) -> None:
        self.pages, self._names, self._catalog, self._now = pages, names, catalog, now
        self._zone = catalog.account.tz
        self._count = 0
        self._has_base = False

    def plan(self) -> Plan | None:
        """The plan, None if there is none; what is wrong stands in the pages."""
        line = self.pages.skip_blank()
        if line is None or line.kind is not Kind.HEAD:
            self._no_head(line)
            return None
        self.pages.place += 1
        name = self.pages.attempt(line, path_name) or ""
        if name:
            check_title(self.pages, line, name, self._catalog)
        plan = self._scenario(name) if line.word == SCENARIO else self._survey(name)
        check_leads(self.pages, is_survey=isinstance(plan, Survey))
        return plan

    def _no_head(self, line: Line | None) -> None:
        words = "台本は「# シナリオ 名前」か「# アンケート 名前」で始めます。"
        read, number = (line.fold.source, line.number) if line else ("", 1)
        self.pages.problems.append(Problem(line=number, read=read, words=words, example="# シナリオ 新規様"))

    def _scenario(self, name: str) -> Scenario:
        found = settings(self.pages, SCENARIO_SETTINGS, self._now, self._zone)
        self._has_base = bool(found.get("base"))
        tracks = [Track(steps=self._steps())]
        if not tracks[0].steps and not self.pages.problems:
            self.pages.report(
                self.pages.lines[0],
                "送るものがまだありません。「## いつ」と、その下に本文を書いてください。",
                example="## すぐ",
            )
        while (line := self.pages.skip_blank()) is not None:
            self.pages.place += 1
            if line.kind is not Kind.PATH:
                misplaced(self.pages, line)
                continue
            if track := self._path(line, {fold(track.name) for track in tracks[1:]}):
                tracks.append(track)
        plan = Scenario(name=name, lines=tuple(tracks), **found)
        return _with_birthdays(plan) if fold(plan.base) == fold(BIRTHDAY) else plan

    def _path(self, line: Line, taken: set[Key]) -> Track | None:
        name = self.pages.attempt(line, path_name)
        while (below := self.pages.skip_blank()) is not None and below.kind not in {Kind.STEP, Kind.PATH}:
            self.pages.report(below, "道の名前のすぐ下には「## いつ」を書きます。", example="## すぐ")
            body(self.pages)
            if self.pages.line is below:
                self.pages.place += 1
        steps = self._steps()
        if name is None:
            return None
        if fold(name) in taken:
            self.pages.report(line, f"道「{name}」がもうあります。")
        if not steps:
            self.pages.report(line, f"道「{name}」に送るものがありません。", example="## すぐ")
        return Track(name=name, steps=steps)

    def _steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        while (line := self.pages.skip_blank()) is not None and line.kind in {Kind.STEP, Kind.FINALLY}:
            self.pages.place += 1
            if line.kind is Kind.FINALLY:
                misplaced(self.pages, line)
                body(self.pages)
            elif step := self._step(line):
                steps.append(step)
        return tuple(steps)

    def _step(self, line: Line) -> Step | None:
        head = self.pages.attempt(line, lambda one: step_line(one, self._now, self._zone))
        only_if = None
        if head is not None and head.only_if is not None:
            behind = head.only_if
            only_if = self.pages.attempt(line, lambda _: self.pages.condition(behind))
        items = body(self.pages)
        check_bubbles(self.pages, items)
        check_times(self.pages, items, items[0] if items else None)
        if head is None:
            return None
        self._count += 1
        step = Step(id=StepId(f"s{self._count}"), when=head.when, only_if=only_if, body=items)
        for _, one in times(step):
            if isinstance(one, AroundDate | AroundMoment):
                self._check_base(line, one.base)
        return step

    def _check_base(self, line: Line, base: str) -> None:
        if base == SCENARIO_BASE:
            if not self._has_base:
                words = "「基準日」が何の日かが、設定にありません。"
                self.pages.report(line, words, example="基準日: 予約")
        elif fold(base) not in self._names.dates:
            there = fold(base) in self._names.fields
            words = f"「{base}」は日付の項目ではありません。" if there else f"「{base}」という日付の項目はありません。"
            nearest = near(base, [*self._names.dates.values()])
            self.pages.report(line, words, nearest=nearest, example="予約の前日 18:00")

    def _survey(self, name: str) -> Survey:
        found = settings(self.pages, SURVEY_SETTINGS, self._now, self._zone)
        questions: list[Question] = []
        ending: Body = ()
        while (line := self.pages.skip_blank()) is not None:
            if line.kind is Kind.QUESTION:
                self._question(line, questions)
            elif line.kind is Kind.FINALLY:
                self.pages.place += 1
                ending = self._finally(line, ending)
            else:
                self._stray(line)
        if not questions and not self.pages.problems:
            self.pages.report(self.pages.lines[0], "質問がまだありません。", example="? 年代（1つ）")
        return Survey(name=name, questions=tuple(questions), ending=ending, **found)

    def _question(self, line: Line, questions: list[Question]) -> None:
        asked = question(self.pages, most_choices=None)
        if asked is None:
            return
        if any(fold(asked.name) == fold(other.name) for other in questions):
            self.pages.report(line, f"「{asked.name}」の質問がもうあります。項目の名前を変えてください。")
        questions.append(asked)

    def _finally(self, line: Line, before: Body) -> Body:
        if before:
            self.pages.report(line, "「## 最後に」が2つあります。")
        items = body(self.pages)
        check_bubbles(self.pages, items)
        check_times(self.pages, items, None)
        for item in walk(items):
            if isinstance(item, Ask | Wait):
                self.pages.report(self.pages.where[id(item)], "「## 最後に」では、質問も「待つ:」も使えません。")
        return before or items

    def _stray(self, line: Line) -> None:
        """A line between the questions of a survey that belongs to none of them."""
        self.pages.place += 1
        if line.kind in {Kind.STEP, Kind.PATH}:
            misplaced(self.pages, line)
            body(self.pages)
            return
        if line.kind is not Kind.TEXT:
            misplaced(self.pages, line)
            return
        self.pages.report(
            line,
            "この文は、どの質問のものでもありません。質問の文は ? の行と選択肢の間に書きます。",
            example="? 年代（1つ）",
        )
        self.pages.run()


def _with_birthdays(plan: Scenario) -> Scenario:
    """基準日 comes every year where it is a birthday."""
    return replace(plan, lines=tuple(replace(track, steps=tuple(map(_yearly, track.steps))) for track in plan.lines))


def _yearly(step: Step) -> Step:
    for name, at in times(step):
        if isinstance(at, AroundDate | AroundMoment) and at.base == SCENARIO_BASE:
            step = with_when(step, name, replace(at, yearly=True))
    return step
