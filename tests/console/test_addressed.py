"""Somebody's own words behind a friend's name: taken as typed, and no name is longer than LINE allows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from flows.events import Annotated, StaffSpoke
from flows.friend import Friend
from flows.messages import Text
from tests.console.shop import shop
from tests.narrowing import a

WORDS = "＝お詫び＝\n- 明日は  休みです\nまた来てください"


def test_a_reply_of_several_lines_is_shown_as_typed_before_it_goes() -> None:
    """It even looks like a script's lines; nobody else is to get it."""
    phone = shop()
    assert "送りますか" in phone.say(f"返信 @さくら {WORDS}")
    phone.tap("送る")
    spoken = a(StaffSpoke, phone.orders[-1].event)
    assert spoken.messages == (Text(body=WORDS),)


def test_a_note_keeps_its_lines() -> None:
    phone = shop()
    phone.say(f"メモ ＠さくら {WORDS}")
    assert a(Annotated, phone.orders[-1].event).note == WORDS


@pytest.mark.parametrize("line", ["なぜ ", "友だち ", "予約記録 @"])
def test_a_long_line_asks_for_few_names(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name tried is a look into the record."""
    phone = shop()
    asked: list[str] = []

    def named(words: str, limit: int = 10) -> Sequence[Friend]:
        asked.append(words)
        return ()

    monkeypatch.setattr(phone.reports, "named", named)
    phone.say(line + "かつ " * 1000)
    assert 0 < len(asked) <= 8
