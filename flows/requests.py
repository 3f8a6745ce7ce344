"""What actions ask for that is taken up after them, or later: scenarios and surveys, the labels of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from flows.facts import Rule
from flows.names import Key

LATER = "later/"
"""Opens the name of an alarm that takes a request up again."""

REASONS = {
    Rule.LEFT: "ブロックされているため",
    Rule.STAFF: "スタッフのため",
    Rule.PACE: "友だちが配信を減らしているため",
    Rule.CAP: "1人あたりの上限に達したため",
    Rule.SCENARIO_CAP: "シナリオの上限に達したため",
    Rule.HOURS: "送らない時間帯のため",
    Rule.QUOTA: "今月の通数を使い切ったため",
}


class Request(NamedTuple):
    """A scenario or survey to start or stop, once the actions beside it are done."""

    verb: str
    name: str
    why: str
    walk: Key = Key("")
    """The scenario that asked for it: what it says may join that scenario's send."""


@dataclass(slots=True)
class Record:
    """What the actions of one answer ask of tags and scores, gathered so that only the difference is applied."""

    points: dict[Key, int] = field(default_factory=dict)
    on: dict[Key, str] = field(default_factory=dict)
    off: dict[Key, str] = field(default_factory=dict)
