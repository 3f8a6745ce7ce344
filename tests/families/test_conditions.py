from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.bitsets import bit
from flows.conditions import (
    CONDITIONS,
    AllOf,
    AnyOf,
    Bought,
    BuiltInFilled,
    BuiltInIs,
    Condition,
    Everyone,
    Except,
    FieldFilled,
    FieldIs,
    FromRoute,
    InScenario,
    JoinedDays,
    JoinedIn,
    Named,
    Pressed,
    Rank,
    Reached,
    Responds,
    ScoreIs,
    SilentFor,
    Tagged,
    Top,
    echo,
)
from flows.conditions.compare import Bound, Comparison
from flows.conditions.periods import PERIODS, span
from flows.friend import Friend, Past
from flows.heeding import RING
from flows.names import Key, fold
from tests.families.people import NAMES, NOW, VALUES, Asked, Shard, View, entry, friend, friends, tagged, walk

A, B, C = (Tagged(name=name) for name in "ABC")
UNKNOWN = FieldIs(field="年代", op=Comparison.EQUAL, value="20代")
VIEW = View()
YES, NO = Everyone(), Tagged(name="ない")


def days(count: int) -> timedelta:
    return timedelta(days=count)


def agree(condition: Condition, one: Friend, truth: bool | None, view: View = VIEW) -> None:
    """Both readers say so of this friend."""
    members = condition.members(Shard.of([one]), view)
    assert condition.holds(one, view) is truth
    assert members == (bit(0) if truth is True else 0, bit(0) if truth is None else 0)


@pytest.mark.parametrize(
    ("condition", "words", "brackets"),
    [
        (Everyone(), "全員", "全員"),
        (AllOf(of=(A, B)), "A かつ B", "A かつ B"),
        (AnyOf(of=(A, AllOf(of=(B, C)))), "A または B かつ C", "A または （B かつ C）"),
        (AllOf(of=(A, AnyOf(of=(B, C)))), "A かつ （B または C）", "A かつ （B または C）"),
        (Except(base=A, less=AnyOf(of=(B, C))), "A 除外 B または C", "A 除外 （B または C）"),
        (Except(base=Except(base=A, less=B), less=C), "A 除外 B 除外 C", "（A 除外 B） 除外 C"),
        (Except(base=A, less=Except(base=B, less=C)), "A 除外 （B 除外 C）", "A 除外 （B 除外 C）"),
        (AllOf(of=(Except(base=A, less=B), C)), "（A 除外 B） かつ C", "（A 除外 B） かつ C"),
        (AllOf(of=(AnyOf(of=(A,)), B)), "A かつ B", "A かつ B"),
        (Tagged(name="全員"), "「全員」", "「全員」"),
        (Tagged(name="VIP", spelling="tag"), "タグ VIP", "タグ VIP"),
        (Tagged(name="VIP", spelling="has"), "VIPあり", "VIPあり"),
        (Tagged(name="VIP", absent=True, spelling="lacks"), "VIPなし", "VIPなし"),
        (Named(name="美容女性"), "対象 美容女性", "対象 美容女性"),
        (Named(name="美容女性", bare=True), "美容女性", "美容女性"),
        (FieldFilled(field="メール", absent=True), "メールなし", "メールなし"),
        (FieldIs(field="興味", op=Comparison.UNEQUAL, value="とん かつ"), "興味≠「とん かつ」", "興味≠「とん かつ」"),
        (BuiltInIs(name="来店", op=Comparison.AT_LEAST, value="3"), "来店>=3", "来店>=3"),
        (BuiltInFilled(name="予約", absent=True, explicit=True), "項目 予約なし", "項目 予約なし"),
        (ScoreIs(points=5, bound=Bound.AT_LEAST), "スコア5以上", "スコア5以上"),
        (ScoreIs(score="美容", points=5, bound=Bound.UNDER), "スコア「美容」5未満", "スコア「美容」5未満"),
        (FromRoute(route="インスタ"), "経路=インスタ", "経路=インスタ"),
        (JoinedDays(days=3, bound=Bound.WITHIN), "登録3日以内", "登録3日以内"),
        (JoinedIn(period="今週"), "今週登録", "今週登録"),
        (Top(most=20), "上位20人", "上位20人"),
        (Top(score="美容", most=3), "スコア「美容」上位3人", "スコア「美容」上位3人"),
        (Responds(percent=50, bound=Bound.AT_LEAST), "反応率50%以上（直近5回）", "反応率50%以上（直近5回）"),
        (SilentFor(days=30), "反応なし（30日）", "反応なし（30日）"),
        (Bought(days=7), "購入なし（7日）", "購入なし（7日）"),
        (InScenario(scenario="新規様"), "シナリオ「新規様」中", "シナリオ「新規様」中"),
        (InScenario(scenario="新規様", done=True), "シナリオ「新規様」済", "シナリオ「新規様」済"),
        (Pressed(link="予約", days=7), "[予約]を押した（7日以内）", "[予約]を押した（7日以内）"),
        (Pressed(link="予約", absent=True), "[予約]を押していない", "[予約]を押していない"),
        (Reached(broadcast="秋", how="silent"), "配信「秋」に無反応", "配信「秋」に無反応"),
    ],
)
def test_a_condition_is_written_with_brackets_where_needed_and_repeated_with_all(
    condition: Condition, words: str, brackets: str
) -> None:
    """The owner sees how her words were understood before anything happens."""
    assert (condition.words(), echo(condition)) == (words, brackets)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (AllOf(of=(YES, UNKNOWN)), None),
        (AllOf(of=(NO, UNKNOWN)), False),
        (AnyOf(of=(YES, UNKNOWN)), True),
        (AnyOf(of=(NO, UNKNOWN)), None),
        (Except(base=YES, less=UNKNOWN), True),
        (Except(base=UNKNOWN, less=YES), False),
        (Except(base=UNKNOWN, less=NO), None),
        (FieldIs(field="年代", op=Comparison.UNEQUAL, value="20代"), None),
        (Except(base=Everyone(), less=Tagged(name="ない")), True),
        (Tagged(name="ない", absent=True), True),
    ],
)
def test_what_is_not_known_is_neither_true_nor_false(condition: Condition, truth: bool | None) -> None:
    """A segment never holds someone of whom it is merely unknown; 除外 takes away only the true ones."""
    agree(condition, friend(), truth)


@pytest.mark.parametrize(
    ("value", "listed", "op", "wanted", "truth"),
    [
        ("乾燥", True, "=", "乾燥", True),
        ("カンソウ", False, "=", "かんそう", True),
        ("乾燥、しみ", True, "=", "しみ", True),
        ("乾燥、しみ", True, "≠", "しみ", False),
        ("乾燥、しみ", False, "=", "しみ", False),
        ("25", False, "=", "２５", True),
        ("25", False, ">=", "18", True),
        ("9", False, "<", "18", True),
        ("2.5", False, ">", "2", True),
        ("-3", False, "<", "0", True),
        ("学生", False, ">=", "18", None),
        ("25", False, "≠", "学生", True),
        ("099", False, "=", "99", False),
        ("2026-11-25", False, "=", "2026/11/25", True),
        ("2026-11-25T23:59", False, "=", "2026/11/25", True),
        ("2026-11-25T23:59", False, ">", "2026/11/25", False),
        ("2026-11-25T23:59", False, "<=", "2026年11月25日", True),
        ("2026-11-26", False, ">", "2026/11/25", True),
        ("2026-11-25T09:00", False, "<", "2026/11/25 10:00", True),
        ("しみ", False, ">", "乾燥", None),
    ],
)
def test_values_are_compared_as_what_they_are(
    value: str, listed: bool, op: str, wanted: str, truth: bool | None
) -> None:
    """9 is less than 18, and a day contains its hours."""
    condition = FieldIs(field="項目", op=Comparison(op), value=wanted)
    agree(condition, friend(fields={fold("項目"): entry(value, listed=listed)}), truth)


@pytest.mark.parametrize(
    ("wanted", "truth"), [("乾燥", True), ("猫、犬", True), ("しみ", False), ("猫", False), ("乾燥、猫、犬", False)]
)
def test_own_words_beside_choices_take_nothing_from_them(wanted: str, truth: bool) -> None:
    """Whoever chose 乾燥 and wrote something of her own is still one of those with dry skin."""
    answer = entry("乾燥、猫、犬", listed=True, own="猫、犬")
    for op, expected in ((Comparison.EQUAL, truth), (Comparison.UNEQUAL, not truth)):
        condition = FieldIs(field="悩み", op=op, value=wanted)
        agree(condition, friend(fields={fold("悩み"): answer}), expected)


@pytest.mark.parametrize(
    ("joined", "today", "within"),
    [
        ("2026-11-17T14:59", "2026-11-20T03:00", True),
        ("2026-11-16T14:59", "2026-11-20T03:00", False),
        ("2026-11-16T15:00", "2026-11-20T03:00", True),
        ("2026-11-16T15:00", "2026-11-20T15:00", False),
    ],
)
def test_days_are_calendar_days_of_the_shop(joined: str, today: str, within: bool) -> None:
    """A friend added at 23:59 in Tokyo was added yesterday, one minute later."""
    condition = JoinedDays(days=3, bound=Bound.WITHIN)
    view = View(now=datetime.fromisoformat(today).replace(tzinfo=UTC))
    agree(condition, friend(joined=datetime.fromisoformat(joined).replace(tzinfo=UTC)), within, view)


@pytest.mark.parametrize(
    ("condition", "parts", "truth"),
    [
        (SilentFor(days=30), {"reacted": NOW - days(30)}, True),
        (SilentFor(days=30), {"reacted": NOW - days(29)}, False),
        (SilentFor(days=30), {"joined": NOW - days(31)}, True),
        (SilentFor(days=30), {}, None),
        (Bought(days=7), {}, True),
        (Bought(days=7), {"occasions": {fold("購入"): NOW - days(6)}}, False),
        (Bought(days=7), {"occasions": {fold("購入"): (NOW - days(7)).date()}}, True),
        (Pressed(link="予約"), {"pressed": {fold("予約"): NOW - days(90)}}, True),
        (Pressed(link="予約", days=7), {"pressed": {fold("予約"): NOW - days(8)}}, False),
        (Pressed(link="予約", absent=True), {}, True),
        (Reached(broadcast="秋", how="received"), {"broadcasts": {fold("秋"): False}}, True),
        (Reached(broadcast="秋", how="reacted"), {"broadcasts": {fold("秋"): False}}, False),
        (Reached(broadcast="秋", how="silent"), {"broadcasts": {fold("秋"): False}}, True),
        (Reached(broadcast="秋", how="silent"), {}, False),
        (InScenario(scenario="新規様"), {"enrollments": (walk("新規様"),)}, True),
        (
            InScenario(scenario="新規様", done=True),
            {"past": {fold("新規様"): Past(version=1, runs=1, ended=NOW, how="goal")}},
            True,
        ),
        (FromRoute(route="ｲﾝｽﾀ"), {"route": "インスタ"}, True),
        (FromRoute(route="インスタ"), {}, False),
        (Tagged(name="ｖｉｐ"), {"tags": tagged("VIP")}, True),
        (FieldFilled(field="メール"), {"fields": {fold("メール"): entry("")}}, False),
        (ScoreIs(points=0, bound=Bound.AT_LEAST), {}, True),
        (ScoreIs(score="美容", points=3, bound=Bound.OVER), {"scores": {fold("美容"): 3}}, False),
    ],
)
def test_each_kind_answers_for_one_friend(condition: Condition, parts: dict[str, Any], truth: bool | None) -> None:
    """One case on each side of every line that an owner may draw."""
    agree(condition, friend(**parts), truth)


@pytest.mark.parametrize(
    ("deliveries", "reacted_to", "condition", "truth"),
    [
        (4, (), Responds(percent=50, bound=Bound.AT_LEAST), None),
        (5, (2, 4), Responds(percent=50, bound=Bound.AT_LEAST), False),
        (5, (1, 2, 4), Responds(percent=50, bound=Bound.AT_LEAST), True),
        (5, (2, 4), Responds(percent=40, bound=Bound.OVER), False),
        (5, (2, 4), Responds(percent=40, bound=Bound.AT_MOST), True),
        (9, (0, 1, 2, 3), Responds(percent=1, bound=Bound.AT_LEAST), False),
        (9, (0, 1, 2, 3), Responds(percent=1, bound=Bound.AT_LEAST, last=6), True),
        (70, (68, 69), Responds(percent=100, bound=Bound.AT_LEAST, last=2), True),
        (70, (), Responds(percent=0, bound=Bound.AT_MOST, last=30), True),
    ],
)
def test_the_rate_is_of_the_last_deliveries_and_unknown_before_there_were_so_many(
    deliveries: int, reacted_to: tuple[int, ...], condition: Condition, truth: bool | None
) -> None:
    """Whoever got two messages and tapped one has no rate yet that says anything."""
    ring = sum(1 << number % RING for number in reacted_to)
    agree(condition, friend(deliveries=deliveries, heeded=ring), truth)


def test_as_many_points_as_the_last_one_are_enough() -> None:
    """上位2人 with three who have equally many: none of them may be left out by chance."""
    view = View(lines={Rank(Key(""), 2): 7})
    for points, truth in ((6, False), (7, True), (8, True), (0, False)):
        agree(Top(most=2), friend(scores={Key(""): points}), truth, view)
    agree(Top(most=2), friend(scores={Key(""): 99}), None)


@pytest.mark.parametrize(
    ("period", "today", "first", "after"),
    [
        ("今日", "2026-11-20", "2026-11-20", "2026-11-21"),
        ("昨日", "2026-11-01", "2026-10-31", "2026-11-01"),
        ("今週", "2026-11-22", "2026-11-16", "2026-11-23"),
        ("今週", "2026-11-23", "2026-11-23", "2026-11-30"),
        ("先週", "2026-11-22", "2026-11-09", "2026-11-16"),
        ("今月", "2026-12-31", "2026-12-01", "2027-01-01"),
        ("今月", "2026-02-28", "2026-02-01", "2026-03-01"),
        ("先月", "2026-01-15", "2025-12-01", "2026-01-01"),
        ("今年", "2026-01-01", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period_is_of_the_calendar(period: str, today: str, first: str, after: str) -> None:
    """A week begins on Monday, whatever day it is asked on."""
    assert span(period, date.fromisoformat(today)) == (date.fromisoformat(first), date.fromisoformat(after))


def test_what_is_no_rate_or_period_cannot_be_made() -> None:
    """A condition that means nothing would be false for everyone, and nobody would be told."""
    for wrong in ({"percent": 101}, {"percent": 50, "last": 31}, {"percent": 50, "last": 0}):
        with pytest.raises(ValueError, match="no such rate"):
            Responds(bound=Bound.AT_LEAST, **wrong)
    with pytest.raises(ValueError, match="no such period"):
        JoinedIn(period="来週")


VISITS = {"counts": {fold("来店"): 3}, "occasions": {fold("来店"): datetime(2026, 11, 30, 15, 0, tzinfo=UTC)}}


@pytest.mark.parametrize(
    ("name", "op", "value", "parts", "truth"),
    [
        ("来店", ">=", "3", VISITS, True),
        ("来店", ">", "3", VISITS, False),
        ("来店", "=", "0", {}, True),
        ("購入", ">=", "1", VISITS, False),
        ("来店", "=", "2026/12/1", VISITS, True),
        ("来店", "<=", "2026/11/30", VISITS, False),
        ("来店", "≠", "2026/12/1", {}, None),
        ("予約", ">", "2026/12/1", {"occasions": {fold("予約"): date(2026, 12, 2)}}, True),
        ("予約", "=", "2026/12/1", VISITS, None),
        ("登録", "<", "2026/11/21", {"joined": NOW}, True),
        ("登録", ">=", "2026/11/21", {}, None),
        ("名前", "=", "サクラ", {"name": "さくら"}, True),
        ("名前", "≠", "花子", {"name": "さくら"}, True),
        ("名前", "≠", "花子", {}, None),
    ],
)
def test_what_is_known_of_everybody_is_compared_by_what_stands_behind_the_sign(
    name: str, op: str, value: str, parts: dict[str, Any], truth: bool | None
) -> None:
    """A number asks how often, a date when last; 23:59 and the next day's 0:00 in Tokyo are two days."""
    agree(BuiltInIs(name=name, op=Comparison(op), value=value), friend(**parts), truth)


@pytest.mark.parametrize(
    ("name", "op", "value"),
    [
        ("予約", "=", "3"),
        ("来店", "=", "2.5"),
        ("登録", "=", "2026/12/1 10:00"),
        ("名前", "<", "A"),
        ("年代", "=", "1"),
        ("経路", "=", "A"),
    ],
)
def test_what_does_not_compare_cannot_be_made(name: str, op: str, value: str) -> None:
    """A comparison that means nothing would be false for everyone, and nobody would be told."""
    with pytest.raises(ValueError, match="not to be compared"):
        BuiltInIs(name=name, op=Comparison(op), value=value)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("名前", {"name": "さくら"}),
        ("登録", {"joined": NOW}),
        ("経路", {"route": "インスタ"}),
        ("予約", {"occasions": {fold("予約"): NOW.date()}}),
        ("来店", VISITS),
    ],
)
def test_what_is_known_of_everybody_is_there_or_not(name: str, parts: dict[str, Any]) -> None:
    """予約なし must find those without a booking, and never the others."""
    for absent in (False, True):
        agree(BuiltInFilled(name=name, absent=absent), friend(**parts), not absent)
        agree(BuiltInFilled(name=name, absent=absent), friend(), absent)
    with pytest.raises(ValueError, match="not built in"):
        BuiltInFilled(name="年代")


def test_a_segment_may_name_another_but_never_itself() -> None:
    """A circle of segments is unknown, not an endless walk."""
    view = View(segments={fold("甲"): Named(name="乙"), fold("乙"): Named(name="甲"), fold("丙"): A})
    one = friend(tags=tagged("A"))
    assert Named(name="甲").holds(one, view) is None
    assert list(Named(name="甲").bitmaps(view)) == []
    assert Named(name="甲").members(Shard.of([one]), view).unknown == bit(0)
    assert Named(name="丙").holds(one, view) is True
    assert Named(name="丙", absent=True).holds(one, view) is False
    assert Named(name="ない").holds(one, view) is None


def test_an_empty_condition_cannot_be_made() -> None:
    """An empty list of conditions would be true for everyone."""
    for empty in (AllOf, AnyOf):
        with pytest.raises(ValueError, match="never means everyone"):
            empty(of=())
    with pytest.raises(ValueError, match="no such way"):
        Reached(broadcast="秋", how="liked")


_names = st.sampled_from(NAMES)
_days = st.integers(0, 8)
_bounds = st.sampled_from(Bound)
_points = st.integers(-5, 20) | st.sampled_from([-600_000, -524_288, 524_287, 600_000])
_on_a_day = st.sampled_from(["2026/11/10", "2026/11/20", "2026年11月21日", "1960/1/1", "2200/1/1"])
_built_in = st.one_of(
    st.tuples(st.sampled_from(["登録", "予約", "来店", "購入"]), st.sampled_from(Comparison), _on_a_day),
    st.tuples(st.sampled_from(["来店", "購入"]), st.sampled_from(Comparison), st.sampled_from(["0", "2", "99999"])),
    st.tuples(
        st.just("名前"), st.sampled_from([Comparison.EQUAL, Comparison.UNEQUAL]), st.sampled_from(["さくら", "花"])
    ),
)
_terms = st.one_of(
    st.builds(Everyone),
    _built_in.map(lambda of: BuiltInIs(name=of[0], op=of[1], value=of[2])),
    st.builds(
        BuiltInFilled,
        name=st.sampled_from(["名前", "登録", "経路", "予約", "来店", "購入"]),
        absent=st.booleans(),
    ),
    st.builds(Tagged, name=_names, absent=st.booleans()),
    st.builds(Named, name=st.sampled_from(["甲", "乙", "無い"]), absent=st.booleans()),
    st.builds(FieldFilled, field=_names, absent=st.booleans()),
    st.builds(FieldIs, field=_names, op=st.sampled_from(Comparison), value=st.sampled_from([v for v in VALUES if v])),
    st.builds(ScoreIs, score=st.sampled_from(["", "美容"]), points=_points, bound=_bounds),
    st.builds(FromRoute, route=_names),
    st.builds(JoinedDays, days=_days, bound=_bounds),
    st.builds(JoinedIn, period=st.sampled_from(PERIODS)),
    st.builds(SilentFor, days=_days),
    st.builds(Top, score=st.sampled_from(["", "美容"]), most=st.integers(1, 8)),
    st.builds(Responds, percent=st.integers(0, 100), bound=_bounds, last=st.integers(1, 30)),
    st.builds(Bought, days=_days),
    st.builds(InScenario, scenario=_names, done=st.booleans()),
    st.builds(Pressed, link=_names, absent=st.booleans(), days=_days),
    st.builds(Reached, broadcast=_names, how=st.sampled_from(["received", "reacted", "silent"])),
)
_conditions = st.recursive(
    _terms,
    lambda inner: st.one_of(
        st.builds(AnyOf, of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Except, base=inner, less=inner),
    ),
    max_leaves=7,
)


def lines(people: list[Friend]) -> dict[Rank, int]:
    """How many points it takes to be one of the highest, by looking at every friend."""
    there = [one for one in people if one.left is None and not one.staff]
    found = {}
    for score in (Key(""), fold("美容")):
        points = sorted((one.scores.get(score, 0) for one in there), reverse=True)
        for most in range(1, 9):
            found[Rank(score, most)] = max(1, points[most - 1]) if most <= len(points) else 1
    return found


@settings(max_examples=250, deadline=None)
@given(st.lists(friends, min_size=1, max_size=12), _conditions, _terms, _terms)
def test_a_whole_shard_gets_the_same_answer_as_each_friend(people, condition, first, second) -> None:
    """The two readers of a condition may never disagree: a head-count would lie, or a message go to the wrong person."""
    segments = {fold("甲"): first, fold("乙"): AllOf(of=(second, Named(name="甲")))}
    view = View(segments=segments, lines=lines(people))
    shard = Shard.of(people)
    members = condition.members(Asked(shard, frozenset(condition.bitmaps(view))), view)
    true = unknown = 0
    for number, one in enumerate(people):
        if one.left is None and not one.staff:
            truth = condition.holds(one, view)
            true |= bit(number) if truth is True else 0
            unknown |= bit(number) if truth is None else 0
    assert (members.true, members.unknown) == (true, unknown), condition.words()


def test_every_kind_takes_part_in_the_random_trees() -> None:
    """A new kind of condition that is not compared with brute force would be found here."""
    drawn = {
        Everyone,
        Tagged,
        Named,
        FieldFilled,
        FieldIs,
        BuiltInFilled,
        BuiltInIs,
        ScoreIs,
        FromRoute,
        JoinedDays,
        JoinedIn,
        SilentFor,
        Responds,
        Top,
        Bought,
        InScenario,
    }
    assert drawn | {Pressed, Reached, AnyOf, AllOf, Except} == set(CONDITIONS)
    assert len({kind.kind for kind in CONDITIONS}) == len(CONDITIONS)
    assert Key("") not in {fold(name) for name in NAMES}
