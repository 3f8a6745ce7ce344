"""What LINE refuses, and what would be empty."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from flows.checks.finding import Finding, each_step, error, warning, without_step
from flows.checks.references import texts_of
from flows.names import clusters, fold, utf16_length
from flows.questions import Question
from flows.scenario import Body, If, Plan, Scenario, Split, Step, walk
from flows.script.bodies import MOST_BUBBLES, bubbles
from flows.script.brought import questions_of
from flows.script.pages import LONGEST_BODY
from flows.script.questioning import MOST_CHOICES
from flows.script.questions import LONGEST_LABEL
from flows.variants import timed_split
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
        yield from _of_step(where, step)
    for line in plan.lines[1:]:
        if not line.steps:
            yield error("empty_path", f"道「{line.name}」に送るものがありません。", "台本を見る", says="台本")


def _of_step(where: str, step: Step) -> Iterator[Finding]:
    if not step.body or _is_only_times(step):
        yield error("empty_step", f"{where}に中身がありません。", f"{where}を消す", without_step(step))
    elif _has_empty_branch(step.body):
        yield warning("empty_branch", f"{where}に、何も起きない枝があります。", "台本を見る", says="台本")
    elif sum(isinstance(item, Split) for item in walk(step.body)) > 1:
        words = f"{where}に「AB:」が2つ以上あります。結果を数えるのは、最初の1つだけです。"
        yield warning("two_splits", words, "台本を見る", says="台本")
    elif same := _alike(step):
        words = f"{where}の{same}は、送る時も中身も同じです。くらべても、差は出ません。"
        yield warning("same_variants", words, "台本を見る", says="台本")


def _has_empty_branch(body: Body) -> bool:
    for item in walk(body):
        if isinstance(item, If) and not any((item.then, item.otherwise, item.unknown)):
            return True
        if isinstance(item, Split) and not _compares_times(item) and not all(one.body for one in item.variants):
            return True
    return False


def _compares_times(split: Split) -> bool:
    """Whether it is only about when: what is said stands below it, for everybody."""
    return any(one.when for one in split.variants) and not any(one.body for one in split.variants)


def _is_only_times(step: Step) -> bool:
    split = timed_split(step)
    return split is not None and _compares_times(split) and len(step.body) == 1


def _alike(step: Step) -> str:
    """Two variants that are the same, in words; "" if there are none."""
    for item in walk(step.body):
        if isinstance(item, Split):
            for one, other in combinations(item.variants, 2):
                if (one.when or step.when, one.body) == (other.when or step.when, other.body):
                    return f"{one.name}案と{other.name}案"
    return ""


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
