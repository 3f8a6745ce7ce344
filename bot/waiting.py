"""Events that need something from LINE before they can be decided: a new friend's name, a photo's content.

They are kept in the inbox in the request, fetched for after the 200, and decided like any other event. Whoever dies in
between leaves them to the workers; the ids in the records see to it that each acts once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.handling import TOKEN_LIVES, Friendly
from bot.inbound import Incoming, translate
from bot.line import LineClient, LineRefusedError, LineUnavailableError
from bot.log import get_logger
from bot.ports import Clock, MediaShelf
from bot.store.errors import MediaTooLargeError, StoreAwayError
from bot.store.inbox import Inbox, Waiting
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from flows.catalog import Catalog
from flows.events import Followed, Renamed, Said, Showed
from flows.friend import Phase
from flows.names import narrow

log = get_logger(__name__)

FETCHERS: Final = 4
OURS_FOR: Final = timedelta(seconds=12)
"""So long the process that received an event has it to itself; then the workers take it."""
PATIENCE: Final = timedelta(minutes=10)
"""After so long an event is decided without what could not be fetched."""
PREPARING_SECONDS: Final = (0.5, 1.0, 2.0)
"""LINE prepares a long video for a while (202): pauses between our questions."""
LARGEST_TEXT: Final = 300_000
TEXT_FILES: Final = (".txt", ".md", ".text", ".csv")
CLAIMS: Final = ("登録", "とうろく", "claim")


class NotYetError(Exception):
    """LINE does not have it yet, or could not be asked."""


class WaitingRoom:
    """The door for events that cannot be decided as they came."""

    def __init__(self, *, inbox: Inbox, line: LineClient, media: MediaShelf, friendly: Friendly, clock: Clock) -> None:
        """`resume` is to be set to what takes an event that has everything."""
        self._inbox = inbox
        self._line = line
        self._media = media
        self._friendly = friendly
        self._clock = clock
        self._pool = ThreadPoolExecutor(max_workers=FETCHERS, thread_name_prefix="waiting room")
        self._state = threading.Condition()
        self._under_way = 0
        self.resume: Callable[[Incoming], None] = _nobody

    def take(self, one: Incoming, record: Record, catalog: Catalog, now: datetime) -> bool:
        """Keep an event that lacks something and go for it after the 200."""
        if one.complete or not one.event.id or not _lacks(one, record, catalog):
            return False
        self._inbox.put(shard_of(one.friend), one.event.id, one.raw, now)
        with self._state:
            self._under_way += 1
        self._pool.submit(self._serve, one)
        return True

    def sweep(self, shard: Shard) -> int:
        """Serve what a process left behind; returns how many events were served."""
        now = self._clock.now()
        left = self._inbox.waiting(shard, now - OURS_FOR)
        return sum(
            self._bring(one, late=now - waiting.since > PATIENCE) for waiting in left for one in _again(waiting, now)
        )

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is being fetched."""
        with self._state:
            return self._state.wait_for(lambda: not self._under_way, seconds)

    def close(self) -> None:
        """Take nothing more; what is kept is left to the workers."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _serve(self, one: Incoming) -> None:
        try:
            self._bring(one, late=False)
        except StoreAwayError as error:
            log.warning("waiting.store_away", reason=str(error))
        except Exception:
            log.exception("waiting.failed", friend=one.friend)
        finally:
            with self._state:
                self._under_way -= 1
                self._state.notify_all()

    def _bring(self, one: Incoming, *, late: bool) -> int:
        """Fetch what an event lacks, have it decided, and forget it; 0 when it has to wait on."""
        shard = shard_of(one.friend)
        together = self._together(shard, one, late=late)
        try:
            ready = [replace(self._complete(each, late=late), complete=True) for each in together]
        except NotYetError:
            return 0
        for each in ready:
            self.resume(each)
            self._inbox.remove(shard, each.event.id)
        return len(ready)

    def _together(self, shard: Shard, one: Incoming, *, late: bool) -> list[Incoming]:
        """The event, or the whole set of photos it belongs to, in order, once all of it is here; only the last answers."""
        whole = one.together
        if whole is None or whole.total < 2 or late:
            return [one]
        now = self._clock.now()
        kept = [each for waiting in self._inbox.waiting(shard, now + OURS_FOR) for each in _again(waiting, now)]
        mates = [each for each in kept if each.together and each.together.id == whole.id and each.friend == one.friend]
        if len(mates) < whole.total and any(now - each.event.at < OURS_FOR for each in mates):
            return []
        ordered = sorted(mates, key=lambda each: each.together.index if each.together else 0)
        return [replace(each, quiet=True) for each in ordered[:-1]] + ordered[-1:]

    def _complete(self, one: Incoming, *, late: bool) -> Incoming:
        if one.content:
            return self._with_content(one, late=late)
        name = self._name(one, late=late)
        if isinstance(one.event, Followed):
            return replace(one, event=replace(one.event, name=name))
        if name:
            self._friendly.act(one.friend, Renamed(at=one.event.at, name=name))
        return one

    def _name(self, one: Incoming, *, late: bool) -> str:
        try:
            return self._line.display_name(one.friend) or ""
        except (LineUnavailableError, LineRefusedError) as error:
            # A greeting without a name is better than none within the minute of its token.
            log.warning("name.not_learnt", friend=one.friend, reason=str(error), late=late)
            return ""

    def _with_content(self, one: Incoming, *, late: bool) -> Incoming:
        plain = replace(one, content="")
        for pause in (*PREPARING_SECONDS, None):
            try:
                content = self._line.content(one.content)
            except LineRefusedError as error:
                log.warning("content.refused", friend=one.friend, status=error.status)
                return plain
            except LineUnavailableError as error:
                if late:
                    return plain
                raise NotYetError from error
            if content is not None:
                return self._kept(plain, content.blob, content.type)
            if pause is not None and not late:
                time.sleep(pause)
        if late:
            return plain
        raise NotYetError

    def _kept(self, one: Incoming, blob: bytes, content_type: str) -> Incoming:
        event = one.event
        if not isinstance(event, Showed):
            return one
        if event.what == "file":
            words = _text_of(one.content_name, blob)
            return one if words is None else replace(one, event=_said(event, words))
        try:
            return replace(one, event=replace(event, media=self._media.put(blob, content_type)))
        except MediaTooLargeError:
            log.warning("media.full", friend=one.friend, size=len(blob))
            return one


def _lacks(one: Incoming, record: Record, catalog: Catalog) -> bool:
    """Whether something has to be asked of LINE first."""
    staff = catalog.staff.get(one.friend)
    if one.content:
        as_staff = staff is not None and staff.as_friend is None
        return as_staff or record.friend.phase in {Phase.ASKING, Phase.REVIEWING}
    if record.friend.name:
        return False
    if isinstance(one.event, Followed):
        return True
    return isinstance(one.event, Said) and staff is None and _may_claim(one.event.text)


def _may_claim(text: str) -> bool:
    return narrow(text).strip().lstrip("/").casefold().startswith(CLAIMS)


def _again(waiting: Waiting, now: datetime) -> tuple[Incoming, ...]:
    """The kept event as it came; its reply token only while it lives."""
    found = translate({"events": [waiting.raw]})
    if now - waiting.since < TOKEN_LIVES:
        return found
    return tuple(replace(one, token="", event=replace(one.event, can_reply=False)) for one in found)


def _text_of(name: str, blob: bytes) -> str | None:
    if not name.casefold().endswith(TEXT_FILES) or len(blob) > LARGEST_TEXT:
        return None
    try:
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Windows' Notepad in Japan still writes this.
        return blob.decode("cp932", "replace")


def _said(event: Showed, words: str) -> Said:
    return Said(at=event.at, id=event.id, can_reply=event.can_reply, text=words, message=event.message)


def _nobody(one: Incoming) -> None:
    raise RuntimeError(f"nobody takes the event {one.event.id}")
