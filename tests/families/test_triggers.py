from dataclasses import replace
from datetime import timedelta

import pytest

from flows.conditions.labels import Bound
from flows.events import Clicked, Event, Followed, Left, Occurred, Said, Showed, Tapped
from flows.facts import Answered, Fact, Joined, Returned, ScenarioEnded, ScoreChanged, SurveyFinished, TagAdded
from flows.names import fold
from flows.triggers import (
    TRIGGERS,
    AnswerGiven,
    ByHand,
    FriendAdded,
    FriendBack,
    KeywordSaid,
    LinkClicked,
    RouteEntered,
    ScenarioDone,
    ScoreCrossed,
    SilentDays,
    Something,
    SurveyDone,
    TagGained,
    Trigger,
    WithoutWithin,
)
from flows.triggers.sayings import Match
from tests.families.people import NOW, entry, friend

CART = WithoutWithin(after="カート", without="購入", within=timedelta(minutes=60), words_within="60分")


def score(points: int, total: int, of: str = "") -> ScoreChanged:
    return ScoreChanged(at=NOW, score=of, points=points, total=total)


def said(text: str) -> Said:
    return Said(at=NOW, text=text)


@pytest.mark.parametrize(
    ("trigger", "words", "happened", "sets_off"),
    [
        (FriendAdded(), "友だち追加", Joined(at=NOW), True),
        (FriendAdded(), "友だち追加", Returned(at=NOW), False),
        (FriendBack(), "ブロック解除", Returned(at=NOW), True),
        (RouteEntered(route="店内 QR"), "経路 「店内 QR」", Followed(at=NOW, route="店内　ＱＲ"), True),
        (RouteEntered(route="店内"), "経路 店内", Followed(at=NOW), False),
        (TagGained(tag="ＶＩＰ"), "タグ ＶＩＰ", TagAdded(at=NOW, tag="vip"), True),
        (TagGained(tag="VIP"), "タグ VIP", TagAdded(at=NOW, tag="VIP2"), False),
        (ScoreCrossed(points=10, bound=Bound.AT_LEAST), "スコア10以上", score(3, 10), True),
        (ScoreCrossed(points=10, bound=Bound.AT_LEAST), "スコア10以上", score(3, 13), False),
        (ScoreCrossed(points=10, bound=Bound.AT_LEAST), "スコア10以上", score(-3, 10), False),
        (ScoreCrossed(points=10, bound=Bound.UNDER), "スコア10未満", score(-1, 9), True),
        (ScoreCrossed(points=10, bound=Bound.UNDER), "スコア10未満", score(-1, 8), False),
        (ScoreCrossed(score="美容", points=1, bound=Bound.AT_LEAST), "スコア「美容」1以上", score(5, 5), False),
        (ScoreCrossed(score="美容", points=1, bound=Bound.OVER), "スコア「美容」1超", score(5, 5, "美容"), True),
        (KeywordSaid(keyword="肌診断"), "キーワード 肌診断", said(" 肌診断！ "), True),
        (KeywordSaid(keyword="カット"), "キーワード カット", said("ｶｯﾄ"), True),
        (KeywordSaid(keyword="肌診断"), "キーワード 肌診断", said("肌診断したい"), False),
        (KeywordSaid(keyword="予約", match=Match.CONTAINS), "キーワード 予約 を含む", said("明日予約できますか"), True),
        (KeywordSaid(keyword="予約", match=Match.STARTS), "キーワード 予約 で始まる", said("予約したい"), True),
        (KeywordSaid(keyword="予約", match=Match.STARTS), "キーワード 予約 で始まる", said("今日予約"), False),
        (KeywordSaid(keyword="？"), "キーワード ？", said("?"), True),
        (KeywordSaid(keyword=" ", match=Match.CONTAINS), "キーワード 「 」 を含む", said("なんでも"), False),
        (AnswerGiven(field="年代"), "回答 年代", Answered(at=NOW, field="年代"), True),
        (AnswerGiven(field="年代", value="20代"), "回答 年代=20代", Answered(at=NOW, field="年代"), True),
        (AnswerGiven(field="年代", value="30代"), "回答 年代=30代", Answered(at=NOW, field="年代"), False),
        (AnswerGiven(field="職業"), "回答 職業", Answered(at=NOW, field="年代"), False),
        (SurveyDone(survey="肌診断"), "アンケート 肌診断", SurveyFinished(at=NOW, survey="肌診断"), True),
        (ScenarioDone(scenario="甲"), "シナリオ 甲", ScenarioEnded(at=NOW, scenario="甲", version=1, how="end"), True),
        (
            ScenarioDone(scenario="甲"),
            "シナリオ 甲",
            ScenarioEnded(at=NOW, scenario="甲", version=1, how="goal"),
            False,
        ),
        (LinkClicked(link="予約"), "クリック 予約", Clicked(at=NOW, link="予約"), True),
        (Something(what="来店"), "来店", Occurred(at=NOW, what="来店"), True),
        (Something(what="体験"), "イベント 体験", Occurred(at=NOW, what="来店"), False),
        (ByHand(), "手動", Joined(at=NOW), False),
        (SilentDays(days=30), "反応なし 30日", said("こんにちは"), False),
        (CART, "カートのあと60分以内に購入なし", Occurred(at=NOW, what="カート"), False),
    ],
)
def test_a_trigger_is_set_off_by_its_own_thing_and_written_as_read(
    trigger: Trigger, words: str, happened: Event | Fact, sets_off: bool
) -> None:
    """One event starts one scenario once: a trigger that listens to two things would start it twice."""
    one = friend(fields={fold("年代"): entry("20代", listed=True)})
    assert trigger.set_off(happened, one) is sets_off
    assert trigger.words() == words


@pytest.mark.parametrize(
    "happened", [said("x"), Tapped(at=NOW, data="d"), Showed(at=NOW, what="image"), Followed(at=NOW)]
)
def test_silence_begins_anew_with_every_sign_of_life(happened: Event) -> None:
    """Any reaction moves the alarm: it rings once per silence."""
    name, rings = SilentDays(days=30).alarm(happened, friend()) or ("", NOW)
    assert rings == NOW + timedelta(days=30)
    assert SilentDays(days=30).rings(name)
    assert not SilentDays(days=31).rings(name)
    assert not CART.rings(name)


def test_a_cart_left_behind_rings_unless_something_was_bought() -> None:
    """Bought in the 59th minute of 60: nothing is sent."""
    alarm = CART.alarm(Occurred(at=NOW, what="ｶｰﾄ"), friend())
    assert alarm is not None
    name, rings = alarm
    assert rings == NOW + timedelta(minutes=60)
    assert CART.rings(name)
    assert not replace(CART, within=timedelta(minutes=30)).rings(name)
    assert CART.cancels(Occurred(at=NOW, what="購入"))
    assert not CART.cancels(Occurred(at=NOW, what="来店"))
    assert CART.alarm(Occurred(at=NOW, what="購入"), friend()) is None


@pytest.mark.parametrize("trigger", [SilentDays(days=30), CART])
def test_nothing_waits_for_someone_who_left(trigger: Trigger) -> None:
    """Whoever blocks us is not reminded of anything."""
    assert trigger.cancels(Left(at=NOW))


def test_most_triggers_set_no_alarm() -> None:
    """Only absence needs the clock."""
    assert FriendAdded().alarm(Joined(at=NOW), friend()) is None
    assert not FriendAdded().cancels(Left(at=NOW))
    assert not FriendAdded().rings("silent_days/30")
    assert len({trigger.kind for trigger in TRIGGERS}) == len(TRIGGERS)
