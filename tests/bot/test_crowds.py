"""Many at once: one friend with many events, many threads with one friend."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.test_delivery import open_shop, texts
from tests.full_world import FullWorld, full_world
from tests.worlds import id_of, move

SAKURA = id_of("friend")
ASKS = """\
# シナリオ 悩み
開始: 友だち追加
終わったら: なし

## すぐ
? 悩み（1つ）
どちらですか？
- 乾燥 → +3点
- しみ → +1点
"""


@pytest.fixture(params=["fake", "real"])
def crowded(request: pytest.FixtureRequest) -> Iterator[FullWorld]:
    """The whole stack, on the fake and on a real server."""
    with full_world(request.getfixturevalue("real_url") if request.param == "real" else None) as made:
        yield made


def test_a_double_tap_counts_once(crowded: FullWorld) -> None:
    """Two postbacks within the same moment, in two threads: one transition."""
    open_shop(crowded, "friend", script=ASKS)
    with crowded.fake.gathering() as events:
        action = crowded.fake.received(SAKURA)[-1].message["quickReply"]["items"][0]["action"]
        for _ in range(8):
            crowded.fake.acts.happen(SAKURA, "postback", postback={"data": action["data"]})
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda event: crowded.fake.deliver([event]), events))
    crowded.work()
    assert {outcome.status for outcome in outcomes} == {200}
    assert crowded.friend("friend").scores == {"": 3}


def test_fifty_words_at_once_all_count(crowded: FullWorld) -> None:
    """Each lost race is decided again; none of them is lost, none counts twice."""
    script = ASKS.replace("開始: 友だち追加", "開始: 友だち追加、キーワード 悩み").replace(
        "終わったら: なし", "終わったら: なし\n再開始: 許可"
    )
    open_shop(crowded, "friend", script=script)
    with crowded.fake.gathering() as events:
        for number in range(50):
            crowded.fake.say(SAKURA, f"ことば{number}")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda event: crowded.fake.deliver([event]), events))
    crowded.fake.again(events)
    crowded.work()
    assert {outcome.status for outcome in outcomes} == {200}
    assert len(crowded.friend("friend").seen) >= 51
    assert crowded.store.friends.load(SAKURA).rev >= 51


def test_a_batch_of_a_hundred_events_of_one_friend(crowded: FullWorld) -> None:
    """They act in the order in which they happened, whatever the order in the batch."""
    open_shop(crowded, "friend", script=ASKS)
    with crowded.fake.gathering() as events:
        for number in range(100):
            crowded.fake.clock.move(1)
            crowded.fake.say(SAKURA, "乾燥" if number == 0 else f"ことば{number}")
    crowded.fake.deliver(events[::-1])
    crowded.work()
    assert crowded.friend("friend").scores == {"": 3}


def test_a_redelivered_batch_changes_nothing(crowded: FullWorld) -> None:
    """LINE brings a batch again when our 200 came late."""
    open_shop(crowded, "friend", script=ASKS)
    with crowded.fake.gathering() as events:
        crowded.fake.say(SAKURA, "乾燥")
    crowded.fake.deliver(events)
    crowded.work()
    before, said = crowded.friend("friend"), texts(crowded.fake.received(SAKURA))
    for _ in range(5):
        crowded.fake.again(events)
    crowded.work()
    move(crowded, crowded.now)
    assert (crowded.friend("friend"), texts(crowded.fake.received(SAKURA))) == (before, said)
