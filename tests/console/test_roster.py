"""Lists of user ids: what counts as one, and what is said of each line."""

import pytest

from admin_commands.roster import MOST, looks_like_roster, read_roster
from tests.console.shop import shop

A, B = "U" + "a" * 32, "U" + "b" * 32


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (A, True),
        (f"user_id\n{A}\n{B}\n", True),
        (f'"{A}","さくら"\r\n"{B}","美咲"', True),
        (f"名前,ID\nさくら,{A}\nまちがい\n美咲,{B}", True),
        ("明日は臨時休業です", False),
        ("", False),
        ("U" + "a" * 31, False),
        (f"x{A}", False),
        (f"お知らせ\n本日\nお休み\nです\nよろしく {A}", False),
    ],
)
def test_a_list_is_told_from_a_message(text: str, is_one: bool) -> None:
    """A message for friends must not be taken for a list, nor a list be sent to friends."""
    assert looks_like_roster(text) is is_one


def test_each_id_is_taken_once_and_each_other_line_told() -> None:
    """None is dropped in silence."""
    roster = read_roster(f"user_id\n{A}\nまちがい\n{B},{A}\n{A}\n\n")
    assert roster.ids == (A, B)
    assert roster.lines == ("3行目「まちがい」",)


def test_too_many_at_once_are_refused_whole() -> None:
    """Half a list tagged would be worse than none."""
    phone = shop()
    text = phone.say("\n".join(f"U{number:032x}" for number in range(MOST + 1)))
    assert f"1度に送れるのは{MOST}件まで" in text
    assert not phone.orders


def test_the_list_is_a_tag_for_those_who_are_there() -> None:
    """One order for each of them, and the tag comes into being."""
    phone = shop()
    known = phone.reports.friends[0].id
    assert "友だち 1人" in phone.say(f"{known}\n{A}")
    assert "20文字" in phone.say("な まえ")
    assert "1人にタグ「前の店」を付けました" in phone.say("前の店")
    assert [order.friend for order in phone.orders] == [known]
    assert A in phone.text
