"""What the page shows, as JSON: people, talks, the clock, the request log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.accounts import ACCOUNT
from simulator.clock import JAPAN
from simulator.http import Body
from simulator.line import Line
from simulator.memory import Memory
from simulator.richmenus import menu_of
from simulator.sending import used_this_month
from simulator.state import Bubble, Person
from simulator.taps import quick_replies

SHOWN = 400
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the page was started with. `stored` is where media are named to lie, and where they really do."""

    owner_says: tuple[str, ...] = ()
    stored: tuple[str, str] = ("", "")
    next_due: str = ""
    health: str = ""


def state(line: Line, setting: Setting, *, why_not: str, product: bool | None) -> Body:
    """Everything but the talks."""
    memory = line.memory
    return {
        "now": int(line.clock() * 1000),
        "account": memory.settings.get("name", ACCOUNT),
        "clock": {"whyNot": why_not, "next": bool(setting.next_due)},
        "counters": {
            "replies": _replies(memory),
            "counted": used_this_month(line),
            "limit": memory.settings.get("limit"),
        },
        "people": [_person(line, each) for each in memory.people.values()],
        "product": product,
        "ownerSays": list(setting.owner_says),
        "stored": list(setting.stored),
        "refused": sum(1 for call in memory.calls if call.status >= 400 and call.status not in {404, 409}),
    }


def _replies(memory: Memory) -> int:
    return sum(count for name, count in memory.counts.items() if name.endswith(":reply"))


def _person(line: Line, person: Person) -> Body:
    last = next((each for each in reversed(person.talk) if each.side != "note"), None)
    return {
        "id": person.user_id,
        "name": person.name,
        "shop": person.shop,
        "standing": person.standing,
        "unread": person.unread,
        "loading": person.loading_until > line.clock(),
        "last": last.text if last else "",
        "wrote": any(each.side == "person" for each in person.talk),
        "menu": _menu(line, person),
        "rev": max((each.rev for each in person.talk[-SHOWN:]), default=0),
    }


def _menu(line: Line, person: Person) -> Body | None:
    menu = menu_of(line, person)
    return {"id": menu.id, **menu.body} if menu and menu.image else None


def talk(person: Person, since: int) -> Body:
    """The bubbles that changed after a revision."""
    shown = person.talk[-SHOWN:]
    return {
        "bubbles": [_bubble(each) for each in shown if each.rev > since],
        "rev": max((each.rev for each in shown), default=0),
        "quick": [tap.bubble.id for tap in quick_replies(person)[:1] if tap.bubble],
    }


def _bubble(bubble: Bubble) -> Body:
    message: dict[str, Any] = {key: value for key, value in bubble.message.items() if key != "event"}
    return {
        "id": bubble.id,
        "side": bubble.side,
        "how": bubble.how,
        "at": int(bubble.at * 1000),
        "message": message,
        "status": bubble.status,
        "trouble": bubble.trouble,
        "unsent": bubble.unsent,
        "rev": bubble.rev,
    }


def calls(line: Line) -> Body:
    """The request log, latest first."""
    return {"calls": [dict(call._asdict()) | {"when": moment(call.at)} for call in reversed(line.memory.calls)]}


def moment(seconds: float) -> str:
    """A moment as the page writes it: 11/20 (金) 09:00."""
    when = datetime.fromtimestamp(seconds, JAPAN)
    return f"{when.month}/{when.day} ({WEEKDAYS[when.weekday()]}) {when:%H:%M}"
