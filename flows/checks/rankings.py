"""Conditions that only all friends together can answer: a plan looks at one friend at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flows.catalog import Catalog
from flows.checks.finding import Finding, error
from flows.checks.references import conditions_of
from flows.scenario import Plan
from flows.standpoint import Standpoint

_NEVER = datetime.min.replace(tzinfo=UTC)
"""By what a condition ranks does not depend on the moment."""


def check_rankings(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Errors: 上位N人 in a branch, a goal or a start, named segments looked into."""
    sight = Standpoint(_NEVER, catalog)
    for rank in dict.fromkeys(rank for condition in conditions_of(plan) for rank in condition.ranks(sight)):
        yield error(
            "ranking",
            f"「上位{rank.most}人」は友だち全員をくらべるので、シナリオの中の条件には使えません（一斉配信と絞り込みで使えます）。"
            "「スコア10以上」のように点数で書いてください。",
            "台本を見る",
            says="台本",
        )
