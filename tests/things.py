"""What people of a transcript send besides words: the same bytes in both worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from bot.store.keys import Keys
from bot.store.media import Media
from simulator.people import PIXEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One thing: LINE's word for it, its bytes and type, its file's name, its length."""

    what: str
    blob: bytes = b""
    type: str = ""
    name: str = ""
    milliseconds: int = 0
    sticker: str = ""

    @property
    def id(self) -> str:
        """Under which it is kept by a world whose secret is `test`."""
        return Media(cast("Any", None), Keys(), b"test")._id_of(self.blob, self.type)

    @property
    def media(self) -> str:
        """How records refer to it."""
        return self.sticker or f"media:{self.id}"


THINGS = {
    "image": Sent(what="image", blob=PIXEL, type="image/png"),
    "video": Sent(what="video", blob=b"video" * 300_000, type="video/mp4", milliseconds=5000),
    "video 20MB": Sent(what="video", blob=b"x" * (20 * 1024 * 1024), type="video/mp4", milliseconds=5000),
    "audio": Sent(what="audio", blob=b"audio", type="audio/x-m4a", milliseconds=3000),
    "sticker": Sent(what="sticker", sticker="446/1988"),
    "sticker 動く": Sent(what="sticker", sticker="11111/22222"),
    "PDF": Sent(what="file", blob=b"%PDF-1.7\nmenu", type="application/pdf", name="秋のメニュー.pdf"),
    "Word": Sent(what="file", blob=b"PK\3\4", type="", name="メニュー.docx"),
}
"""By what a transcript says: `staff sends PDF`."""
