"""The pure world: flows and admin_commands only, records in dicts. What the full stack does, it does in plain sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from admin_commands.claim import claim
from admin_commands.console import decide as decide_console
from bot.store.derived import counted_as
from flows.catalog import Catalog
from flows.conditions import Condition
from flows.decision import Decision
from flows.desk import Console, ConsoleDecision, Done, FriendView, HeadCount, Health, Heard, Quota
from flows.effects import Effect, LearnName, Send, TellStaff, Way
from flows.engine import decide, next_due
from flows.events import CameDue, Event, Followed, Left, Renamed, Said, Showed, Tapped
from flows.facts import Fact
from flows.friend import Friend
from flows.names import FriendId, Key, fold
from tests import transcript
from tests.worlds import NAMES, OWNER_CODE, START, Bubble, id_of, shop

WAY_BACK = "管理に戻る"


class PureWorld:
    """Everybody's records in memory, every decision carried out by hand."""

    def __init__(self) -> None:
        self.now = START
        self.friends: dict[FriendId, Friend] = {}
        self.pasts: dict[FriendId, tuple[Fact, ...]] = {}
        self.consoles: dict[FriendId, Console] = {}
        self.rows: list[tuple[Done, Catalog | None]] = []
        self.notices: list[str] = []
        self.people: dict[FriendId, str] = {}
        self._catalog = shop()
        self._said: list[Bubble] = []
        self._talks: dict[FriendId, list[Mapping[str, object]]] = {}
        self._events = 0
        self._pushes = 0

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
                self._hear(me, Showed(what=text, **about))
            case "taps":
                self._tap(me, text, "", about)
            case "picks":
                label, _, picked = text.rpartition(" ")
                self._tap(me, label, picked, about)

    def work(self) -> None:
        """Have everybody looked at who is due."""
        for friend in [one for one in self.friends.values() if (due := next_due(one)) and due <= self.now]:
            self._decide(friend.id, CameDue(at=self.now))

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
        return self._pushes

    # -- what the adapters do

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
            for friend in [order.friend] if order.friend else self._those(order.everyone_who):
                self._decide(friend, replace(order.event, id=f"order{self._events}:{number}"))

    def _those(self, condition: Condition | None) -> list[FriendId]:
        if condition is None:
            return []
        return [one.id for one in self.reachable() if condition.holds(one, self.sight())]

    def _decide(self, me: FriendId, event: Event) -> None:
        decision: Decision = decide(self.friends.get(me, Friend(id=me)), event, self._catalog, self.now)
        self.friends[me] = decision.friend
        self.pasts[me] = (*self.pasts.get(me, ()), *decision.facts)
        for effect in decision.effects:
            self._perform(me, effect)

    def _perform(self, me: FriendId, effect: Effect) -> None:
        match effect:
            case Send(bubbles=bubbles, way=way):
                self._pushes += way is Way.PUSH
                self._say(me, way.value, bubbles)
            case TellStaff(text=text):
                self.notices.append(text)
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

    def sight(self) -> PureSight:
        """What conditions may look at."""
        return PureSight(self.now, self._catalog)


@dataclass(frozen=True, slots=True)
class PureSight:
    """What a condition may look at besides the friend."""

    now: datetime
    catalog: Catalog

    @property
    def zone(self) -> tzinfo:
        """The account's zone."""
        return self.catalog.account.tz

    def segment(self, name: Key) -> Condition | None:
        """The saved segment of that name."""
        found = self.catalog.segments.get(name)
        return found.condition if found else None


class PureReports:
    """The console's questions, answered by looking at every record."""

    def __init__(self, world: PureWorld, me: FriendId) -> None:
        """For this member of staff."""
        self._world = world
        self._me = me

    def friend(self, friend: FriendId) -> FriendView | None:
        """The friend and his past."""
        found = self._world.friends.get(friend)
        return FriendView(friend=found, past=self._world.pasts.get(friend, ())) if found else None

    def named(self, words: str, limit: int = 10) -> Sequence[Friend]:
        """Friends whose name holds these words."""
        found = [one for one in self._world.friends.values() if one.name and fold(words) in fold(one.name)]
        return sorted(found, key=lambda one: (fold(one.name) != fold(words), len(one.name)))[:limit]

    def newest(self, limit: int = 10) -> Sequence[Friend]:
        """Those who joined last."""
        return sorted(self._world.reachable(), key=lambda one: one.joined or self._world.now, reverse=True)[:limit]

    def count(self, condition: Condition, catalog: Catalog, now: datetime) -> HeadCount:
        """How many it is true and unknown for."""
        sight = PureSight(now, catalog)
        answers = [(one, condition.holds(one, sight)) for one in self._world.reachable()]
        true = [one for one, holds in answers if holds]
        names = tuple(one.name for one in true if one.name)[:5]
        return HeadCount(true=len(true), unknown=sum(holds is None for _, holds in answers), names=names)

    def following(self) -> int:
        """Friends who can be reached."""
        return len(self._world.reachable())

    def in_scenario(self, scenario: Key) -> Mapping[int, int]:
        """How many walk on each version."""
        counts: dict[int, int] = {}
        for one in self._world.reachable():
            for walk in one.enrollments:
                if walk.scenario == scenario:
                    counts[walk.version] = counts.get(walk.version, 0) + 1
        return counts

    def facts(self, kind: str, day: str) -> Mapping[str, int]:
        """Facts of one day, by what they were about."""
        zone = self._world.catalog().account.tz
        past = [fact for facts in self._world.pasts.values() for fact in facts]
        names = [one for fact in past if f"{fact.at.astimezone(zone):%Y-%m-%d}" == day for one in counted_as(fact)]
        return Counter(name.partition("\t")[2] for name in names if name.partition("\t")[0] == kind)

    def quota(self) -> Quota:
        """This month's messages, as we counted them."""
        return Quota(month=f"{self._world.now:%Y-%m}", ours=self._world.pushes())

    def scheduled(self, until: datetime) -> int:
        """Friends due before then."""
        return sum((due := next_due(one)) is not None and due < until for one in self._world.friends.values())

    def health(self) -> Health:
        """All is well."""
        return Health(tick_age=1.0, workers=1)

    def notices(self) -> Sequence[str]:
        """What staff should be told."""
        return list(self._world.notices)

    def awaiting(self, limit: int = 10) -> Sequence[Friend]:
        """Friends who wait for an answer."""
        waiting = [one for one in self._world.friends.values() if one.awaits_reply]
        return sorted(waiting, key=lambda one: one.awaits_reply or self._world.now)[:limit]

    def history(self, limit: int = 50) -> Sequence[Done]:
        """The last changes."""
        return [row for row, _ in reversed(self._world.rows)][:limit]

    def undone(self, row: Done, catalog: Catalog) -> Catalog | None:
        """The catalog before this row."""
        before = next((before for one, before in self._world.rows if one == row), None)
        return replace(before, revision=catalog.revision) if before else None
