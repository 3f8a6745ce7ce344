"""なぜ: every fact and every rule has words of the owner's."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

import pytest

from admin_commands.plans import step_summary
from admin_commands.telling import RULES, sentence, told
from flows.conditions import Tagged
from flows.desk import Undelivered
from flows.effects import Source
from flows.facts import FACTS, Fact, Rule, StepTaken
from flows.messages import Text
from flows.scenario import If, Say
from tests.console.shop import shop
from tests.console.world import START

VALUES: dict[str, Any] = {
    "rule": Rule.HOURS,
    "points": 3,
    "total": 5,
    "version": 1,
    "scenario": "新規様",
    "how": "goal",
    "tag": "乾燥",
    "field": "悩み",
    "path": "保湿",
    "survey": "肌診断",
    "what": "来店",
    "words": "通知を減らしました",
    "step": "s1",
    "broadcast": "秋のフェア",
    "button": "予約する",
    "why": Rule.CAP,
}


def example(kind: type[Fact]) -> Fact:
    given = {one.name: VALUES[one.name] for one in fields(kind) if one.default is MISSING and one.name != "at"}
    return kind(at=START, **given)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind)
def test_each_fact_is_told_in_the_owners_words(kind: type[Fact]) -> None:
    """A new kind of fact without words would show its code name."""
    words = sentence(example(kind), shop().catalog)
    assert not re.search(r"[A-Za-z_]{3,}", words)
    assert len(words) > 3


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_has_a_reason(rule: Rule) -> None:
    """A refusal without a reason is what なぜ is against."""
    assert RULES[rule].endswith("ため")


def test_a_fact_is_told_with_its_moment() -> None:
    """Order and time are the point of なぜ."""
    assert isinstance(START, datetime)
    assert told(example(FACTS[0]), shop().catalog).startswith("11/20(金) 10:12 ")


def test_a_step_that_differs_from_friend_to_friend_says_so() -> None:
    """Else 次は promises one friend what another one gets."""
    by_condition = (
        If(condition=Tagged(name="VIP"), then=(said("特別なご案内です。"),), otherwise=(said("コツです。"),)),
    )
    assert step_summary(by_condition) == "特別なご案内です。（人による）"
    assert step_summary((said("はじめまして"), *by_condition)) == "はじめまして"


def said(words: str) -> Say:
    return Say(message=Text(body=words))


def test_a_send_that_lines_own_limit_holds_back_is_not_told_as_sent() -> None:
    """LINE answered 429 after the step was decided: the entry waits in the outbox."""
    catalog = shop().catalog
    fact = StepTaken(at=START, scenario="新規様", version=1, step="s2", pushed=True)
    source = Source(scenario="新規様", version=1, step="s2")
    assert "を送りました（1通）" in told(fact, catalog)
    assert "保留しています（通数" in told(fact, catalog, undelivered=[Undelivered(source=source, held=True)])
    assert "届けられませんでした" in told(fact, catalog, undelivered=[Undelivered(source=source, held=False)])
    other = Undelivered(source=Source(scenario="新規様", version=1, step="s3"), held=True)
    assert "を送りました" in told(fact, catalog, undelivered=[other])
