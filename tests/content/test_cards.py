"""Cards: how they look at LINE, and what pressing their buttons does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.catalog import Account, AutoReply, Catalog, Part
from flows.checks import Level, check
from flows.events import Tapped
from flows.friend import Entry, Friend
from flows.homes import Home, button_data, button_mark, read_button
from flows.messages import Button, Card, Cards, Text
from flows.messages.card import CARD_BYTES, CAROUSEL_BYTES
from flows.names import FriendId, Key, StepId, fold
from flows.phrases import STALE
from flows.rehearsal import NOTHING, rehearse
from flows.scenario import Do, Say, Scenario
from flows.script import Problems, diff, parse_cards
from flows.triggers import KeywordSaid
from flows.words import Filler
from simulator.validate import problems
from tests.engine.life import Life, card_actions, plan_of
from tests.narrowing import a

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FAIR = """
# シナリオ フェア
開始: 友だち追加
終わったら: なし

## すぐ
!カード 秋の保湿フェア
{名前さん|お客様}、今週末までです。
- くわしく → タグ 興味あり、+3点、送る 地図
- 予約する → https://example.com/
- 詳細へ → 道 詳細
- 電話する → 電話 03-1234-5678

## 2日後 19:00
その後いかがですか？

# 道 詳細
## すぐ
詳細です。
"""
CLICKED = """
# シナリオ 押した人
開始: クリック くわしく
終わったら: なし

## すぐ
押してくれてありがとうございます。
"""
MAP = Part(name="地図", messages=(Cards(cards=(Card(text="駅から3分", buttons=(Button(label="行き方"),)),)),))


def living(*scripts: str) -> Life:
    """Somebody who has just added the account, with the part 地図 in the catalog."""
    life = Life(scripts)
    life.catalog = replace(life.catalog, parts={fold(MAP.name): MAP})
    life.follow()
    return life


def filler(**account: Any) -> Filler:
    return Filler(Friend(id=FriendId("U1"), name="山田"), Catalog(account=Account(**account)))


def cards(text: str) -> Cards:
    found = parse_cards(text)
    assert isinstance(found, Cards), found
    return found


def test_a_card_is_a_flex_message_that_line_takes_with_all_its_words_beside_it() -> None:
    """On a PC and for a screen reader the words are all there is."""
    card = cards(
        "!カード 秋の保湿フェア\n![店内](media:abc)\n{名前さん|お客様}へ\n- 予約する → https://example.com/\n- 見た"
    )
    bubble = card.bubble(filler(base_url="https://shop.example"))
    assert problems("Message", bubble) == []
    assert bubble["altText"] == "秋の保湿フェア\n山田さんへ\n［予約する］ https://example.com/\n［見た］"
    assert bubble["contents"]["hero"]["url"] == "https://shop.example/media/abc.preview"
    assert [action["type"] for action in card_actions(bubble)] == ["uri", "postback"]


def test_cards_side_by_side_are_one_bubble() -> None:
    """Three offers cost one 通 and one of the five places."""
    bubble = cards("!カード A\n!カード B\n文\n!カード C\n- はい").bubble(filler())
    assert bubble["contents"]["type"] == "carousel"
    assert len(bubble["contents"]["contents"]) == 3
    assert problems("Message", bubble) == []


def test_a_card_stays_within_lines_sizes_whatever_is_filled_in() -> None:
    """A friend's long answer must not make LINE refuse the whole send."""
    twelve = cards("\n".join(f"!カード {n}\n{'{感想|なし}' * 12}\n- {n} → タグ 長い名前のタグ{n}" for n in range(12)))
    filled = replace(filler(), friend=Friend(id=FriendId("U1"), fields={fold("感想"): Entry(value="長" * 500, at=NOW)}))
    bubble = twelve.bubble(filled)
    assert len(str(bubble["contents"]).encode()) <= CAROUSEL_BYTES
    assert all(len(str(one).encode()) <= CARD_BYTES for one in bubble["contents"]["contents"])
    assert problems("Message", bubble) == []


def test_pressing_carries_everything_out_in_one_reply_at_no_cost() -> None:
    """A tag, points, a saved part: all or nothing, like a choice."""
    life = living(FAIR)
    assert life.taps("くわしく") == ["<flex>"]
    assert (life.tags, life.score, life.ways(), life.counted) == ({"興味あり"}, 3, ["reply"], 0)
    assert fold("くわしく") in life.friend.pressed
    assert "pressed" in life.kinds()


def test_a_slip_of_the_thumb_acts_once_and_a_later_wish_is_met_without_doubling() -> None:
    """The map is wanted again next week; the points are not earned again."""
    life = living(FAIR)
    life.taps("くわしく")
    life.wait(seconds=20)
    assert life.taps("くわしく") == []
    life.wait(days=1)
    assert life.taps("くわしく") == ["<flex>"]
    assert life.score == 3
    assert life.kinds().count("pressed") == 2


def test_a_button_leads_along_a_path() -> None:
    """道 leaves the present line for good, as from a choice."""
    life = living(FAIR)
    assert life.taps("詳細へ") == ["詳細です。"]
    assert life.until("2026-11-30 12:00") == []


def test_a_press_starts_what_waits_for_that_click_and_counts_as_pressed() -> None:
    """[くわしく]を押した holds of him from now on."""
    life = living(FAIR, CLICKED)
    assert life.taps("くわしく") == ["<flex>", "押してくれてありがとうございます。"]


def test_a_wait_for_the_button_goes_on_when_it_is_pressed() -> None:
    """待つ: [名前] names a card's button as well as a link."""
    life = Life(
        (
            "# シナリオ 待\n開始: 友だち追加\n\n## すぐ\n!カード 題\n- 見る\n待つ: [見る] 3日\n\n## すぐ\nありがとうございます。",
        )
    )
    life.follow()
    assert life.taps("見る") == ["ありがとうございます。"]


def test_the_button_of_a_part_acts_too() -> None:
    """A part stands nowhere in the friend's record; what it says now is what counts."""
    life = living(FAIR)
    life.taps("くわしく")
    life.taps("行き方")
    assert fold("行き方") in life.friend.pressed
    life.catalog = replace(life.catalog, parts={})
    life.wait(days=1)
    assert life.taps("行き方") == [STALE]


def test_the_button_of_an_auto_reply_acts_too() -> None:
    """The owner answers 「営業時間」 with a card."""
    life = living(FAIR)
    card = Cards(cards=(Card(title="営業時間", buttons=(Button(label="地図を見る", effects=MAP_EFFECT),)),))
    reply = AutoReply(name="営業時間", trigger=KeywordSaid(keyword="営業時間"), messages=(card,))
    life.catalog = replace(life.catalog, autoreplies={fold("営業時間"): reply})
    assert life.says("営業時間") == ["<flex>"]
    assert life.taps("地図を見る") == ["<flex>"]


MAP_EFFECT = a(Do, a(Scenario, plan_of("# シナリオ x\n\n## すぐ\n= 送る 地図")).lines[0].steps[0].body[0]).actions


def test_a_button_nobody_was_shown_does_nothing() -> None:
    """The data of a tap is a claim; the friend's own record decides."""
    life = Life((FAIR,))
    life.follow()
    home = Home(plan=fold("フェア"), version=1, run=7, step=StepId("s1"))
    stolen = button_data(home, button_mark("くわしく", ()))
    answered = life.happens(Tapped(at=life.now, id="e-x", can_reply=True, data=stolen))
    assert answered == [STALE]
    assert (life.tags, life.score) == (set(), 0)


def test_a_changed_button_does_not_act_in_the_old_ones_name() -> None:
    """A part was rewritten: what was promised then is not there, and nothing else happens instead."""
    life = living(FAIR)
    life.taps("くわしく")
    other = Cards(cards=(Card(text="駅から3分", buttons=(Button(label="行き方", effects=MAP_EFFECT),)),))
    life.catalog = replace(life.catalog, parts={fold("地図"): Part(name="地図", messages=(other,))})
    life.wait(days=1)
    assert life.taps("行き方") == [STALE]


def test_data_comes_back_as_it_was_and_strange_data_is_no_button() -> None:
    """Bars and tildes in a name part nothing."""
    home = Home(plan=Key("a|b~c"), version=3, run=2, step=StepId("s1"))
    press = read_button(button_data(home, "abcdef"))
    assert press is not None
    assert (press.home, press.mark) == (home, "abcdef")
    assert [read_button(data) for data in ("", "k1", "q1|a|1|1|s|x|c0", "k1|a|x|1|s|m", "k1|" + "a" * 400)] == [
        None
    ] * 5


def test_a_rehearsal_offers_the_buttons_and_follows_their_paths() -> None:
    """A path that only a card leads to would else never be seen."""
    plan = plan_of(FAIR)
    play = rehearse(plan, Catalog(parts={fold("地図"): MAP}), NOW)
    assert play.choices == ("くわしく", "詳細へ", NOTHING)
    led = rehearse(plan, Catalog(), NOW, ["詳細へ"])
    assert (led.seen, led.unseen, led.over) == (("詳細",), (), True)
    passed = rehearse(plan, Catalog(), NOW, [NOTHING])
    assert [each.stamp for each in passed.shown] == ["1日目 11:00", "3日目 19:00"]


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ("!カード " + "題" * 41, 1, "40文字まで"),
        ("!カード 題\n" + "文" * 501, 2, "500文字まで"),
        ("!カード 題\n" + "\n".join(f"- {n}" for n in range(5)), 6, "4つまで"),
        ("!カード 題\n- 同じ\n- 同じ", 3, "もうあります"),
        ("!カード 題\n- " + "あ" * 21, 2, "20文字まで"),
        ("!カード 題\n- 予約 → タブ 会員", 2, "リッチメニュー"),
        ("!カード 題\n- 電話 → 電話 なし", 2, "電話番号"),
        ("!カード 題\n- 行く → https://a b", 2, "URL"),
        ("!カード 題\n- 行く →", 2, "押したとき"),
        ("!カード 題\n- 回答あり", 2, "質問で使う"),
        ("!カード", 1, "どれかが要ります"),
        ("!カード 題\n文\n![a](https://example.com/a.jpg)", 3, "すぐ下"),
        ("!カード 題\n!動画(https://example.com/a.mp4)", 2, "写真だけ"),
        ("!カード {名前}", 1, "わからないとき"),
        ("\n".join(f"!カード {n}" for n in range(13)), 13, "12枚まで"),
        ("!カード 題\n- 行く → https://example.com/" + "a" * 1_000, 2, "1,000文字まで"),
    ],
)
def test_what_a_card_cannot_be_is_said_with_its_line(script: str, line: int, words: str) -> None:
    """The owner mends it on a phone: the line, the reason, an example."""
    found = parse_cards(script)
    assert isinstance(found, Problems)
    assert [problem.line for problem in found.problems if words in problem.words] == [line]


def test_a_carousel_too_large_for_line_is_refused_before_it_is_saved() -> None:
    """Twelve cards with long addresses come to more than 50 KB."""
    url = "https://example.com/" + "a" * 900
    script = "\n".join(f"!カード {n}\n" + "\n".join(f"- {m} → {url}" for m in range(4)) for n in range(12))
    found = parse_cards(script)
    assert isinstance(found, Problems)
    assert "大きすぎます" in found.problems[-1].words


@pytest.mark.parametrize("text", ["！カードでお支払いいただけます", "!カード払い", "カード 題", "！！カード 題"])
def test_ordinary_words_about_cards_stay_words(text: str) -> None:
    """A shop writes of payment by card."""
    plan = plan_of(f"# シナリオ x\n\n## すぐ\n{text}")
    assert a(Text, a(Say, a(Scenario, plan).lines[0].steps[0].body[0]).message).body == text


def test_a_changed_button_is_one_line_of_the_difference() -> None:
    """The owner sees what changes before it does, on a phone."""
    changed = plan_of(FAIR.replace("+3点、送る 地図", "+5点"))
    lines = [line for line in diff(plan_of(FAIR), changed).lines if line[0] in "＋－"]
    assert lines == ["－- くわしく → タグ 興味あり、+3点、送る 地図", "＋- くわしく → タグ 興味あり、+5点"]


def test_publishing_waits_for_links_and_addresses_that_are_not_there() -> None:
    """A button that leads nowhere, or a picture nobody can fetch, is found before friends find it."""
    plan = plan_of("# シナリオ x\n\n## すぐ\n!カード 題\n![](media:abc)\n- 予約 → リンク 予約")
    found = {one.rule: one for one in check(plan, Catalog())}
    assert found["unknown_link"].level is Level.ERROR
    assert "PUBLIC_URL" in found["no_address"].words
    there = check(plan, Catalog(account=Account(base_url="https://shop.example")))
    assert "no_address" not in {one.rule for one in there}
