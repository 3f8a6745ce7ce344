"""A/B tests whose time is up: by their numbers the better variant becomes the next version, or goes to the rest."""

from __future__ import annotations

from datetime import datetime

from bot.log import get_logger
from bot.ports import Clock
from bot.store.errors import StoreAwayError
from bot.store.notices import Notice
from bot.store.store import Store
from bot.store.trials import outcomes
from flows.broadcast import Broadcast
from flows.catalog import Catalog
from flows.deciding import ITSELF, Decided, arms, contests_due, rests_due, settle_contest, settle_rest, trial_of_rest
from flows.desk import Change
from flows.trials import first_of, trial_of

log = get_logger(__name__)


class Choosing:
    """What the workers do for A/B tests. A decision is one change of the configuration: made twice, it is made once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Everything it needs comes in here."""
        self._store = store
        self._clock = clock

    def look(self) -> None:
        """Decide what is due. What somebody else was quicker with is looked at again at the next tick."""
        now = self._clock.now()
        catalog = self._store.catalogs.current()
        for key in contests_due(catalog, now):
            self._try(key, self._contest(catalog, key, now), now)
            catalog = self._store.catalogs.current()
        for one in rests_due(catalog, now):
            self._try(one.id, self._rest(catalog, one, now), now)
            catalog = self._store.catalogs.current()

    def _contest(self, catalog: Catalog, key: str, now: datetime) -> Decided | None:
        one = catalog.contests[key]
        try:
            found = outcomes(self._store.segments, trial_of(catalog, one.scenario, one.step), one.variants)
            return settle_contest(catalog, key, found, now)
        except StoreAwayError:
            raise
        except Exception:
            log.exception("trial.not_decided", trial=key)
            return None

    def _rest(self, catalog: Catalog, one: Broadcast, now: datetime) -> Decided | None:
        first = first_of(catalog, one)
        try:
            names = tuple(each.name for each in arms(first)) if first else ()
            found = outcomes(self._store.segments, trial_of_rest(catalog, one), names)
            return settle_rest(catalog, one, found, now)
        except StoreAwayError:
            raise
        except Exception:
            log.exception("trial.not_decided", trial=one.id)
            return None

    def _try(self, what: str, decided: Decided | None, now: datetime) -> None:
        if decided is None:
            return
        change = Change(words=decided.words, before=decided.before)
        revision = decided.catalog.revision
        if self._store.catalogs.commit(decided.catalog, expected=revision, changes=[change], by=ITSELF, at=now):
            self._store.notices.add(Notice(at=now, text=decided.notice, topic="broadcast"))
            log.info("trial.decided", trial=what)
