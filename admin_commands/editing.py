"""Editing an open scenario: 追加 時刻 本文 入替 複製 分岐 削除, by number. Everything goes to the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.plans import changed, numbered_steps, place_of, present_plan, step_line, where, with_entry
from admin_commands.preview import sample_fill, shown
from admin_commands.reading import PlanKey, StepNumber, TimeWords
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import bubble_of, bubbles_words, message_of, read_when
from admin_commands.together import place_now, sign_of, somebody_else
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.catalog import Entry, Role
from flows.messages import Text
from flows.names import Key, StepId, narrow
from flows.scenario import Ask, Line, Say, Scenario, Step
from flows.script import Problems, read, write

editing = Family(name="シナリオの中", about="開いているシナリオを番号で直す")
BODY_FORM, ADD_FORM = "本文", "追加"
Steps = tuple[Step, ...]
_ALL_THE_SAME = "それでも入れ替える"


def scenario_of(desk: Desk, plan: str) -> tuple[Entry, Scenario]:
    """The scenario to be edited: its draft, or the version in force as the beginning of one."""
    entry = desk.catalog.plans[Key(plan)]
    shown = present_plan(entry)
    if not isinstance(shown, Scenario):
        raise CommandError(
            "アンケートは台本で直します。「書出」で出して、直したものを貼り付けてください。",
            Tap(label="書出", says=f"書出 {entry.name}"),
        )
    return entry, shown


def step_at(scenario: Scenario, number: int) -> tuple[Line, Step]:
    """The step of that number. Raises CommandError with the numbers there are."""
    steps = numbered_steps(scenario)
    if not 1 <= number <= len(steps):
        raise CommandError(f"{number}通目はありません。1〜{len(steps)}の番号で言ってください。")
    return steps[number - 1][1:]


def with_steps(scenario: Scenario, line: Line, steps: Steps) -> Scenario:
    """The scenario with these steps on that line."""
    if not steps:
        raise CommandError("最後の1通は消せません。シナリオごとしまうときは「保管」を使ってください。")
    lines = tuple(replace(one, steps=steps) if one is line else one for one in scenario.lines)
    return replace(scenario, lines=lines)


def keep_edit(desk: Desk, entry: Entry, scenario: Scenario, words: str) -> None:
    """Put the edited scenario into the draft, read back from its own script, and show what is there now."""
    script = read(write(scenario), desk.catalog, desk.now)
    if isinstance(script, Problems):
        raise CommandError(f"このままでは台本になりません。まだ何も変えていません。\n{script.sentence()}", tap("直す"))
    assert isinstance(script.plan, Scenario)
    other = somebody_else(desk, entry)
    both = f"\n（{other}の変更も、そのまま入っています）" if other else ""
    desk.edit(with_entry(desk.catalog, changed(desk, replace(entry, draft=script.plan))), f"「{entry.name}」{words}")
    lines = "\n".join(step_line(*one) for one in numbered_steps(script.plan))
    live = f"（公開中の第{entry.current}版は、公開するまでそのままです）" if entry.versions else ""
    desk.say(
        f"{words}。{live}{both}\n\n{lines}",
        tap("取消"),
        Tap(label="プレビュー", says=f"プレビュー {entry.name}"),
        Tap(label="直す", says=f"直す {entry.name}"),
        Tap(label="公開へ", says=f"公開 {entry.name}"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        where=where(entry, "直す"),
    )


def _edit_line(desk: Desk, plan: str, number: int, words: str, change: Callable[[Steps, int], Steps]) -> None:
    """Change the steps of the line in which that number stands; `change` gets them and the place."""
    entry, scenario = scenario_of(desk, plan)
    desk.place = place_of(Key(plan))
    line, step = step_at(scenario, number)
    keep_edit(desk, entry, with_steps(scenario, line, change(line.steps, line.steps.index(step))), words)


@editing.command(
    "時刻",
    alias=("じこく", "time"),
    usage="時刻 番号 いつ",
    needs=Role.EDITOR,
    acts=True,
    examples=[("時刻 新規様 2 3日後19時", "3日後 19:00")],
)
def set_time(desk: Desk, plan: PlanKey, number: StepNumber, when: TimeWords) -> None:
    """1通の送る時を変えます。"""
    read_one = read_when(when, desk.now, desk.catalog.account.tz)
    words = f"{number}通目の時刻を「{read_one.words}」にしました"
    _edit_line(
        desk, plan, number, words, lambda steps, at: (*steps[:at], replace(steps[at], when=read_one), *steps[at + 1 :])
    )


@editing.command(
    "複製",
    alias=("ふくせい", "copy"),
    usage="複製 番号",
    needs=Role.EDITOR,
    acts=True,
    examples=[("複製 新規様 1", "複製しました")],
)
def duplicate(desk: Desk, plan: PlanKey, number: StepNumber) -> None:
    """1通を、すぐうしろに複製します。"""

    def twice(steps: Steps, at: int) -> Steps:
        if any(isinstance(item, Ask) for item in steps[at].body):
            raise CommandError(
                "質問のある1通は複製できません（同じ質問が2つになります）。「追加」で新しく作ってください。"
            )
        return (*steps[: at + 1], replace(steps[at], id=StepId(f"{steps[at].id}'")), *steps[at + 1 :])

    _edit_line(desk, plan, number, f"{number}通目を複製しました", twice)


def remove(desk: Desk, plan: PlanKey, number: StepNumber) -> None:
    """Take one step out of the draft."""
    _edit_line(desk, plan, number, f"{number}通目を消しました", lambda steps, at: (*steps[:at], *steps[at + 1 :]))


@editing.command(
    "入替",
    alias=("いれかえ", "入れ替え", "swap"),
    usage="入替 番号 番号",
    needs=Role.EDITOR,
    acts=True,
    examples=[("入替 体験会リマインド 2 3", "入れ替えました")],
)
def swap(desk: Desk, plan: PlanKey, one: StepNumber, other: StepNumber) -> None:
    """2通の中身を入れ替えます（送る時はそのまま）。"""
    entry, scenario = scenario_of(desk, plan)
    desk.place = place_of(Key(plan))
    line, first = step_at(scenario, one)
    other_line, second = step_at(scenario, other)
    if line is not other_line:
        raise CommandError("入れ替えられるのは、同じ道の中の2通です。")
    swapped = {first.id: replace(second, when=first.when), second.id: replace(first, when=second.when)}
    steps = tuple(swapped.get(step.id, step) for step in line.steps)
    keep_edit(desk, entry, with_steps(scenario, line, steps), f"{one}通目と{other}通目を入れ替えました")


@editing.command(
    "本文", alias=("ほんぶん", "body"), usage="本文 番号", needs=Role.EDITOR, examples=[("本文 新規様 2", "新しい本文")]
)
def rewrite(desk: Desk, plan: PlanKey, number: StepNumber) -> None:
    """1通の本文を書き直します。"""
    entry, scenario = scenario_of(desk, plan)
    was = sign_of(step_at(scenario, number)[1])
    begin(desk, BODY_FORM, "body", {"name": entry.name, "plan": plan, "number": number, "was": was, "bubbles": []})
    ask(desk, body_form)


@editing.command(
    "追加",
    alias=("ついか", "add"),
    usage="追加 [いつ]",
    needs=Role.EDITOR,
    examples=[("追加 新規様", "いつ送りますか")],
)
def add(desk: Desk, plan: PlanKey) -> None:
    """最後に1通足します。"""
    entry, _ = scenario_of(desk, plan)
    begin(desk, ADD_FORM, "when", {"name": entry.name, "plan": plan, "bubbles": []})
    ask(desk, add_form)


def _ask_overtaken(desk: Desk) -> Screen:
    entry, scenario = scenario_of(desk, desk.form["plan"])
    steps, number = numbered_steps(scenario), desk.form["number"]
    who = somebody_else(desk, entry) or "ほかの方"
    there = f"いまの{step_line(*steps[number - 1])}" if number <= len(steps) else f"{number}通目は、もうありません。"
    taps = (tap(_ALL_THE_SAME),) if number <= len(steps) else ()
    return Screen(
        text=f"書いているあいだに、{who}が{number}通目を変えました。まだ何も入れ替えていません。\n{there}\n"
        "［やめる］を押しても、書いた本文は残ります。",
        taps=(*taps, tap("やめる")),
        where=f"シナリオ ▸ {entry.name} ▸ 本文",
    )


def _take_overtaken(desk: Desk, given: Answer) -> None:
    _, scenario = scenario_of(desk, desk.form["plan"])
    if narrow(given.text).strip() != _ALL_THE_SAME:
        raise CommandError(f"［{_ALL_THE_SAME}］か［やめる］を選んでください。")
    desk.form = {**desk.form, "was": sign_of(step_at(scenario, desk.form["number"])[1])}
    _save(desk)


def _ask_when(desk: Desk) -> Screen:
    _, scenario = scenario_of(desk, desk.form["plan"])
    times = ("1日後19:00", "2日後19:00", "3日後19:00", "7日後19:00")
    count = len(scenario.lines[0].steps)
    return Screen(
        text=f"{count + 1}通目はいつ送りますか？ 文字でもOK：5日後の10時",
        taps=tuple(tap(word) for word in times),
        where=f"シナリオ ▸ {desk.form['name']} ▸ 追加",
    )


def _take_when(desk: Desk, given: Answer) -> None:
    when = read_when(narrow(given.text).strip(), desk.now, desk.catalog.account.tz)
    ready = desk.form.get("given")
    if ready:
        desk.put(shown(message_of(ready), sample_fill(desk)))
        turn_to(desk, "after", when=when.words, bubbles=[ready], given=None)
        return
    turn_to(desk, "body", when=when.words)


def _ask_body(desk: Desk) -> Screen:
    count = len(desk.form["bubbles"])
    what = f"{desk.form['number']}通目の新しい本文" if "number" in desk.form else "本文"
    text = (
        f"{count + 1}つ目の吹き出しを送ってください。" if count else f"{what}を送ってください。写真や動画も送れます。"
    )
    return Screen(text=text, where=f"シナリオ ▸ {desk.form['name']} ▸ 本文")


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    desk.put(shown(message_of(bubble), sample_fill(desk)))
    turn_to(desk, "after", bubbles=[*desk.form["bubbles"], bubble])


def _ask_after(desk: Desk) -> Screen:
    count = len(desk.form["bubbles"])
    more = (tap("吹き出しを足す"),) if count < 5 else ()
    return Screen(
        text=f"受け取りました（{bubbles_words(count)}）。",
        taps=(tap("これで保存"), *more, tap("書き直す")),
        where=f"シナリオ ▸ {desk.form['name']} ▸ 本文",
    )


def _take_after(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "吹き出しを足す":
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
        case "これで保存":
            _save(desk)
        case other:
            raise CommandError(f"「{other}」は選べませんでした。［これで保存］を押すと下書きに入ります。")


def _save(desk: Desk) -> None:
    form = dict(desk.form)
    entry, scenario = scenario_of(desk, form["plan"])
    number = place_now(desk.form["number"], desk.form.get("was", ""), scenario) if "number" in form else 0
    if number is None:
        turn_to(desk, "overtaken")
        return
    desk.place = place_of(Key(form["plan"]))
    messages = tuple(message_of(one) for one in form["bubbles"])
    says = tuple(Say(message=message) for message in messages)
    desk.close_form()
    if "number" not in form:
        line = scenario.lines[0]
        when = read_when(form["when"], desk.now, desk.catalog.account.tz)
        step = Step(id=StepId(f"n{len(line.steps) + 1}"), when=when, body=says)
        keep_edit(
            desk, entry, with_steps(scenario, line, (*line.steps, step)), f"{len(line.steps) + 1}通目を足しました"
        )
        return
    line, step = step_at(scenario, number)
    last = messages[-1]
    if step.body and isinstance(step.body[-1], Ask) and isinstance(last, Text):
        question = replace(step.body[-1].question, text=last.body)
        body = (*(item for item in step.body if not isinstance(item, (Say, Ask))), *says[:-1], Ask(question=question))
    else:
        body = (*says, *(item for item in step.body if not isinstance(item, Say)))
    steps = tuple(replace(step, body=body) if one is step else one for one in line.steps)
    keep_edit(desk, entry, with_steps(scenario, line, steps), f"{number}通目の本文を書き直しました")


_BODY = Page(ask=_ask_body, take=_take_body, body=True)
_AFTER = Page(ask=_ask_after, take=_take_after)
_OVERTAKEN = Page(ask=_ask_overtaken, take=_take_overtaken)
_PAGES = with_contents({"body": _BODY, "after": _AFTER})
body_form = Wizard(name=BODY_FORM, pages={**_PAGES, "overtaken": _OVERTAKEN})
add_form = Wizard(name=ADD_FORM, pages={**_PAGES, "when": Page(ask=_ask_when, take=_take_when)})
