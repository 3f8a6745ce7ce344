"""What is odd about a survey."""

from __future__ import annotations

from collections.abc import Iterator

from flows.actions import EndScenario, GoTo, JumpTo
from flows.checks.finding import Finding, advice, error
from flows.names import fold
from flows.scenario import Survey
from flows.script.brought import actions_in, actions_of_question


def check_survey(plan: Survey) -> Iterator[Finding]:
    """Errors: jumps to questions that are not there or lie behind, effects that need a scenario. Advice: no thanks."""
    order = [fold(question.name) for question in plan.questions]
    for number, question in enumerate(plan.questions):
        if order.index(fold(question.name)) != number:
            yield error("same_question", f"「{question.name}」の質問が2つあります。", "台本を見る", says="台本")
        for action in actions_of_question(question):
            if isinstance(action, JumpTo) and fold(action.name) not in order[number + 1 :]:
                words = f"「{question.name}」から進む質問「{action.name}」が、あとにありません。"
                yield error("missing_question", words, "台本を見る", says="台本")
    for action in actions_in(plan):
        if isinstance(action, GoTo | EndScenario):
            words = f"アンケートの中では「{action.words()}」は使えません。"
            yield error("needs_scenario", words, "台本を見る", says="台本")
    if plan.questions and not plan.ending:
        words = "答え終わった人に、お礼が届きません。"
        yield advice("no_thanks", words, "台本を見る", says="台本")
