"""The fake refuses what LINE refuses, and says where."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.text import graphemes, utf16_units
from simulator.validate import as_answer, problems

PUSH = "POST /v2/bot/message/push"
MENU = "POST /v2/bot/richmenu"
SAY = {"type": "message", "label": "はい", "text": "はい"}


def push(*messages: Any) -> dict[str, Any]:
    return {"to": "U" + "0" * 32, "messages": list(messages)}


def quick(*actions: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "text": "?",
        "quickReply": {"items": [{"type": "action", "action": each} for each in actions]},
    }


def bubble(*contents: Any, **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(contents)}, **more}


def flex(contents: Any, alt: str = "カード") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def buttons(**more: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "a", "template": {"type": "buttons", "text": "t", "actions": [SAY], **more}}


def carousel(*columns: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "a", "template": {"type": "carousel", "columns": list(columns)}}


def menu(**more: Any) -> dict[str, Any]:
    area = {"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": {"type": "message", "text": "友だち"}}
    size = {"width": 2500, "height": 843}
    return {"size": size, "selected": True, "name": "n", "chatBarText": "メニュー", "areas": [area], **more}


def switch(alias: str = "next") -> dict[str, Any]:
    return {"type": "richmenuswitch", "richMenuAliasId": alias, "data": "tab"}


TEXT = {"type": "text", "text": "x"}
PICKER = {"type": "datetimepicker", "label": "日付", "data": "d", "mode": "date"}
IMAGE = {"type": "image", "originalContentUrl": "https://a/b.png", "previewImageUrl": "https://a/b.png"}
BUTTON = {"type": "button", "action": SAY}

GOOD: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "text of 5,000": {"type": "text", "text": "あ" * 5000},
    "emoji": {"type": "text", "text": "$ です", "emojis": [{"index": 0, "productId": "p", "emojiId": "1"}]},
    "textV2": {
        "type": "textV2",
        "text": "{a} {{",
        "substitution": {"a": {"type": "emoji", "productId": "p", "emojiId": "1"}},
    },
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": IMAGE,
    "video": IMAGE | {"type": "video", "trackingId": "v1"},
    "audio": {"type": "audio", "originalContentUrl": "https://a/b.m4a", "duration": 60000},
    "location": {"type": "location", "title": "店", "address": "渋谷", "latitude": 35.6, "longitude": 139},
    "imagemap": {
        "type": "imagemap",
        "baseUrl": "https://a/map",
        "altText": "地図",
        "baseSize": {"width": 1040, "height": 700},
        "actions": [{"type": "uri", "linkUri": "https://a", "area": {"x": 0, "y": 0, "width": 5, "height": 5}}],
    },
    "thirteen quick replies": quick(*[SAY] * 13),
    "quick reply places": quick({"type": "camera", "label": "撮る"}, {"type": "location", "label": "場所"}),
    "a label of 20 family emojis": quick(SAY | {"label": "👨‍👩‍👧" * 20}),
    "a long address": quick({"type": "uri", "label": "開く", "uri": "https://a/" + "x" * 9_000}),
    "postback": quick({"type": "postback", "label": "a", "data": "x" * 300, "displayText": "はい"}),
    "picker": quick(PICKER | {"min": "2026-01-01", "max": "2026-12-31", "initial": "2026-05-05"}),
    "clipboard": quick({"type": "clipboard", "label": "写す", "clipboardText": "A" * 1000}),
    "flex": flex(bubble({"type": "text", "text": "a", "size": "xl", "margin": "12px", "color": "#112233"}, BUTTON)),
    "flex without label on a box": flex(bubble(TEXT | {"action": {"type": "message", "text": "x"}})),
    "flex hero": flex(
        bubble(TEXT, hero={"type": "image", "url": "https://a/b.png", "size": "full", "aspectRatio": "20:13"})
    ),
    "flex carousel": flex({"type": "carousel", "contents": [bubble(TEXT, size="kilo")] * 12}),
    "buttons": buttons(text="あ" * 160),
    "buttons with a tap beside": buttons(defaultAction={"type": "uri", "uri": "https://a"}),
    "confirm": {
        "type": "template",
        "altText": "a",
        "template": {"type": "confirm", "text": "t", "actions": [SAY, SAY]},
    },
    "carousel": carousel({"text": "a", "actions": [SAY]}, {"text": "b", "actions": [SAY]}),
    "sender": TEXT | {"sender": {"name": "店長", "iconUrl": "https://a/i.png"}},
}

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no type": ({"text": "x"}, "messages[0].type"),
    "unknown type": ({"type": "txt", "text": "x"}, "messages[0].type"),
    "no text": ({"type": "text"}, "messages[0].text"),
    "null": ({"type": "text", "text": None}, "messages[0].text"),
    "number for text": ({"type": "text", "text": 5}, "messages[0].text"),
    "empty text": ({"type": "text", "text": ""}, "messages[0].text"),
    "5,001 letters": ({"type": "text", "text": "a" * 5001}, "messages[0].text"),
    "2,501 apples are 5,002 units": ({"type": "text", "text": "🍎" * 2501}, "messages[0].text"),
    "unknown property": (TEXT | {"txet": "x"}, "messages[0].txet"),
    "emoji beside its $": (
        TEXT | {"emojis": [{"index": 0, "productId": "p", "emojiId": "1"}]},
        "messages[0].emojis[0].index",
    ),
    "textV2 without its word": ({"type": "textV2", "text": "{a}"}, "messages[0].text"),
    "http picture": (IMAGE | {"previewImageUrl": "http://a/b.png"}, "messages[0].previewImageUrl"),
    "audio without length": ({"type": "audio", "originalContentUrl": "https://a"}, "messages[0].duration"),
    "true for a number": (
        {"type": "audio", "originalContentUrl": "https://a", "duration": True},
        "messages[0].duration",
    ),
    "fourteen quick replies": (quick(*[SAY] * 14), "messages[0].quickReply.items"),
    "no quick replies": ({"type": "text", "text": "x", "quickReply": {"items": []}}, "messages[0].quickReply.items"),
    "quick reply without label": (
        quick({"type": "message", "text": "x"}),
        "messages[0].quickReply.items[0].action.label",
    ),
    "label of 21": (quick(SAY | {"label": "あ" * 21}), "messages[0].quickReply.items[0].action.label"),
    "unknown action": (quick({"type": "say", "label": "x"}), "messages[0].quickReply.items[0].action.type"),
    "tab in a quick reply": (quick(switch() | {"label": "x"}), "messages[0].quickReply.items[0].action.type"),
    "301 of data": (
        quick({"type": "postback", "label": "a", "data": "x" * 301}),
        "messages[0].quickReply.items[0].action.data",
    ),
    "both texts": (
        quick({"type": "postback", "label": "a", "data": "x", "displayText": "a", "text": "a"}),
        "messages[0].quickReply.items[0].action.text",
    ),
    "ftp": (quick({"type": "uri", "label": "a", "uri": "ftp://a"}), "messages[0].quickReply.items[0].action.uri"),
    "picker without mode": (
        quick({"type": "datetimepicker", "label": "a", "data": "x"}),
        "messages[0].quickReply.items[0].action.mode",
    ),
    "picker backwards": (
        quick(PICKER | {"min": "2026-12-31", "max": "2026-01-01"}),
        "messages[0].quickReply.items[0].action.min",
    ),
    "picker with a time": (quick(PICKER | {"initial": "10:00"}), "messages[0].quickReply.items[0].action.initial"),
    "camera in a card": (
        flex(bubble({"type": "button", "action": {"type": "camera", "label": "a"}})),
        "messages[0].contents.body.contents[0].action.type",
    ),
    "flex button without label": (
        flex(bubble({"type": "button", "action": {"type": "message", "text": "x"}})),
        "messages[0].contents.body.contents[0].action.label",
    ),
    "flex without alt": (flex(bubble(TEXT), ""), "messages[0].altText"),
    "flex alt of 1,501": (flex(bubble(TEXT), "a" * 1501), "messages[0].altText"),
    "flex with nothing": (flex({"type": "bubble"}), "messages[0].contents"),
    "flex unknown part": (flex(bubble({"type": "label"})), "messages[0].contents.body.contents[0].type"),
    "flex wrong size": (flex(bubble(TEXT | {"size": "huge"})), "messages[0].contents.body.contents[0].size"),
    "flex wrong colour": (flex(bubble(TEXT | {"color": "red"})), "messages[0].contents.body.contents[0].color"),
    "flex empty text": (flex(bubble({"type": "text", "text": ""})), "messages[0].contents.body.contents[0].text"),
    "button on a baseline": (
        flex({"type": "bubble", "body": {"type": "box", "layout": "baseline", "contents": [BUTTON]}}),
        "messages[0].contents.body.contents[0].type",
    ),
    "body that is a text": (flex({"type": "bubble", "body": TEXT}), "messages[0].contents.body.type"),
    "bubble above 30 KB": (flex(bubble(*[{"type": "text", "text": "あ" * 1000}] * 11)), "messages[0].contents"),
    "thirteen bubbles": (flex({"type": "carousel", "contents": [bubble(TEXT)] * 13}), "messages[0].contents.contents"),
    "bubbles of two sizes": (
        flex({"type": "carousel", "contents": [bubble(TEXT), bubble(TEXT, size="nano")]}),
        "messages[0].contents.contents",
    ),
    "carousel above 50 KB": (
        flex({"type": "carousel", "contents": [bubble(*[{"type": "text", "text": "あ" * 900}] * 9)] * 3}),
        "messages[0].contents",
    ),
    "five buttons": (buttons(actions=[SAY] * 5), "messages[0].template.actions"),
    "161 letters": (buttons(text="あ" * 161), "messages[0].template.text"),
    "61 letters beside a title": (buttons(text="あ" * 61, title="題"), "messages[0].template.text"),
    "one answer": (
        {"type": "template", "altText": "a", "template": {"type": "confirm", "text": "t", "actions": [SAY]}},
        "messages[0].template.actions",
    ),
    "uneven columns": (
        carousel({"text": "a", "actions": [SAY]}, {"text": "b", "actions": [SAY, SAY]}),
        "messages[0].template.columns",
    ),
    "one title of two": (
        carousel({"text": "a", "title": "t", "actions": [SAY]}, {"text": "b", "actions": [SAY]}),
        "messages[0].template.columns",
    ),
    "LINE as a name": (TEXT | {"sender": {"name": "LINE事務局"}}, "messages[0].sender.name"),
}

BAD_MENUS: dict[str, tuple[dict[str, Any], str]] = {
    "too narrow": (menu(size={"width": 799, "height": 300}, areas=[]), "size.width"),
    "too low": (menu(size={"width": 800, "height": 249}, areas=[]), "size.height"),
    "too high": (menu(size={"width": 2500, "height": 1725}), "size.height"),
    "21 areas": (menu(areas=menu()["areas"] * 21), "areas"),
    "an area outside": (menu(size={"width": 2500, "height": 842}), "areas[0].bounds"),
    "a bar of 15": (menu(chatBarText="あ" * 15), "chatBarText"),
    "nothing selected": ({key: value for key, value in menu().items() if key != "selected"}, "selected"),
    "an id of one's own": (menu(richMenuId="x"), "richMenuId"),
}


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD.keys())
def test_what_line_takes_is_taken(message: dict[str, Any]) -> None:
    """A fake that refuses good messages would teach the product wrong limits."""
    assert problems(PUSH, push(message)) == []


@pytest.mark.parametrize(("message", "where"), BAD.values(), ids=BAD.keys())
def test_what_line_refuses_is_refused_at_the_right_place(message: dict[str, Any], where: str) -> None:
    """Otherwise a broken message would be found by the first real friend."""
    assert [problem.property for problem in problems(PUSH, push(message))] == [where]


@pytest.mark.parametrize(("body", "where"), BAD_MENUS.values(), ids=BAD_MENUS.keys())
def test_rich_menus_have_limits_too(body: dict[str, Any], where: str) -> None:
    """A menu that LINE refuses leaves friends without buttons."""
    assert [problem.property for problem in problems(MENU, body)] == [where]


def test_tabs_belong_into_menus() -> None:
    """The same action is refused elsewhere."""
    area = menu()["areas"][0] | {"action": switch()}
    assert problems(MENU, menu(areas=[area])) == []


def test_a_request_holds_one_to_five_messages() -> None:
    """Six bubbles are a frequent mistake."""
    assert problems(PUSH, push())
    assert problems(PUSH, push(*[TEXT] * 6))
    assert not problems(PUSH, push(*[TEXT] * 5))


def test_nobody_gets_a_multicast_twice() -> None:
    """LINE does not say what it would do with a repeated id."""
    users = ["U" + "0" * 32, "U" + "0" * 32]
    assert problems("POST /v2/bot/message/multicast", {"to": users, "messages": [TEXT]})
    assert problems("POST /v2/bot/message/multicast", {"to": ["U"] * 501, "messages": [TEXT]})


def test_the_product_s_own_media_may_come_without_https() -> None:
    """On one's own machine there is no certificate."""
    local = IMAGE | {"originalContentUrl": "http://127.0.0.1:5000/m/1", "previewImageUrl": "http://127.0.0.1:5000/m/1"}
    assert problems(PUSH, push(local))
    assert not problems(PUSH, push(local), stored_base="http://127.0.0.1:5000/")


def test_the_answer_is_worded_as_line_s() -> None:
    """The product reads message, details and property."""
    answer = as_answer(problems(PUSH, push({"type": "text", "text": ""})))
    assert answer == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }


@pytest.mark.parametrize(
    ("words", "units", "characters"),
    [
        ("abc", 3, 3),
        ("あ", 1, 1),
        ("🍎", 2, 1),
        ("👨‍👩‍👧", 8, 1),
        ("🇯🇵🇯🇵", 8, 2),
        ("か\u3099", 2, 1),
        ("👍🏽", 4, 1),
        ("㍿", 1, 1),
    ],
)
def test_lengths_are_counted_as_line_counts_them(words: str, units: int, characters: int) -> None:
    """A label is measured by what people see, a text by what computers store."""
    assert (utf16_units(words), graphemes(words)) == (units, characters)
