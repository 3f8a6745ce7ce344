"""Pictures, films and sounds, kept for good: LINE forgets what people send, and a dyno's disk is wiped.

What is known of a thing always lies in the record; its bytes lie in a place (`bot.store.media_places`): the record
itself, or an S3-compatible bucket. Each thing remembers its place, so what was kept before the setting changed is
served from where it lies.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.store.connection import Redis
from bot.store.errors import MediaAwayError, MediaTooLargeError, tells_when_away
from bot.store.keys import Keys
from bot.store.media_about import RECORD, About, about_of, blobs, described
from bot.store.media_places import PREVIEW, InRecord, Place
from flows.names import FriendId

BUDGET = 64 * 1024 * 1024
"""Bytes of all media together, unless told otherwise."""

_DIGEST, _SEAL = 16, 24
_MB = 1024 * 1024


@tells_when_away
class Media:
    """Things by an id that cannot be guessed: a digest of the content and a seal made with our secret."""

    def __init__(
        self, server: Redis, keys: Keys, secret: bytes, *, budget: int = BUDGET, outside: Place | None = None
    ) -> None:
        """`outside` is where bytes go if not into the record; `budget` is of the place that takes new things."""
        self._server = server
        self._keys = keys
        self._secret = secret
        self._budget = budget
        record = InRecord(server, keys)
        self._here: Place = outside or record
        self._places: dict[str, Place] = {RECORD: record} | ({outside.name: outside} if outside else {})

    def put(
        self,
        content: bytes,
        content_type: str,
        preview: bytes = b"",
        *,
        name: str = "",
        at: datetime | None = None,
        sender: FriendId | None = None,
    ) -> About:
        """Keep this; the same content again is the same thing. `sender` is a friend whose answer it is.

        Raises MediaTooLargeError beyond the budget, MediaAwayError when its place cannot be reached.
        """
        about = About(
            id=self._id_of(content, content_type),
            content_type=content_type,
            size=len(content),
            preview=len(preview),
            place=self._here.name,
            name=name,
            at=at,
        )
        if sender is not None:
            self._server.execute_command("SADD", self._keys.media(about.id, "of"), sender)
            self._server.execute_command("SADD", self._keys.media_of(sender), about.id)
        there = self.about(about.id)
        if there is not None and there.place in self._places:
            return there
        self._take(about, content, preview)
        self._leave(about, there)
        return about

    def _take(self, about: About, content: bytes, preview: bytes) -> None:
        self._claim(about)
        try:
            self._write(about, content, preview)
        except MediaAwayError:
            self._server.execute_command("HDEL", self._keys.media_sizes(about.place), about.id)
            raise

    def _leave(self, about: About, before: About | None) -> None:
        """The thing lies here now; what lies of it in a place that was out of reach is counted and served no more."""
        if before is not None and before.place != about.place:
            self._server.execute_command("HDEL", self._keys.media_sizes(before.place), about.id)
            self._server.execute_command(
                "SADD", self._keys.media_leftover(), *(f"{before.place}\t{name}" for name in blobs(before))
            )

    def _write(self, about: About, content: bytes, preview: bytes) -> None:
        self._here.write(about.id, content, about.content_type)
        if preview:
            self._here.write(about.id + PREVIEW, preview, "image/jpeg")
        # Written last: what has no description is not there.
        self._server.execute_command("SET", self._keys.media(about.id, "about"), described(about))
        # Once more: what was half written may have been thrown away meanwhile.
        self._server.execute_command("HSET", self._keys.media_sizes(about.place), about.id, about.size + about.preview)

    def about(self, media: str) -> About | None:
        """What is kept under this id; None for an id that is unknown or not ours (then nothing is even asked)."""
        if not self.is_genuine(media):
            return None
        value = self._server.execute_command("GET", self._keys.media(media, "about"))
        return None if value is None else about_of(media, value)

    def read(self, about: About, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The content from byte `start` up to (not including) `end`, one piece at a time.

        Raises MediaAwayError before the first piece.
        """
        return self._place(about).read(about.id, about.size, start, about.size if end is None else end)

    def preview(self, about: About) -> bytes:
        """The small picture kept beside it, b"" if there is none. Raises MediaAwayError."""
        if not about.preview:
            return b""
        return b"".join(self._place(about).read(about.id + PREVIEW, about.preview, 0, about.preview))

    def forget(self, about: About) -> None:
        """Give the room back. It is served no more from now on; bytes that lie outside go with the next `sweep`."""
        rest = self._keys.media_leftover()
        if about.place != RECORD:
            self._server.execute_command("SADD", rest, *(f"{about.place}\t{name}" for name in blobs(about)))
        self._server.execute_command("DEL", self._keys.media(about.id, "about"), self._keys.media(about.id, "of"))
        self._server.execute_command("HDEL", self._keys.media_sizes(about.place), about.id)
        if about.place == RECORD:
            for name in blobs(about):
                self._places[RECORD].drop(name, about.size)

    def forget_unfinished(self, media: str) -> bool:
        """Give back the room of a thing whose keeping was cut short; False if there is none."""
        found = False
        for place in (RECORD, *self._known_places()) if self.is_genuine(media) else ():
            size = self._server.execute_command("HGET", self._keys.media_sizes(place), media)
            if size is not None:
                self.forget(About(id=media, content_type="", size=int(size), preview=1, place=place))
                found = True
        return found

    def strays(self) -> list[About]:
        """What lies in the record while new things go outside."""
        if self._here.name == RECORD:
            return []
        found = self._server.execute_command("HKEYS", self._keys.media_sizes(RECORD))
        return [about for media in found if (about := self.about(media.decode())) and about.place == RECORD]

    def bring(self, about: About) -> None:
        """Have this thing lie where new things go; it is served all the while.

        Raises MediaTooLargeError beyond the budget there, MediaAwayError when that place cannot be reached.
        """
        content = b"".join(self.read(about))
        self._take(replace(about, place=self._here.name), content, self.preview(about))
        self._server.execute_command("HDEL", self._keys.media_sizes(about.place), about.id)
        for name in blobs(about):
            self._places[about.place].drop(name, about.size)

    def sweep(self) -> int:
        """Delete outside what was forgotten; what cannot be deleted now waits. Returns how many objects went."""
        rest = self._keys.media_leftover()
        gone = 0
        for kept in self._server.execute_command("SMEMBERS", rest):
            place, _, name = kept.decode().partition("\t")
            if place not in self._places or self._is_back(place, name):
                continue
            self._places[place].drop(name, 0)
            self._server.execute_command("SREM", rest, kept)
            gone += 1
        return gone

    def _is_back(self, place: str, name: str) -> bool:
        """Whether the same thing was kept again since; then it stays."""
        about = self.about(name.removesuffix(PREVIEW))
        back = about is not None and about.place == place
        if back:
            self._server.execute_command("SREM", self._keys.media_leftover(), f"{place}\t{name}")
        return back

    def largest(self, limit: int) -> list[About]:
        """The things that take most room, the largest first; of one half written only the size is known."""
        sizes = [
            (int(size), media.decode(), place)
            for place in dict.fromkeys((RECORD, *self._places, *self._known_places()))
            for media, size in self._server.execute_command("HGETALL", self._keys.media_sizes(place)).items()
        ]
        best = sorted(sizes, key=lambda one: (-one[0], one[1]))[:limit]
        return [
            self.about(media) or About(id=media, content_type="", size=size, place=place) for size, media, place in best
        ]

    def senders(self, media: str) -> tuple[FriendId, ...]:
        """The friends who sent it in as an answer."""
        found = self._server.execute_command("SMEMBERS", self._keys.media(media, "of"))
        return tuple(sorted(FriendId(one.decode()) for one in found))

    def sent_by(self, sender: FriendId) -> tuple[str, ...]:
        """What this friend ever sent in as an answer."""
        return tuple(one.decode() for one in self._server.execute_command("SMEMBERS", self._keys.media_of(sender)))

    def disown(self, sender: FriendId, things: Iterable[str]) -> None:
        """These answers are this friend's no more, and nothing else is."""
        for media in things:
            self._server.execute_command("SREM", self._keys.media(media, "of"), sender)
        self._server.execute_command("DEL", self._keys.media_of(sender))

    @property
    def budget(self) -> int:
        """Bytes that what lies where new things go may take."""
        return self._budget

    @property
    def place(self) -> str:
        """Where new things go, for people; "" is the record."""
        return self._here.shown

    def used(self) -> int:
        """Bytes taken where new things go."""
        return self._taken(self._here.name)

    def elsewhere(self) -> int:
        """Bytes taken where new things went before the setting changed."""
        return sum(map(self._taken, {RECORD, *self._known_places()} - {self._here.name}))

    def lost(self) -> int:
        """Bytes that lie in a place of which the settings know nothing any more: they cannot be served."""
        return sum(map(self._taken, self._known_places() - self._places.keys()))

    def trouble(self) -> str:
        """Why new things could not be kept now, with the mend; "" if they can be. Asks the place."""
        return self._here.trouble()

    def is_genuine(self, media: str) -> bool:
        """Whether we made this id."""
        sealed = self._sealed(media[:_DIGEST])
        return hmac.compare_digest(sealed.encode("utf-8", "replace"), media.encode("utf-8", "replace"))

    def _place(self, about: About) -> Place:
        found = self._places.get(about.place)
        if found is None:
            raise MediaAwayError(f"the settings do not know the place {about.place}")
        return found

    def _taken(self, place: str) -> int:
        return sum(map(int, self._server.execute_command("HVALS", self._keys.media_sizes(place))))

    def _known_places(self) -> set[str]:
        return {one.decode() for one in self._server.execute_command("SMEMBERS", self._keys.media_places())}

    def _claim(self, about: About) -> None:
        # Counted before it is written, so that two at once cannot both take the last room.
        if about.place != RECORD:
            self._server.execute_command("SADD", self._keys.media_places(), about.place)
        sizes = self._keys.media_sizes(about.place)
        self._server.execute_command("HSET", sizes, about.id, about.size + about.preview)
        used = self.used()
        if used > self._budget:
            self._server.execute_command("HDEL", sizes, about.id)
            raise MediaTooLargeError(
                f"写真・動画・音声の置き場（{self._budget // _MB}MB）に入りきりません。"
                f"いま{(used - about.size - about.preview) / _MB:.1f}MBあり、これは{about.size / _MB:.1f}MBです。"
                "「置き場」で使っていないものを消せます。大きな動画はリンクにするか、"
                "置き場を広げてください（サーバーの設定 MEDIA_MB）。"
            )

    def _id_of(self, content: bytes, content_type: str) -> str:
        digest = sha256(content_type.encode("utf-8", "replace") + b"\0" + content).hexdigest()
        return self._sealed(digest[:_DIGEST])

    def _sealed(self, digest: str) -> str:
        return digest + hmac.digest(self._secret, digest.encode("utf-8", "replace"), "sha256").hex()[:_SEAL]
