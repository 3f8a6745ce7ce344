"""A/B tests: the hash alone divides, what came of a variant is kept, and the better one comes into force to the letter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.actions import StartScenario
from flows.aims import Aim, Unclear
from flows.broadcast import Addressed, Broadcast
from flows.catalog import Catalog, Contest
from flows.conditions import Everyone
from flows.deciding import contests_due, settle_contest, with_adopted
from flows.desk import Outcome
from flows.engine import decide
from flows.events import CameDue, Clicked, Followed, Left, Ordered, Said
from flows.facts import StepSkipped, StepTaken
from flows.friend import Friend, Label
from flows.messages import Text
from flows.names import FriendId, Key, StepId, fold
from flows.scenario import Say, Scenario, Split, Step, Variant
from flows.script import write
from flows.variants import adopted, for_friend, variant_of
from tests.script import plans
from tests.worlds import published

NOW = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
ME = FriendId("U" + "a" * 32)
SPLIT = Split(variants=tuple(Variant(name=n, share=50, body=(Say(message=Text(body=n)),)) for n in "AB"))
SCRIPT = """# シナリオ 新規様
開始: 友だち追加

## すぐ
はい

## 3日後 19:00
AB: 50/50
案A:
その後いかがですか？
案B: 4日後 12:00
\\## これは文です

　字下げの行
おわり
? 悩み（1つ）
お悩みは？
- 乾燥

## 6日後 19:00
さいごに
"""


def friend(number: int = 0, **more: object) -> Friend:
    """Somebody who follows."""
    given_ = {"joined": NOW - timedelta(days=30)} | more
    return Friend(id=FriendId(f"U{number:032x}"), **given_)  # type: ignore[arg-type]


def sent(name: str, **more: object) -> Broadcast:
    """A broadcast that compares A with B."""
    given_ = {"id": f"id{name}", "name": name, "condition": Everyone(), "body": (SPLIT,), "at": NOW, "made": NOW}
    return Broadcast(**given_ | more)  # type: ignore[arg-type]


def with_all(*those: Broadcast) -> Catalog:
    """The configuration with these."""
    return Catalog(broadcasts={fold(one.name): one for one in those})


def addressed(one: Friend, name: str, catalog: Catalog, now: datetime) -> Friend:
    """The friend once it came to him."""
    return decide(one, Addressed(at=now, id=f"b{name}", broadcast=fold(name)), catalog, now).friend


# -- what is kept -------------------------------------------------------------------------------------------------


def test_no_table_loses_a_friend_to_later_tests() -> None:
    """Thirty comparisons later the first is still counted with him: an owner may be deciding by it."""
    catalog = with_all(*(sent(f"配信{n}") for n in range(30)))
    one = friend()
    for n in range(30):
        one = addressed(one, f"配信{n}", catalog, NOW + timedelta(days=n))
    assert len(one.trials) == len(one.broadcasts) == 30


def test_what_nobody_can_look_at_any_more_makes_room() -> None:
    """A record does not grow for ever."""
    one = friend()
    for n in range(60):
        catalog = with_all(*(sent(f"配信{m}") for m in range(max(0, n - 4), n + 1)))
        one = addressed(one, f"配信{n}", catalog, NOW + timedelta(days=n))
    assert len(one.trials) == 8
    assert len(one.broadcasts) == 20
    assert list(one.trials)[-1] == fold("配信59")


def test_a_running_test_on_a_step_is_kept_beyond_broadcasts() -> None:
    """Started by the wizard or by a script: as long as the version is there, its table is."""
    catalog = replace(
        published(Catalog(), SCRIPT, NOW), broadcasts={fold(f"配信{n}"): sent(f"配信{n}") for n in range(12)}
    )
    one = decide(friend(joined=None), Followed(at=NOW, id="f", can_reply=True), catalog, NOW).friend
    late = NOW + timedelta(days=5)
    one = decide(one, CameDue(at=late), catalog, late).friend
    (trial,) = one.trials
    for n in range(12):
        one = addressed(one, f"配信{n}", catalog, late + timedelta(days=n + 1))
    assert trial in one.trials
    assert len(one.trials) == 13


def test_the_hash_alone_divides() -> None:
    """Neither what a record holds nor what was forgotten moves anybody to another variant; the shares come out."""
    catalog = with_all(sent("秋", body=(replace(SPLIT, variants=_shares(70, 30)),)))
    counted: Counter[str] = Counter()
    for number in range(2000):
        first = addressed(friend(number), "秋", catalog, NOW)
        full = {fold(f"前{n}"): False for n in range(20)}
        tags = {Key("t"): Label(at=NOW)}
        later = addressed(friend(number, broadcasts=full, tags=tags), "秋", catalog, NOW + timedelta(days=9))
        assert first.trials[fold("秋")].variant == later.trials[fold("秋")].variant
        counted[first.trials[fold("秋")].variant] += 1
    assert 0.66 < counted["A"] / 2000 < 0.74


def test_two_tests_divide_independently() -> None:
    """Who got A here is no likelier to get A there."""
    both = Counter((variant_of(SPLIT, friend(n).id, "s1"), variant_of(SPLIT, friend(n).id, "s2")) for n in range(4000))
    assert all(900 < many < 1100 for many in both.values())


def _shares(*shares: int) -> tuple[Variant, ...]:
    return tuple(replace(one, share=share) for one, share in zip(SPLIT.variants, shares, strict=True))


# -- what counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aim", "event", "counts"),
    [
        (None, Said(at=NOW + timedelta(hours=1), id="x", text="はい", can_reply=True), {"reacted"}),
        (None, Clicked(at=NOW + timedelta(hours=1), id="x", link="予約"), {"reacted", "clicked"}),
        (None, Clicked(at=NOW + timedelta(days=4), id="x", link="予約"), set()),
        (Aim.PRESS, Clicked(at=NOW + timedelta(hours=1), id="x", link="予約"), {"reacted", "clicked"}),
        (None, Left(at=NOW + timedelta(hours=1), id="x"), {"left"}),
    ],
)
def test_what_a_friend_does_is_put_down_to_his_variant(
    aim: Aim | None, event: Said | Clicked, counts: set[str]
) -> None:
    """Within three days of the send, and a block within a day."""
    catalog = with_all(sent("秋", aim=aim))
    one = addressed(friend(), "秋", catalog, NOW)
    trial = decide(one, event, catalog, event.at).friend.trials[fold("秋")]
    assert {name for name in ("reacted", "clicked", "goal", "left") if getattr(trial, name)} == counts


@pytest.mark.parametrize(("aim", "goal"), [(None, False), (Aim.PRESS, False), (Aim.ANSWER, True)])
def test_an_answer_is_a_tap_on_the_message_and_may_be_the_goal(aim: Aim | None, goal: bool) -> None:
    """押した counts for the message that asked, and 回答した where that decides."""
    catalog = published(Catalog(), SCRIPT, NOW)
    step = _step(catalog)
    contest = Contest(id="c", scenario=Key("新規様"), step=step.id, variants=("A", "B"), aim=aim, began=NOW)
    catalog = replace(catalog, contests={f"新規様/{step.id}": contest})
    one = decide(friend(joined=None), Followed(at=NOW, id="f", can_reply=True), catalog, NOW).friend
    late = NOW + timedelta(days=5)
    one = decide(one, CameDue(at=late), catalog, late).friend
    answer = late + timedelta(hours=1)
    trial = decide(one, Said(at=answer, id="x", text="乾燥", can_reply=True), catalog, answer).friend.trials["c"]
    assert (trial.reacted, trial.clicked, trial.goal) == (True, True, goal)


def _step(catalog: Catalog) -> Step:
    plan = catalog.plans[Key("新規様")].live
    assert isinstance(plan, Scenario)
    return plan.lines[0].steps[1]


# -- times --------------------------------------------------------------------------------------------------------


def test_each_friend_gets_the_step_at_the_time_of_his_variant() -> None:
    """Never early, in order, and always the same one."""
    catalog = published(Catalog(), SCRIPT, NOW)
    plan = catalog.plans[Key("新規様")].live
    assert isinstance(plan, Scenario)
    step = plan.lines[0].steps[1]
    seen = set()
    for number in range(40):
        one = decide(friend(number, joined=None), Followed(at=NOW, id="f", can_reply=True), catalog, NOW).friend
        (walk,) = one.enrollments
        mine = for_friend(step, one.id)
        expected = {"3日後 19:00": "2026-11-23T10:00", "4日後 12:00": "2026-11-24T03:00"}[mine.when.words]
        assert walk.due == datetime.fromisoformat(f"{expected}:00+00:00")
        early = decide(one, CameDue(at=walk.due - timedelta(seconds=1)), catalog, walk.due - timedelta(seconds=1))
        assert not early.effects
        taken = decide(one, CameDue(at=walk.due), catalog, walk.due).friend
        variant = {"3日後 19:00": "A", "4日後 12:00": "B"}[mine.when.words]
        assert taken.trials["新規様/s2"].variant == variant
        seen.add(variant)
    assert seen == {"A", "B"}


# -- adopting -----------------------------------------------------------------------------------------------------


@given(plan=plans.scenarios(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_adopted_variant_is_the_same_to_the_letter(plan: Scenario, data: st.DataObject) -> None:
    """Every bubble, effect and question of it, and everything around it."""
    steps = [(step, item) for _, step in plan.steps() for item in step.body if isinstance(item, Split)]
    if not steps:
        return
    step, split = data.draw(st.sampled_from(steps))
    variant = data.draw(st.sampled_from(split.variants))
    new = adopted(step, split, variant.name)
    assert new is not None
    at = step.body.index(split)
    assert new.body == (*step.body[:at], *variant.body, *step.body[at + 1 :])
    assert new.when == (variant.when or step.when)
    assert (new.id, new.only_if) == (step.id, step.only_if)


def test_adopting_makes_a_version_and_leaves_the_others_as_they_are() -> None:
    """Odd letters too: blanks, a protected line, an indented one."""
    catalog = published(Catalog(), SCRIPT, NOW)
    after = with_adopted(catalog, Key("新規様"), _step(catalog).id, "B", now=NOW, by="花")  # type: ignore[attr-defined]
    assert after is not None
    entry = after.plans[Key("新規様")]
    assert (entry.current, entry.changed_by) == (2, "花")
    assert entry.versions[1] == catalog.plans[Key("新規様")].versions[1]
    text = write(entry.versions[2])
    assert "## 4日後 12:00\n\\## これは文です\n\n　字下げの行\n? 悩み" in text
    assert "AB:" not in text


# -- the time limit -----------------------------------------------------------------------------------------------

SURE = {"A": Outcome(got=60, reacted=10), "B": Outcome(got=60, reacted=40)}
UNSURE = {"A": Outcome(got=60, reacted=10), "B": Outcome(got=60, reacted=12)}


def limited(unclear: Unclear = Unclear.ASK) -> tuple[Catalog, str]:
    """A test that ends in a week."""
    catalog = published(Catalog(), SCRIPT, NOW)
    step = StepId("s2")
    until = NOW + timedelta(days=7)
    contest = Contest(
        id="c",
        scenario=Key("新規様"),
        step=step,
        variants=("A", "B"),
        began=NOW,
        decide_at=until,
        unclear=unclear,
    )
    return replace(catalog, contests={"新規様/s2": contest}), "新規様/s2"


@pytest.mark.parametrize(
    ("found", "unclear", "version", "asked"),
    [
        (SURE, Unclear.ASK, 2, False),
        (UNSURE, Unclear.ASK, 1, True),
        (UNSURE, Unclear.AHEAD, 2, False),
        (UNSURE, Unclear.FIRST, 2, False),
        ({"A": Outcome(), "B": Outcome()}, Unclear.ASK, 1, True),
    ],
)
def test_at_its_time_a_test_ends_as_was_agreed(
    found: dict[str, Outcome], unclear: Unclear, version: int, asked: bool
) -> None:
    """By the numbers where they say it, else by the rule; once."""
    catalog, key = limited(unclear)
    assert contests_due(catalog, NOW + timedelta(days=6)) == []
    then = NOW + timedelta(days=7)
    assert contests_due(catalog, then) == [key]
    decided = settle_contest(catalog, key, found, then)
    after = decided.catalog
    assert after.plans[Key("新規様")].current == version
    assert (after.contests[key].asked is not None) == asked
    assert (decided.before is None) == asked
    if decided.before is not None:
        assert contests_due(decided.before, then) == []
        assert decided.before.plans == catalog.plans
    assert contests_due(after, then + timedelta(days=1)) == []


def test_half_finished_work_is_not_lost_to_a_time_limit() -> None:
    """A draft stands in the way: staff are asked instead."""
    catalog, key = limited(Unclear.AHEAD)
    entry = catalog.plans[Key("新規様")]
    catalog = replace(catalog, plans={Key("新規様"): replace(entry, draft=entry.versions[1])})
    decided = settle_contest(catalog, key, SURE, NOW + timedelta(days=7))
    assert decided.catalog.plans == catalog.plans
    assert decided.catalog.contests[key].asked is not None
    assert "直しかけの下書き" in decided.notice


def test_a_variant_without_a_date_is_not_left_out_with_a_dated_one() -> None:
    """Whether a step is bound to a day is asked of the friend's own variant, also once it is late."""
    script = """# シナリオ 来店前
開始: 手動

## 予約の前日 18:00
AB: 50/50
案A:
案B: 3日後 19:00
おわり
お待ちしています。
"""
    catalog = published(Catalog(), script, NOW)
    taken = Counter[str]()
    for number in range(20):
        one = friend(number, occasions={fold("予約"): NOW + timedelta(days=2)})
        begun = Ordered(at=NOW, id="o", actions=(StartScenario(name="来店前"),))
        one = decide(one, begun, catalog, NOW).friend
        late = NOW + timedelta(days=6)
        facts = decide(one, CameDue(at=late), catalog, late).facts
        sent_ = [fact.variant for fact in facts if isinstance(fact, StepTaken)]
        left_out = [fact for fact in facts if isinstance(fact, StepSkipped)]
        taken.update(sent_ or ["left out" for _ in left_out])
    plan = catalog.plans[Key("来店前")].live
    assert isinstance(plan, Scenario)
    step = plan.lines[0].steps[0]
    undated = sum(for_friend(step, friend(number).id).when.words == "3日後 19:00" for number in range(20))
    assert taken == {"B": undated, "left out": 20 - undated}
    assert 0 < undated < 20
