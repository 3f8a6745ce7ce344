"""Editing, pausing and putting away a scenario while friends walk in it: nobody is stranded, nothing is repeated."""

from dataclasses import replace

import pytest

from flows.facts import Noted
from flows.messages import Text
from flows.names import StepId, fold
from flows.scenario import Line, Say, Scenario, State, Step
from tests.engine.life import Life
from tests.narrowing import a

FOUR = """
# シナリオ 四つ
開始: 友だち追加
終わったら: タグ 済

## すぐ
一
## 1日後 19:00
二
## 2日後 19:00
三
## 3日後 19:00
四
"""


def _words(step: Step) -> str:
    return a(Text, a(Say, step.body[0]).message).body


def lines(life: Life, **steps: str) -> None:
    """Publish a version whose main line has these steps, by their words, in this order."""
    entry = life.catalog.plans[fold("四つ")]
    newest = entry.versions[entry.current]
    assert isinstance(newest, Scenario)
    known = {_words(step): step for _, step in a(Scenario, entry.versions[1]).steps()}
    number = entry.current + 1
    written = [
        known[words] if words in known else replace(known["四"], id=StepId(name)) for name, words in steps.items()
    ]
    plan = replace(newest, lines=(Line(steps=tuple(written)),))
    changed = replace(entry, versions={**entry.versions, number: plan}, current=number)
    life.catalog = replace(life.catalog, plans={**life.catalog.plans, fold("四つ"): changed})


def begun() -> Life:
    life = Life((FOUR,))
    life.follow()
    life.next()
    assert life.taken() == [
        step.id for step in a(Scenario, life.catalog.plans[fold("四つ")].versions[1]).lines[0].steps[:2]
    ]
    return life


def rest(life: Life) -> list[str]:
    return [each[12:] for each in life.until("2026-12-31 12:00")]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"a": "一", "b": "二", "c": "四"}, ["四"]),
        ({"a": "一", "b": "二", "x": "新", "c": "三", "d": "四"}, ["三", "四"]),
        ({"x": "新", "a": "一", "b": "二", "c": "三"}, ["三"]),
        ({"a": "一", "b": "二"}, []),
        ({"a": "一", "b": "二", "x": "新"}, ["四"]),
        ({"b": "二", "a": "一", "c": "三"}, ["三"]),
        ({"x": "新"}, ["四"]),
        ({"c": "三", "d": "四"}, ["三", "四"]),
    ],
)
def test_the_walk_goes_on_at_the_next_step_that_is_still_there(steps, said):
    life = begun()
    lines(life, **steps)
    life.rebase("四つ", 2)
    assert rest(life) == said
    assert life.tags == {"済"}
    assert len(set(life.taken())) == len(life.taken())


def test_a_step_that_is_gone_is_named():
    life = begun()
    lines(life, a="一", b="二", c="四")
    life.rebase("四つ", 2)
    assert any("次の配信がなくなった" in fact.words for fact in life.facts if isinstance(fact, Noted))


def test_a_version_that_was_put_away_leads_to_the_present_one():
    life = begun()
    lines(life, a="一", b="二", c="四")
    entry = life.catalog.plans[fold("四つ")]
    only = replace(entry, versions={2: entry.versions[2]})
    life.catalog = replace(life.catalog, plans={fold("四つ"): only})
    assert life.next() == []
    assert rest(life) == ["四"]


def test_a_scenario_that_is_no_more_ends_the_walk():
    life = begun()
    life.catalog = replace(life.catalog, plans={})
    life.next()
    assert life.due is None
    assert life.friend.past[fold("四つ")].how == "gone"


PATHS = """
# シナリオ 道
開始: 友だち追加

## すぐ
? 好み（1つ）
どちら?
- 和 → 道 和
- 洋 → 道 洋
待つ: 反応 5日

# 道 和
## 1日後 10:00
和一
## 2日後 10:00
和二

# 道 洋
## すぐ
洋一
"""


def test_a_path_that_is_gone_ends_there():
    life = Life((PATHS,))
    life.follow()
    life.wait(minutes=1)
    life.says("和")
    entry = life.catalog.plans[fold("道")]
    old = a(Scenario, entry.versions[1])
    plan = replace(old, lines=tuple(line for line in old.lines if line.name != "和"))
    changed = replace(entry, versions={1: entry.versions[1], 2: plan}, current=2)
    life.catalog = replace(life.catalog, plans={fold("道"): changed})
    life.rebase("道", 2)
    assert life.due is None
    assert life.friend.past[fold("道")].how == "end"


def test_who_waits_at_a_question_waits_on_in_the_new_version():
    life = Life((PATHS,))
    life.follow()
    life.edit(PATHS.replace("和一", "新しい和"))
    entry = life.catalog.plans[fold("道")]
    first, second = (a(Scenario, entry.versions[number]) for number in (1, 2))
    ids = [step.id for _, step in first.steps()]
    again = iter(ids)
    same = replace(
        second,
        lines=tuple(
            replace(line, steps=tuple(replace(step, id=next(again)) for step in line.steps)) for line in second.lines
        ),
    )
    life.catalog = replace(life.catalog, plans={fold("道"): replace(entry, versions={1: first, 2: same})})
    life.rebase("道", 2)
    life.wait(minutes=1)
    life.says("1")
    assert life.until("2026-11-21 12:00") == ["11-21 10:00 新しい和"]


@pytest.mark.parametrize("state", [State.PAUSED, State.ARCHIVED])
def test_an_answer_during_a_pause_counts_and_the_walk_stays(state):
    life = Life((PATHS,))
    life.follow()
    life.state("道", state)
    life.wait(minutes=1)
    assert life.says("洋") == []
    assert life.friend.fields[fold("好み")].value == "洋"
    life.wait(days=2)
    life.state("道", State.LIVE)
    assert life.rebase("道", 1) == ["洋一"]


def test_nobody_new_begins_while_it_is_paused():
    life = Life((FOUR,))
    life.state("四つ", State.PAUSED)
    assert life.follow() == []
    assert life.friend.enrollments == ()


def test_a_withheld_step_leaves_no_words_behind_for_the_next():
    held = FOUR.replace("四つ", "甲")
    held = held.replace("開始: 友だち追加", "開始: 友だち追加\n上限: 全部で300通")
    other = FOUR.replace("四つ", "乙").replace("二", "乙の二")
    life = Life((held, other))
    life.tally = replace(life.tally, sent={"甲": 300})
    life.follow()
    assert life.next() == ["乙の二"]
    assert life.held() == ["scenario_cap"]
