"""What 点検 finds in a plan, with what only the world can tell: whether the pictures and films in it are still kept."""

from __future__ import annotations

from admin_commands.desk import Desk
from admin_commands.uses import walk
from flows.checks import Finding, check
from flows.checks.finding import error
from flows.names import cut
from flows.scenario import Plan
from flows.words import MEDIA


def linted(desk: Desk, plan: Plan) -> tuple[Finding, ...]:
    """Everything found, errors first. No error means that it can be published."""
    things = {one for one in walk(plan) if isinstance(one, str) and one.startswith(MEDIA)}
    missing = desk.reports.missing(sorted(things)) if things else ()
    return (*map(_missing, missing), *check(plan, desk.catalog))


def _missing(reference: str) -> Finding:
    words = (
        f"「{cut(reference, 14)}」の写真や動画は、ここにはありません（消したか、別のアカウントの台本です）。"
        "もう一度トークに送って、本文を書き直してください。"
    )
    return error("missing_media", words, "台本を見る", says="台本")
