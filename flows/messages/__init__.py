"""Everything an owner can send. Add a file, add it to MESSAGES."""

from flows.messages.base import Emoji, Fill, Filled, Message
from flows.messages.buttons import Button
from flows.messages.card import Card, Cards
from flows.messages.media import Audio, Image, Video
from flows.messages.rich import Rich
from flows.messages.sticker import Sticker
from flows.messages.text import Text

MESSAGES: tuple[type[Message], ...] = (Text, Cards, Rich, Image, Video, Audio, Sticker)


def buttons_of(message: Message) -> tuple[Button, ...]:
    """The buttons of a message, in order."""
    return message.pressable()


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
    "Rich",
    "Sticker",
    "Text",
    "Video",
    "buttons_of",
]
