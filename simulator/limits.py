"""Limits that LINE documents but does not publish in its machine-readable description.

Sources: https://developers.line.biz/en/reference/messaging-api/ (message objects, action objects,
rich menu objects), https://developers.line.biz/en/docs/messaging-api/text-character-count/ and
https://developers.line.biz/en/news/2026/10/27/uri-action/ for the length of addresses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

GRAPHEMES: Final = "graphemes"
UNITS: Final = "UTF-16 units"


class Length(NamedTuple):
    """How long a text may be, and how that is counted."""

    longest: int
    shortest: int = 0
    unit: str = UNITS


LENGTHS: Final[dict[tuple[str, str], Length]] = {
    ("TextMessage", "text"): Length(5000, 1),
    ("TextMessageV2", "text"): Length(5000, 1),
    ("FlexMessage", "altText"): Length(1500, 1),
    ("TemplateMessage", "altText"): Length(1500, 1),
    ("ImagemapMessage", "altText"): Length(1500, 1),
    ("LocationMessage", "title"): Length(100, 1),
    ("LocationMessage", "address"): Length(100, 1),
    ("VideoMessage", "trackingId"): Length(100, 1),
    ("ButtonsTemplate", "title"): Length(40, 0, GRAPHEMES),
    ("ConfirmTemplate", "text"): Length(240, 1, GRAPHEMES),
    ("CarouselColumn", "title"): Length(40, 0, GRAPHEMES),
    ("MessageAction", "text"): Length(300, 1, GRAPHEMES),
    ("PostbackAction", "data"): Length(300, 1),
    ("PostbackAction", "displayText"): Length(300, 1, GRAPHEMES),
    ("PostbackAction", "text"): Length(300, 1, GRAPHEMES),
    ("PostbackAction", "fillInText"): Length(300, 1, GRAPHEMES),
    ("DatetimePickerAction", "data"): Length(300, 1),
    ("RichMenuSwitchAction", "data"): Length(300, 1),
    ("URIAction", "uri"): Length(10_000, 1),
    ("AltUri", "desktop"): Length(10_000, 1),
    ("MessageImagemapAction", "text"): Length(400, 1),
    ("MessageImagemapAction", "label"): Length(100),
    ("URIImagemapAction", "linkUri"): Length(1000, 1),
    ("URIImagemapAction", "label"): Length(100),
    ("ClipboardImagemapAction", "label"): Length(100),
    ("RichMenuRequest", "chatBarText"): Length(14, 1, GRAPHEMES),
    ("RichMenuRequest", "name"): Length(300, 1, GRAPHEMES),
}

ITEMS: Final[dict[tuple[str, str], tuple[int, int]]] = {
    ("QuickReply", "items"): (1, 13),
    ("TextMessage", "emojis"): (0, 20),
    ("ImagemapMessage", "actions"): (0, 50),
    ("ButtonsTemplate", "actions"): (1, 4),
    ("ConfirmTemplate", "actions"): (2, 2),
    ("CarouselTemplate", "columns"): (1, 10),
    ("CarouselColumn", "actions"): (1, 3),
    ("ImageCarouselTemplate", "columns"): (1, 10),
    ("FlexCarousel", "contents"): (1, 12),
    ("RichMenuRequest", "areas"): (0, 20),
    ("PushMessageRequest", "customAggregationUnits"): (0, 1),
}

REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "MessageAction": ("text",),
    "PostbackAction": ("data",),
    "URIAction": ("uri",),
    "AltUri": ("desktop",),
    "DatetimePickerAction": ("data", "mode"),
    "RichMenuSwitchAction": ("richMenuAliasId", "data"),
    "QuickReply": ("items",),
    "QuickReplyItem": ("type", "action"),
    "Emoji": ("index", "productId", "emojiId"),
    "FlexSpan": ("text",),
    "FlexBoxLinearGradient": ("angle", "startColor", "endColor"),
    "ImagemapVideo": ("originalContentUrl", "previewImageUrl", "area"),
    "RichMenuRequest": ("size", "selected", "name", "chatBarText", "areas"),
    "RichMenuSize": ("width", "height"),
    "RichMenuArea": ("bounds", "action"),
    "RichMenuBounds": ("x", "y", "width", "height"),
}

CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("QuickReplyItem", "type"): ("action",),
    ("ButtonsTemplate", "imageAspectRatio"): ("rectangle", "square"),
    ("CarouselTemplate", "imageAspectRatio"): ("rectangle", "square"),
    ("ButtonsTemplate", "imageSize"): ("cover", "contain"),
    ("CarouselTemplate", "imageSize"): ("cover", "contain"),
}

PIXELS = r"\d+(\.\d+)?px"
PERCENT = r"\d+(\.\d+)?%"
SPACES = "none|xs|sm|md|lg|xl|xxl"
COLOUR = r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?"
TEXT_SIZES = f"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{PIXELS}"
OFFSET = rf"-?{PIXELS}|-?{PERCENT}|{SPACES}"
UNIT_NAME = "[A-Za-z0-9_]{1,30}"

FORMS: Final[dict[str, str]] = {
    "margin": f"{SPACES}|{PIXELS}",
    "spacing": f"{SPACES}|{PIXELS}",
    "lineSpacing": PIXELS,
    "aspectRatio": r"[1-9]\d{0,5}:[1-9]\d{0,5}",
    "cornerRadius": f"{SPACES}|{PIXELS}",
    "borderWidth": f"none|light|normal|medium|semi-bold|bold|{PIXELS}",
    "angle": r"\d+(\.\d+)?deg",
    "centerPosition": PERCENT,
    **dict.fromkeys(("color", "backgroundColor", "borderColor", "separatorColor", "imageBackgroundColor"), COLOUR),
    **dict.fromkeys(("startColor", "endColor", "centerColor"), COLOUR),
    **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), f"{PIXELS}|{PERCENT}"),
    **dict.fromkeys(("offsetTop", "offsetBottom", "offsetStart", "offsetEnd"), OFFSET),
    **dict.fromkeys(
        ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), f"{SPACES}|{PIXELS}|{PERCENT}"
    ),
}
"""What the free texts of Flex and template styling look like, by property."""

SIZES: Final[dict[str, str]] = {
    "FlexText": TEXT_SIZES,
    "FlexSpan": TEXT_SIZES,
    "FlexIcon": TEXT_SIZES,
    "FlexImage": f"{TEXT_SIZES}|full|{PERCENT}",
}

SECURE_ADDRESSES: Final = frozenset(
    {
        "originalContentUrl",
        "previewImageUrl",
        "thumbnailImageUrl",
        "imageUrl",
        "iconUrl",
        "url",
        "previewUrl",
        "baseUrl",
    }
)
"""Properties whose address LINE itself loads: HTTPS, 2,000 characters."""

BUBBLE_BYTES: Final = 30 * 1024
CAROUSEL_BYTES: Final = 50 * 1024
REQUEST_BYTES: Final = 2 * 1024 * 1024
MENU_IMAGE_BYTES: Final = 1024 * 1024
MENUS: Final = 1000
ALIASES: Final = 1000
