"""Events that need something from LINE before they can be decided: a new friend's name, a photo's content.

They are kept in the inbox in the request, fetched for after the 200, and decided like any other event. What the same
friend does next waits behind them, so that her events act in order. Whoever dies in between leaves them to the
workers; the ids in the records see to it that each acts once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.handling import TOKEN_LIVES, Friendly
from bot.inbound import Incoming, translate
from bot.line import LineClient, LineRefusedError, LineUnavailableError
from bot.log import get_logger
from bot.ports import Clock, MediaShelf
from bot.shelf import too_large
from bot.store.errors import MediaAwayError, MediaTooLargeError, StoreAwayError
from bot.store.inbox import Inbox, Waiting
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from bot.text_files import text_of
from flows.catalog import Catalog
from flows.events import Event, Followed, Said, Showed, Tapped
from flows.friend import Phase
from flows.names import FriendId, fold, narrow

log = get_logger(__name__)

FETCHERS: Final = 4
SWEEP_SECONDS: Final = 10.0
OURS_FOR: Final = timedelta(seconds=12)
"""So long the process that received an event has it to itself; then the workers take it."""
PATIENCE: Final = timedelta(minutes=10)
"""After so long an event is decided without what could not be fetched."""
PREPARING_SECONDS: Final = (0.5, 1.0, 2.0)
"""LINE prepares a long video for a while (202): pauses between our questions."""
HOLDS_UP: Final = timedelta(seconds=60)
"""So long an event may hold up what the same friend does next: nobody waits for minutes because a film is prepared."""
MOST_FETCHED: Final = 40 * 1024 * 1024
"""Bytes that are looked at to say how large a thing is; of more nothing but that is said."""
TOO_LARGE: Final = 413
PDF: Final = "application/pdf"
USUAL: Final = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/x-m4a"}
ABOUT_QUOTA: Final = frozenset(
    map(
        fold,
        (
            *("通数", "つうすう", "残り通数", "quota", "診断", "動作確認", "doctor"),
            *("一斉配信", "一斉", "配信", "メッセージ配信", "broadcast"),
        ),
    )
)
"""Words of staff that are answered with LINE's own count, or lead to where it matters."""


class NotYetError(Exception):
    """LINE does not have it yet, or could not be asked."""


class Month(Protocol):
    """Knows LINE's count of the month, and how old it is."""

    def is_unknown(self, now: datetime) -> bool:
        """Whether LINE never told the limit of this month."""
        ...

    def is_stale(self, now: datetime) -> bool:
        """Whether LINE should be asked again before somebody reads the count."""
        ...

    def ask(self, now: datetime) -> None:
        """Learn LINE's limit and count."""
        ...


class WaitingRoom:
    """The door for events that cannot be decided as they came."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        line: LineClient,
        media: MediaShelf,
        friendly: Friendly,
        quota: Month,
        clock: Clock,
    ) -> None:
        """`resume` is to be set to what takes an event that has everything, or raises NotYetError to leave it kept."""
        self._inbox = inbox
        self._quota = quota
        self._line = line
        self._media = media
        self._friendly = friendly
        self._clock = clock
        self._pool = ThreadPoolExecutor(max_workers=FETCHERS, thread_name_prefix="waiting room")
        self._state = threading.Condition()
        self._closed = threading.Event()
        self._serving: dict[FriendId, bool] = {}
        """Whose events are being served; True: more came meanwhile."""
        self.resume: Callable[[Incoming], None] = _nobody

    def take(self, one: Incoming, record: Record, catalog: Catalog, now: datetime, *, crowded: bool) -> bool:
        """Keep an event that lacks something, or that comes behind one that does, and serve it after the 200."""
        if one.complete or not one.event.id:
            return False
        shard = shard_of(one.friend)
        if not self._lacks(one, record, catalog, now) and not (crowded and self._is_behind(shard, one, now)):
            return False
        self._inbox.put(shard, one.event.id, one.raw, now)
        self._begin(shard, one.friend)
        return True

    def sweep(self, shard: Shard) -> int:
        """Serve what a process left behind; returns how many events were served."""
        now = self._clock.now()
        left = self._inbox.waiting(shard, now - OURS_FOR)
        friends = dict.fromkeys(one.friend for waiting in left for one in _again(waiting, now))
        return sum(self._serve_all(shard, friend) for friend in friends)

    def keep_sweeping(self) -> None:
        """From now on serve what other processes left behind, now and then: of staff no worker can, only a web process."""
        threading.Thread(target=self._sweep_always, name="sweeper", daemon=True).start()

    def _sweep_always(self) -> None:
        while not self._closed.wait(SWEEP_SECONDS):
            try:
                self.sweep_all()
            except StoreAwayError as error:
                log.warning("waiting.store_away", reason=str(error))

    def sweep_all(self) -> int:
        """Serve what processes left behind in any shard; returns how many events were served."""
        return sum(self.sweep(shard) for shard in self._inbox.busy())

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is being fetched."""
        with self._state:
            return self._state.wait_for(lambda: not self._serving, seconds)

    def close(self) -> None:
        """Take nothing more; what is kept is left to the workers."""
        self._closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _is_behind(self, shard: Shard, one: Incoming, now: datetime) -> bool:
        earlier = self._inbox.waiting_of(shard, one.friend)
        return any(now - each.since < HOLDS_UP and each.id != one.event.id for each in earlier)

    def _begin(self, shard: Shard, friend: FriendId) -> None:
        """Have one thread at a time serve a friend."""
        with self._state:
            if friend in self._serving:
                self._serving[friend] = True
                return
            self._serving[friend] = False
        self._pool.submit(self._serve, shard, friend)

    def _serve(self, shard: Shard, friend: FriendId) -> None:
        more = True
        while more:
            try:
                self._serve_all(shard, friend)
            except StoreAwayError as error:
                log.warning("waiting.store_away", reason=str(error))
            with self._state:
                more = self._serving[friend]
                self._serving[friend] = False
                if not more:
                    del self._serving[friend]
                    self._state.notify_all()

    def _serve_all(self, shard: Shard, friend: FriendId) -> int:
        """Serve a friend's events in order, up to one that has to wait on; returns how many were served."""
        now = self._clock.now()
        served: set[str] = set()
        for waiting in self._inbox.waiting_of(shard, friend):
            for one in _again(waiting, now):
                if one.event.id in served:
                    continue
                age = now - waiting.since
                brought = self._try(one, late=age > PATIENCE)
                if not brought and age < HOLDS_UP:
                    return len(served)
                served |= brought
        return len(served)

    def _try(self, one: Incoming, *, late: bool) -> set[str]:
        try:
            return self._bring(one, late=late)
        except StoreAwayError:
            raise
        except Exception:
            # One poisoned event must not stop what else its shard has to do.
            log.exception("waiting.failed", friend=one.friend)
            if late:
                self._inbox.remove(shard_of(one.friend), one.event.id)
            return set()

    def _bring(self, one: Incoming, *, late: bool) -> set[str]:
        """Fetch what an event lacks, have it decided, and forget it; gives the ids, none when it has to wait on."""
        shard = shard_of(one.friend)
        together = self._together(shard, one, late=late)
        try:
            ready = [replace(self._complete(each, late=late), complete=True) for each in together]
            for each in ready:
                self.resume(each)
                self._inbox.remove(shard, each.event.id)
        except NotYetError:
            return set()
        return {each.event.id for each in ready}

    def _lacks(self, one: Incoming, record: Record, catalog: Catalog, now: datetime) -> bool:
        """Whether something has to be asked of LINE first."""
        staff = catalog.staff.get(one.friend)
        as_staff = staff is not None and staff.as_friend is None
        if one.content:
            return as_staff or record.friend.phase in {Phase.ASKING, Phase.REVIEWING}
        if isinstance(one.event, Followed):
            return not record.friend.name
        if not as_staff:
            return False
        return self._quota.is_stale(now) if _asks_quota(one.event) else self._quota.is_unknown(now)

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
        record, catalog = self._friendly.load(one.friend)
        now = self._clock.now()
        if not self._lacks(one, record, catalog, now):
            return one
        if one.content:
            return self._with_content(one, late=late)
        if isinstance(one.event, Followed):
            return replace(one, event=replace(one.event, name=self._name(one, late=late)))
        self._quota.ask(now)
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
                content = self._line.content(one.content, most=MOST_FETCHED)
            except LineRefusedError as error:
                log.warning("content.refused", friend=one.friend, status=error.status)
                return _refused(plain) if error.status == TOO_LARGE else plain
            except LineUnavailableError as error:
                if late:
                    return plain
                raise NotYetError from error
            if content is not None:
                return self._kept(plain, content.blob, content.type, late=late)
            if pause is not None and not late:
                time.sleep(pause)
        if late:
            return plain
        raise NotYetError

    def _kept(self, one: Incoming, blob: bytes, content_type: str, *, late: bool) -> Incoming:
        event = one.event
        if not isinstance(event, Showed):
            return one
        staff = self._friendly.load(one.friend)[1].staff.get(one.friend)
        sender = one.friend if staff is None or staff.as_friend is not None else None
        if event.what == "file" and (sender is not None or not _is_pdf(one.content_name, blob)):
            words = text_of(one.content_name, blob)
            return one if words is None else replace(one, event=_said(event, words))
        kind = PDF if event.what == "file" else _kind_of(event.what, content_type)
        try:
            kept = self._media.put(blob, kind, name=one.content_name, sender=sender)
        except MediaTooLargeError as error:
            log.warning("media.refused", friend=one.friend, size=len(blob))
            return _refused(one, str(error))
        except MediaAwayError as error:
            # Staff can send it again; a friend's answer waits until it can be kept.
            if sender is None:
                return _refused(one, f"{MediaAwayError.__doc__}しばらくして、もう一度送ってください。")
            if late:
                return one
            raise NotYetError from error
        return replace(one, event=replace(event, media=kept))


def _kind_of(what: str, told: str) -> str:
    """The type of what was sent: as it came with the content, unless that contradicts the event itself."""
    return told if told.startswith(f"{what}/") else USUAL.get(what, told)


def _is_pdf(name: str, blob: bytes) -> bool:
    return name.casefold().endswith(".pdf") and blob.startswith(b"%PDF-")


def _asks_quota(event: Event) -> bool:
    words = event.text if isinstance(event, Said) else event.data.partition(":")[2] if isinstance(event, Tapped) else ""
    return fold(narrow(words).strip().lstrip("/")) in ABOUT_QUOTA


def _again(waiting: Waiting, now: datetime) -> tuple[Incoming, ...]:
    """The kept event as it came; its reply token only while it lives."""
    found = translate({"events": [waiting.raw]})
    if now - waiting.since < TOKEN_LIVES:
        return found
    return tuple(replace(one, token="", event=replace(one.event, can_reply=False)) for one in found)


def _refused(one: Incoming, words: str = "") -> Incoming:
    """The event without its content, and why; no words: it was larger than anybody looked."""
    event = one.event
    return (
        replace(one, event=replace(event, refused=words or too_large(event.what))) if isinstance(event, Showed) else one
    )


def _said(event: Showed, words: str) -> Said:
    return Said(at=event.at, id=event.id, can_reply=event.can_reply, text=words, message=event.message)


def _nobody(one: Incoming) -> None:
    raise RuntimeError(f"nobody takes the event {one.event.id}")
