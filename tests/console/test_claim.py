"""登録: who becomes staff, and that nobody else learns that the word exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from admin_commands.claim import Claim, claim
from flows.catalog import Catalog, Invitation, Role, Staff
from flows.desk import ADMIN_MENU, Console
from flows.effects import LinkMenu
from flows.events import BecameStaff
from flows.names import FriendId
from tests.console.world import OWNER, START, Phone, actions_of, words_of

CODE = "1234-5678"


def send(text: str, catalog: Catalog = Catalog(), console: Console | None = None, now=START) -> Claim | None:  # noqa: B008
    return claim(text, OWNER, catalog, console or Console(admin=OWNER), CODE, now, name="花")


@pytest.mark.parametrize(
    "text",
    [
        "登録 1234-5678",
        "登録　１２３４－５６７８",
        "/登録 12345678",
        "登録 1234 5678。",
        "claim 1234-5678",
        "とうろく 1234-5678",
    ],
)
def test_the_first_owner_is_made_by_the_code_however_it_is_typed(text: str) -> None:
    """A phone's keyboard writes full width, and nobody should need to know."""
    made = send(text)
    assert made is not None
    assert made.decision is not None
    assert made.decision.catalog is not None
    assert made.decision.catalog.staff[OWNER].role is Role.OWNER
    assert made.decision.effects == (LinkMenu(menu=ADMIN_MENU),)
    assert [order.event for order in made.decision.orders] == [BecameStaff(at=START)]


def test_the_owner_is_greeted_with_the_next_taps() -> None:
    """The first screen must not be a dead end."""
    made = send("登録 1234-5678")
    assert made is not None
    assert made.decision is not None
    [bubble] = made.decision.bubbles
    assert "所有者" in words_of(bubble)
    assert [action["label"] for action in actions_of(bubble)] == ["シナリオ作成", "テンプレ", "ヘルプ", "ホーム"]


@pytest.mark.parametrize("text", ["登録", "登録してください", "登録の方法は？", "会員登録 1234-5678", "こんにちは"])
def test_words_that_are_no_claim_are_none(text: str) -> None:
    """Friends say 登録 too."""
    assert send(text) is None


def test_a_wrong_code_is_ordinary_text_and_is_counted() -> None:
    """Nothing reveals that the word exists."""
    made = send("登録 9999-9999")
    assert made == Claim(console=Console(admin=OWNER, wrong_codes=1))


def test_five_wrong_codes_lock_the_sender_for_an_hour() -> None:
    """Guessing must not pay; the right code counts again after the hour."""
    console = Console(admin=OWNER)
    for _ in range(5):
        made = send("登録 9999-9999", console=console)
        assert made is not None
        console = made.console
    locked = send(f"登録 {CODE}", console=console, now=START + timedelta(minutes=59))
    assert locked == Claim(console=console)
    free = send(f"登録 {CODE}", console=console, now=START + timedelta(minutes=61))
    assert free is not None
    assert free.decision is not None


def test_the_code_counts_only_while_there_is_no_owner() -> None:
    """A one-time code that leaks later opens nothing."""
    catalog = Catalog(staff={FriendId("U" + "b" * 32): Staff(role=Role.OWNER, since=START)})
    made = send(f"登録 {CODE}", catalog)
    assert made is not None
    assert made.decision is None


def test_an_invited_person_is_asked_and_becomes_staff_once() -> None:
    """Nobody stops being a friend of the shop by surprise, and an invitation works once."""
    invited = Invitation(role=Role.EDITOR, expires=START + timedelta(minutes=30))
    owner = {FriendId("U" + "b" * 32): Staff(role=Role.OWNER, since=START)}
    catalog = Catalog(staff=owner, invitations={"7K4A-Q2P9": invited})
    asked = send("登録 7k4aq2p9", catalog)
    assert asked is not None
    assert asked.decision is not None
    assert asked.decision.catalog is None
    [bubble] = asked.decision.bubbles
    texts = [action["text"] for action in actions_of(bubble)]
    made = send(texts[0], catalog)
    assert made is not None
    assert made.decision is not None
    assert made.decision.catalog is not None
    assert made.decision.catalog.staff[OWNER].role is Role.EDITOR
    assert made.decision.catalog.invitations == {}
    declined = send(texts[1], catalog)
    assert declined is not None
    assert declined.decision is not None
    assert declined.decision.catalog == replace(catalog, invitations={})


def test_an_invitation_expires() -> None:
    """Thirty minutes, as the screen says."""
    catalog = Catalog(invitations={"7K4A-Q2P9": Invitation(role=Role.EDITOR, expires=START)})
    made = send("登録 7K4A-Q2P9", catalog)
    assert made is not None
    assert made.decision is None


def test_the_owner_invites_and_the_line_given_works() -> None:
    """The line on the screen is the line that registers."""
    phone = Phone()
    phone.say("スタッフ追加")
    phone.tap("編集者")
    line = next(words_of(bubble) for bubble in phone.shown if words_of(bubble).startswith("登録 "))
    other = FriendId("U" + "c" * 32)
    made = claim(line, other, phone.catalog, Console(admin=other), "", phone.now, name="鈴木")
    assert made is not None
    assert made.decision is not None
    assert "編集者" in words_of(made.decision.bubbles[0])
