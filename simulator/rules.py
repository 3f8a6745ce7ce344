"""Rules of LINE that no schema can say: labels by place, sizes of cards, sides of a rich menu.

Sources: https://developers.line.biz/en/reference/messaging-api/#action-object-label-spec and the
sections on template, Flex, quick reply and rich menu objects of the same page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from simulator import limits
from simulator.text import graphemes

Body = dict[str, Any]
Found = Iterator[tuple[str, str]]
Rule = Callable[[Body, str], Iterable[tuple[str, str]]]

LABELS = {
    "quick reply": (20, True),
    "template": (20, True),
    "image carousel": (12, False),
    "rich menu": (20, False),
    "flex button": (40, True),
    "flex": (40, False),
}
SCHEMES = ("http://", "https://", "line://", "tel:")
DATE = r"(19|20|21)\d\d-\d\d-\d\d"
TIME = r"\d\d:\d\d"
MOMENTS = {"date": DATE, "time": TIME, "datetime": f"{DATE}[Tt]{TIME}"}
BASELINE = frozenset({"icon", "text", "filler", "span"})
HEROES = frozenset({"box", "image", "video"})
VIDEO_SIZES = frozenset({"kilo", "mega", "giga"})
PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([0-9a-zA-Z_]{1,20})\}")


def action(body: Body, where: str) -> Found:
    """The label that the place of an action asks for."""
    longest, required = LABELS.get(where, (20, False))
    label = body.get("label")
    if label is None and required:
        yield "label", "must be specified"
    if label is not None and not (graphemes(label) <= longest and (label or not required)):
        yield "label", f"Length must be between 1 and {longest} (graphemes), not {graphemes(label)}"


def quick_reply_action(body: Body, where: str) -> Found:
    """camera, cameraRoll and location stand in quick replies only."""
    if where != "quick reply":
        yield "type", f"{body['type']} can only be used in a quick reply"
    yield from action(body, where)


def menu_switch_action(body: Body, where: str) -> Found:
    """richmenuswitch stands in rich menus only."""
    if where != "rich menu":
        yield "type", "richmenuswitch can only be used in a rich menu"
    yield from action(body, where)


def postback_action(body: Body, where: str) -> Found:
    """displayText and text exclude each other; fillInText needs the keyboard."""
    if "displayText" in body and "text" in body:
        yield "text", "cannot be used together with displayText"
    if "fillInText" in body and body.get("inputOption") != "openKeyboard":
        yield "fillInText", "can only be used if inputOption is openKeyboard"
    yield from action(body, where)


def uri_action(body: Body, where: str) -> Found:
    """An address begins with http, https, line or tel."""
    if not body["uri"].startswith(SCHEMES):
        yield "uri", "invalid uri scheme"
    yield from action(body, where)


def picker_action(body: Body, where: str) -> Found:
    """The moments of a picker have its mode's form, and min comes before max."""
    form = MOMENTS[body["mode"]]
    wrong = [word for word in ("initial", "min", "max") if word in body and not re.fullmatch(form, body[word])]
    yield from ((word, f"must have the form of mode {body['mode']}") for word in wrong)
    if not wrong and "min" in body and "max" in body and body["min"] >= body["max"]:
        yield "min", "must be before max"
    yield from action(body, where)


def text_message(body: Body, where: str) -> Found:
    """Each LINE emoji stands for a $ in the text."""
    units = body["text"].encode("utf-16-le", "surrogatepass")
    for index, emoji in enumerate(body.get("emojis", ())):
        at = emoji["index"] * 2
        if at < 0 or units[at : at + 2] != b"$\x00":
            yield f"emojis[{index}].index", "must point at a $ in text"


def text_v2_message(body: Body, where: str) -> Found:
    """Each {name} has its substitution, and there are at most 100."""
    given = body.get("substitution", {})
    named = {match[1] for match in PLACEHOLDER.finditer(body["text"]) if match[1]}
    yield from (("text", f"{{{name}}} is not in substitution") for name in sorted(named - set(given)))
    if len(given) > 100:
        yield "substitution", "Size must be between: 0 and 100"


def sender(body: Body, where: str) -> Found:
    """LINE does not let an account speak under LINE's name."""
    if "line" in body.get("name", "").lower():
        yield "name", "contains a word that may not be used"


def buttons(body: Body, where: str) -> Found:
    """The text is shorter beside an image or a title."""
    short = "thumbnailImageUrl" in body or bool(body.get("title"))
    yield from _length(body, "text", 60 if short else 160)


def columns(body: Body, where: str) -> Found:
    """All columns of a carousel have the same parts and the same number of actions."""
    every = body["columns"]
    if len({len(column["actions"]) for column in every}) > 1:
        yield "columns", "the number of actions must be the same in all columns"
    for word in ("thumbnailImageUrl", "title"):
        if len({word in column for column in every}) > 1:
            yield "columns", f"{word} must be in all columns or in none"


def column(body: Body, where: str) -> Found:
    """The text is shorter beside an image or a title."""
    short = "thumbnailImageUrl" in body or bool(body.get("title"))
    yield from _length(body, "text", 60 if short else 120)


def _length(body: Body, word: str, longest: int) -> Found:
    count = graphemes(body[word])
    if not 1 <= count <= longest:
        yield word, f"Length must be between 1 and {longest} (graphemes), not {count}"


def flex_bubble(body: Body, where: str) -> Found:
    """A bubble has a block, a fitting hero, and weighs at most 30 KB."""
    if not any(block in body for block in ("header", "hero", "body", "footer")):
        yield "", "At least one block must be specified"
    hero = body.get("hero", {}).get("type")
    if hero and hero not in HEROES:
        yield "hero.type", "must be a box, an image or a video"
    if hero == "video" and body.get("size", "mega") not in VIDEO_SIZES:
        yield "size", "must be kilo, mega or giga with a video"
    if _bytes(body) > limits.BUBBLE_BYTES:
        yield "", f"a bubble may have at most 30 KB, not {_bytes(body):,} bytes"


def flex_carousel(body: Body, where: str) -> Found:
    """A carousel's bubbles are of one size; together at most 50 KB."""
    if len({bubble.get("size", "mega") for bubble in body["contents"]}) > 1:
        yield "contents", "all bubbles must have the same size"
    if _bytes(body) > limits.CAROUSEL_BYTES:
        yield "", f"a carousel may have at most 50 KB, not {_bytes(body):,} bytes"


def _bytes(body: Body) -> int:
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def flex_box(body: Body, where: str) -> Found:
    """What may stand in a box depends on its layout."""
    baseline = body["layout"] == "baseline"
    for index, child in enumerate(body["contents"]):
        kind = child["type"]
        if (kind not in BASELINE) if baseline else (kind == "icon"):
            yield f"contents[{index}].type", f"{kind} cannot stand in a {body['layout']} box"
        if kind in {"span", "video"}:
            yield f"contents[{index}].type", f"{kind} cannot stand in a box"


def flex_text(body: Body, where: str) -> Found:
    """A text says something, or has spans that do."""
    if not body.get("text") and not body.get("contents"):
        yield "text", "must be non-empty text"


def flex_image(body: Body, where: str) -> Found:
    """An image is at most three times as high as wide."""
    width, _, height = body.get("aspectRatio", "1:1").partition(":")
    if int(height) > 3 * int(width):
        yield "aspectRatio", "the height may be at most three times the width"


def imagemap(body: Body, where: str) -> Found:
    """Areas are measured on a width of 1040."""
    if body["baseSize"]["width"] != 1040:
        yield "baseSize.width", "must be 1040"


def unit_names(body: Body, where: str) -> Found:
    """A unit of statistics is a short word."""
    for index, name in enumerate(body.get("customAggregationUnits", ())):
        if not re.fullmatch(limits.UNIT_NAME, name):
            yield f"customAggregationUnits[{index}]", "must match [a-zA-Z0-9_]{1,30}"


def multicast(body: Body, where: str) -> Found:
    """Nobody is named twice, and nothing is quoted."""
    if len(set(body["to"])) != len(body["to"]):
        yield "to", "must not hold the same user twice"
    yield from unit_names(body, where)
    yield from unquoted(body, where)


def unquoted(body: Body, where: str) -> Found:
    """Quotes and mentions are for reply and push."""
    for index, message in enumerate(body["messages"]):
        if "quoteToken" in message:
            yield f"messages[{index}].quoteToken", "cannot be used here"


def loading(body: Body, where: str) -> Found:
    """The animation lasts a multiple of five seconds."""
    if body.get("loadingSeconds", 20) % 5:
        yield "loadingSeconds", "must be a multiple of 5"


def menu_size(body: Body, where: str) -> Found:
    """The picture of a rich menu is a wide one."""
    if not 800 <= body["width"] <= 2500:
        yield "width", "must be between 800 and 2500"
    if body["height"] < 250:
        yield "height", "must be at least 250"
    elif body["width"] / body["height"] < 1.45:
        yield "height", "width / height must be at least 1.45"


def menu(body: Body, where: str) -> Found:
    """Areas lie within the picture."""
    size = body["size"]
    for index, area in enumerate(body["areas"]):
        bounds = area["bounds"]
        if bounds["x"] + bounds["width"] > size["width"] or bounds["y"] + bounds["height"] > size["height"]:
            yield f"areas[{index}].bounds", "must be within the size of the rich menu"


RULES: dict[str, Rule] = {
    "MessageAction": action,
    "ClipboardAction": action,
    "PostbackAction": postback_action,
    "URIAction": uri_action,
    "DatetimePickerAction": picker_action,
    "RichMenuSwitchAction": menu_switch_action,
    **dict.fromkeys(("CameraAction", "CameraRollAction", "LocationAction"), quick_reply_action),
    "TextMessage": text_message,
    "TextMessageV2": text_v2_message,
    "Sender": sender,
    "ButtonsTemplate": buttons,
    "CarouselTemplate": columns,
    "CarouselColumn": column,
    "FlexBubble": flex_bubble,
    "FlexCarousel": flex_carousel,
    "FlexBox": flex_box,
    "FlexText": flex_text,
    "FlexImage": flex_image,
    "ImagemapMessage": imagemap,
    "PushMessageRequest": unit_names,
    "MulticastRequest": multicast,
    "BroadcastRequest": unquoted,
    "ShowLoadingAnimationRequest": loading,
    "RichMenuSize": menu_size,
    "RichMenuRequest": menu,
}
"""The rule of each schema; it sees only bodies whose types are right."""
