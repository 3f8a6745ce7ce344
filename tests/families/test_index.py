from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import bitsets, index
from flows.names import Key, fold
from flows.values import Sort, value_of
from tests.families.people import NOW, TOKYO, entry, friend, friends, tagged


@settings(max_examples=200, deadline=None)
@given(friends, friends)
def test_changes_lead_from_the_old_bits_to_the_new(before, after) -> None:
    """An index that is only ever changed must equal one that is rebuilt."""
    on, off = index.changes(before, after, TOKYO)
    old, new = index.marks(before, TOKYO), index.marks(after, TOKYO)
    assert (old | on) - off == new
    assert on <= new - old
    assert off <= old - new
    assert index.changes(None, after, TOKYO) == (new, frozenset())
    assert index.changes(after, replace(after, menu="会員", note="x"), TOKYO) == (frozenset(), frozenset())


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
    assert index.name("ans", "a:b", "c") != index.name("ans", "a", "b:c")
    assert index.name("ans", "a%3ab", "c") != index.name("ans", "a:b", "c")


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
