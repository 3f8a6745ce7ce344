"""A broadcast that goes in several sends: later for those under way, at other moments, and the better one for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.aims import Unclear
from flows.broadcast import REST, Broadcast, Rest, Walkers, splits
from flows.catalog import Catalog
from flows.conditions import AnyOf, Condition, Except, Reached
from flows.moments import OnDate
from flows.names import cut, fold
from flows.scenario import Body, Split
from flows.timing import instant

LATER, OTHERS = "-2", "-r"
ARMS = ("-A", "-B", "-C", "-D")
BY_HAND = -1
"""Instead of so many minutes: the rest waits until somebody says what it gets."""


def waves_of(catalog: Catalog, first: Broadcast) -> list[Broadcast]:
    """The further sends of this broadcast, by their moments."""
    ids = {f"{first.id}{end}" for end in (LATER, OTHERS, *ARMS)}
    return sorted((one for one in catalog.broadcasts.values() if one.id in ids), key=lambda one: one.at)


def later_of(catalog: Catalog, first: Broadcast) -> Broadcast | None:
    """What those get later who were in the middle of a scenario, None where there is no such."""
    return next((one for one in catalog.broadcasts.values() if one.id == f"{first.id}{LATER}"), None)


def rest_of(catalog: Catalog, first: Broadcast) -> Broadcast | None:
    """What those get for whom the better variant is waited for."""
    return next((one for one in catalog.broadcasts.values() if one.id == f"{first.id}{OTHERS}"), None)


def is_open(one: Broadcast) -> bool:
    """Whether nobody knows yet what it says."""
    return one.rest is not None and not one.rest.chosen


def moment_of_arm(one: Broadcast, name: str, zone: ZoneInfo) -> datetime:
    """When this variant of a broadcast goes."""
    split = splits(one.body)
    found = next((each.when for each in split.variants if each.name == name), None) if split else None
    return instant(found.date, found.clock, zone) if isinstance(found, OnDate) else one.at


def further(catalog: Catalog, first: Broadcast, *, later: int, wait: int, unclear: Unclear) -> list[Broadcast]:
    """The further sends of a new broadcast: `later` in days, `wait` in minutes after the last variant has gone."""
    waves: list[Broadcast] = []
    split = splits(first.body)
    for one in split.variants if split else ():
        if one.when is not None:
            at = moment_of_arm(first, one.name, catalog.account.tz)
            name = named(catalog, first, f"{one.name}案", f"-{one.name}")
            waves.append(_wave(first, f"-{one.name}", name, at, waves, arm=one.name))
    if split and any(one.name == REST for one in split.variants):
        last = max(one.at for one in (first, *waves))
        rest = Rest(unclear=unclear, asked=last if wait == BY_HAND else None)
        at = last + timedelta(minutes=max(0, wait))
        waves.append(_wave(first, OTHERS, named(catalog, first, "残り", OTHERS), at, waves, body=(), rest=rest))
    if later:
        waves.append(_later(catalog, first, waves, later))
    return waves


def _wave(first: Broadcast, end: str, name: str, at: datetime, before: list[Broadcast], **more: object) -> Broadcast:
    """One more send of the same test, for those whom none before it has reached."""
    condition = without(first.condition, [first, *before])
    given = {"id": f"{first.id}{end}", "name": name, "at": at, "condition": condition, "part_of": first.id, **more}
    return replace(first, **given)  # type: ignore[arg-type]


def _later(catalog: Catalog, first: Broadcast, waves: list[Broadcast], days: int) -> Broadcast:
    """The same for those who were in the middle of a scenario: whoever has got nothing of it by then."""
    at = first.at + timedelta(days=days)
    rest = next((one.rest for one in waves if one.rest), None)
    more: dict[str, object] = {"body": () if rest else _at_once(first.body), "rest": rest}
    made = _wave(first, LATER, named(catalog, first, "後日", LATER), at, waves, **more)
    return replace(made, walkers=Walkers.SEND)


def _at_once(body: Body) -> Body:
    """The body without moments of its own: all variants go at the same time."""
    return tuple(
        replace(item, variants=tuple(replace(one, when=None) for one in item.variants))
        if isinstance(item, Split)
        else item
        for item in body
    )


def without(condition: Condition, sent: list[Broadcast]) -> Condition:
    """Those who pass, less those whom one of these has reached."""
    reached = tuple(Reached(broadcast=one.name, how="received") for one in sent)
    return Except(base=condition, less=reached[0] if len(reached) == 1 else AnyOf(of=reached))


def named(catalog: Catalog, first: Broadcast, what: str, end: str) -> str:
    """A name for one more send: that of the first, and what it is."""
    plain = f"{cut(first.name, 19 - len(what))} {what}"
    taken = {key for key, one in catalog.broadcasts.items() if one.id != f"{first.id}{end}"} | {fold(first.name)}
    number, name = 1, plain
    while fold(name) in taken:
        number += 1
        name = f"{cut(first.name, 18 - len(what))}{number} {what}"
    return name
