"""What the adapters need of each other and of the console, said by those who need it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flows.catalog import Catalog, Staff
from flows.desk import Console, ConsoleDecision, Heard, Reports
from flows.names import FriendId


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...


class Claimed(Protocol):
    """What became of a `登録 …`; `decision` None: it was ordinary text, and only `console` is kept."""

    @property
    def console(self) -> Console:
        """The sender's console as it should become: wrong codes are counted there."""
        ...

    @property
    def decision(self) -> ConsoleDecision | None:
        """What is answered and changed."""
        ...


class StaffRoom(Protocol):
    """The pure side of the admin conversation; `app.py` introduces it."""

    def decide(  # noqa: PLR0917
        self, console: Console, staff: Staff, heard: Heard, catalog: Catalog, reports: Reports, now: datetime
    ) -> ConsoleDecision:
        """What we answer to a member of staff."""
        ...

    def claim(  # noqa: PLR0917
        self,
        text: str,
        sender: FriendId,
        catalog: Catalog,
        console: Console,
        owner_code: str,
        now: datetime,
        name: str = "",
    ) -> Claimed | None:
        """What `登録 <コード>` does; None: the text is no claim at all."""
        ...


class MediaShelf(Protocol):
    """Keeps what people sent."""

    def put(self, blob: bytes, content_type: str, *, name: str = "", sender: FriendId | None = None) -> str:
        """Keep it and give its reference, `media:…`; `sender` is the friend whose answer it is.

        Raises MediaTooLargeError, MediaAwayError.
        """
        ...
