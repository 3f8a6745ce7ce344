"""Scenarios that stand still: how many friends wait in them, and how they go on."""

from __future__ import annotations

from admin_commands.desk import Desk
from flows.catalog import Entry
from flows.names import fold
from flows.scenario import State

_SHOWN = 5
_ON = {State.PAUSED: "再開", State.ARCHIVED: "復元", State.DRAFT: "公開"}


def standing_still(desk: Desk, entry: Entry) -> str:
    """`停止中です。途中の12人は待っています（「再開 新規様」で続きから）。`; "" for one that runs or never did."""
    walking = sum(desk.reports.in_scenario(fold(entry.name)).values())
    if entry.state not in _ON or not walking:
        return ""
    return (
        f"{entry.state.value}です。途中の{walking}人には送りません（「{_ON[entry.state]} {entry.name}」で続きから）。"
    )


def still_lines(desk: Desk) -> list[str]:
    """One line for each scenario in which friends wait because it was stopped or put away."""
    found = [(entry.name, standing_still(desk, entry)) for entry in desk.catalog.plans.values()]
    return [f"・「{name}」は{words}" for name, words in found if words][:_SHOWN]
