"""The owner's phone in a shop with 412 friends, where head-counts depend on the condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from admin_commands.edits import with_tag
from flows.catalog import Catalog, Field
from flows.conditions import Condition
from flows.desk import HeadCount
from flows.names import fold
from tests.console.shop import shop
from tests.console.world import FakeReports, Phone


@dataclass
class CountingReports(FakeReports):
    """Head-counts by the words of the condition."""

    counts: dict[str, HeadCount] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def count(self, condition: Condition, catalog: Catalog, now: datetime, at: datetime | None = None) -> HeadCount:
        self.asked.append(condition.words())
        return self.counts.get(condition.words(), HeadCount(true=0))


WHO = "興味=美容 かつ 登録3日以上 除外 予約済"
MIDWAY = "シナリオ「新規様」中 または シナリオ「体験会リマインド」中"
NAMES = ("山田", "佐藤", "田中")


def phone(counts: dict[str, HeadCount] | None = None) -> Phone:
    """The phone; 128 friends care for beauty, 17 of them are in the middle of a scenario."""
    found = shop()
    catalog = with_tag(found.catalog, "予約済")
    catalog = replace(catalog, fields={**catalog.fields, fold("興味"): Field(name="興味")})
    old = found.reports
    reports = CountingReports(
        friends=old.friends,
        pasts=old.pasts,
        walking=old.walking,
        rows=old.rows,
        counts={
            WHO: HeadCount(true=128, unknown=54, names=NAMES),
            f"（{WHO}） かつ （{MIDWAY}）": HeadCount(true=17),
            f"{WHO} 除外 {MIDWAY}": HeadCount(true=111, names=NAMES),
            "全員": HeadCount(true=412, names=NAMES),
            **(counts or {}),
        },
    )
    found.catalog, found.reports = catalog, reports
    return found


def say_all(one: Phone, words: Sequence[str]) -> str:
    """Say or tap these in turn; what the last one led to."""
    text = ""
    for each in words:
        text = one.tap(each) if each in one.labels else one.say(each)
    return text
