"""LINE's answers as outcomes, over a real socket, with everything that may go wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.line import (
    Accepted,
    AlreadyAccepted,
    LineClient,
    LineRefusedError,
    LineUnavailableError,
    OverQuota,
    RateLimited,
    Refused,
    TokenSpent,
    TryAgain,
    Unknown,
    connect,
    multicast,
    push,
    reply,
)
from bot.line.lane import Lane, Unpaced, pause
from bot.line.outcomes import read
from bot.line.tokens import Issued, LongLived, Stateless
from bot.store.entries import bubbles_json
from flows.names import FriendId
from simulator.faults import Fault
from simulator.world import FakeLine, user_id

SAKURA = FriendId(user_id("さくら"))
WORDS = bubbles_json([{"type": "text", "text": "こんにちは"}])
KEY = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def fake() -> Iterator[FakeLine]:
    """LINE with one friend."""
    with FakeLine() as line:
        line.add_person(SAKURA, "さくら", friend=True)
        yield line


@pytest.fixture
def client(fake: FakeLine) -> Iterator[LineClient]:
    """Our side of the channel."""
    made = connect(base=fake.url, token=fake.token, channel_id=None, secret=fake.secret, pacing=Unpaced())
    yield made
    made.close()


def test_a_push_is_accepted_once(fake: FakeLine, client: LineClient) -> None:
    """The retry key makes a second push the same push."""
    call = push(SAKURA, WORDS, key=KEY)
    assert isinstance(client.send(call).result(5), Accepted)
    assert isinstance(client.send(call).result(5), AlreadyAccepted)
    assert len(fake.ledger) == 1


def test_what_line_may_have_taken_is_asked_again_with_the_same_key(fake: FakeLine, client: LineClient) -> None:
    """A 500 after acceptance must not become a second message, nor one before it a lost one."""
    fake.faults.script("push", [Fault.ERROR_AFTER])
    assert isinstance(client.send(push(SAKURA, WORDS, key=KEY)).result(5), AlreadyAccepted)
    fake.faults.script("push", [Fault.ERROR_BEFORE, Fault.RESET_BEFORE])
    assert isinstance(client.send(push(SAKURA, WORDS, key=KEY.replace("1", "2"))).result(10), Accepted)
    assert len(fake.ledger) == 2


def test_silence_is_an_unknown_outcome(fake: FakeLine) -> None:
    """Waiting for ever would hold a place in the sender."""
    lane = Lane(fake.url, LongLived(fake.token), Unpaced(), answer_seconds=0.2)
    fake.faults.hang_seconds = 1.0
    fake.faults.script("push", [Fault.HANG_BEFORE])
    assert isinstance(lane.run(lane.once(push(SAKURA, WORDS, key=KEY))).result(5), Unknown)
    lane.close()


def test_nobody_listening_means_surely_not_sent() -> None:
    """What was surely not sent may be tried again even where there is no retry key."""
    lane = Lane("http://127.0.0.1:1", LongLived("x"), Unpaced())
    assert isinstance(lane.run(lane.once(reply("t", WORDS))).result(5), TryAgain)
    lane.close()


def test_refusals_say_where(client: LineClient) -> None:
    """Whether the message or a person is poison decides what becomes of the others."""
    empty = client.send(push(SAKURA, bubbles_json([{"type": "text", "text": ""}]), key=KEY)).result(5)
    assert isinstance(empty, Refused)
    assert empty.where[0].startswith("messages[0].text")


def test_the_two_429_are_told_apart(fake: FakeLine, client: LineClient) -> None:
    """One wants a moment's patience, the other the next month."""
    fake.limit(0)
    assert isinstance(client.send(push(SAKURA, WORDS, key=KEY)).result(5), OverQuota)
    fake.limit(None)
    fake.faults.script("multicast", [Fault.RATE])
    lane = client.lane
    assert isinstance(lane.run(lane.once(multicast([SAKURA], WORDS, key=KEY))).result(5), RateLimited)


def test_a_spent_reply_token_is_told_apart(client: LineClient) -> None:
    """It is no fault of the message: it can still be pushed."""
    assert isinstance(client.send(reply("nobody's", WORDS)).result(5), TokenSpent)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (202, b"", Accepted),
        (400, b"not json", Refused),
        (400, b'["odd"]', Refused),
        (401, b"{}", Refused),
        (429, b"{}", RateLimited),
        (503, b"<html>", Unknown),
    ],
)
def test_odd_answers_have_an_outcome_too(status: int, body: bytes, outcome: type) -> None:
    """A proxy on the way answers in a language of its own."""
    assert isinstance(read(status, body), outcome)


def test_stateless_tokens_are_issued_and_renewed_in_time() -> None:
    """They live fifteen minutes; a send must never meet a dead one."""
    time = 0.0
    issued: list[str] = []

    def issue() -> Issued:
        issued.append(f"token{len(issued)}")
        return Issued(token=issued[-1], seconds=900)

    tokens = Stateless(issue, seconds=lambda: time)
    assert (tokens.at_hand(), tokens.current(), tokens.at_hand()) == ("", "token0", "token0")
    time = 770.0
    assert tokens.current() == "token0"
    time = 790.0
    assert tokens.current() == "token1"
    tokens.refuse("token0")
    assert tokens.current() == "token1"
    tokens.refuse("token1")
    assert tokens.current() == "token2"


def test_the_channel_id_is_enough(fake: FakeLine) -> None:
    """With it nobody has to copy a token."""
    made = connect(base=fake.url, token=None, channel_id=fake.channel_id, secret=fake.secret, pacing=Unpaced())
    assert isinstance(made.send(push(SAKURA, WORDS, key=KEY)).result(5), Accepted)
    assert made.display_name(SAKURA) == "さくら"
    made.close()


def test_without_a_token_nothing_is_sent(fake: FakeLine) -> None:
    """A wrong secret is found out without losing a message."""
    made = connect(base=fake.url, token=None, channel_id="1", secret=fake.secret, pacing=Unpaced())
    lane = made.lane
    assert isinstance(lane.run(lane.once(push(SAKURA, WORDS, key=KEY))).result(5), TryAgain)
    made.close()


def test_names_quota_and_the_webhook_go_through_the_sdk(fake: FakeLine, client: LineClient) -> None:
    """What is asked seldom is asked as LINE's own library asks."""
    stranger = FriendId(user_id("見知らぬ人"))
    assert (client.display_name(SAKURA), client.display_name(stranger)) == ("さくら", None)
    fake.limit(200)
    assert (client.quota().limit, client.quota().used) == (200, 0)
    assert client.webhook_endpoint() is None
    client.set_webhook_endpoint("https://example.com/callback")
    found = client.webhook_endpoint()
    assert found is not None
    assert (found.url, found.active) == ("https://example.com/callback", True)
    assert client.bot_info().basic_id.startswith("@")


def test_contents_are_fetched_with_a_limit(fake: FakeLine, client: LineClient) -> None:
    """A person may send two hundred megabytes; we keep what we have room for."""
    fake.receive_with(lambda _body, _headers: 200)
    fake.send_image(SAKURA, b"x" * 70_000, "image/jpeg")
    message = fake.talk(SAKURA)[-1].id
    content = client.content(message)
    assert content is not None
    assert (len(content.blob), content.type) == (70_000, "image/jpeg")
    with pytest.raises(LineRefusedError):
        client.content(message, most=50_000)
    fake.send_video(SAKURA, b"v", ready_in=60)
    assert client.content(fake.talk(SAKURA)[-1].id) is None


def test_trouble_outside_the_hot_sends_has_two_names(fake: FakeLine, client: LineClient) -> None:
    """Later, or never: the performers need to know no more."""
    fake.faults.script("profile", [Fault.ERROR_BEFORE])
    with pytest.raises(LineUnavailableError):
        client.display_name(SAKURA)
    with pytest.raises(LineRefusedError) as refused:
        client.link_menu(SAKURA, "richmenu-unknown")
    assert refused.value.status == 404


def test_pauses_grow_and_differ() -> None:
    """Many that failed together must not come back together."""
    pauses = [pause(attempt, b"one") for attempt in range(1, 8)]
    assert all(0.1 < seconds <= 4.0 for seconds in pauses)
    assert pauses[3] > pauses[0]
    assert pause(1, b"one") != pause(1, b"two")
