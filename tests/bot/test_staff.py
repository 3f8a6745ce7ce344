"""Who is staff, who becomes staff, and what to everybody else are ordinary words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handling import FAULT
from bot.store.notices import Notice
from flows.catalog import Role
from flows.desk import ADMIN_MENU
from simulator.state import Bubble
from tests.bot.test_delivery import SCRIPT, open_shop
from tests.full_world import FullWorld
from tests.worlds import OWNER_CODE, id_of, published, shop, with_owner

OWNER = id_of("staff")


def last(world: FullWorld, who: str = "staff") -> Bubble:
    """The bot's last message to somebody."""
    return world.fake.received(id_of(who))[-1]


def claim(world: FullWorld, code: str, who: str = "staff") -> None:
    """Send a code."""
    world.act(who, "says", f"登録 {code}")


def test_the_first_owner_comes_by_the_code(world: FullWorld) -> None:
    """The one-time code printed at the start; her name is learnt, her menu linked, the answer free."""
    world.act("staff", "follows", "")
    claim(world, OWNER_CODE)
    staff = world.catalog().staff[OWNER]
    assert (staff.role, staff.name) == (Role.OWNER, "花")
    assert last(world).how == "reply"
    assert "所有者" in last(world).text
    assert (world.fake.menu(OWNER) or {})["chatBarText"] == "管理メニュー"
    assert world.friend("staff").staff


def test_the_code_makes_one_owner_only(world: FullWorld) -> None:
    """Whoever finds it later on the screen finds a used one."""
    claim(world, OWNER_CODE)
    claim(world, OWNER_CODE, "friend")
    assert list(world.catalog().staff) == [OWNER]


def test_five_wrong_codes_lock_the_sender_for_an_hour_and_tell_nothing(world: FullWorld) -> None:
    """Ten thousand codes must not be tried, and nobody learns that there are any."""
    open_shop(world, "friend")
    world.act("friend", "says", "こんばんは")
    plain = len(world.heard())
    for number in range(5):
        claim(world, f"0000-000{number}", "friend")
        assert len(world.heard()) == plain
    claim(world, OWNER_CODE, "friend")
    assert world.catalog().staff == {}
    world.now += timedelta(minutes=61)
    claim(world, OWNER_CODE, "friend")
    assert world.catalog().staff[id_of("friend")].role is Role.OWNER


@pytest.mark.parametrize(
    "words", ["シナリオ", "ホーム", "通数", "スタッフ", "管理に戻る", "友だちモード", "タグ付け @さくら VIP", "登録"]
)
def test_admin_words_from_a_friend_are_ordinary_text(world: FullWorld, words: str) -> None:
    """Nothing reveals that there is a console."""
    open_shop(world, "friend")
    world.act("friend", "says", "こんばんは")
    ordinary = [bubble.message for bubble in world.heard()]
    world.act("friend", "says", words)
    assert [bubble.message for bubble in world.heard()] == ordinary


def test_an_admins_button_in_a_friends_hand_does_nothing(world: FullWorld) -> None:
    """A forwarded screen, a guessed postback: rights are looked up at every tap."""
    open_shop(world, "friend")
    world.install(with_owner(world.catalog(), "staff", world.now))
    world.act("staff", "says", "ホーム")
    revision = world.catalog().revision
    world.fake.acts.happen(id_of("friend"), "postback", postback={"data": "c:シナリオ作成 悪"})
    world.work()
    assert world.catalog().revision == revision


def test_an_owner_without_a_name_is_answered_at_once_and_named_later(world: FullWorld) -> None:
    """She was a friend before we came. LINE is asked for the name after the answer: a claim does not wait for it."""
    world.fake.add_person(OWNER, "花", friend=True)
    world._people.append("staff")
    claim(world, OWNER_CODE)
    calls = [call.path.rpartition("/")[2] for call in world.fake.calls]
    assert calls.index("reply") < calls.index(OWNER)
    world.act("staff", "says", "ホーム")
    assert world.catalog().staff[OWNER].name == "花"


def test_staff_words_never_start_a_scenario(world: FullWorld) -> None:
    """A stray word of staff goes to the console, always."""
    script = SCRIPT.replace("開始: 友だち追加", "開始: キーワード 予約")
    world.install(with_owner(published(shop(), script, world.now), "staff", world.now))
    world.act("staff", "says", "予約")
    assert world.friend("staff").enrollments == ()


def test_in_friend_mode_staff_walk_as_friends_and_find_back(world: FullWorld) -> None:
    """The way back stands under every answer; the panel goes and comes."""
    script = SCRIPT.replace("開始: 友だち追加", "開始: キーワード 予約")
    world.install(published(shop(), script, world.now))
    world.act("staff", "follows", "")
    claim(world, OWNER_CODE)
    world.act("staff", "says", "友だちモード")
    assert world.fake.menu(OWNER) is None
    world.act("staff", "says", "予約")
    assert last(world).text == "ようこそ"
    assert last(world).quick_replies == ["管理に戻る"]
    world.act("staff", "taps", "管理に戻る")
    assert world.fake.menu(OWNER) is not None
    world.act("staff", "says", "シナリオ")
    assert "便り" in last(world).text


def test_friend_mode_ends_by_itself(world: FullWorld) -> None:
    """After half an hour without a word the words are the console's again, and none is lost."""
    world.install(shop())
    claim(world, OWNER_CODE)
    world.act("staff", "says", "友だちモード")
    world.now += timedelta(minutes=31)
    world.act("staff", "says", "通数")
    assert "通" in last(world).text
    assert world.catalog().staff[OWNER].as_friend is None
    assert world.fake.menu(OWNER) is not None


def test_the_same_word_brought_twice_acts_once(world: FullWorld) -> None:
    """LINE may bring an event again, even after our 200."""
    claim(world, OWNER_CODE)
    with world.fake.gathering() as events:
        world.fake.say(OWNER, "タグ付け @花 VIP")
    world.fake.deliver([*events, *events])
    world.fake.again(events)
    world.work()
    replies = [call for call in world.fake.calls if call.path.endswith("reply")]
    assert len(replies) == 2


def test_staff_are_told_a_receipt_number_and_friends_a_neutral_line(
    world: FullWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our fault: nothing is committed, the log has the number, and neighbours are served."""
    open_shop(world, "friend")
    world.install(with_owner(world.catalog(), "staff", world.now))

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(world.store.friends), "commit", broken)
    monkeypatch.setattr(type(world.store.consoles), "commit", broken)
    world.act("friend", "says", "こんにちは")
    world.fake.wait_for(id_of("friend"), lambda seen: bool(seen) and seen[-1].text == FAULT)
    world.act("staff", "says", "ホーム")
    world.fake.wait_for(OWNER, lambda seen: bool(seen) and "受付番号" in seen[-1].text)
    monkeypatch.undo()
    world.act("friend", "says", "こんにちは")
    assert [outcome.status for outcome in world.fake.webhook.outcomes] == [200] * len(world.fake.webhook.outcomes)


def test_the_menus_name_is_the_consoles() -> None:
    """Both sides mean the same panel."""
    assert ADMIN_MENU == "admin"


def test_a_wrong_code_is_never_shown_to_staff(world: FullWorld) -> None:
    """Whoever tries codes is a friend who waits for an answer; what he tried is nobody's business."""
    claim(world, "1111-2222")
    claim(world, OWNER_CODE)
    world.act("friend", "follows", "")
    claim(world, "3333-4444", "friend")
    world.heard()
    world.act("staff", "says", "ホーム")
    world.act("staff", "says", "返信待ち")
    shown = str([bubble.message for bubble in world.heard()])
    assert "返信を待っている友だち 1人" in shown
    assert "2222" not in shown
    assert "4444" not in shown


def test_news_that_is_kept_late_is_told_all_the_same(world: FullWorld) -> None:
    """A worker writes it down after the owner's word that followed it."""
    world.act("staff", "follows", "")
    claim(world, OWNER_CODE)
    event = world.now
    world.now += timedelta(minutes=1)
    world.store.notices.add(Notice(at=event, text="さくらさん：ご予約"), now=world.now)
    world.now += timedelta(seconds=1)
    world.heard()
    world.act("staff", "says", "ホーム")
    assert "🔔 さくらさん：ご予約" in str([bubble.message for bubble in world.heard()])
