"""分岐: choices for a step of an open scenario, and the paths they open."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk
from admin_commands.editing import keep_edit, scenario_of, step_at, with_steps
from admin_commands.plans import place_of
from admin_commands.reading import PlanKey, StepNumber
from admin_commands.registry import Family
from admin_commands.screens import text_bubble
from admin_commands.wizard import begin
from flows.catalog import Role
from flows.messages import Text
from flows.names import Key
from flows.scenario import Say, Scenario, Step

branching = Family(name="シナリオの中", about="開いているシナリオを分ける")
MAKER_FORM = "シナリオ作成"


def branch_into(desk: Desk, sketch: Scenario) -> None:
    """Put the choices that a form has gathered into the step it was opened for, and its paths behind the others."""
    form = dict(desk.form)
    entry, scenario = scenario_of(desk, form["into"])
    line, step = step_at(scenario, form["number"])
    rest = tuple(item for item in step.body if item is not _last_text(step))
    asked = sketch.lines[0].steps[0].body
    steps = tuple(replace(one, body=(*rest, *asked)) if one is step else one for one in line.steps)
    whole = with_steps(scenario, line, steps)
    desk.close_form()
    desk.place = place_of(Key(form["into"]))
    keep_edit(
        desk,
        entry,
        replace(whole, lines=(*whole.lines, *sketch.lines[1:])),
        f"{form['number']}通目に選択肢を付けました",
    )


def _last_text(step: Step) -> Say | None:
    last = step.body[-1] if step.body else None
    return last if isinstance(last, Say) and isinstance(last.message, Text) else None


@branching.command(
    "分岐",
    alias=("ぶんき", "選択肢", "branch"),
    usage="分岐 番号",
    needs=Role.EDITOR,
    examples=[("分岐 秋のご案内 2", "選択肢を1行に1つ")],
)
def branch(desk: Desk, plan: PlanKey, number: StepNumber) -> None:
    """1通に選択肢を付け、答えごとに道を分けられます。"""
    entry, scenario = scenario_of(desk, plan)
    line, step = step_at(scenario, number)
    last = _last_text(step)
    if last is None:
        raise CommandError(
            f"{number}通目の最後が質問の文ではありません。先に「本文 {number}」で質問の文にしてください。"
        )
    if step is not line.steps[-1]:
        desk.put(text_bubble(f"{number}通目のあとにも続きがあります。答えで道を分けた人には、その続きは届きません。"))
    assert isinstance(last.message, Text)
    sketched = {"name": "", "steps": [{"when": step.when.words, "bubbles": [{"text": last.message.body}]}]}
    form = {
        "name": entry.name,
        "into": plan,
        "number": number,
        "start": "手動",
        "line": 0,
        "step": 0,
        "lines": [sketched],
    }
    begin(desk, MAKER_FORM, "options", form)
    desk.ask_form = True
