"""What staff say goes to the console, always; and 登録 from anybody else may make him one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.handling import ContendedError, Friendly, token_end
from bot.inbound import Incoming
from bot.log import get_logger
from bot.ports import StaffRoom
from bot.sender import Sender
from bot.store.catalogs import Catalogs
from bot.store.consoles import Consoles, Stand
from bot.store.entries import Entry
from bot.store.keys import Shard, shard_of
from bot.store.records import Record
from flows.catalog import Catalog, Staff
from flows.desk import Console, ConsoleDecision, Heard, Order, Reports
from flows.effects import LearnName
from flows.events import BecameFriend, Cleared, Erased, Said, Showed, StaffSpoke, Tapped
from flows.names import FriendId, narrow
from flows.way_back import WAY_BACK

log = get_logger(__name__)

ATTEMPTS: Final = 10
IDLE: Final = timedelta(minutes=30)
MOST_BUBBLES: Final = 5
"""In one reply (developers.line.biz, send-reply-message)."""
"""友だちモード ends by itself after so long without a word."""

AskReports = Callable[[datetime, datetime | None], Reports]
"""What may be asked at this moment by somebody who knows the notices up to another."""

ManyOrders = Callable[[str, Order, Catalog, datetime], None]
"""Keeps an order to many, under an id that makes it happen once."""


class StaffDoor:
    """The door for staff, and for those who claim to be."""

    def __init__(
        self,
        *,
        room: StaffRoom,
        reports: AskReports,
        consoles: Consoles,
        catalogs: Catalogs,
        friendly: Friendly,
        sender: Sender,
        order_many: ManyOrders,
        ring: Callable[[Shard], None],
        owner_code: Callable[[], str],
        erase: Callable[[FriendId], None],
        throw_away: Callable[[Cleared], None],
    ) -> None:
        """`ring` has the workers look at a shard; `owner_code` makes the first owner; `erase` forgets a person,
        `throw_away` pictures and the like."""
        self._room = room
        self._reports = reports
        self._consoles = consoles
        self._catalogs = catalogs
        self._friendly = friendly
        self._sender = sender
        self._order_many = order_many
        self._ring = ring
        self._owner_code = owner_code
        self._erase = erase
        self._throw_away = throw_away

    def take(self, one: Incoming, record: Record, catalog: Catalog, now: datetime) -> bool:
        """Whether this was for the console."""
        staff = catalog.staff.get(one.friend)
        if staff is None:
            return isinstance(one.event, Said) and self._claim(one, one.event.text, record, catalog, now)
        if not staff.name and record.friend.name:
            catalog = self._named(one.friend, staff, record.friend.name, catalog, now)
        heard = heard_of(one)
        if heard is None or self._stays_friend(staff, heard, record, now):
            return False
        if staff.as_friend is not None and not _goes_back(heard):
            self._console(replace(one, quiet=True), Heard(at=heard.at, text=WAY_BACK), catalog, now)
            catalog = self._catalogs.current()
        self._console(one, heard, catalog, now)
        return True

    def _stays_friend(self, staff: Staff, heard: Heard, record: Record, now: datetime) -> bool:
        if staff.as_friend is None or _goes_back(heard):
            return False
        last = max(staff.as_friend, record.friend.reacted or staff.as_friend)
        return now - last < IDLE

    def _named(self, me: FriendId, staff: Staff, name: str, catalog: Catalog, now: datetime) -> Catalog:
        """The configuration in which this member of staff has her name: it was learnt after she had come."""
        named = replace(catalog, staff={**catalog.staff, me: replace(staff, name=name)})
        self._catalogs.commit(named, expected=catalog.revision, by=name, at=now)
        return self._catalogs.current()

    def _console(self, one: Incoming, heard: Heard, catalog: Catalog, now: datetime) -> None:
        """Decide and commit, again while somebody was quicker with the configuration."""
        for _ in range(ATTEMPTS):
            stand = self._consoles.load(one.friend)
            staff = catalog.staff.get(one.friend)
            if staff is None or stand.knows(heard.event_id):
                return
            decision = self._room.decide(
                stand.console, staff, heard, catalog, self._reports(now, stand.console.told), now
            )
            by = staff.name or staff.role.value
            if self._commit(one, heard.event_id, stand, decision, catalog=catalog, by=by, now=now):
                log.info("console.decided", admin=one.friend, changed=decision.catalog is not None)
                return
            catalog = self._catalogs.current()
        raise ContendedError(one.friend)

    def _claim(self, one: Incoming, text: str, record: Record, catalog: Catalog, now: datetime) -> bool:
        code = self._owner_code()
        # Whether it is a claim at all is asked without a trip to the store: nearly nothing is.
        if self._room.claim(text, one.friend, catalog, Console(admin=one.friend), code, now) is None:
            return False
        for _ in range(ATTEMPTS):
            stand = self._consoles.load(one.friend)
            if stand.knows(one.event.id) or one.friend in catalog.staff:
                return True
            name = record.friend.name
            claimed = self._room.claim(text, one.friend, catalog, stand.console, code, now, name)
            if claimed is None:
                return False
            if claimed.decision is None:
                return not self._count_wrong(stand, claimed.console, now)
            by = name or "新しいスタッフ"
            learning = () if name else (LearnName(),)
            decision = replace(claimed.decision, effects=(*claimed.decision.effects, *learning))
            if self._commit(one, one.event.id, stand, decision, catalog=catalog, by=by, now=now):
                log.info("claim.accepted", admin=one.friend)
                return True
            catalog = self._catalogs.current()
        raise ContendedError(one.friend)

    def _count_wrong(self, stand: Stand, console: Console, now: datetime) -> bool:
        """Remember one more wrong code, and go on as if nothing had been said about it."""
        if console != stand.console:
            self._consoles.commit(stand, console, at=now)
        return True

    def _commit(
        self,
        one: Incoming,
        event_id: str,
        stand: Stand,
        decision: ConsoleDecision,
        *,
        catalog: Catalog,
        by: str,
        now: datetime,
    ) -> bool:
        """The configuration first, then orders, the console last: until it stands, LINE brings the event again."""
        if not self._put_in_force(event_id, decision, catalog, by, now):
            return False
        in_force = self._catalogs.current()
        for gone in catalog.staff.keys() - in_force.staff.keys():
            self._friendly.act(gone, BecameFriend(at=now, id=f"{event_id}:friend"))
        for number, order in enumerate(decision.orders):
            order_id = f"{event_id}:{number}"
            decision = self._carry_out(order, order_id, decision, me=one.friend, catalog=in_force, now=now)
        for other, effects in decision.staff_effects.items():
            self._consoles.effects(other, effects, at=now, event_id=event_id)
            self._ring(shard_of(other))
        while not (entries := self._answer(one, event_id, stand, decision, now)):
            stand = self._consoles.load(one.friend)
            if stand.knows(event_id):
                return True
        self._send(one, entries[0])
        return True

    def _put_in_force(self, event_id: str, decision: ConsoleDecision, catalog: Catalog, by: str, now: datetime) -> bool:
        if decision.catalog is None or self._catalogs.knows(event_id):
            return True
        return self._catalogs.commit(
            decision.catalog, expected=catalog.revision, changes=decision.changes, by=by, at=now, event_id=event_id
        )

    def _answer(
        self, one: Incoming, event_id: str, stand: Stand, decision: ConsoleDecision, now: datetime
    ) -> tuple[tuple[Entry, ...], ...]:
        """The entries of the answer, in a tuple of one; () when somebody was quicker."""
        answered = self._consoles.commit(
            stand,
            decision.console,
            at=now,
            event_id=event_id,
            bubbles=() if one.quiet else decision.bubbles,
            effects=decision.effects,
            reply_token=one.token,
            token_until=token_end(one.token, now),
        )
        return (answered.entries,) if answered.stands else ()

    def _carry_out(
        self, order: Order, order_id: str, decision: ConsoleDecision, *, me: FriendId, catalog: Catalog, now: datetime
    ) -> ConsoleDecision:
        """Have an order happen; what it says to the speaker at once joins the answer, so that a trial costs nothing."""
        if isinstance(order.event, Cleared):
            self._throw_away(order.event)
            return decision
        if order.friend is None:
            if order.everyone_who is not None:
                self._order_many(order_id, order, catalog, now)
            return decision
        if isinstance(order.event, Erased):
            self._erase(order.friend)
            return decision
        if isinstance(order.event, StaffSpoke):
            shard = shard_of(order.friend)
            self._sender.answer(shard, self._friendly.act_in_person(order.friend, replace(order.event, id=order_id)))
            self._ring(shard)
            return decision
        if isinstance(order.event, StaffSpoke):
            shard = shard_of(order.friend)
            self._sender.answer(shard, self._friendly.act_in_person(order.friend, replace(order.event, id=order_id)))
            self._ring(shard)
            return decision
        room = MOST_BUBBLES - len(decision.bubbles) if order.friend == me else 0
        said = self._friendly.act_aside(order.friend, replace(order.event, id=order_id), room=room)
        self._ring(shard_of(order.friend))
        return replace(decision, bubbles=(*decision.bubbles, *said))

    def _send(self, one: Incoming, entries: tuple[Entry, ...]) -> None:
        shard = shard_of(one.friend)
        self._sender.answer(shard, entries)
        if any(not entry.reply_token for entry in entries):
            self._ring(shard)


def heard_of(one: Incoming) -> Heard | None:
    """What a member of staff sent, as the console hears it; None for what is not said to it."""
    event = one.event
    match event:
        case Said(text=text):
            return Heard(at=event.at, event_id=event.id, text=text)
        case Tapped(data=data, picked=picked):
            return Heard(at=event.at, event_id=event.id, data=data, picked=picked)
        case Showed(what=what, media=media, text=text):
            return Heard(
                at=event.at,
                event_id=event.id,
                what=what,
                media=media,
                text=text,
                milliseconds=event.milliseconds,
                refused=event.refused,
            )
    return None


def _goes_back(heard: Heard) -> bool:
    return narrow(heard.text).strip().rstrip("。!") == WAY_BACK or heard.data.endswith(WAY_BACK)
