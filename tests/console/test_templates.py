"""The ready-made scenarios: each can be sent tomorrow."""

from __future__ import annotations

import re

import pytest

from admin_commands.templates import TEMPLATES
from flows.catalog import Catalog
from flows.checks import Level, check
from flows.rehearsal import rehearse
from flows.scenario import Scenario
from flows.script import Script, read, write
from tests.console.world import START, Phone

NAMES = list(TEMPLATES)


def script(name: str) -> Script:
    found = read(TEMPLATES[name], Catalog(), START)
    assert isinstance(found, Script), found.sentence()
    return found


def test_there_are_at_least_ten() -> None:
    """Nobody should begin with an empty page."""
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_normal_form_and_called_like_its_file(name: str) -> None:
    """What is taken and exported again is the same text."""
    plan = script(name).plan
    assert plan.name == name
    assert write(plan) == TEMPLATES[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_published_as_it_stands(name: str) -> None:
    """An error found by 点検 in our own words would be ours."""
    found = check(script(name).plan, Catalog())
    assert [one.words for one in found if one.level is Level.ERROR] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_says_something_when_it_is_rehearsed(name: str) -> None:
    """The first message comes without anybody choosing anything."""
    run = rehearse(script(name).plan, Catalog(), START)
    assert run.shown


@pytest.mark.parametrize("name", NAMES)
def test_each_reads_as_a_shop_writes(name: str) -> None:
    """No place left to be filled in by hand, nothing of ours, no foreign words."""
    text = re.sub(r"\{[^{}]*\}", "", TEMPLATES[name])
    assert not re.search(r"[○◯●□■]{2,}|XX|サンプル|テスト", text)
    assert not re.search(r"[A-Za-z]{3,}", text.replace("LINE", ""))


@pytest.mark.parametrize("name", NAMES)
def test_each_is_taken_as_a_draft_and_published_by_taps(name: str) -> None:
    """From the list to published in four taps."""
    phone = Phone()
    phone.say(f"テンプレ {name}")
    phone.tap("使う")
    phone.tap("公開")
    assert "公開しました" in phone.tap("公開する")


def test_a_template_taken_twice_gets_another_name() -> None:
    """The first one may already have been changed."""
    phone = Phone()
    for _ in range(2):
        phone.say("テンプレを使う 予約の前に")
    assert [entry.name for entry in phone.catalog.plans.values()] == ["予約の前に", "予約の前に2"]
    plan = list(phone.catalog.plans.values())[1].draft
    assert isinstance(plan, Scenario)
    assert plan.name == "予約の前に2"
