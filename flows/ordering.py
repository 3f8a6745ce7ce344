"""What staff, rules and the shop's own life bring to a friend."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from flows.catalog import Catalog
from flows.events import Annotated, HandedBack, Occurred, Ordered, Rebased, Retagged, StaffSpoke, Wiped
from flows.facts import Happened
from flows.friend import Friend, Given, Phase
from flows.homes import NO_HOME, PART, Home
from flows.messages import Message
from flows.names import Key, fold
from flows.phase import By
from flows.rebasing import rebase
from flows.records import changed
from flows.starting import listen
from flows.turn import Turn

CANCELLED, BOOKED = fold("キャンセル"), fold("予約")
LASTING = frozenset({"id", "name", "joined", "left", "route", "staff", "seen", "menu"})
"""What a record that begins again keeps: who it is, and what LINE brought already."""


def ordered(turn: Turn, event: Ordered) -> None:
    """Actions for this friend, by a member of staff or a rule."""
    turn.by_hand = event.by
    turn.why = event.by or "スタッフ"
    turn.take(event.actions)
    turn.wish = turn.jump = None
    turn.speak()


def occurred(turn: Turn, event: Occurred) -> None:
    """予約, 来店, 購入, キャンセル …: its date is kept, it is counted, and steps bound to it move."""
    key = fold(event.what)
    on = event.on or event.at
    turn.change(counts={**turn.peek("counts"), key: turn.peek("counts").get(key, 0) + 1})
    occasions = {**turn.peek("occasions"), key: on}
    if key == CANCELLED:
        occasions.pop(BOOKED, None)
        turn.moved |= {BOOKED}
    turn.change(occasions=occasions)
    turn.moved |= {key}
    turn.stirred = True
    turn.note(Happened(at=turn.now, what=event.what, on=_iso(on), by=event.by))
    listen(turn, event)


def _iso(on: object) -> str:
    return on.isoformat(timespec="minutes") if isinstance(on, datetime) else str(on)


def rebased(turn: Turn, event: Rebased) -> None:
    """This friend goes on in that version; in his own version he is woken after a pause."""
    walk = turn.walks.get(event.scenario)
    if walk is None or turn.peek("left") is not None:
        return
    to_version = event.to_version or walk.version
    if to_version != walk.version:
        turn.remark(f"第{walk.version}版から第{to_version}版に移りました{f'（{event.by}）' if event.by else ''}")
    rebase(turn, walk, to_version)


def staff_spoke(turn: Turn, event: StaffSpoke) -> None:
    """A member of staff answers in person: in the reply while its token lives, else as a counted send.

    Hours, caps and pace do not hold here: a person decided to write to a person.
    """
    turn.close_question()
    turn.take_over()
    turn.change(awaits_reply=None)
    for message in event.messages:
        turn.say(message.bubble(turn.filler(home=_home_of(message, turn.catalog))))
    turn.remark(f"{event.by or 'スタッフ'}が返信しました")
    turn.speak(person=True)


def _home_of(message: Message, catalog: Catalog) -> Home:
    """Where the buttons of such a message are looked up: in the saved part that it was taken from."""
    parts = ((key, part) for key, part in catalog.parts.items() if message in part.messages)
    return next((Home(plan=key, step=PART) for key, _ in parts), NO_HOME)


def handed_back(turn: Turn, event: HandedBack) -> None:
    """Staff are done talking: walks go on, those behind their time under the rules for late steps."""
    turn.change(taken_over=None, awaits_reply=None)
    if turn.peek("phase") is Phase.TALKING:
        turn.move(By.HAND_BACK)
    turn.pause_walks(paused=False)
    turn.remark(f"{event.by or 'スタッフ'}が対応を終え、配信を再開しました")


def annotated(turn: Turn, event: Annotated) -> None:
    """The note of staff on this friend, in place of the one before."""
    turn.change(note=event.note)


def retagged(turn: Turn, event: Retagged) -> None:
    """The tag goes on under its other name, answers that put it there included; no trigger hears of it."""
    old, new = fold(event.old), fold(event.new)
    tags = turn.peek("tags")
    if old in tags:
        turn.change(tags={**{key: label for key, label in tags.items() if key != old}, new: tags.get(new, tags[old])})
    given: dict[Key, Given] = turn.peek("given")
    turn.change(given={key: _with_tag_renamed(one, old, new) for key, one in given.items()})


def _with_tag_renamed(given: Given, old: Key, new: Key) -> Given:
    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new if one == old else one for one in names))

    if old not in given.tags_on and old not in given.tags_off:
        return given
    return changed(given, tags_on=renamed(given.tags_on), tags_off=renamed(given.tags_off))


def wiped(turn: Turn, _: Wiped) -> None:
    """A member of staff begins anew, as if she had just added the account; of a friend nothing is ever wiped."""
    if not turn.peek("staff"):
        return
    blank = Friend(id=turn.peek("id"))
    for scenario in list(turn.walks):
        turn.drop_walk(scenario)
    turn.change(
        **{one.name: getattr(blank, one.name) for one in fields(Friend) if one.name not in {*LASTING, "enrollments"}}
    )
