"""What we hold of pictures, films, voices and files, and who still needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from bot.store.catalogs import Catalogs
from bot.store.consoles import Consoles
from bot.store.friends import Friends
from bot.store.media import Media
from bot.store.media_about import About
from flows import codec
from flows.belongings import needed
from flows.desk import Kept
from flows.friend import Friend
from flows.names import FriendId
from flows.words import MEDIA

_FILE = "file"
_SHOWN = frozenset({"image", "video", "audio"})


class Holdings:
    """Knows of each thing whether the shop, somebody's draft or a friend's answer uses it."""

    def __init__(self, media: Media, catalogs: Catalogs, consoles: Consoles, friends: Friends) -> None:
        self._media = media
        self._catalogs = catalogs
        self._consoles = consoles
        self._friends = friends

    def listed(self, limit: int) -> Sequence[Kept]:
        """The things that take most room, the largest first. Where the shop uses them is not looked at."""
        drafts = self._drafts()
        return [self._kept(about, drafts) for about in self._media.largest(limit)]

    def missing(self, things: Collection[str]) -> Collection[str]:
        """Of these references, those behind which there is nothing."""
        return [one for one in dict.fromkeys(things) if self._media.about(one.removeprefix(MEDIA)) is None]

    def throw_away(self, things: Collection[str], now: datetime) -> int:
        """Forget those of these things that nobody needs now; returns how many went."""
        ours, drafts = codec.dumps(needed(self._catalogs.current(), now)), self._drafts()
        gone = 0
        for media in things:
            if f"{MEDIA}{media}" in ours or f"{MEDIA}{media}" in drafts or self._is_answer(media):
                continue
            about = self._media.about(media)
            if about is not None:
                self._media.forget(about)
            elif not self._media.forget_unfinished(media):
                continue
            gone += 1
        return gone

    def give_up(self, friend: Friend) -> int:
        """Forget what this friend sent in, but for what the shop sends itself or others sent as well."""
        ours = codec.dumps(self._catalogs.current())
        gone = 0
        things = sorted({*sent_in(friend), *self._media.sent_by(friend.id)})
        self._media.disown(friend.id, things)
        for media in things:
            about = self._media.about(media)
            if about is not None and f"{MEDIA}{media}" not in ours and not self._media.senders(media):
                self._media.forget(about)
                gone += 1
        return gone

    def _kept(self, about: About, drafts: str) -> Kept:
        kind = about.content_type.partition("/")[0]
        return Kept(
            id=about.id,
            what=kind if kind in _SHOWN else _FILE if about.content_type else "",
            size=about.size + about.preview,
            at=about.at,
            name=about.name,
            answer=bool(about.content_type) and self._is_answer(about.id),
            draft=f"{MEDIA}{about.id}" in drafts,
        )

    def _is_answer(self, media: str) -> bool:
        return any(self._shows(friend, media) for friend in self._media.senders(media))

    def _shows(self, friend: FriendId, media: str) -> bool:
        return media in sent_in(self._friends.load(friend).friend)

    def _drafts(self) -> str:
        """Everything that members of staff have begun and not finished."""
        staff = self._catalogs.current().staff
        return "\n".join(codec.dumps(self._consoles.load(one).console) for one in staff)


def sent_in(friend: Friend) -> Iterator[str]:
    """The things that a friend's answers show."""
    values = (*(one.value for one in friend.fields.values()), *(one.value for one in friend.given.values()))
    return (value.removeprefix(MEDIA) for value in values if value.startswith(MEDIA))
