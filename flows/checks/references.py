"""Names that a plan leans on: each must be one that exists, or that the plan brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.actions import Action, OpenSurvey, RemoveTag, RunBundle, SendPart, StartScenario, StopScenario
from flows.catalog import Catalog, Entry
from flows.checks.finding import Finding, each_step, error, warning
from flows.conditions import Condition, FieldFilled, FieldIs, InScenario, Named, ScoreIs, Tagged, Top
from flows.messages import Message
from flows.moments import SCENARIO_BASE, AroundDate, AroundMoment
from flows.names import Key, fold
from flows.scenario import If, Plan, Say, Scenario, State, Survey, walk
from flows.script.brought import actions_in, bodies_of, new_names, questions_of, terms
from flows.script.known import BUILT_IN_FIELDS, Known, known
from flows.script.problems import near
from flows.triggers import AnswerGiven, ScenarioDone, ScoreCrossed, SurveyDone, Trigger
from flows.variants import times
from flows.words import Form, placeholders

_SHOWN: dict[Key, str] = {fold(name): name for name in BUILT_IN_FIELDS}


def check_references(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Errors: tags, fields, scores, segments, parts, bundles, scenarios and surveys that do not exist."""
    names = known(catalog, new_names(plan, catalog))
    for condition in conditions_of(plan):
        yield from _of_condition(condition, names)
    for start in plan.starts:
        yield from _of_trigger(start.trigger, names, catalog)
    for action in actions_in(plan):
        yield from _of_action(action, names, catalog)
    for text in texts_of(plan):
        yield from _of_text(text, plan, names)
    if isinstance(plan, Scenario):
        yield from _of_times(plan, names)
    yield from _near_names(plan, catalog)


def conditions_of(plan: Plan) -> Iterator[Condition]:
    """All conditions of a plan."""
    yield from (start.only_if for start in plan.starts if start.only_if)
    if isinstance(plan, Scenario):
        if plan.goal:
            yield plan.goal
        yield from (step.only_if for _, step in plan.steps() if step.only_if)
    for body in bodies_of(plan):
        yield from (item.condition for item in walk(body) if isinstance(item, If))


def texts_of(plan: Plan) -> Iterator[str]:
    """Everything that friends read, as written: messages and questions."""
    for body in bodies_of(plan):
        yield from (text for item in walk(body) if isinstance(item, Say) for text in item.message.texts())
    yield from (question.text for question in questions_of(plan))


def _of_condition(condition: Condition, names: Known) -> Iterator[Finding]:
    for term in terms(condition):
        match term:
            case Tagged(name=name):
                yield from _unknown("タグ", name, names.tags)
            case Named(name=name):
                yield from _unknown("絞り込み", name, names.segments)
            case FieldIs(field=name) | FieldFilled(field=name):
                yield from _unknown("項目", name, names.fields)
            case ScoreIs(score=name) | Top(score=name) if name:
                yield from _unknown("スコア", name, names.scores)
            case InScenario(scenario=name):
                yield from _unknown("シナリオ", name, names.scenarios)
            case _:
                pass


def _of_trigger(trigger: Trigger, names: Known, catalog: Catalog) -> Iterator[Finding]:
    match trigger:
        case ScoreCrossed(score=name) if name:
            yield from _unknown("スコア", name, names.scores)
        case AnswerGiven(field=name):
            yield from _unknown("項目", name, names.fields)
        case SurveyDone(survey=name):
            yield from _plan_of(name, catalog, Survey)
        case ScenarioDone(scenario=name):
            yield from _plan_of(name, catalog, Scenario)
        case _:
            pass


def _of_action(action: Action, names: Known, catalog: Catalog) -> Iterator[Finding]:
    match action:
        case RemoveTag(name=name):
            yield from _unknown("タグ", name, names.tags)
        case SendPart(name=name):
            yield from _unknown("部品", name, {key: part.name for key, part in catalog.parts.items()})
        case RunBundle(name=name):
            yield from _unknown("アクション", name, {key: one.name for key, one in catalog.bundles.items()})
        case OpenSurvey(name=name):
            yield from _plan_of(name, catalog, Survey)
        case StartScenario(name=name) | StopScenario(name=name):
            yield from _plan_of(name, catalog, Scenario)
        case _:
            pass


def _of_text(text: str, plan: Plan, names: Known) -> Iterator[Finding]:
    asked = {fold(question.name): question.name for question in questions_of(plan)}
    for one in placeholders(text):
        if one.form is Form.FIELD:
            yield from _unknown("項目", one.name, _SHOWN | dict(names.fields), where=f"{{{one.name}|…}} の")
        elif one.form is Form.ANSWER and fold(one.name) not in asked:
            yield from _unknown("質問", one.name, asked, where=f"{{回答:{one.name}|…}} の")


def check_fields(message: Message, catalog: Catalog) -> Iterator[Finding]:
    """Errors: fields that are not there, and answers of a run, in a message that stands in none."""
    for one in (one for text in message.texts() for one in placeholders(text)):
        if one.form is Form.FIELD:
            there = _SHOWN | dict(known(catalog, ()).fields)
            yield from _unknown("項目", one.name, there, where=f"{{{one.name}|…}} の")
        elif one.form is Form.ANSWER:
            words = (
                f"{{回答:{one.name}|…}} は、質問のあるシナリオの中だけで使えます。{{{one.name}|…}} と書いてください。"
            )
            yield error("no_run", words, "台本を見る", says="台本")


def _of_times(plan: Scenario, names: Known) -> Iterator[Finding]:
    for where, _, step in each_step(plan):
        for _, when in times(step):
            if not isinstance(when, AroundDate | AroundMoment):
                continue
            if when.base == SCENARIO_BASE and not plan.base:
                words = f"{where}の「基準日」が何の日か、設定にありません。"
                yield error("unknown_base", words, "台本を見る", says="台本")
            elif when.base != SCENARIO_BASE:
                yield from _unknown("日付の項目", when.base, names.dates, where=f"{where}の")


def _plan_of(name: str, catalog: Catalog, kind: type[Plan]) -> Iterator[Finding]:
    what = "アンケート" if kind is Survey else "シナリオ"
    fitting = {key: entry.name for key, entry in catalog.plans.items() if isinstance(_newest(entry), kind)}
    entry = catalog.plans.get(fold(name))
    if fold(name) not in fitting or entry is None:
        yield from _unknown(what, name, fitting)
    elif entry.state is not State.LIVE:
        words = f"{what}「{name}」は{entry.state}です。公開するまで動きません。"
        yield warning("not_live", words, f"「{name}」を開く", says=name)


def _newest(entry: Entry) -> Plan | None:
    return entry.versions.get(entry.current) or entry.draft


def _unknown(what: str, name: str, there: Mapping[Key, str], *, where: str = "") -> Iterator[Finding]:
    if fold(name) in there:
        return
    nearest = near(name, list(there.values()))
    hint = f"「{nearest}」のことですか？" if nearest else ""
    yield error("unknown_name", f"{where}{what}「{name}」がありません。{hint}", "台本を見る", says="台本")


def _near_names(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    for new in new_names(plan, catalog):
        if new.near:
            words = f"新しい{new.sort}「{new.name}」ができます。もうある「{new.near}」のことではありませんか？"
            yield warning("near_name", words, "台本を見る", says="台本")
