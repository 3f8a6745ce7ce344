"""Forgetting a person: the record and all that was derived from it, what he sent in, and what staff were to be told."""

from __future__ import annotations

from collections.abc import Iterator

from bot.log import get_logger
from bot.store.store import Store
from flows import codec
from flows.friend import Friend
from flows.names import FriendId
from flows.words import MEDIA

log = get_logger(__name__)


class Erasing:
    """Forgets one person at a time; asked twice, it finds nothing the second time."""

    def __init__(self, store: Store) -> None:
        """`store` holds all that is known."""
        self._store = store

    def __call__(self, friend: FriendId) -> None:
        """Forget this person for good."""
        catalog = self._store.catalogs.current()
        record = self._store.friends.erase(friend, catalog.account.tz)
        self._store.notices.forget(friend)
        ours = codec.dumps(catalog)
        for media in _sent_in(record.friend):
            about = self._store.media.about(media)
            # A picture that the shop sends itself stays, whoever sent the same one in.
            if about is not None and f"{MEDIA}{media}" not in ours:
                self._store.media.forget(about)
        log.info("friend.erased", known=not record.is_new)


def _sent_in(friend: Friend) -> Iterator[str]:
    values = (*(one.value for one in friend.fields.values()), *(one.value for one in friend.given.values()))
    return (value.removeprefix(MEDIA) for value in values if value.startswith(MEDIA))
