"""A broadcast in the making, as plain JSON data: whom it is for, what it says, and the broadcast it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from admin_commands.ab_goals import aim_of, even
from admin_commands.broadcast_waves import BY_HAND, waves_of
from admin_commands.desk import CommandError, Desk, local
from admin_commands.headcount import counted, left_out, notes
from admin_commands.headcount import shown as named
from admin_commands.preview import sample_fill
from admin_commands.quota import month_end, used_this_month
from admin_commands.screens import tap
from admin_commands.sketch import message_of
from flows import codec
from flows.audience import audience, for_walkers
from flows.broadcast import REST, Broadcast, Walkers, splits
from flows.catalog import Catalog
from flows.conditions import Condition
from flows.deciding import arms
from flows.desk import HeadCount
from flows.effects import Bubble
from flows.friend import Friend
from flows.moments import OnDate, When
from flows.names import Key, cut, fold
from flows.scenario import Body, Item, Purpose, Say, Split, Variant, walk
from flows.script.clocks import clock_words
from flows.timing import next_open

FORM = "一斉配信"
VARIANTS = "ABCD"
MOST_KEPT = 50
"""So many broadcasts stay in the configuration; of the older ones the results are kept, not the words."""

Form = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{[^{}|]*\|?([^{}]*)\}")


def new_form(bubbles: list[Any] | None = None) -> Form:
    """A form in which nothing is answered; `bubbles` are words that came before it."""
    return {"name": "", "walkers": Walkers.SEND.value, "variants": [bubbles or []]} | NO_TEST


NO_TEST: Form = {"share": "", "each": 10, "goal": "", "aim": "", "whens": {}, "wait": BY_HAND, "unclear": ""}
"""What a form says of a comparison before there is one: its shares, its own moments by letter, and how it ends."""


def form_of(one: Broadcast) -> Form:
    """The form that a planned broadcast was made with, to change it."""
    compared = arms(one)
    bodies = [variant.body for variant in compared] or [one.body]
    return NO_TEST | {
        "name": one.name,
        "id": one.id,
        "purpose": one.purpose.value if one.purpose else "",
        "who": codec.to_data(one.condition),
        "walkers": one.walkers.value,
        "variants": [[codec.to_data(item) for item in body] for body in bodies],
        "share": _share_of(one),
        "each": compared[0].share if compared else 10,
        "goal": one.goal,
        "aim": one.aim.value if one.aim else "",
        "whens": {each.name: _written(each.when) for each in compared if isinstance(each.when, OnDate)},
        "at": one.at.isoformat(),
        "whole": True,
    }


def _share_of(one: Broadcast) -> str:
    split = splits(one.body)
    if split is None or any(variant.name == REST for variant in split.variants):
        return "trial" if split else ""
    return "/".join(str(variant.share) for variant in split.variants)


def _written(when: OnDate) -> str:
    return datetime.combine(when.date, when.clock).isoformat()


# -- whom it is for -----------------------------------------------------------------------------------------------


def condition_of(form: Mapping[str, Any]) -> Condition:
    """The condition that was chosen."""
    found: Condition = codec.from_data(Condition, form["who"])  # type: ignore[type-abstract]
    return found


def people_of(desk: Desk, condition: Condition) -> HeadCount:
    """For how many it is true, and whom a send at its moment (now, while none is chosen) would reach."""
    at = max(moment(desk), desk.now) if desk.form.get("at") else None
    return desk.reports.count(condition, desk.catalog, desk.now, at)


def audience_of(desk: Desk) -> Condition:
    """Whom it is for, as it was chosen."""
    return for_walkers(condition_of(desk.form), Walkers(desk.form["walkers"]), desk.catalog)


def people(desk: Desk) -> int:
    """How many would get it, as things are now."""
    return people_of(desk, audience_of(desk)).gets


def who_words(desk: Desk) -> str:
    """The condition with its brackets, who would get it, who would not and why, and those of whom it is not known."""
    condition = condition_of(desk.form)
    found = people_of(desk, condition)
    unknown = f"まだわからない{found.unknown:,}人には送りません。" if found.unknown else ""
    lines = [f"{named(desk, condition)} → {counted(found, 3)}", left_out(found), unknown, *notes(desk, condition)]
    return "\n".join(line for line in lines if line)


# -- what it says -------------------------------------------------------------------------------------------------


def item_of(bubble: Mapping[str, Any]) -> Say:
    """A bubble of the form: as it was sent, or as a planned broadcast holds it."""
    if "kind" in bubble:
        found = codec.from_data(Item, dict(bubble))
        assert isinstance(found, Say), "a broadcast is made of bubbles"
        return found
    return Say(message=message_of(bubble))


def body_of(form: Mapping[str, Any]) -> Body:
    """All it says: one body, or the variants with their shares."""
    bodies = [tuple(map(item_of, bubbles)) for bubbles in form["variants"]]
    if len(bodies) == 1:
        return bodies[0]
    shares = shares_of(form, len(bodies))
    found = [
        Variant(name=name, share=share, body=body, when=_when(form["whens"].get(name, "")))
        for name, share, body in zip(VARIANTS, shares, bodies, strict=False)
    ]
    rest = [Variant(name=REST, share=100 - sum(shares), body=())] if sum(shares) < 100 else []
    return (Split(variants=(*found, *rest)),)


def shares_of(form: Mapping[str, Any], many: int) -> list[int]:
    """The shares of the variants; with a trial they leave something for the rest."""
    match form["share"]:
        case "trial":
            return [form["each"]] * many
        case str(written) if "/" in written:
            return [int(one) for one in written.split("/")]
        case _:
            return even(many)


def _when(written: str) -> When | None:
    if not written:
        return None
    at = datetime.fromisoformat(written)
    return OnDate(date=at.date(), clock=at.time(), words=f"{at.year}/{at.month}/{at.day} {clock_words(at.time())}")


def shown(desk: Desk, friend: Friend | None = None) -> list[Bubble]:
    """The real bubbles of all variants, filled with that friend's words."""
    fill = sample_fill(desk, friend)
    return [item_of(one).message.bubble(fill) for bubbles in desk.form["variants"] for one in bubbles]


def shown_of(desk: Desk, one: Broadcast) -> list[Bubble]:
    """The real bubbles of a planned broadcast, all variants one after the other."""
    fill = sample_fill(desk)
    return [item.message.bubble(fill) for item in walk(one.body) if isinstance(item, Say)]


def me(desk: Desk) -> Friend | None:
    """The record of the one who speaks, as a friend."""
    view = desk.reports.friend(desk.me)
    return view.friend if view else None


# -- when, and what it costs --------------------------------------------------------------------------------------


def moment(desk: Desk) -> datetime:
    """When it is to go; 今から is now, whenever that is asked."""
    return desk.now if desk.form.get("at") == "now" else datetime.fromisoformat(desk.form["at"])


def grace(catalog: Catalog) -> timedelta:
    """How long it can still be stopped after its moment."""
    return timedelta(seconds=catalog.account.grace_seconds)


def opens(at: datetime, catalog: Catalog) -> datetime | None:
    """The next moment outside the hours in which nothing is sent; None: that moment is fine."""
    account = catalog.account
    begins = at + grace(catalog)
    opening = next_open(begins, (), account.quiet_from, account.quiet_until, account.tz)
    return opening if opening > begins else None


def left_this_month(desk: Desk) -> int | None:
    """Messages left; None without a limit."""
    month = desk.reports.quota()
    return None if month.limit is None else max(0, month.limit - used_this_month(month))


def is_this_month(desk: Desk, at: datetime) -> bool:
    """Whether it is paid for from this month's messages."""
    return at < month_end(desk.now, desk.catalog)


def others_planned(desk: Desk) -> int:
    """What the other broadcasts that are planned for this month will cost."""
    return sum(
        desk.reports.count(audience(one, desk.catalog), desk.catalog, desk.now, one.at).gets
        for one in desk.catalog.broadcasts.values()
        if one.id != desk.form.get("id") and _costs_more(desk, one) and is_this_month(desk, one.at)
    )


def _costs_more(desk: Desk, one: Broadcast) -> bool:
    """Whether it is still to come; the sends of one test after the first are counted with the first."""
    first = next((each for each in desk.catalog.broadcasts.values() if each.id == one.part_of), None)
    return one.stopped is None and desk.now < one.at and (first is None or first.at <= desk.now)


# -- the broadcast ------------------------------------------------------------------------------------------------


def made(desk: Desk) -> Broadcast:
    """The broadcast that the form holds."""
    form, body = desk.form, body_of(desk.form)
    at = moment(desk)
    name = name_for(desk.catalog, body, local(at, desk.catalog), form.get("id", ""))
    # No two broadcasts of one moment have one name: so their A/B tests are drawn apart, and the same again is the same.
    seed = f"{desk.me}{desk.now.isoformat()}{name}"
    return Broadcast(
        id=form.get("id") or blake2b(seed.encode(), digest_size=6).hexdigest(),
        name=name,
        purpose=Purpose(form["purpose"]) if form.get("purpose") else None,
        condition=condition_of(form),
        walkers=Walkers(form["walkers"]),
        body=body,
        goal=form["goal"] if len(form["variants"]) > 1 else "",
        aim=aim_of(form["aim"]) if len(form["variants"]) > 1 else None,
        at=at,
        made=desk.now,
        by=desk.my_name,
    )


def name_for(catalog: Catalog, body: Body, here: datetime, own: str = "") -> str:
    """A name for it: its day and its first words; its own present name does not stand in the way."""
    split = splits(body)
    first = (split.variants[0].body if split else body)[0]
    assert isinstance(first, Say), "a broadcast begins with a bubble"
    words = _PLACEHOLDER.sub(r"\1", "".join(mark for mark in first.message.summary() if mark not in "「」\n"))
    plain = cut(f"{here.month}/{here.day} {words.strip(' 、。')}", 20)
    taken = {key for key, one in catalog.broadcasts.items() if one.id != own}
    number, name = 1, plain
    while fold(name) in taken:
        number += 1
        name = f"{cut(plain, 18)}{number}"
    return name


def with_broadcast(catalog: Catalog, *those: Broadcast) -> Catalog:
    """The catalog with these broadcasts and nothing else of theirs; the oldest that are over make room."""
    gone = {each for one in those for each in (one.id, *(wave.id for wave in waves_of(catalog, one)))}
    rows = {key: one for key, one in catalog.broadcasts.items() if one.id not in gone}
    rows |= {fold(one.name): one for one in those}
    spare = sorted(rows.items(), key=lambda row: row[1].at)[: max(0, len(rows) - MOST_KEPT)]
    waited = {one.part_of for one in rows.values() if one.rest and not one.rest.chosen and one.stopped is None}
    dropped = {key for key, one in spare if one.id not in gone | waited and one.part_of not in waited}
    return replace(catalog, broadcasts={key: one for key, one in rows.items() if key not in dropped})


def near_broadcast(desk: Desk, name: str) -> Broadcast | None:
    """The broadcast of that name, or the only one that begins so; None for neither."""
    wanted = fold(name.strip("「」"))
    begins = fold(name.strip("「」").rstrip("…"))
    near = [one for key, one in desk.catalog.broadcasts.items() if begins and key.startswith(begins)]
    return desk.catalog.broadcasts.get(wanted) or (near[0] if len(near) == 1 else None)


def found(desk: Desk, name: str) -> Broadcast:
    """The broadcast of that name. Raises CommandError where there is none."""
    one = near_broadcast(desk, name)
    if one is None:
        raise CommandError(f"「{name}」という一斉配信はありません。", tap("予定"), tap("ホーム"))
    return one


def key_of(one: Broadcast) -> Key:
    """Under which it stands in the configuration."""
    return fold(one.name)
