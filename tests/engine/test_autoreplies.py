"""Auto-replies: the most urgent one answers, in its hours, and not again too soon; the way to a person is always there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.actions import AwaitReply, OpenSurvey
from flows.catalog import AutoReply
from flows.effects import Send
from flows.messages import Text
from flows.names import fold
from flows.script import parse_windows
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match
from tests.engine.life import Life
from tests.engine.test_surveys import THREE
from tests.narrowing import a


def reply(keyword: str, match: Match = Match.CONTAINS, text: str | None = None, **more) -> AutoReply:
    messages = (Text(body=keyword if text is None else text),) if text != "" else ()
    return AutoReply(name=keyword, trigger=KeywordSaid(keyword=keyword, match=match), messages=messages, **more)


def life_with(*replies: AutoReply, scripts: tuple[str, ...] = ()) -> Life:
    life = Life(scripts)
    life.catalog = replace(life.catalog, autoreplies={fold(one.name): one for one in replies})
    life.follow()
    life.wait(minutes=1)
    return life


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("営業時間を教えて", "営業時間"),
        ("営業中ですか", "営業"),
        ("営業", "営業"),
        ("定休日！", "定休日"),
        ("来週の定休日は", "休"),
        ("ﾃｲｷｭｳﾋﾞ", None),
        ("至急、営業時間", "至急"),
    ],
)
def test_the_most_urgent_one_answers(said: str, answer: str | None):
    """The owner's rank first, then the very word, then the longer keyword; names do not decide."""
    life = life_with(
        reply("営業", Match.STARTS),
        reply("営業時間"),
        reply("定休日", Match.EXACT),
        reply("休"),
        reply("至急", rank=-1),
        reply("定", Match.STARTS, rank=1),
    )
    assert life.says(said) == ([answer] if answer else [])


def test_outside_its_hours_it_leaves_the_word_to_others():
    open_hours = parse_windows("平日 9:00-18:00")
    assert isinstance(open_hours, tuple)
    life = life_with(reply("相談", hours=open_hours), reply("談", text="留守です"))
    assert life.says("相談") == ["相談"]
    life.sleep("2026-11-20 18:00")
    assert life.says("相談") == ["留守です"]
    life.sleep("2026-11-23 09:00")
    assert life.says("相談") == ["相談"]


def test_it_rests_between_two_answers_to_the_same_friend_and_nobody_is_bothered():
    life = life_with(reply("ありがとう", rest=timedelta(days=1)))
    assert life.says("ありがとう") == ["ありがとう"]
    life.wait(hours=23)
    assert life.says("ありがとう！") == []
    assert life.friend.awaits_reply is None
    life.wait(hours=2)
    assert life.says("ありがとう") == ["ありがとう"]


def test_it_may_open_a_survey_or_hand_over_without_a_word_of_its_own():
    life = life_with(
        reply("診断", text="", actions=(OpenSurvey(name="三問"),)),
        reply("苦情", text="", actions=(AwaitReply(),)),
        scripts=(THREE,),
    )
    assert life.says("診断したい")[0].startswith("色は?")
    life.wait(minutes=1)
    life.says("やめる")
    life.wait(minutes=1)
    assert life.says("苦情です") == []
    assert life.friend.awaits_reply is not None
    assert life.counted == 0


@pytest.mark.parametrize(
    "word", ["担当者", "担当者と話す", "担当者と話したい", "スタッフと話したいです", "人と話したい", "担当者。"]
)
def test_a_person_can_be_asked_for_in_many_words(word: str):
    life = life_with()
    assert life.says(word) == ["担当者に伝えました。返信までしばらくお待ちください。"]
    assert life.friend.awaits_reply is not None


def test_a_closing_stop_changes_no_word_that_every_friend_has():
    life = life_with(scripts=(THREE,))
    life.says("配信停止。")
    assert life.friend.pace == "none"
    life.says("三問")
    life.wait(minutes=1)
    assert life.says("やめる！") == ["アンケートを終わりました。"]


@pytest.mark.parametrize("word", ["人", "スタッフ", "担当"])
def test_a_bare_noun_asks_for_nobody(word: str):
    assert life_with().says(word) == []


def test_the_way_to_a_person_stands_under_every_automatic_answer():
    life = life_with(reply("営業"))
    life.says("営業")
    assert life.last is not None
    bubble = a(Send, life.last.effects[0]).bubbles[-1]
    assert [item["action"]["text"] for item in bubble["quickReply"]["items"]] == ["担当者と話す"]
