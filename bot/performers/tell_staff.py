"""TellStaff: kept until a member of staff says the next word, since a push would cost."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

from bot.performers.base import Done, Performed
from bot.store.entries import Entry
from bot.store.notices import Notice, Notices


class TellStaffPerformer:
    """Keeps the news for staff."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def perform(self, entry: Entry, now: datetime) -> Future[Performed]:
        """Keep it; the same news twice are one."""
        notice = Notice(at=entry.since, text=entry.words, topic=entry.topic, friend=entry.to[0])
        # Staff may have been told other news between the event and now.
        self._notices.add(notice, now=max(now, entry.since))
        done: Future[Performed] = Future()
        done.set_result(Done())
        return done
