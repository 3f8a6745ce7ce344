"""Two members of staff at one scenario: each is told of the other, and neither loses anything."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from admin_commands.desk import Desk
from admin_commands.plans import numbered_steps
from flows.catalog import Entry
from flows.names import with_san
from flows.scenario import Scenario, Step

LATELY = timedelta(minutes=30)


def somebody_else(desk: Desk, entry: Entry) -> str:
    """Who else changed the draft in the last half hour, as screens name him; "" for nobody."""
    mine = entry.changed_by in {"", desk.my_name}
    lately = entry.changed is not None and desk.now - entry.changed <= LATELY
    return with_san(entry.changed_by) if entry.draft is not None and lately and not mine else ""


def other_hand(desk: Desk, entry: Entry) -> str:
    """`✏ 鈴木さんが3分前に直しています。`; "" when nobody else is at it."""
    who = somebody_else(desk, entry)
    if not who or entry.changed is None:
        return ""
    minutes = int((desk.now - entry.changed).total_seconds() // 60)
    return f"✏ {who}が{f'{minutes}分前に' if minutes else 'たったいま'}直しています。"


def sign_of(step: Step) -> str:
    """What tells this step from every other, wherever it stands by now."""
    return f"{crc32(repr((step.when.words, step.body)).encode()):x}"


def place_now(number: int, was: str, scenario: Scenario) -> int | None:
    """The number of the step that had that one and that sign, wherever it was moved; None: somebody changed it since."""
    signs = [sign_of(step) for _, _, step in numbered_steps(scenario)]
    if signs[number - 1 : number] == [was]:
        return number
    return signs.index(was) + 1 if was in signs else None
