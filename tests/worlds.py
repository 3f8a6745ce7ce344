"""The two worlds in which every transcript runs: the pure core, and the whole stack with LINE's fake at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from flows.catalog import Account, Catalog, Entry, Role, Staff
from flows.friend import Friend
from flows.names import FriendId, fold
from flows.scenario import State
from flows.script import Problems, read, with_new_names
from simulator.world import user_id

OWNER_CODE = "1234-5678"
START = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
"""10:12 on a Friday in Tokyo."""
NAMES = {"friend": "さくら", "staff": "花"}
"""What the people of a transcript are called at LINE, where they have no name of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message of the bot: to whom, how (reply or push), and LINE's message object."""

    who: str
    how: str
    message: Mapping[str, Any]


class World(Protocol):
    """What a transcript needs of a world. People are named as in the transcript."""

    now: datetime

    def install(self, catalog: Catalog) -> None:
        """Put a configuration in force."""
        ...

    def catalog(self) -> Catalog:
        """The configuration in force."""
        ...

    def act(self, who: str, verb: str, text: str) -> None:
        """Have somebody do something, and everything happen that follows at once."""
        ...

    def work(self) -> None:
        """Have everything happen that is due now."""
        ...

    def next_due(self) -> datetime | None:
        """When the next thing is due."""
        ...

    def heard(self) -> list[Bubble]:
        """What the bot said since the last time this was asked."""
        ...

    def friend(self, who: str) -> Friend:
        """Somebody's record."""
        ...

    def pushes(self) -> int:
        """Counted messages so far."""
        ...

    def again(self) -> None:
        """LINE brings the last webhook once more, and everything happens that follows."""
        ...

    def limit(self, messages: int | None) -> None:
        """LINE's monthly limit from now on, known to us at once; None for none."""
        ...

    def unsure(self, yes: bool) -> None:
        """Whether LINE accepts what is pushed and then gives no answer the first time."""
        ...

    def rest(self, yes: bool) -> None:
        """Whether workers and clock are down; the web process answers all the same."""
        ...


def id_of(who: str) -> FriendId:
    """The user id of somebody in a transcript."""
    return FriendId(user_id(NAMES.get(who, who)))


def move(world: World, target: datetime) -> None:
    """Let time pass until then: what comes due on the way happens at its own time."""
    seen: set[tuple[datetime, int]] = set()
    while (due := world.next_due()) is not None and due <= target:
        mark = (due, world.pushes())
        if mark in seen:
            break
        seen.add(mark)
        world.now = max(world.now, due)
        world.work()
    world.now = max(world.now, target)
    world.work()


def published(catalog: Catalog, text: str, now: datetime) -> Catalog:
    """The catalog with this script published, and what it names."""
    script = read(text, catalog, now)
    if isinstance(script, Problems):
        raise TypeError(f"the script cannot be read: {script}")
    named = with_new_names(catalog, script.new_names)
    key = fold(script.plan.name)
    entry = named.plans.get(key, Entry(name=script.plan.name))
    number = max(entry.versions, default=0) + 1
    live = replace(entry, state=State.LIVE, versions={**entry.versions, number: script.plan}, current=number)
    return replace(named, plans={**named.plans, key: live})


def with_owner(catalog: Catalog, who: str, now: datetime) -> Catalog:
    """The catalog in which this person is the owner."""
    staff = Staff(role=Role.OWNER, name=NAMES.get(who, who), since=now)
    return replace(catalog, staff={**catalog.staff, id_of(who): staff})


def shop() -> Catalog:
    """The configuration every transcript begins with."""
    return Catalog(account=Account(name="サロン花"))
