"""The pure world: flows and admin_commands only, records in dicts. What the full stack does, it does in plain sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from admin_commands.claim import claim
from admin_commands.console import decide as decide_console
from bot.handling import TOKEN_LIVES, lacks_quota
from bot.quota import SPENT
from bot.shelf import LARGEST, too_large
from bot.store.derived import counted_as
from bot.store.heartbeat import ALIVE
from bot.store.media import BUDGET
from bot.store.reports import REPLY, month_of
from bot.vigil import PUSH, trouble
from flows import index
from flows.broadcast import Broadcast, Progress
from flows.catalog import Catalog, Role
from flows.conditions import Condition
from flows.decision import Decision, Tally
from flows.desk import (
    Channel,
    Console,
    ConsoleDecision,
    Done,
    FriendView,
    HeadCount,
    Health,
    Heard,
    Kept,
    Outcome,
    Quota,
    Room,
    Undelivered,
    Whom,
    unsaved_of,
)
from flows.effects import Effect, LearnName, Send, TellStaff, Way
from flows.engine import decide, next_due
from flows.events import CameDue, Cleared, Erased, Event, Followed, Left, Renamed, Said, Showed, StaffSpoke, Tapped
from flows.facts import Fact, Rule
from flows.friend import Friend, Phase
from flows.names import FriendId, Key, fold
from flows.standpoint import Standpoint
from flows.way_back import WAY_BACK, with_way_back
from tests import transcript
from tests.broadcast.pure import carry_out, census, outcomes
from tests.things import THINGS, Sent
from tests.worlds import NAMES, OWNER_CODE, START, Bubble, id_of, shop


class PureWorld:
    """Everybody's records in memory, every decision carried out by hand."""

    def __init__(self) -> None:
        self.now = START
        self.friends: dict[FriendId, Friend] = {}
        self.pasts: dict[FriendId, tuple[Fact, ...]] = {}
        self.counted: list[Fact] = []
        self.consoles: dict[FriendId, Console] = {}
        self.rows: list[tuple[Done, Catalog | None]] = []
        self.sendings: dict[str, Progress] = {}
        self.notices: list[tuple[datetime, str, str]] = []
        self.spares: dict[FriendId, datetime] = {}
        self.people: dict[FriendId, str] = {id_of("staff"): "staff"}
        self._catalog = shop()
        self._said: list[Bubble] = []
        self._talks: dict[FriendId, list[Mapping[str, object]]] = {}
        self._events = 0
        self._pushes: list[tuple[datetime, Key]] = []
        self.cap: int | None = None
        self._rests = False
        self._beat = START
        self._alarm = False
        self.things: list[Kept] = []
        self._pushed = ""
        self._told_spent = ""
        self._last: tuple[FriendId, Event] | None = None

    # -- the world

    def install(self, catalog: Catalog) -> None:
        """Put a configuration in force."""
        self._catalog = replace(catalog, revision=self._catalog.revision + 1)

    def catalog(self) -> Catalog:
        """The configuration in force."""
        return self._catalog

    def act(self, who: str, verb: str, text: str) -> None:
        """Have somebody do something."""
        me = id_of(who)
        self.people[me] = who
        self._events += 1
        about: dict[str, Any] = {"at": self.now, "id": f"event{self._events}", "can_reply": True}
        match verb:
            case "follows":
                self._hear(me, Followed(name=NAMES.get(who, who), **about))
            case "comes back":
                self._hear(me, Followed(unblocked=True, name=NAMES.get(who, who), **about))
            case "blocks":
                self._hear(me, Left(**about))
            case "says":
                self._hear(me, Said(text=text, **about))
            case "sends":
                self._hear(me, self._shown(me, THINGS[text], about))
            case "taps":
                self._tap(me, text, "", about)
            case "picks":
                label, _, picked = text.rpartition(" ")
                self._tap(me, label, picked, about)

    def work(self) -> None:
        """Have everybody looked at who is due."""
        if self._rests:
            self._watch()
            return
        self._beat = self.now
        self._alarm = False
        for friend in [one for one in self.friends.values() if (due := next_due(one)) and due <= self.now]:
            self._decide(friend.id, CameDue(at=self.now))
        carry_out(self)

    def health(self) -> Health:
        """How the machinery is."""
        silent = (self.now - self._beat).total_seconds()
        due = self.next_due()
        late = max(0.0, (self.now - due).total_seconds()) if due else 0.0
        workers = int(silent <= ALIVE.total_seconds())
        return Health(tick_age=silent, oldest_due=late, workers=workers)

    def _watch(self) -> None:
        """What the watch in the web process does when workers and clock are gone."""
        wrong = trouble(self.health())
        if not wrong or self._alarm:
            return
        self._alarm = True
        self.notices.append((self.now, "heartbeat", f"⚠ {wrong}"))
        day = f"{self.now.astimezone(self._catalog.account.tz):%Y-%m-%d}"
        owners = [one for one, staff in self._catalog.staff.items() if staff.role is Role.OWNER]
        if owners and self._pushed != day:
            self._pushed = day
            for owner in owners:
                self._pushes.append((self.now, Key("")))
                self._say(owner, "push", [{"type": "text", "text": PUSH.format(wrong)}])

    def next_due(self) -> datetime | None:
        """When the next thing is due."""
        return min((due for one in self.friends.values() if (due := next_due(one))), default=None)

    def heard(self) -> list[Bubble]:
        """What the bot said since the last time this was asked."""
        said, self._said = self._said, []
        return said

    def friend(self, who: str) -> Friend:
        """Somebody's record."""
        return self.friends.get(id_of(who), Friend(id=id_of(who)))

    def pushes(self) -> int:
        """Counted messages so far."""
        return len(self._pushes)

    def again(self) -> None:
        """LINE brings the last webhook once more."""
        assert self._last is not None
        self._hear(*self._last)

    def limit(self, messages: int | None) -> None:
        """LINE's monthly limit from now on."""
        self.cap = messages
        self.work()

    def unsure(self, yes: bool) -> None:
        """LINE's answers are no matter here."""

    def rest(self, yes: bool) -> None:
        """Whether nobody looks at what comes due."""
        self._rests = yes
        self.work()

    def tally(self) -> Tally:
        """What a decision must know about everybody else."""
        left = None if self.cap is None else max(0, self.cap - self.this_month())
        return Tally(left=left, sent=dict(Counter(scenario for _, scenario in self._pushes)))

    def this_month(self) -> int:
        """Counted messages of this month."""
        return sum(month_of(at) == month_of(self.now) for at, _ in self._pushes)

    # -- what the adapters do

    def _shown(self, me: FriendId, thing: Sent, about: Mapping[str, Any]) -> Event:
        """The event, its content kept where somebody asks for it."""
        plain = Showed(what=thing.what, text=thing.name, milliseconds=thing.milliseconds, **about)
        staff = self._catalog.staff.get(me)
        ours = staff is not None and self._for_console(staff.as_friend, plain)
        if thing.what == "sticker":
            return replace(plain, media=thing.media)
        if len(thing.blob) > LARGEST:
            return replace(plain, refused=too_large(thing.what, len(thing.blob)))
        if not thing.type or not (ours or self.friend(self.people[me]).phase in {Phase.ASKING, Phase.REVIEWING}):
            return plain
        kept = Kept(id=thing.id, what=thing.what, size=len(thing.blob), at=self.now, name=thing.name, answer=not ours)
        self.things = [*(one for one in self.things if one.id != kept.id), kept]
        return replace(plain, media=thing.media)

    def _tap(self, me: FriendId, label: str, picked: str, about: Mapping[str, Any]) -> None:
        last, *older = list(reversed(self._talks.get(me, []))) or [{}]
        # Quick replies stand under the last message only.
        for message in (last, *({**one, "quickReply": {}} for one in older)):
            for action in transcript.actions(message):
                if label in {action.get("label"), action.get("text"), action.get("displayText")}:
                    self._do(me, action, picked, about)
                    return
        raise LookupError(f"nothing says {label!r}")

    def _do(self, me: FriendId, action: Mapping[str, object], picked: str, about: Mapping[str, Any]) -> None:
        if action["type"] == "message":
            self._hear(me, Said(text=str(action["text"]), **about))
        else:
            self._hear(me, Tapped(data=str(action["data"]), picked=picked, **about))

    def _hear(self, me: FriendId, event: Event) -> None:
        self._last = (me, event)
        staff = self._catalog.staff.get(me)
        if isinstance(event, Said) and staff is None and self._claims(me, event):
            return
        if (
            staff is not None
            and isinstance(event, Said | Tapped | Showed)
            and self._for_console(staff.as_friend, event)
        ):
            heard = Heard(
                at=event.at,
                event_id=event.id,
                text=getattr(event, "text", ""),
                data=getattr(event, "data", ""),
                picked=getattr(event, "picked", ""),
                what=getattr(event, "what", ""),
                media=getattr(event, "media", ""),
                milliseconds=getattr(event, "milliseconds", 0),
                refused=getattr(event, "refused", ""),
            )
            console = self.consoles.get(me, Console(admin=me))
            self._commit(me, decide_console(console, staff, heard, self._catalog, PureReports(self, me), self.now))
            return
        self._decide(me, event)

    def _for_console(self, as_friend: datetime | None, event: Event) -> bool:
        if as_friend is None or self.now - as_friend > timedelta(minutes=30):
            return True
        return getattr(event, "text", "") == WAY_BACK or getattr(event, "data", "").endswith(WAY_BACK)

    def _claims(self, me: FriendId, event: Said) -> bool:
        console = self.consoles.get(me, Console(admin=me))
        name = self.friend(self.people[me]).name or NAMES.get(self.people[me], "")
        claimed = claim(event.text, me, self._catalog, console, OWNER_CODE, self.now, name)
        if claimed is None:
            return False
        self.consoles[me] = claimed.console
        if claimed.decision is None:
            return False
        self._commit(me, claimed.decision)
        return True

    def _commit(self, me: FriendId, decision: ConsoleDecision) -> None:
        self.consoles[me] = decision.console
        if decision.catalog is not None:
            self.install(decision.catalog)
            by = self._catalog.staff[me].name if me in self._catalog.staff else ""
            for change in decision.changes:
                row = Done(at=self.now, by=by, words=change.words, revision=self._catalog.revision)
                self.rows.append((row, change.before))
        if decision.bubbles:
            self._say(me, "reply", decision.bubbles)
        for number, order in enumerate(decision.orders):
            if isinstance(order.event, Cleared):
                self.things = [one for one in self.things if one.id not in order.event.things]
                continue
            if order.friend is not None and isinstance(order.event, Erased):
                self.friends.pop(order.friend, None)
                self.pasts.pop(order.friend, None)
                continue
            for friend in [order.friend] if order.friend else self._those(order.everyone_who):
                here = friend == me and len(decision.bubbles) < 5
                if isinstance(order.event, StaffSpoke):
                    here = self.spares.pop(friend, self.now) > self.now
                self._decide(friend, replace(order.event, id=f"order{self._events}:{number}", can_reply=here))

    def _those(self, condition: Condition | None) -> list[FriendId]:
        if condition is None:
            return []
        return [one.id for one in self.reachable() if condition.holds(one, self.sight())]

    def _decide(self, me: FriendId, event: Event) -> None:
        decision: Decision = decide(self.friends.get(me, Friend(id=me)), event, self._catalog, self.now, self.tally())
        decision = with_way_back(decision, me, self._catalog)
        self.friends[me] = decision.friend
        self.pasts[me] = (*self.pasts.get(me, ()), *decision.facts)
        self.counted += [] if decision.friend.staff else decision.facts
        if lacks_quota(decision) and self._told_spent != month_of(self.now):
            self._told_spent = month_of(self.now)
            self.notices.append((self.now, "quota", SPENT))
        for effect in decision.effects:
            self._perform(me, effect)
        if event.can_reply and waits_for_a_person(decision):
            self.spares[me] = self.now + TOKEN_LIVES

    def _perform(self, me: FriendId, effect: Effect) -> None:
        match effect:
            case Send(bubbles=bubbles, way=way, source=source):
                if way is Way.PUSH:
                    self._pushes.append((self.now, Key(source.scenario)))
                self._say(me, way.value, bubbles)
            case TellStaff(text=text, topic=topic):
                if topic != REPLY:
                    self.notices.append((self.now, topic, text))
            case LearnName():
                self._decide(me, Renamed(at=self.now, name=NAMES.get(self.people[me], self.people[me])))

    def _say(self, me: FriendId, how: str, bubbles: Iterable[Mapping[str, object]]) -> None:
        for message in bubbles:
            self._talks.setdefault(me, []).append(message)
            self._said.append(Bubble(who=self.people[me], how=how, message=message))

    # -- for reports

    def reachable(self) -> list[Friend]:
        """Friends who follow and are not staff."""
        return [one for one in self.friends.values() if one.joined and one.left is None and not one.staff]

    def sight(self) -> Standpoint:
        """What conditions may look at."""
        return Standpoint(self.now, self._catalog)


def waits_for_a_person(decision: Decision) -> bool:
    """Whether staff were told, and nothing was answered: then the reply token is left for them."""
    told = any(isinstance(effect, TellStaff) for effect in decision.effects)
    return told and not any(isinstance(effect, Send) and effect.way is Way.REPLY for effect in decision.effects)


class PureReports:
    """The console's questions, answered by looking at every record."""

    def __init__(self, world: PureWorld, me: FriendId) -> None:
        """For this member of staff."""
        self._world = world
        self._me = me
        self._told = world.consoles.get(me, Console(admin=me)).told

    def friend(self, friend: FriendId) -> FriendView | None:
        """The friend and his past."""
        found = self._world.friends.get(friend)
        return FriendView(friend=found, past=self._world.pasts.get(friend, ())) if found else None

    def named(self, words: str, limit: int = 10) -> Sequence[Friend]:
        """Friends whose name holds these words."""
        found = [one for one in self._world.friends.values() if one.name and fold(words) in fold(one.name)]
        return sorted(found, key=lambda one: (fold(one.name) != fold(words), len(one.name)))[:limit]

    def known(self, friends: Collection[FriendId]) -> Sequence[Friend]:
        """Those of these ids whom we know."""
        return [self._world.friends[one] for one in friends if one in self._world.friends]

    def newest(self, limit: int = 10) -> Sequence[Friend]:
        """Those who joined last."""
        return sorted(self._world.reachable(), key=lambda one: one.joined or self._world.now, reverse=True)[:limit]

    def count(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime | None = None) -> HeadCount:
        """How many it is true and unknown for, and whom nothing would reach."""
        found = census(self._world, condition, at or now)
        gets, unknown = found.pop(Whom.GETS, []), found.pop(Whom.UNKNOWN, [])
        left_out = {Rule(whom): len(those) for whom, those in found.items() if those}
        return HeadCount(
            true=len(gets) + sum(many for rule, many in left_out.items() if rule is not Rule.LEFT),
            unknown=len(unknown),
            # The record names the first of each shard before the second.
            names=tuple(one.name for one in gets if one.name)[:5],
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
        """Those who were counted."""
        return census(self._world, condition, at or now)[whom][start : start + limit]

    def indexed(self) -> float:
        """There is nothing to build."""
        return 1.0

    def following(self) -> int:
        """Friends who can be reached."""
        return len(self._world.reachable())

    def in_scenario(self, scenario: Key) -> Mapping[int, int]:
        """How many walk on each version."""
        counts: dict[int, int] = {}
        for one in self._world.reachable():
            places = [(walk.scenario, walk.version) for walk in one.enrollments]
            sittings = (*((one.sitting,) if one.sitting else ()), *one.shelf)
            for plan, version in {*places, *((sitting.survey, sitting.version) for sitting in sittings)}:
                if plan == scenario:
                    counts[version] = counts.get(version, 0) + 1
        return counts

    def facts(self, kind: str, day: str) -> Mapping[str, int]:
        """Facts of one day, by what they were about."""
        zone = self._world.catalog().account.tz
        names = [
            one
            for fact in self._world.counted
            if f"{fact.at.astimezone(zone):%Y-%m-%d}" == day
            for one in counted_as(fact)
        ]
        return Counter(name.partition("\t")[2] for name in names if name.partition("\t")[0] == kind)

    def quota(self) -> Quota:
        """This month's messages, as we counted them."""
        world = self._world
        used = world.this_month()
        held = sum(index.SHORT_OF_QUOTA in index.marks(one, world.catalog().account.tz) for one in world.reachable())
        return Quota(month=month_of(world.now), limit=world.cap, at_line=used, ours=used, held=held, asked=world.now)

    def scheduled(self, until: datetime) -> int:
        """Friends due before then."""
        return sum((due := next_due(one)) is not None and due < until for one in self._world.friends.values())

    def health(self) -> Health:
        """How the machinery is."""
        return self._world.health()

    def top(self, score: Key, limit: int = 10) -> Sequence[FriendView]:
        """Those with the most points."""
        some = [one for one in self._world.reachable() if one.scores.get(score, 0) > 0]
        best = sorted(some, key=lambda one: (-one.scores[score], one.name))[:limit]
        return [FriendView(friend=one, past=self._world.pasts.get(one.id, ())) for one in best]

    def channel(self) -> Channel | None:
        """LINE cannot be asked here."""
        return None

    def download(self, what: str, staff: FriendId) -> str:
        """There is no address here."""
        return ""

    def room(self) -> Room:
        """Where pictures and films lie."""
        return Room(used=sum(one.size for one in self._world.things), budget=BUDGET)

    def things(self, limit: int = 500) -> Sequence[Kept]:
        """What is kept, what takes most room first."""
        drafts = repr(self._world.consoles)
        found = [replace(one, draft=f"media:{one.id}" in drafts) for one in self._world.things]
        return sorted(found, key=lambda one: -one.size)[:limit]

    def missing(self, things: Collection[str]) -> Collection[str]:
        """Of these, those that are not kept."""
        kept = {f"media:{one.id}" for one in self._world.things}
        return [one for one in things if one not in kept]

    def notices(self, muted: Collection[str] = ()) -> Sequence[str]:
        """What staff should be told."""
        since = self._told
        return [text for at, topic, text in self._world.notices if (since is None or at > since) and topic not in muted]

    def broadcast(self, broadcast: Broadcast) -> Progress | None:
        """How far a broadcast has got."""
        return self._world.sendings.get(broadcast.id)

    def trial(self, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
        """What came of each variant."""
        return outcomes(self._world, trial, variants)

    def undelivered(self, friend: FriendId) -> Sequence[Undelivered]:
        """Here LINE refuses nothing that the gate let pass."""
        return ()

    def unsaved(self, staff: FriendId) -> Sequence[Mapping[str, Any]]:
        """What that member of staff has not finished."""
        console = self._world.consoles.get(staff)
        return unsaved_of(console, self._world.now) if console else ()

    def answerable(self, friend: FriendId) -> datetime | None:
        """Until when staff's words still go as an answer."""
        until = self._world.spares.get(friend)
        return until if until and until > self._world.now else None

    def awaiting(self, limit: int = 10) -> Sequence[Friend]:
        """Friends who wait for an answer."""
        waiting = [one for one in self._world.friends.values() if one.awaits_reply]
        return sorted(waiting, key=lambda one: one.awaits_reply or self._world.now)[:limit]

    def history(self, limit: int = 50) -> Sequence[Done]:
        """The last changes."""
        return [row for row, _ in reversed(self._world.rows)][:limit]

    def audited(self, words: str, limit: int = 50) -> Sequence[Done]:
        """The changes by or about something."""
        return [row for row, _ in reversed(self._world.rows) if fold(words) in fold(f"{row.by} {row.words}")][:limit]

    def undone(self, row: Done, catalog: Catalog) -> Catalog | None:
        """The catalog before this row."""
        before = next((before for one, before in self._world.rows if one == row), None)
        return replace(before, revision=catalog.revision) if before else None
