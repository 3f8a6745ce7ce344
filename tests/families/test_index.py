from dataclasses import replace
from datetime import time, timedelta
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import bitsets, index, reaching, slices
from flows.catalog import Account, Catalog
from flows.conditions.activity import on_or_after
from flows.decision import Tally
from flows.facts import Rule
from flows.friend import Pace, Past, Sent, Trial
from flows.gate import Asking, refusal
from flows.names import Key, fold
from flows.pace import UNLIMITED, Limits
from flows.timing import local_day
from flows.values import Sort, day_of, value_of
from tests.families.people import NOW, TOKYO, Shard, entry, friend, friends, tagged, walk
from tests.narrowing import there

_limits = st.sampled_from([UNLIMITED, Limits(1), Limits(None, 3), Limits(2, 2), Limits(0)])


@settings(max_examples=200, deadline=None)
@given(friends, friends, _limits)
def test_changes_lead_from_the_old_bits_to_the_new(before, after, limits) -> None:
    """An index that is only ever changed must equal one that is rebuilt."""
    on, off = index.changes(before, after, TOKYO, limits)
    old, new = index.marks(before, TOKYO, limits), index.marks(after, TOKYO, limits)
    assert (old | on) - off == new
    assert on <= new - old
    assert off <= old - new
    assert index.changes(None, after, TOKYO, limits) == (new, frozenset())
    assert index.changes(after, replace(after, menu="会員", note="x"), TOKYO, limits) == (frozenset(), frozenset())


@settings(max_examples=200, deadline=None)
@given(friends, _limits, st.integers(-9, 9))
def test_who_would_be_refused_on_a_day_is_what_the_gate_says(one, limits, days) -> None:
    """The count before a send must be of those who really get it."""
    at = NOW + timedelta(days=days)
    account = Account(per_day=limits.per_day, per_week=limits.per_week, quiet_from=time(0), quiet_until=time(0))
    shard, day = Shard.of([one], limits=limits), day_of(local_day(at, TOKYO))
    held = {
        rule
        for rule, prefix in ((Rule.PACE, reaching.PACED), (Rule.CAP, reaching.CAPPED))
        if on_or_after(shard, prefix, day + 1)
    }
    refused = refusal(one, Asking(), Catalog(account=account), at, Tally())
    if one.left is not None or one.staff:
        assert (there(refused).rule is Rule.LEFT) == (one.left is not None)
        assert shard.bitmap(reaching.BLOCKED) == (bitsets.bit(0) if one.left is not None and not one.staff else 0)
    elif refused is None:
        assert not held
    else:
        assert refused.rule in held
        assert (refused.rule is Rule.PACE) == (Rule.PACE in held)


def test_a_new_shape_of_the_bitmaps_is_given_a_new_number() -> None:
    """Indexes kept by an older version are built anew only where the number says that they are of another shape."""
    rich = friend(
        name="さくら",
        joined=NOW,
        route="インスタ",
        tags=tagged("VIP"),
        scores={Key(""): 5},
        fields={fold("年代"): entry("20代", listed=True), fold("備考"): entry("猫"), fold("来た数"): entry("3")},
        occasions={fold("購入"): NOW, fold("来店"): NOW, fold("予約"): NOW},
        counts={fold("購入"): 1, fold("来店"): 2},
        pace=Pace.HALF,
        sends=(Sent(at=NOW, scenario=Key("a")),),
        deliveries=3,
        heeded=2,
        taken_over=NOW,
        enrollments=(walk("新規様"),),
        past={fold("夏"): Past(version=1, runs=1, ended=NOW, how="end")},
        pressed={fold("予約"): NOW},
        broadcasts={fold("秋"): True},
        trials={"t": Trial(variant="A", at=NOW, reacted=True)},
    )
    gone = replace(rich, left=NOW, pace=Pace.NONE)
    marks = index.marks(rich, TOKYO, Limits(1, 3)) | index.marks(gone, TOKYO, Limits(1, 3))
    digest = blake2b(" ".join(sorted(marks)).encode(), digest_size=6).hexdigest()
    assert (index.SHAPE, digest) == (2, "7ca5f0444062"), "another shape: raise flows.index.SHAPE, and write both here"


def test_a_friend_stands_in_the_bitmaps_of_what_he_is() -> None:
    """Names are part of the stored layout: another spelling would orphan what is stored."""
    one = friend(tags=tagged("ＶＩＰ", "a:b"), scores={Key(""): 5}, fields={fold("年代"): entry("20代", listed=True)})
    assert index.marks(one, TOKYO) == {
        "friends",
        "tag:vip",
        "tag:a%3ab",
        "score::0",
        "score::2",
        "field:年代",
        "ans:年代:20代",
    }


def test_staff_and_those_who_left_are_nobody_s_audience() -> None:
    """Staff stand outside head-counts; whoever blocks us cannot be reached."""
    assert index.FRIENDS not in index.marks(friend(staff=True), TOKYO)
    assert index.FRIENDS not in index.marks(friend(left=NOW), TOKYO)


def test_free_words_share_their_bitmaps() -> None:
    """A million different names must not become a million keys."""
    seen: set[str] = set()
    for number in range(2000):
        fields = {fold("お名前"): entry(f"山田{number}")}
        seen |= index.marks(friend(fields=fields), TOKYO)
    assert len(seen) <= 2 + 8 * 16


def test_a_name_made_of_two_parts_is_unlike_any_other() -> None:
    """A colon in a field's name must not make it another field's value."""
    assert slices.name("ans", "a:b", "c") != slices.name("ans", "a", "b:c")
    assert slices.name("ans", "a%3ab", "c") != slices.name("ans", "a:b", "c")


@pytest.mark.parametrize(("number", "byte", "mask"), [(0, 0, 0x80), (7, 0, 0x01), (8, 1, 0x80), (12, 1, 0x08)])
def test_bits_stand_where_redis_puts_them(number: int, byte: int, mask: int) -> None:
    """Redis counts bits from the left of each byte."""
    bitmap = bitsets.to_bytes(bitsets.bit(number))
    assert bitmap[byte] == mask
    assert not any(bitmap[:byte])


@given(st.sets(st.integers(0, 500)))
def test_a_set_goes_to_redis_and_back(numbers: set[int]) -> None:
    """Who is in a frozen broadcast must be who was chosen."""
    members = sum(bitsets.bit(number) for number in numbers)
    assert bitsets.from_bytes(bitsets.to_bytes(members)) == members
    assert bitsets.from_bytes(bitsets.to_bytes(members) + b"\x00\x00") == members
    assert list(bitsets.numbers(members)) == sorted(numbers)
    assert bitsets.from_bytes(None) == 0


@given(st.lists(st.integers(0, 255), max_size=20), st.integers(1, 25))
def test_the_line_of_the_highest_is_found_over_all_shards(counts: list[int], most: int) -> None:
    """上位N人 is of the whole shop, however its friends are spread."""
    shards = []
    for part in (counts[::2], counts[1::2]):
        bits = [sum(bitsets.bit(n) for n, count in enumerate(part) if count >> j & 1) for j in range(8)]
        shards.append((bits, sum(bitsets.bit(n) for n in range(len(part)))))
    line = bitsets.line(shards, most)
    above = sum(count > line for count in counts)
    assert above < most
    assert line == 1 or sum(count >= line for count in counts) >= most


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 15)), max_size=12))
def test_rings_are_turned_and_added_friend_by_friend(rings: list[tuple[int, int]]) -> None:
    """Each friend's ring points elsewhere."""
    places = [sum(bitsets.bit(n) for n, (ring, _) in enumerate(rings) if ring >> j & 1) for j in range(8)]
    by = [sum(bitsets.bit(n) for n, (_, turn) in enumerate(rings) if turn >> j & 1) for j in range(4)]
    turned = bitsets.turned(places, by)
    total = bitsets.added(turned[:3])
    for n, (ring, turn) in enumerate(rings):
        mine = [ring >> (place + turn) % 8 & 1 for place in range(8)]
        assert [int(bool(one & bitsets.bit(n))) for one in turned] == mine
        assert sum(bool(bits & bitsets.bit(n)) << j for j, bits in enumerate(total)) == sum(mine[:3])


@given(st.lists(st.integers(-128, 127), max_size=20), st.integers(-300, 300))
def test_slices_compare_signed_numbers(counts: list[int], limit: int) -> None:
    """A score below zero is less than a score of zero."""
    among = sum(bitsets.bit(n) for n in range(len(counts)))
    bits = [sum(bitsets.bit(n) for n, count in enumerate(counts) if count >> j & 1) for j in range(8)]
    found = bitsets.at_least(bits, limit, among, signed=True)
    assert set(bitsets.numbers(found)) == {n for n, count in enumerate(counts) if count >= limit}


def test_a_score_out_of_bounds_is_kept_at_the_bound() -> None:
    """Twenty bits hold half a million points to either side; more must not wrap round to less."""
    beyond, most = friend(scores={Key(""): 10**9}), friend(scores={Key(""): index.SCORE_HIGH})
    assert index.marks(beyond, TOKYO) == index.marks(most, TOKYO)


def test_the_last_day_counts_from_joining_until_something_is_heard() -> None:
    """A friend who never says a word is silent since he came."""
    joined = friend(joined=NOW - timedelta(days=3))
    assert index.active(joined) == joined.joined
    assert index.active(replace(joined, reacted=NOW)) == NOW


@pytest.mark.parametrize(
    ("text", "sort", "low", "high"),
    [
        ("25", Sort.NUMBER, 2500, 2500),
        ("−2.5", Sort.NUMBER, -250, -250),
        ("1,000", Sort.NUMBER, 100_000, 100_000),
        ("0120444444", Sort.WORD, 0, 0),
        ("1.234", Sort.WORD, 0, 0),
        ("٣", Sort.WORD, 0, 0),
        ("2026-02-30", Sort.WORD, 0, 0),
        ("0001-01-01", Sort.TIME, 1440, 2879),
        ("0001/1/1 00:01", Sort.TIME, 1441, 1441),
    ],
)
def test_a_text_is_worth_what_it_says(text: str, sort: Sort, low: int, high: int) -> None:
    """A telephone number is no number, and a date that does not exist no date."""
    assert value_of(text)[:3] == (sort, low, high)
