"""What the console may ask about the world, answered from indexes and counters (`flows.desk.Reports`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bot.store import trials
from bot.store.broadcasts import Broadcasts
from bot.store.catalogs import Catalogs, Row
from bot.store.consoles import Consoles
from bot.store.counters import Counters, Quotas
from bot.store.derived import walk_name
from bot.store.due import Due
from bot.store.errors import tells_when_away
from bot.store.friends import Friends
from bot.store.heartbeat import Heartbeat
from bot.store.holdings import Holdings
from bot.store.instants import moment_of
from bot.store.keys import shard_of
from bot.store.lookup import Lookup
from bot.store.media import Media
from bot.store.meta import Meta
from bot.store.notices import Notices
from bot.store.outbox import Outbox
from bot.store.reindexing import Reindexing
from bot.store.segments import Segments
from bot.store.spares import Spares
from flows import index
from flows.broadcast import Broadcast, Progress
from flows.catalog import Catalog
from flows.conditions import Condition
from flows.desk import (
    Channel,
    Done,
    FriendView,
    HeadCount,
    Health,
    Kept,
    Outcome,
    Quota,
    Room,
    Undelivered,
    Whom,
    unsaved_of,
)
from flows.facts import Rule
from flows.friend import Friend
from flows.names import FriendId, Key, fold

AUDITED = 2000
HELD_LOOKED_AT = 2000
"""So many entries that wait for quota are looked through for one friend."""
REPLY = "reply"
"""The topic of notices about friends who wait for an answer."""

SAMPLE = 5
"""Names shown beside a head-count."""

LINES_ZONE = ZoneInfo("Asia/Tokyo")
"""LINE counts messages by the month of Japan."""


def month_of(now: datetime) -> str:
    """The month whose quota a message sent now uses."""
    return now.astimezone(LINES_ZONE).strftime("%Y-%m")


@tells_when_away
@dataclass(frozen=True, slots=True, kw_only=True)
class RedisReports:
    """The reports of one moment, for a member of staff who was last told notices at `told`."""

    friends: Friends
    lookup: Lookup
    spares: Spares
    segments: Segments
    reindexing: Reindexing
    broadcasts: Broadcasts
    catalogs: Catalogs
    consoles: Consoles
    counters: Counters
    quotas: Quotas
    outbox: Outbox
    due: Due
    heartbeat: Heartbeat
    notes: Notices
    meta: Meta
    media: Media
    holdings: Holdings
    now: datetime
    told: datetime | None = None
    ask_line: Callable[[], Channel | None] = lambda: None
    """Asks LINE about the account."""
    link_to: Callable[[str, FriendId], str] = lambda what, staff: ""
    """Makes a link to a file."""
    media_trouble: Callable[[], str] = lambda: ""
    """Asks the place where pictures and films go."""
    days: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    """Days that were asked for already: one answer looks at a day for several things."""

    def friend(self, friend: FriendId) -> FriendView | None:
        """The friend and his last facts; None for somebody unknown."""
        record = self.friends.load(friend)
        return None if record.is_new else FriendView(friend=record.friend, past=record.facts)

    def named(self, words: str, limit: int = 10) -> Sequence[Friend]:
        """Friends whose display name holds these words, folded; the exact name first."""
        return self.lookup.named(words, limit)

    def known(self, friends: Collection[FriendId]) -> Sequence[Friend]:
        """The records of those of these ids of whom something is kept."""
        return self.lookup.load(friends)

    def newest(self, limit: int = 10) -> Sequence[Friend]:
        """Those who joined last, the latest first."""
        return self.lookup.newest(limit)

    def awaiting(self, limit: int = 10) -> Sequence[Friend]:
        """Friends who wait for an answer, the longest wait first."""
        return self.lookup.awaiting(limit)

    def undelivered(self, friend: FriendId) -> Sequence[Undelivered]:
        """Sends to this friend that wait for quota, or that LINE refused for good."""
        held = self.outbox.held(shard_of(friend), HELD_LOOKED_AT)
        found = [Undelivered(source=one.source, held=True) for one in held if friend in one.to]
        failed = (one.entry for one in self.outbox.failed())
        return [*found, *(Undelivered(source=one.source, held=False) for one in failed if friend in one.to)]

    def unsaved(self, staff: FriendId) -> Sequence[Mapping[str, Any]]:
        """Forms that another member of staff has open or put aside."""
        return unsaved_of(self.consoles.load(staff).console, self.now)

    def answerable(self, friend: FriendId) -> datetime | None:
        """Until when what staff say to this friend still goes as an answer, at no cost."""
        return self.spares.until(friend, self.now)

    def count(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime | None = None) -> HeadCount:
        """How many friends it is true for and unknown for, who would get a send, and a few names."""
        whole, found = self.segments.census(condition, catalog, now, at or now)
        some = self.lookup.load(self.segments.some(whole.apart(found.gets), SAMPLE))
        left_out = {rule: members.bit_count() for rule, members in found.left_out.items()}
        reachable = sum(many for rule, many in left_out.items() if rule is not Rule.LEFT)
        return HeadCount(
            true=found.gets.bit_count() + reachable,
            unknown=found.unknown.bit_count(),
            names=tuple(friend.name for friend in some if friend.name),
            left_out=left_out,
        )

    def listed(  # noqa: PLR0917 - the port's signature
        self,
        condition: Condition,
        catalog: Catalog,
        now: datetime,
        at: datetime | None = None,
        whom: Whom = Whom.GETS,
        start: int = 0,
        limit: int = 10,
    ) -> Sequence[Friend]:
        """Those who were counted, shard by shard."""
        whole, found = self.segments.census(condition, catalog, now, at or now)
        match whom:
            case Whom.GETS:
                members = found.gets
            case Whom.UNKNOWN:
                members = found.unknown
            case _:
                members = found.left_out.get(Rule(whom), 0)
        return self.lookup.load(self.segments.page(whole.apart(members), start, limit))

    def indexed(self) -> float:
        """How much of the indexes is as it should be."""
        account = self.catalogs.current().account
        return self.reindexing.stands(account.tz, account.limits).share

    def following(self) -> int:
        """Friends who can be reached, staff not counted."""
        return sum(found[index.FRIENDS].bit_count() for found in self.segments.bitmaps((index.FRIENDS,)).values())

    def in_scenario(self, scenario: Key) -> Mapping[int, int]:
        """How many friends who can be reached walk on each version."""
        entry = self.catalogs.current().plans.get(scenario)
        names = {version: walk_name(scenario, version) for version in (entry.versions if entry else ())}
        found = self.segments.bitmaps((index.FRIENDS, *names.values())).values()
        counts = {
            version: sum((shard[name] & shard[index.FRIENDS]).bit_count() for shard in found)
            for version, name in names.items()
        }
        return {version: many for version, many in counts.items() if many}

    def facts(self, kind: str, day: str) -> Mapping[str, int]:
        """Counted facts of one day by what they were about, parts joined by tabs; `pushed` are steps that cost 通."""
        if day not in self.days:
            self.days[day] = self.counters.of_day(day)
        return self.days[day].get(kind, {})

    def quota(self) -> Quota:
        """This month's messages."""
        month = month_of(self.now)
        known = self.quotas.read(month)
        return Quota(
            month=month,
            limit=known.limit,
            at_line=known.at_line,
            ours=known.ours,
            held=self.outbox.held_recipients() + self._waiting_for_quota(),
            asked=known.asked,
        )

    def _waiting_for_quota(self) -> int:
        found = self.segments.bitmaps((index.FRIENDS, index.SHORT_OF_QUOTA)).values()
        return sum((shard[index.FRIENDS] & shard[index.SHORT_OF_QUOTA]).bit_count() for shard in found)

    def scheduled(self, until: datetime) -> int:
        """Friends due before that moment: each costs at most one 通 then (an upper bound)."""
        return self.due.waiting_before(until)

    def health(self) -> Health:
        """How the machinery is."""
        tick, oldest, standing = self.heartbeat.last_tick(), self.outbox.oldest(), self.meta.standing()
        return Health(
            tick_age=max(0.0, (self.now - tick).total_seconds()) if tick else None,
            oldest_due=self.due.oldest_due(self.now),
            oldest_waiting=max(0.0, (self.now - oldest).total_seconds()) if oldest else 0.0,
            waiting=self.outbox.size(),
            workers=self.heartbeat.workers(self.now),
            durable=standing.durable,
            evicting=standing.evicting,
            notes=standing.notes,
            indexed=self.indexed(),
        )

    def top(self, score: Key, limit: int = 10) -> Sequence[FriendView]:
        """Reachable friends with the most points of a score, the most first, with their pasts."""
        friends = self.lookup.load(self.segments.top(score, limit))
        best = sorted(friends, key=lambda one: (-one.scores.get(score, 0), one.name))[:limit]
        return [view for one in best if (view := self.friend(one.id)) is not None]

    def channel(self) -> Channel | None:
        """What LINE says of the account now; None while LINE cannot be asked."""
        return self.ask_line()

    def download(self, what: str, staff: FriendId) -> str:
        """A link for this member of staff to a file; "" while there is no address for it."""
        return self.link_to(what, staff)

    def room(self) -> Room:
        """Where pictures, films, voices and files lie, and how much they take."""
        return Room(
            place=self.media.place,
            used=self.media.used(),
            budget=self.media.budget,
            elsewhere=self.media.elsewhere(),
            lost=self.media.lost(),
            trouble=self.media_trouble(),
        )

    def things(self, limit: int = 500) -> Sequence[Kept]:
        """What we hold, what takes most room first."""
        return self.holdings.listed(limit)

    def missing(self, things: Collection[str]) -> Collection[str]:
        """Of these references, those behind which there is nothing."""
        return self.holdings.missing(things)

    def notices(self, muted: Collection[str] = ()) -> Sequence[str]:
        """What came up since this member of staff was last told, oldest first; who waits for an answer is listed."""
        return [notice.text for notice in self.notes.since(self.told) if notice.topic not in {REPLY, *muted}]

    def broadcast(self, broadcast: Broadcast) -> Progress | None:
        """How far a broadcast has got; None before it begins."""
        return self.broadcasts.progress(broadcast)

    def trial(self, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
        """What came of each variant of an A/B test."""
        return trials.outcomes(self.segments, trial, variants)

    def history(self, limit: int = 50) -> Sequence[Done]:
        """The last changes, the newest first."""
        return self.catalogs.history(limit)

    def audited(self, words: str, limit: int = 50) -> Sequence[Done]:
        """The last changes whose author or words hold these words, of the last 2,000; the newest first."""
        wanted = fold(words)
        rows = reversed(self.catalogs.audit(-AUDITED, AUDITED))
        found = (one for one in rows if wanted in fold(one["by"]) or wanted in fold(one["words"]))
        return [
            Done(at=moment_of(one["at"]), by=one["by"], words=one["words"], revision=one["revision"])
            for one in islice(found, limit)
        ]

    def undone(self, row: Done, catalog: Catalog) -> Catalog | None:
        """The catalog with what this row changed put back and nothing else, None where it cannot be."""
        kept = row if isinstance(row, Row) else self._kept(row)
        return self.catalogs.undo(kept, catalog) if kept and kept.undo is not None else None

    def _kept(self, row: Done) -> Row | None:
        return next(
            (one for one in self.catalogs.history() if (one.revision, one.words) == (row.revision, row.words)), None
        )
