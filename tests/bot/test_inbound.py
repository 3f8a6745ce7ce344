"""LINE's events as ours."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inbound import ImageSet, translate
from flows.events import Event, Followed, Left, Said, Showed, Tapped, Unsent
from tests.bot.test_webhook import event


def one(**changes: Any) -> Event:
    """The event that this becomes."""
    (incoming,) = translate({"events": [event(**changes)]})
    return incoming.event


def message(kind: str, **more: Any) -> dict[str, Any]:
    """A message event."""
    return {"message": {"id": "7", "type": kind, **more}}


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        (message("text", text="はい"), Said, {"text": "はい", "message": "7"}),
        (message("sticker", packageId="446", stickerId="1988"), Showed, {"what": "sticker", "media": "446/1988"}),
        (
            message("location", address="東京都", latitude=35.5, longitude=139.25),
            Showed,
            {"what": "location", "text": "東京都（35.5,139.25）"},
        ),
        (message("location", title="お店", latitude=1, longitude=2), Showed, {"text": "お店（1,2）"}),
        (message("file", fileName="台本.txt", fileSize=3), Showed, {"what": "file", "text": "台本.txt"}),
        (message("hologram"), Showed, {"what": "hologram"}),
        ({"type": "follow", "follow": {"isUnblocked": True}}, Followed, {"unblocked": True, "can_reply": True}),
        ({"type": "follow", "follow": None}, Followed, {"unblocked": False}),
        ({"type": "unfollow", "replyToken": None}, Left, {"can_reply": False}),
        ({"type": "unsend", "unsend": {"messageId": "9"}, "replyToken": None}, Unsent, {"message": "9"}),
        ({"type": "postback", "postback": {"data": "q1|a"}}, Tapped, {"data": "q1|a", "picked": ""}),
        (
            {"type": "postback", "postback": {"data": "d", "params": {"datetime": "2026-12-01T10:00"}}},
            Tapped,
            {"picked": "2026-12-01T10:00"},
        ),
        (
            {"type": "postback", "postback": {"data": "d", "params": {"date": "2026-12-01"}}},
            Tapped,
            {"picked": "2026-12-01"},
        ),
        ({"type": "postback", "postback": {"data": "d", "params": {"time": "10:00"}}}, Tapped, {"picked": "10:00"}),
    ],
)
def test_each_kind_becomes_ours(changes: dict[str, Any], kind: type[Event], told: dict[str, Any]) -> None:
    """Everything a person can do in a talk."""
    found = one(**changes)
    assert type(found) is kind
    assert {name: getattr(found, name) for name in told} == told
    assert found.id == "01HXXXXXXXXXXXXXXXXXXXXXXX"


def test_lines_own_emojis_are_kept_as_placeholders() -> None:
    """LINE gives a stand-in text and positions in UTF-16, where 🍎 counts two."""
    emojis = [
        {"index": 9, "length": 6, "productId": "p2", "emojiId": "002"},
        {"index": 2, "length": 6, "productId": "p1", "emojiId": "001"},
    ]
    said = one(**message("text", text="🍎(love)と(star)！", emojis=emojis))
    assert isinstance(said, Said)
    assert said.text == "🍎{絵文字:p1/001}と{絵文字:p2/002}！"


def test_half_a_character_becomes_a_question_mark() -> None:
    """It could be neither stored nor sent, and would fail every time it is met."""
    said = one(**message("text", text="a\ud83cb"))
    assert isinstance(said, Said)
    assert said.text == "a?b"


def test_content_at_line_is_named_and_foreign_content_is_not_fetched() -> None:
    """An address chosen by a friend is never visited by us."""
    ours, theirs = translate(
        {
            "events": [
                event(
                    **message("image", contentProvider={"type": "line"}, imageSet={"id": "S", "index": 2, "total": 3})
                ),
                event(
                    **message(
                        "image", contentProvider={"type": "external", "originalContentUrl": "https://x.example/a"}
                    )
                ),
            ]
        }
    )
    assert (ours.content, ours.together) == ("7", ImageSet(id="S", index=2, total=3))
    assert theirs.content == ""
    assert isinstance(theirs.event, Showed)
    assert theirs.event.media == "https://x.example/a"
