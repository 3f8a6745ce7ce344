"""Everything an owner can send. Add a file, add it to MESSAGES."""

from flows.messages.base import Emoji, Fill, Filled, Message
from flows.messages.card import Button, Card, Cards, buttons_of
from flows.messages.media import Audio, Image, Video
from flows.messages.sticker import Sticker
from flows.messages.text import Text

MESSAGES: tuple[type[Message], ...] = (Text, Cards, Image, Video, Audio, Sticker)

__all__ = [
    "MESSAGES",
    "Audio",
    "Button",
    "Card",
    "Cards",
    "Emoji",
    "Fill",
    "Filled",
    "Image",
    "Message",
    "Sticker",
    "Text",
    "Video",
    "buttons_of",
]
