"""What staff, rules and the shop's own life bring to a friend."""

from __future__ import annotations

from datetime import datetime

from flows.events import HandedBack, Occurred, Ordered, Rebased, StaffSpoke
from flows.facts import Happened
from flows.friend import Phase
from flows.names import fold
from flows.phase import By
from flows.rebasing import rebase
from flows.starting import listen
from flows.turn import Turn

CANCELLED, BOOKED = fold("キャンセル"), fold("予約")


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
    fill = turn.filler()
    for message in event.messages:
        turn.say(message.bubble(fill))
    turn.remark(f"{event.by or 'スタッフ'}が返信しました")
    turn.speak(person=True)


def handed_back(turn: Turn, event: HandedBack) -> None:
    """Staff are done talking: walks go on, those behind their time under the rules for late steps."""
    turn.change(taken_over=None, awaits_reply=None)
    if turn.peek("phase") is Phase.TALKING:
        turn.move(By.HAND_BACK)
    turn.pause_walks(paused=False)
    turn.remark(f"{event.by or 'スタッフ'}が対応を終え、配信を再開しました")
