"""An A/B test counts what came of each variant, and calls no winner before there is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from admin_commands.ab_results import verdict
from admin_commands.broadcast_compare import UNCLEAR
from flows.actions import AddTag
from flows.aims import Unclear
from flows.broadcast import Broadcast, Progress, Rest
from flows.deciding import rests_due, settle_rest
from flows.desk import Outcome
from flows.events import Ordered, Rebased
from flows.friend import Label
from flows.messages import Text
from flows.names import fold
from flows.scenario import Say, Scenario, Split, State, Variant
from flows.script import write
from flows.statistics import Share
from tests.broadcast.dialogue import phone, say_all
from tests.broadcast.town import WORDS, person, planned, run, settle, town
from tests.console.world import Phone

SPLIT = Split(
    variants=(
        Variant(name="A", share=50, body=(Say(message=Text(body=f"A {WORDS}")),)),
        Variant(name="B", share=50, body=(Say(message=Text(body=f"B {WORDS}")),)),
    )
)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"A": Share(44, 141), "B": Share(85, 138)}, "反応：B案がA案より30ポイント多い（19〜41の間）"),
        ({"A": Share(11, 141), "B": Share(14, 138)}, "反応：差はまだ不明です（-5〜+9の間）。あと約4,400人"),
        (
            {"A": Share(1, 5), "B": Share(3, 5)},
            "反応：差はまだ不明です（目安は、どの案も20人を超えてから出します）",
        ),
        ({"A": Share(0, 0), "B": Share(3, 5)}, "反応：差はまだ不明です（届いた人がいない案があります）"),
        (
            {"A": Share(10, 100), "B": Share(10, 100)},
            "反応：差はまだ不明です（-9〜+9の間）。いまの差では、人数が増えてもはっきりしなさそうです",
        ),
    ],
)
def test_a_winner_is_named_when_the_interval_is_clear_of_zero(shares: dict[str, Share], words: str) -> None:
    """「差はまだ不明」 until then, with the people still needed."""
    assert verdict("反応", shares) == words


def test_reactions_goals_and_blocks_are_put_down_to_the_variant() -> None:
    """Each friend counts once for what he got, and only for what came after it."""
    with town(40) as world:
        one = planned(world, body=(SPLIT,), goal="予約済")
        run(world)
        got = {number: world.store.friends.load(person(number, world.now).id).friend for number in range(40)}
        variant = {number: each.trials[fold(one.name)].variant for number, each in got.items()}
        world.fake.say(person(1, world.now).id, "行きます")
        world.fake.say(person(1, world.now).id, "何時からですか")
        world.fake.block(person(2, world.now).id)
        world.now += timedelta(days=4)
        world.fake.say(person(3, world.now).id, "もう遅いですか")
        world.work()
        found = world.store.reports(world.now).trial(fold(one.name), ["A", "B"])
    assert sum(each.got for each in found.values()) == 40
    assert found[variant[1]].reacted == 1
    assert sum(each.reacted for each in found.values()) == 1
    assert found[variant[2]].left == 1
    assert sum(each.left for each in found.values()) == 1


def test_a_tag_from_before_does_not_count_as_the_goal() -> None:
    """Who had booked already was not won by the text."""
    with town(10) as world:
        early = person(0, world.now, tags={fold("予約済"): Label(at=world.now)})
        settle(world, [early])
        one = planned(world, body=(SPLIT,), goal="予約済")
        run(world)
        for number in (0, 1):
            event = Ordered(at=world.now, actions=(AddTag(name="予約済"),))
            world.services.friendly.act(person(number, world.now).id, event)
        found = world.store.reports(world.now).trial(fold(one.name), ["A", "B"])
    assert sum(each.goal for each in found.values()) == 1


def started(one: Phone) -> Phone:
    """A and B compared on the first step of 新規様."""
    say_all(one, ("AB 新規様 1", "B案です", "半分ずつ", "反応した人", "始める"))
    return one


def test_it_begins_as_a_new_version_and_is_taken_back_by_undo() -> None:
    """Those under way stay on theirs; 取消 puts the version before in force again."""
    one = started(phone())
    entry = one.catalog.plans[fold("新規様")]
    assert (entry.current, entry.state) == (2, State.LIVE)
    live, before = entry.versions[2], entry.versions[1]
    assert isinstance(live, Scenario)
    assert isinstance(before, Scenario)
    assert isinstance(live.lines[0].steps[0].body[0], Split)
    assert [step.id for _, step in live.steps()] == [step.id for _, step in before.steps()]
    one.tap("取消")
    assert one.catalog.plans[fold("新規様")].current == 1
    assert not one.catalog.contests


def test_one_tap_adopts_a_variant_as_the_next_version() -> None:
    """The other variant is gone from the step, everything else stays."""
    one = started(phone())
    one.reports.outcomes = {"A": Outcome(got=141, reacted=44), "B": Outcome(got=138, reacted=85)}
    assert "B案がA案より30ポイント多い" in one.say("AB 新規様 1")
    one.tap("B案にする（新しい版）")
    entry = one.catalog.plans[fold("新規様")]
    live = entry.versions[3]
    assert isinstance(live, Scenario)
    assert live.lines[0].steps[0].body[0] == Say(message=Text(body="B案です"))
    assert next(iter(one.catalog.contests.values())).over is not None


def test_a_second_comparison_on_the_same_step_begins_at_nought() -> None:
    """What came of the first must not be counted for the second."""
    one = started(phone())
    first = next(iter(one.catalog.contests.values())).id
    one.say("AB 新規様 1")
    one.tap("A案にする（新しい版）")
    started(one)
    assert next(iter(one.catalog.contests.values())).id != first


def test_a_draft_is_not_lost_to_a_comparison() -> None:
    """Half-finished work is published or thrown away by its owner, not by a test."""
    one = phone()
    one.say("時刻 新規様 2 4日後19時")
    assert "下書き" in one.say("AB 新規様 1")
    assert one.catalog.plans[fold("新規様")].draft is not None


def tried(one: Phone, wait: str = "4時間後", unclear: str = "送らずに聞く") -> tuple[Broadcast, Broadcast]:
    """Ten in a hundred each of A and B now, the better one for the rest: the first send and the second."""
    say_all(one, ("一斉", "動かす", "全員", "A案です", "別の案とくらべる", "B案です", "この内容で次へ"))
    say_all(one, ("10%ずつ試して残りは良い方", "反応した人", wait, *([unclear] if wait != "自分で決める" else [])))
    say_all(one, ("今から", "412"))
    first, rest = one.catalog.broadcasts.values()
    one.reports.progress = {first.name: Progress(planned=412, sent={"A": 41, "B": 41}, skipped={"waits": 330})}
    return first, rest


def test_the_rest_is_planned_with_the_first_and_says_nothing_yet() -> None:
    """予定 lists it; nobody whom the first has reached is meant."""
    one = phone()
    first, rest = tried(one)
    assert rest.at - first.at == timedelta(hours=4)
    assert (rest.body, rest.part_of) == ((), first.id)
    assert rest.rest == Rest(unclear=Unclear.ASK)
    assert rest.condition.words() == f"全員 除外 配信「{first.name}」の受信者"
    assert "残りの人へは、良い方を" in one.text
    assert f"{rest.name.partition(' ')[2]}（良い方を待っています）" in one.say("予定")


def test_one_tap_gives_the_rest_what_was_chosen() -> None:
    """The owner need not wait; the second tap on the old button changes nothing."""
    one = phone()
    first, rest = tried(one)
    one.now += timedelta(hours=1)
    one.say(f"AB {first.name}")
    button = one.data_of("残りにB案を送る")
    assert "残りの人にB案を送ります" in one.tap("残りにB案を送る")
    chosen = one.catalog.broadcasts[fold(rest.name)]
    assert chosen.body == (Say(message=Text(body="B案です")),)
    assert chosen.rest is not None
    assert (chosen.rest.chosen, chosen.rest.how) == ("B", "花さんが選びました")
    assert first.at < chosen.at < rest.at
    one.press(button)
    assert one.catalog.broadcasts[fold(rest.name)] == chosen


def test_without_a_time_the_rest_waits_for_a_word() -> None:
    """自分で決める: nothing is sent until somebody says what."""
    one = phone()
    first, rest = tried(one, "自分で決める")
    assert rest.rest is not None
    assert rest.rest.asked == first.at
    assert not rests_due(one.catalog, one.now + timedelta(days=30))
    one.now += timedelta(days=30)
    assert "案を決めるのを待っています" in one.say("予定")


def test_stopping_the_first_stops_the_rest() -> None:
    """途中停止 means all of it; the rest can also be given up by itself."""
    one = phone()
    first, rest = tried(one)
    one.say(f"AB {first.name}")
    one.tap("残りを取りやめる")
    assert one.catalog.broadcasts[fold(rest.name)].stopped is not None
    assert one.catalog.broadcasts[fold(first.name)].stopped is None
    other = phone()
    first, rest = tried(other)
    assert "このあとに送る分も取りやめました" in other.say(f"配信中止 {first.name}")
    assert all(each.stopped for each in other.catalog.broadcasts.values())


@pytest.mark.parametrize(("unclear", "chosen"), [(Unclear.ASK, ""), (Unclear.AHEAD, "B"), (Unclear.FIRST, "A")])
def test_where_nothing_is_clear_what_was_agreed_is_done(unclear: Unclear, chosen: str) -> None:
    """The rule was declared beforehand; a clear difference goes before it."""
    one = phone()
    label = next(words for words, each in UNCLEAR.items() if each is unclear)
    _, rest = tried(one, unclear=label)
    unsure = {"A": Outcome(got=41, reacted=10), "B": Outcome(got=41, reacted=12)}
    sure = {"A": Outcome(got=41, reacted=30), "B": Outcome(got=41, reacted=3)}
    decided = settle_rest(one.catalog, rest, unsure, rest.at).catalog.broadcasts[fold(rest.name)]
    assert decided.rest is not None
    assert (decided.rest.chosen, decided.rest.asked is not None) == (chosen, not chosen)
    clear = settle_rest(one.catalog, rest, sure, rest.at).catalog.broadcasts[fold(rest.name)]
    assert clear.rest is not None
    assert clear.rest.chosen == "A"
    late = settle_rest(one.catalog, rest, sure, rest.at + timedelta(hours=2)).catalog.broadcasts[fold(rest.name)]
    assert late.rest is not None
    assert not late.rest.chosen


def test_a_tag_that_decides_a_comparison_is_renamed_with_it_and_not_thrown_away() -> None:
    """Else nobody would reach the goal from that day on."""
    one = phone()
    say_all(one, ("AB 新規様 1", "B案です", "半分ずつ", "予約済", "始める"))
    say_all(one, ("一斉", "動かす", "全員", "A案です", "別の案とくらべる", "B案です", "この内容で次へ"))
    say_all(one, ("同じ数ずつ", "予約済", "土曜10時", "412"))
    assert "AB「新規様」" in one.say("タグを消す 予約済")
    assert fold("予約済") in one.catalog.tags
    one.say("タグ名変更 予約済 来店予約")
    one.tap("変える")
    assert {each.goal for each in one.catalog.contests.values()} == {"来店予約"}
    assert {each.goal for each in one.catalog.broadcasts.values()} == {"来店予約"}


def test_changing_a_tried_broadcast_moves_and_drops_the_rest_with_it() -> None:
    """It was planned with the first; with other words and nothing to compare it is gone."""
    one = phone()
    say_all(one, ("一斉", "動かす", "全員", "A案です", "別の案とくらべる", "B案です", "この内容で次へ"))
    say_all(one, ("10%ずつ試して残りは良い方", "予約済", "4時間後", "多い方を送る", "土曜10時", "412"))
    first, rest = one.catalog.broadcasts.values()
    assert "いっしょに決めた" in one.say(f"配信変更 {rest.name}")
    say_all(one, (f"配信変更 {first.name}", "直す", "日時", "日曜11時", "412"))
    moved, later = one.catalog.broadcasts.values()
    assert (later.at - moved.at, later.rest) == (timedelta(hours=4), Rest(unclear=Unclear.AHEAD))
    assert later.condition.words() == f"全員 除外 配信「{moved.name}」の受信者"
    say_all(one, (f"配信変更 {moved.name}", "直す", "本文", "ただの文です", "この内容で次へ", "412"))
    (only,) = one.catalog.broadcasts.values()
    assert not only.part_of


def test_rewritten_variants_begin_at_nought() -> None:
    """What came of other words is not counted for these; a new share, or another step, changes nothing."""
    one = started(phone())
    contest = next(iter(one.catalog.contests.values()))
    entry = one.catalog.plans[fold("新規様")]
    live = entry.live
    assert live is not None
    text = write(live)
    for changed, same in (("AB: 70/30", True), ("B案は書き直しました", False)):
        words = text.replace("AB: 50/50", changed) if same else text.replace("B案です", changed)
        one.say(words)
        one.say("公開 新規様")
        one.tap("公開する")
        (now,) = one.catalog.contests.values()
        assert (now.id == contest.id) == same
        assert now.over is None
    one.say("# シナリオ 新規様\n開始: 友だち追加\n\n## すぐ\nB案は書き直しました\n")
    one.say("公開 新規様")
    one.tap("公開する")
    (now,) = one.catalog.contests.values()
    assert now.over is not None


def test_friends_under_way_stay_on_their_version_unless_they_are_moved() -> None:
    """Adopting is a version like any other: the declared rule holds, and one tap moves them along."""
    one = started(phone())
    one.say("AB 新規様 1")
    text = one.tap("B案にする（新しい版）")
    assert "いまの版のまま最後まで届きます" in text
    label = next(each for each in one.labels if each.endswith("も移す"))
    one.tap(label)
    (order,) = one.orders
    assert isinstance(order.event, Rebased)
    assert order.event.to_version == 3
    assert order.everyone_who is not None
    assert order.everyone_who.words() == "シナリオ「新規様」中"
