"""What LINE refuses, and what would be empty."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checks.finding import Finding, each_step, error, warning, without_step
from flows.checks.references import texts_of
from flows.names import clusters, fold, utf16_length
from flows.questions import Question
from flows.scenario import Body, If, Plan, Scenario, Split, walk
from flows.script.bodies import MOST_BUBBLES, bubbles
from flows.script.brought import questions_of
from flows.script.pages import LONGEST_BODY
from flows.script.questioning import MOST_CHOICES
from flows.script.questions import LONGEST_LABEL
from flows.words import problems


def check_limits(plan: Plan) -> Iterator[Finding]:
    """Errors: nothing to send, empty or too long messages, too many bubbles or choices, braces that do not read."""
    yield from _empty(plan)
    for text in texts_of(plan):
        yield from _of_text(text)
    for question in questions_of(plan):
        yield from _of_question(question, paged=not isinstance(plan, Scenario))
    if isinstance(plan, Scenario):
        for where, _, step in each_step(plan):
            if bubbles(step.body) > MOST_BUBBLES:
                yield error(
                    "too_many_bubbles", f"{where}の吹き出しが{MOST_BUBBLES}つを超えます。", "台本を見る", says="台本"
                )
    elif bubbles(plan.ending) > MOST_BUBBLES:
        yield error(
            "too_many_bubbles", f"「最後に」の吹き出しが{MOST_BUBBLES}つを超えます。", "台本を見る", says="台本"
        )


def _empty(plan: Plan) -> Iterator[Finding]:
    if not isinstance(plan, Scenario):
        if not plan.questions:
            yield error("nothing", "質問がまだありません。", "台本を見る", says="台本")
        return
    if not plan.lines[0].steps:
        yield error("nothing", "送るものがまだありません。", "1通目を作る", says="追加")
    for where, _, step in each_step(plan):
        if not step.body:
            yield error("empty_step", f"{where}に中身がありません。", f"{where}を消す", without_step(step))
        elif _has_empty_branch(step.body):
            yield warning("empty_branch", f"{where}に、何も起きない枝があります。", "台本を見る", says="台本")
    for line in plan.lines[1:]:
        if not line.steps:
            yield error("empty_path", f"道「{line.name}」に送るものがありません。", "台本を見る", says="台本")


def _has_empty_branch(body: Body) -> bool:
    for item in walk(body):
        if isinstance(item, If) and not any((item.then, item.otherwise, item.unknown)):
            return True
        if isinstance(item, Split) and not all(variant.body for variant in item.variants):
            return True
    return False


def _of_text(text: str) -> Iterator[Finding]:
    short = _shortened(text)
    if not text.strip():
        yield error("empty_message", "空の文があります。", "台本を見る", says="台本")
    if (units := utf16_length(text)) > LONGEST_BODY:
        words = f"「{short}」は{units:,}文字あります。1つの吹き出しは{LONGEST_BODY:,}文字までです。"
        yield error("too_long", words, "台本を見る", says="台本")
    for trouble in problems(text):
        yield error("brace", f"「{short}」：{trouble.words}", "台本を見る", says="台本")


def _of_question(question: Question, *, paged: bool) -> Iterator[Finding]:
    name, labels = question.name, [option.label for option in question.options]
    if question.has_options and not labels:
        yield error("no_choices", f"質問「{name}」に選択肢がありません。", "台本を見る", says="台本")
    if question.silent and question.wait is None:
        words = f"質問「{name}」の「反応なし」は、待つ長さ（待つ: 反応 2日）がないので働きません。"
        yield warning("no_wait", words, "台本を見る", says="台本")
    if not paged and len(labels) > MOST_CHOICES:
        words = f"質問「{name}」の選択肢は{len(labels)}個あります。{MOST_CHOICES}個までです。"
        yield error("too_many_choices", words, "台本を見る", says="台本")
    if len({fold(label) for label in labels}) < len(labels):
        yield error("same_choices", f"質問「{name}」に同じ選択肢があります。", "台本を見る", says="台本")
    for label in labels:
        if (length := len(clusters(label))) > LONGEST_LABEL:
            words = f"選択肢「{_shortened(label)}」は{length}文字あります。{LONGEST_LABEL}文字までです。"
            yield error("long_label", words, "台本を見る", says="台本")


def _shortened(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 12 else f"{line[:12]}…"
