"""What came up since the last word: told once, in one bubble, and stray words of friends as a number only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.console.world import START, FakeReports, Phone, friend


def waiting(*names: str) -> Phone:
    """The phone of a shop in which these friends wait for an answer."""
    people = [friend(name, awaits_reply=START - timedelta(seconds=number)) for number, name in enumerate(names, 1)]
    return Phone(reports=FakeReports(friends=people))


def test_friends_who_wait_are_one_line_and_one_button() -> None:
    """Twenty stray words must not push the answer off the screen, and none of them is shown."""
    phone = waiting("さくら", "花子")
    answer = phone.say("通数")
    assert answer.startswith("💬 返信を待っている友だち 2人")
    assert phone.labels[-1] == "返信待ち"
    assert "返信を待っている友だち" in phone.tap("返信待ち")


def test_who_waits_is_told_once() -> None:
    """A notice that comes with every answer is not read any more."""
    phone = waiting("さくら")
    assert "💬" in phone.say("通数")
    assert "💬" not in phone.say("通数")
    assert "返信待ち" not in phone.labels
    phone.reports.friends.append(friend("花子", awaits_reply=phone.now))
    phone.now += timedelta(seconds=1)
    assert "2人" in phone.say("通数")


def test_in_a_form_the_line_comes_without_a_button() -> None:
    """A button under a question for content would be taken as the content."""
    phone = Phone()
    phone.say("自動応答作成 営業時間")
    phone.reports.friends.append(friend("花子", awaits_reply=phone.now))
    phone.now += timedelta(seconds=1)
    assert "💬" in phone.tap("含む")
    assert "返信待ち" not in phone.labels


def test_staff_who_try_their_own_shop_do_not_call_themselves() -> None:
    """Words said in 友だちモード are nobody's question."""
    phone = Phone(reports=FakeReports(friends=[friend("花", staff=True, awaits_reply=START)]))
    assert "💬" not in phone.say("通数")


def test_the_same_news_is_told_once() -> None:
    """Two processes that noticed one thing are one piece of news."""
    phone = Phone()
    phone.reports.told = ["今月の通数を使い切りました。"] * 3
    assert phone.say("ホーム").count("🔔") == 1


def test_a_fresh_owner_hears_nothing_of_before() -> None:
    """What came up before she was staff, her own attempts at the code among it, is not news to her."""
    phone = waiting("花")
    phone.console = replace(phone.console, told=START + timedelta(minutes=5))
    assert "💬" not in phone.say("ホーム")


def test_a_friend_who_writes_again_while_waiting_is_told_again() -> None:
    """The second question must not drown because the first one was not answered."""
    phone = waiting("さくら")
    phone.say("通数")
    [sakura] = phone.reports.friends
    phone.reports.friends = [replace(sakura, reacted=phone.now + timedelta(seconds=5))]
    phone.now += timedelta(seconds=10)
    assert "💬" in phone.say("通数")


def test_home_shows_how_many_wait() -> None:
    """Also those who waited before there was an owner."""
    assert "返信を待っている友だち 2人" in waiting("さくら", "花子").say("ホーム")


def test_the_list_of_those_who_wait_holds_no_staff() -> None:
    """Somebody who tried her own shop waits for nobody."""
    phone = Phone(reports=FakeReports(friends=[friend("花", staff=True, awaits_reply=START)]))
    assert "返信を待っている友だちはいません" in phone.say("返信待ち")
