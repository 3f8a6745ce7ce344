"""Keywords that something else already answers."""

from __future__ import annotations

from collections.abc import Iterator

from flows.catalog import Catalog
from flows.checks.finding import Finding, warning
from flows.names import fold
from flows.scenario import Plan, Survey
from flows.triggers import KeywordSaid


def check_clashes(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Warnings: words that set off this plan and another live one, or an auto-reply; who answers is said."""
    for start in plan.starts:
        if not isinstance(start.trigger, KeywordSaid):
            continue
        keyword = start.trigger
        for entry in catalog.plans.values():
            if entry.live is None or fold(entry.name) == fold(plan.name):
                continue
            if any(isinstance(one.trigger, KeywordSaid) and overlap(keyword, one.trigger) for one in entry.live.starts):
                what = "アンケート" if isinstance(entry.live, Survey) else "シナリオ"
                words = f"「{keyword.keyword}」と送った人には、{what}「{entry.name}」も始まります。"
                yield warning("keyword_clash", words, f"「{entry.name}」を開く", says=entry.name)
        for reply in catalog.autoreplies.values():
            if isinstance(reply.trigger, KeywordSaid) and overlap(keyword, reply.trigger):
                words = f"「{keyword.keyword}」と送った人には「{plan.name}」が先に始まり、自動応答「{reply.name}」は返りません。"
                yield warning("keyword_clash", words, "自動応答を見る", says="自動応答")


def overlap(one: KeywordSaid, other: KeywordSaid) -> bool:
    """Whether the words that the one asks for set the other off, or the other way round."""
    return one.matches(other.keyword) or other.matches(one.keyword)
