"""History in the owner's words: one sentence for each fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from admin_commands.desk import moment_words
from admin_commands.plans import numbered_steps, step_summary
from flows import facts
from flows.answering import brief
from flows.catalog import Catalog
from flows.desk import Undelivered
from flows.facts import Fact, Rule
from flows.friend import Pace
from flows.names import fold
from flows.scenario import Scenario

RULES: dict[Rule, str] = {
    Rule.GOAL: "ゴールに届いていたため",
    Rule.CONDITION: "条件に当てはまらなかったため",
    Rule.LEFT: "ブロックされていたため",
    Rule.PACE: "本人が通知を減らしているため",
    Rule.CAP: "お店全体の上限に達していたため",
    Rule.SCENARIO_CAP: "シナリオの上限に達していたため",
    Rule.HOURS: "送らない時間帯だったため",
    Rule.QUOTA: "今月の通数が足りないため",
    Rule.PAUSED: "シナリオが停止中のため",
    Rule.PAST: "日時がもう過ぎていたため",
    Rule.LATE: "遅れたときは飛ばす設定のため",
    Rule.NO_BASE: "基準になる日がまだ入っていないため",
    Rule.STAFF: "スタッフのため",
}

_STOPPED = "本人が配信を止めているため"
_TALKING = "担当者が対応中のため"
_ONE_BY_ONE = "遅れた分がまとめて届かないように、1通ずつ送るため"

MISSED = {
    "walking": "シナリオの途中だったため",
    "waits": "ABの結果を待っているため（残りの人に、良い方を送ります）",
    "empty": "この人に送る内容がなかったため",
    "fault": "こちらの不具合のため（記録に残してあります）",
}

ENDINGS = {
    "end": "最後まで届きました",
    "goal": "ゴールに届いて終わりました",
    "stopped": "止めました",
    "blocked": "ブロックされて終わりました",
    "gone": "シナリオがなくなったため終わりました",
    "staff": "スタッフになったため終わりました",
    "replaced": "新しく始め直しました",
}


def step_words(catalog: Catalog, scenario: str, version: int, step: str) -> str:
    """新規様の2通目「お肌の悩みは…」"""
    plan = catalog.scenario(fold(scenario), version)
    name = scenario_name(catalog, scenario)
    found = next((one for one in numbered_steps(plan) if one[2].id == step), None) if plan else None
    if found is None:
        return f"「{name}」の1通"
    number, line, here = found
    path = f"道「{line.name}」の" if line.name else ""
    return f"「{name}」{path}{_place(plan, number)}通目（{step_summary(here.body, 16)}）"


def _place(plan: Scenario | None, number: int) -> int:
    """The number of a step inside its own line."""
    assert plan is not None
    before = 0
    for line in plan.lines:
        if number <= before + len(line.steps):
            return number - before
        before += len(line.steps)
    return number


def scenario_name(catalog: Catalog, scenario: str) -> str:
    """The name as first written."""
    entry = catalog.plans.get(fold(scenario))
    return entry.name if entry else scenario


def reason(rule: Rule, *, until: datetime | None = None, pace: Pace = Pace.HALF) -> str:
    """Why a step was not sent. A hold for the friend's pace without an end is a friend who stopped all sends."""
    return _STOPPED if rule is Rule.PACE and until is None and pace is Pace.NONE else RULES[rule]


def why_held(rule: Rule, *, until: datetime | None = None, pace: Pace = Pace.HALF) -> str:
    """Why a step waits. A late one is not left out: it waits so that late ones do not come all at once."""
    return _ONE_BY_ONE if rule is Rule.LATE else reason(rule, until=until, pace=pace)


_HELD = "保留しています（通数が足りないとLINEが答えたため。上限が増えれば届きます）"
_REFUSED = "届けられませんでした（LINEが受け付けませんでした）"


def told(fact: Fact, catalog: Catalog, pace: Pace = Pace.HALF, undelivered: Sequence[Undelivered] = ()) -> str:
    """`11/22(日) 19:00 「新規様」2通目（…）を送りました`. `pace`: how much the friend wants to hear from us now."""
    words = sentence(fact, catalog, pace)
    missing = next((one for one in undelivered if _is_of(one, fact)), None)
    if missing is not None:
        words = words.replace("を送りました", f"は{_HELD if missing.held else _REFUSED}")
    return f"{moment_words(fact.at, catalog)} {words}"


def _is_of(one: Undelivered, fact: Fact) -> bool:
    """Whether this send is the one that the fact tells of."""
    match fact:
        case facts.StepTaken(scenario=scenario, version=version, step=step, pushed=True):
            return (one.source.scenario, one.source.version, one.source.step) == (scenario, version, step)
        case facts.BroadcastSent(broadcast=name):
            return bool(one.source.broadcast) and one.source.broadcast == fold(name)
    return False


def sentence(fact: Fact, catalog: Catalog, pace: Pace = Pace.HALF) -> str:
    """What became true, without its moment."""
    match fact:
        case facts.StepSkipped(rule=rule):
            return _not_sent(fact, catalog, reason(rule, pace=pace))
        case facts.StepHeld(rule=rule, until=until):
            return _held(fact, catalog, why_held(rule, until=until, pace=Pace.NONE))
        case facts.BroadcastSkipped(broadcast=name, why=why):
            return f"配信「{name}」は送りませんでした：{_passed_by(why, pace)}"
    teller = TELLERS.get(fact.kind)
    return teller(fact, catalog) if teller else fact.kind


def _why(why: str) -> str:
    return f"（{why}）" if why else ""


def _joined(fact: facts.Joined, _: Catalog) -> str:
    return f"友だちになりました{_why(f'経路：{fact.route}' if fact.route else '')}"


def _blocked(fact: facts.Blocked, catalog: Catalog) -> str:
    after = f"（{step_words(catalog, fact.scenario, fact.version, fact.step)}のあと）" if fact.scenario else ""
    return f"ブロックされました{after}"


def _score(fact: facts.ScoreChanged, catalog: Catalog) -> str:
    name = f"スコア「{fact.score}」" if fact.score else "スコア"
    return f"{name} {fact.points:+d}点 → {fact.total}点{_why(fact.why)}"


def _answered(fact: facts.Answered, _: Catalog) -> str:
    chosen = f"「{brief(fact.choice, fact.field)}」" if fact.choice else ""
    return f"「{fact.field}」に{chosen}と答えました" if chosen else f"「{fact.field}」に答えました"


def _taken(fact: facts.StepTaken, catalog: Catalog) -> str:
    cost = "1通" if fact.pushed else "返信・0通"
    variant = f"・{fact.variant}案" if fact.variant else ""
    return f"{step_words(catalog, fact.scenario, fact.version, fact.step)}を送りました（{cost}{variant}）"


def _not_sent(fact: facts.StepSkipped, catalog: Catalog, why: str) -> str:
    return f"{step_words(catalog, fact.scenario, fact.version, fact.step)}は送りませんでした：{why}"


def _held(fact: facts.StepHeld, catalog: Catalog, why: str) -> str:
    until = f"{moment_words(fact.until, catalog)} まで" if fact.until else ""
    words = step_words(catalog, fact.scenario, fact.version, fact.step)
    return f"{words}を{until}待たせています：{why}"


def _ended(fact: facts.ScenarioEnded, catalog: Catalog) -> str:
    return f"シナリオ「{scenario_name(catalog, fact.scenario)}」：{ENDINGS.get(fact.how, fact.how)}"


def _finished(fact: facts.SurveyFinished, catalog: Catalog) -> str:
    receipt = f"（受付番号 {fact.receipt}）" if fact.receipt else ""
    return f"アンケート「{scenario_name(catalog, fact.survey)}」に最後まで答えました{receipt}"


def _passed_by(why: str, pace: Pace) -> str:
    """Why a broadcast did not go: a rule of the gate, or one of its own reasons."""
    if why not in set(Rule):
        return MISSED.get(why, why)
    return _TALKING if Rule(why) is Rule.PAUSED else reason(Rule(why), pace=pace)


def _happened_why(fact: facts.Happened) -> str:
    day = fact.on[:10].replace("-", "/")
    return "・".join(part for part in (day, fact.by) if part)


TELLERS: dict[str, Callable[..., str]] = {
    "joined": _joined,
    "returned": lambda fact, catalog: "ブロックを解除して戻ってきました",
    "blocked": _blocked,
    "tag_added": lambda fact, catalog: f"タグ「{fact.tag}」が付きました{_why(fact.why)}",
    "tag_removed": lambda fact, catalog: f"タグ「{fact.tag}」が外れました{_why(fact.why)}",
    "score_changed": _score,
    "field_set": lambda fact, catalog: f"項目「{fact.field}」が入りました{_why(fact.why)}",
    "answered": _answered,
    "pressed": lambda fact, catalog: f"ボタン「{fact.button}」を押しました",
    "asked": lambda fact, catalog: f"「{fact.field}」を質問しました",
    "enrolled": lambda fact, catalog: (
        f"シナリオ「{scenario_name(catalog, fact.scenario)}」が始まりました（第{fact.version}版）{_why(fact.why)}"
    ),
    "step_taken": _taken,
    "path_entered": lambda fact, catalog: f"道「{fact.path}」に進みました{_why(fact.why)}",
    "scenario_ended": _ended,
    "survey_finished": _finished,
    "broadcast_sent": lambda fact, catalog: f"配信「{fact.broadcast}」を送りました（1通）",
    "broadcast_answered": lambda fact, catalog: f"配信「{fact.broadcast}」のあとに反応がありました",
    "happened": lambda fact, catalog: f"{fact.what}がありました{_why(_happened_why(fact))}",
    "noted": lambda fact, catalog: str(fact.words),
}
