"""Steps that come after their time: what the owner wants of them, and that they do not come in a burst."""

from __future__ import annotations

from datetime import datetime

from flows.facts import Rule
from flows.friend import Enrollment
from flows.gate import opened_at, opening_after
from flows.moments import Late
from flows.names import Key
from flows.planning import GRACE
from flows.scenario import Scenario
from flows.timing import next_open
from flows.turn import Turn


def lateness(turn: Turn, walk: Enrollment, scenario: Scenario) -> Late | None:
    """What is to be done about the present step because it is late; None if it is punctual.

    Late is a step that could have gone more than five minutes ago. One that was behind already when it was planned
    (the friend was long in answering) is late as well, but nobody's fault, and never left out for it.
    """
    if walk.held is not None and walk.held.rule == Rule.LATE:
        return Late.AT_ONCE if scenario.late is Late.AT_ONCE else Late.NEXT_WINDOW
    due = walk.due or turn.now
    if turn.now - due <= GRACE:
        return None
    account = turn.catalog.account
    opens = next_open(due, scenario.windows, account.quiet_from, account.quiet_until, account.tz)
    return (scenario.late or Late.NEXT_WINDOW) if turn.now - opens > GRACE else None


def crowded(turn: Turn, scenario: Scenario, key: Key) -> datetime | None:
    """When a late step may go, if something of its scenario, or something late, went in this stretch of open hours."""
    account = turn.catalog.account
    began = opened_at(turn.now, scenario.windows, account)
    if any(sent.at >= began and (sent.late or sent.scenario == key) for sent in turn.friend.sends):
        return opening_after(turn.now, scenario.windows, account)
    return None
