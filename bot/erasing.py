"""Forgetting a person: the record and all that was derived from it, what he sent in, and what staff were to be told."""

from __future__ import annotations

from bot.log import get_logger
from bot.store.errors import MediaAwayError, StoreAwayError
from bot.store.store import Store
from flows.events import Cleared
from flows.names import FriendId

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
        self._store.holdings.give_up(record.friend)
        log.info("friend.erased", known=not record.is_new)


def throw_away(store: Store, order: Cleared) -> None:
    """Forget these things, but for those that somebody needs after all."""
    log.info("media.thrown_away", asked=len(order.things), gone=store.holdings.throw_away(order.things, order.at))


def sweep(store: Store) -> None:
    """Delete outside the record what was forgotten. Workers do it again and again: what cannot be deleted now waits."""
    try:
        store.media.sweep()
    except (MediaAwayError, StoreAwayError) as error:
        log.warning("media.not_swept", reason=str(error))
